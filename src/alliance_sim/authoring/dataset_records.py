"""Records of a labelled file: JSON objects a line, or rows of a CSV file with a header."""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, BinaryIO

from alliance_sim.authoring.bounded_lines import Line, bounded_lines
from alliance_sim.authoring.json_lines import object_of
from alliance_sim.authoring.problems import Problem

NEEDED = frozenset(("text", "response_text"))
"""A CSV file has one of these columns."""

_DELIMITERS = (",", ";", "\t")

Report = Callable[[Problem], None]


@dataclass(frozen=True)
class Record:
    """One record and the line it stands on."""

    path: str
    line: int
    fields: dict[str, Any]


def records(stream: BinaryIO, name: str, report: Report) -> Iterator[Record]:
    """The records of a file. What cannot be read is reported and left out.

    Raises FileProblems where the file is no text, or a line is too long.
    """
    lines = bounded_lines(stream, name)
    first = next((line for line in lines if line.text.strip()), None)
    if first is None:
        report(Problem(name, 1, 1, "nothing in it; labelled records were expected"))
        return
    read = _from_json if first.text.lstrip().startswith("{") else _from_csv
    yield from read(chain([first], lines), name, report)


def _from_json(lines: Iterable[Line], name: str, report: Report) -> Iterator[Record]:
    for line in lines:
        if not line.text.strip():
            continue
        value = object_of(line, name)
        if isinstance(value, Problem):
            report(value)
            return
        yield Record(name, line.number, value)


def _from_csv(lines: Iterable[Line], name: str, report: Report) -> Iterator[Record]:
    numbered = iter(lines)
    head = next(numbered)
    delimiter = max(_DELIMITERS, key=head.text.count)
    header = [cell.strip().lower() for cell in next(csv.reader([head.text], delimiter=delimiter))]
    if not NEEDED & set(header):
        message = (
            "neither JSON lines nor a CSV file with a column text; docs/agreement.md has the forms"
        )
        report(Problem(name, head.number, 1, message))
        return
    if twice := {cell for cell in header if cell and header.count(cell) > 1}:
        report(Problem(name, head.number, 1, f"two columns are called {min(twice)}; rename one"))
        return
    offset = head.number
    reader = csv.reader((line.text + "\n" for line in numbered), delimiter=delimiter, strict=True)
    start = offset + 1
    try:
        for cells in reader:
            if len(cells) > len(header):
                message = f"{len(cells)} cells under {len(header)} columns; put commas in quotes"
                report(Problem(name, start, 1, message))
            elif any(cell.strip() for cell in cells):
                yield Record(name, start, _row(header, cells))
            start = offset + reader.line_num + 1
    except csv.Error:
        report(Problem(name, start, 1, "a quotation mark is not closed, or a cell is too long"))


def _row(header: list[str], cells: list[str]) -> dict[str, Any]:
    """Empty cells are left out: they say nothing."""
    given = zip(header, cells, strict=False)
    return {name: cell for name, cell in given if name and cell.strip()}
