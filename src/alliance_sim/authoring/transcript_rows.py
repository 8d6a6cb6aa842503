"""Rows of a transcript in each form it may come in: JSON lines, CSV, or `T:` and `C:` lines.

A row is what one utterance says of itself, not yet checked, with the place of each field.
"""

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import PurePath
from typing import Any

from alliance_sim.authoring.bounded_lines import Line
from alliance_sim.authoring.json_lines import object_of
from alliance_sim.authoring.problems import Problem, listed

NEEDED = ("transcript_id", "turn", "speaker", "text")
CELLS = frozenset(
    (
        *NEEDED,
        *("start", "end", "floor", "words_lost", "pause_broken", "opening"),
        *("scenario", "pace", "session_number"),
    )
)
"""Fields that fit a table's cell; other columns are passed over."""

_SPOKEN = re.compile(r"\s*(T|C|Therapist|Client)\s*:\s*(.*)", re.IGNORECASE | re.DOTALL)
_DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True)
class Row:
    """One utterance as it was written."""

    path: str
    line: int
    fields: dict[str, Any]
    columns: Callable[[str], int] = field(repr=False)
    """The column, from 1, at which a field stands; 1 where that is not known."""

    def problem(self, column: str, message: str) -> Problem:
        """Something wrong with the row, at the place of one of its fields."""
        return Problem(self.path, self.line, self.columns(column), message)


Report = Callable[[Problem], None]


def rows(lines: Iterator[Line], name: str, report: Report) -> Iterator[Row]:
    """The rows of one text, whatever its form. What cannot be read is reported and left out."""
    first = next((line for line in lines if line.text.strip()), None)
    if first is None:
        report(Problem(name, 1, 1, "nothing in it; a transcript was expected"))
        return
    every = chain([first], lines)
    match _form(first.text, name):
        case "jsonl":
            yield from _json_rows(every, name, report)
        case "csv":
            yield from _csv_rows(every, name, report)
        case "plain":
            yield from _plain_rows(every, name, report)
        case _:
            message = (
                "neither JSON lines, nor CSV with a header, nor lines that begin with T: and C:; "
                "write the transcript in one of these"
            )
            report(Problem(name, first.number, 1, message))


def _form(first: str, name: str) -> str | None:
    """The form of a text by its first line, or by its file's ending where that does not say."""
    if first.lstrip().startswith("{"):
        return "jsonl"
    if _SPOKEN.match(first):
        return "plain"
    if {"speaker", "text"} <= set(_header(first)[0]):
        return "csv"
    endings = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".txt": "plain"}
    return endings.get(PurePath(name).suffix.lower())


def _json_rows(lines: Iterable[Line], name: str, report: Report) -> Iterator[Row]:
    for line in lines:
        if not line.text.strip():
            continue
        value = object_of(line, name)
        if isinstance(value, Problem):
            report(value)
        else:
            yield Row(name, line.number, value, _json_columns(line.text))


def _json_columns(text: str) -> Callable[[str], int]:
    return lambda name: text.find(json.dumps(name)) + 1 or 1


def _csv_rows(lines: Iterable[Line], name: str, report: Report) -> Iterator[Row]:
    numbered = iter(lines)
    first = next(numbered)
    header, delimiter = _header(first.text)
    if missing := [column for column in NEEDED if column not in header]:
        columns = ", ".join(NEEDED)
        message = f"the header has no column {listed(missing)}; the columns are {columns}"
        report(Problem(name, first.number, 1, message))
        return
    table = _Table(numbered, delimiter, first.number)
    while True:
        try:
            cells = next(table.reader)
        except StopIteration:
            return
        except csv.Error:
            message = "a quotation mark is not closed, or a cell is too long; double marks inside"
            report(Problem(name, table.start, 1, f"{message} a quoted cell"))
            return
        yield from _csv_row(table, header, cells, name, report)


def _csv_row(
    table: "_Table", header: list[str], cells: list[str], name: str, report: Report
) -> Iterator[Row]:
    start, columns = table.finish_row(header)
    if not any(cell.strip() for cell in cells):
        return
    if len(cells) > len(header):
        message = f"{len(cells)} cells under {len(header)} columns; put text with commas in quotes"
        report(Problem(name, start, 1, message))
        return
    given = dict(zip(header, cells, strict=False))
    fields = {
        column: cell if column == "text" else cell.strip()
        for column, cell in given.items()
        if column == "text" or (column in CELLS and cell.strip())
    }
    yield Row(name, start, fields, columns)


class _Table:
    """A CSV reader that knows on which line, and at which column, each cell began."""

    def __init__(self, lines: Iterator[Line], delimiter: str, header_line: int) -> None:
        self._lines = lines
        self._delimiter = delimiter
        self._read = header_line
        self._raw: list[str] = []
        self.start = header_line + 1
        self.reader = csv.reader(self._feed(), delimiter=delimiter, strict=True)

    def _feed(self) -> Iterator[str]:
        for number, text in self._lines:
            self._read = number
            self._raw.append(text)
            yield text + "\n"

    def finish_row(self, header: list[str]) -> tuple[int, Callable[[str], int]]:
        """The line on which the row just read began, and where its cells stand."""
        start, raw, delimiter = self.start, self._raw[0] if self._raw else "", self._delimiter
        self.start, self._raw = self._read + 1, []

        def columns(name: str) -> int:
            return _cell_column(raw, delimiter, header.index(name)) if name in header else 1

        return start, columns


def _cell_column(raw: str, delimiter: str, index: int) -> int:
    quoted_now, seen = False, 0
    for position, char in enumerate(raw):
        if seen == index:
            return position + 1
        if char == '"':
            quoted_now = not quoted_now
        elif char == delimiter and not quoted_now:
            seen += 1
    return len(raw) + 1 if seen == index else 1


def _header(text: str) -> tuple[list[str], str]:
    """Column names, in lower case, and the delimiter that makes most of them."""
    delimiter = max(_DELIMITERS, key=text.count)
    names = text.replace('"', "").split(delimiter)
    return [name.strip().lower() for name in names], delimiter


def _plain_rows(lines: Iterable[Line], name: str, report: Report) -> Iterator[Row]:
    """`T:` and `C:` lines; a line without either goes on with the utterance before it."""
    number, speaker, said, turn = 0, "", list[str](), 0
    for line in lines:
        begun = _SPOKEN.match(line.text)
        if begun is None:
            if not line.text.strip():
                continue
            if not speaker:
                message = "text before the first speaker; begin the line with T: or C:"
                report(Problem(name, line.number, 1, message))
                return
            said.append(line.text.strip())
            continue
        if speaker:
            yield _plain_row(name, number, turn, speaker, said)
        number, turn = line.number, turn + 1
        speaker, said = begun.group(1), [begun.group(2).strip()]
    if speaker:
        yield _plain_row(name, number, turn, speaker, said)


def _plain_row(name: str, line: int, turn: int, speaker: str, said: list[str]) -> Row:
    fields = {
        "transcript_id": PurePath(name).stem or name,
        "turn": turn,
        "speaker": speaker,
        "text": " ".join(piece for piece in said if piece),
    }
    return Row(name, line, fields, lambda _name: 1)
