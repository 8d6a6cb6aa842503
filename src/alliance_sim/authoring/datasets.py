"""Reading sets that people have labelled, in the forms they come in: JSON lines or CSV.

What a record is told by its fields, not by the name of its file; docs/agreement.md lists the forms.
Fields that no form takes for itself are the labels.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from alliance_sim.authoring.dataset_forms import gather, sort_of
from alliance_sim.authoring.dataset_records import Record, records
from alliance_sim.authoring.files import open_regular
from alliance_sim.authoring.problems import FileProblems, Problem, whole_file
from alliance_sim.domain.transcript import Transcript

ENDINGS = (".jsonl", ".ndjson", ".csv", ".tsv")
MOST_PROBLEMS = 20


@dataclass(frozen=True)
class Labelled:
    """A conversation, or a piece of one, with what people said of it."""

    source: str
    """The set: its file's name without the ending."""
    group: str
    """What is drawn together: a conversation, or a family of them."""
    transcript: Transcript
    labels: Mapping[int, Mapping[str, Any]]
    """Labels by the turn of the reply."""
    about: Mapping[str, Any]
    """Labels of the whole."""


@dataclass
class Dataset:
    """All that was read, and what was left out."""

    items: list[Labelled] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """One sentence for each thing left out."""


def read_dataset(path: Path) -> Dataset:
    """Read a labelled file, or every labelled file of a folder (files of other sorts are noted).

    Raises FileProblems: not readable, not JSON lines or CSV, records of no known form, or nothing
    labelled at all; each with its line and column.
    """
    made = Dataset()
    paths = _files(path) if os.path.isdir(path) else [path]
    for each in paths:
        _read(each, made, alone=len(paths) == 1)
    if not made.items:
        message = "no labelled conversations here; docs/agreement.md has the forms"
        raise FileProblems([whole_file(path, message)])
    return made


def _files(folder: Path) -> list[Path]:
    found = sorted(
        Path(inside, name)
        for inside, _, names in os.walk(folder)
        for name in names
        if name.lower().endswith(ENDINGS) and not name.startswith(".")
    )
    if not found:
        message = f"no labelled files in this folder; they end in {', '.join(ENDINGS)}"
        raise FileProblems([whole_file(folder, message)])
    return found


def _read(path: Path, made: Dataset, *, alone: bool) -> None:
    problems: list[Problem] = []
    with open(open_regular(path), "rb") as stream:
        found = _sorted(records(stream, str(path), problems.append), problems)
        items = [
            Labelled(path.stem, item.group, item.transcript, item.labels, item.about)
            for item in gather(found, problems.append)
        ]
    if problems:
        if not alone and not items:
            made.notes.append(f"{path.name}: left out; {problems[0].message}")
            return
        raise FileProblems(problems[:MOST_PROBLEMS])
    kept = [item for item in items if not _set_aside(item.about)]
    if len(kept) < len(items):
        count = len(items) - len(kept)
        made.notes.append(f"{path.name}: {count} left out as copies, or with labels in conflict")
    made.items += kept


def _sorted(found: Iterable[Record], problems: list[Problem]) -> Iterator[Record]:
    """Records of a known form; reading stops after too many of none."""
    for record in found:
        if len(problems) >= MOST_PROBLEMS:
            return
        if sort_of(record.fields) is None:
            message = "the fields are those of no form that can be read; see docs/agreement.md"
            problems.append(Problem(record.path, record.line, 1, message))
            continue
        yield record


def _set_aside(about: Mapping[str, Any]) -> bool:
    """Sets mark copies of a conversation, and those on whose label their sources disagree."""
    return about.get("canonical") is False or about.get("label_conflict") is True
