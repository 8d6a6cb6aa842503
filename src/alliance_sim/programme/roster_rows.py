"""A roster, row by row: who stands in it, or every problem of it with its line."""

import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import BinaryIO
from unicodedata import normalize

from pydantic import TypeAdapter, ValidationError

from alliance_sim.authoring.files import open_regular
from alliance_sim.authoring.problems import MOST, FileProblems, Problem, listed
from alliance_sim.domain.clean import printable
from alliance_sim.domain.programme import Slug
from alliance_sim.programme.columns import COHORT, FAMILY, GIVEN, field_of, fields_of, title_of
from alliance_sim.programme.delimited import Record, records
from alliance_sim.programme.identity import FIELDS, KEYS, Identity

MOST_ROWS = 100_000
"""Rows of one roster. All of it is imported or nothing is, so all of it is held at once."""

LONGEST = 300
"""Characters of a cell; an address has at most 254 (RFC 5321, 4.5.3.1)."""

POINTS = "points possible"
"""What a Canvas gradebook has in place of a name in a row that is nobody's."""

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
_ROUNDED = re.compile(r"\d([.,]\d+)?E\+\d+", re.IGNORECASE)
_SLUG: TypeAdapter[str] = TypeAdapter(Slug)


@dataclass(frozen=True, slots=True)
class RosterRow:
    """Somebody in a roster."""

    line: int
    identity: Identity
    cohort: str
    """Empty: that which the whole roster is for."""


@dataclass(frozen=True, slots=True)
class Roster:
    """A roster that can be used."""

    rows: tuple[RosterRow, ...]
    strange: tuple[str, ...] = ()
    """Titles of columns that nothing is done with."""


@dataclass
class _Reading:
    """What is known while a roster is read."""

    path: str
    problems: list[Problem] = field(default_factory=list)
    seen: dict[tuple[str, str], int] = field(default_factory=dict)
    """Lines of addresses and numbers."""

    def wrong(self, line: int, message: str) -> None:
        self.problems.append(Problem(self.path, line, 1, message))

    @property
    def full(self) -> bool:
        """More is wrong than is told at once."""
        return len(self.problems) > MOST


def read_roster(path: Path, encoding: str | None = None) -> Roster:
    """Read a roster file. Raises FileProblems with every problem of it, each with its line."""
    with open(open_regular(path), "rb") as file:
        return parse_roster(file, str(path), encoding)


def parse_roster(file: BinaryIO, path: str, encoding: str | None = None) -> Roster:
    """Read a roster from a file that can be wound back; `path` is what messages call it.

    Columns may come in any order and by any of the names in `columns`. A row needs an address or
    a number, and no two rows may have the same one. Raises FileProblems.
    """
    with closing(records(file, path, _is_known, encoding)) as table:
        return _roster(table, _Reading(path))


def _is_known(title: str) -> bool:
    return field_of(title) is not None


def _roster(table: Iterator[Record], reading: _Reading) -> Roster:
    header = next(table, None)
    if header is None:
        raise FileProblems([Problem(reading.path, 1, 1, f"the file is empty; {_HEADER}")])
    fields = _header(header, reading)
    rows = tuple(_rows(table, fields, reading))
    if not rows and not reading.problems:
        reading.wrong(header.line, "nobody is in it: there is no row under the header")
    if reading.problems:
        raise FileProblems(reading.problems)
    titles = zip(header.cells, fields, strict=True)
    strange = [printable(title, lines=False) for title, known in titles if known is None]
    return Roster(rows, tuple(title for title in strange if title))


_HEADER = (
    "the first line names the columns: name, email, ID, SIS User ID, SIS Login ID, Section, cohort"
)


def _header(header: Record, reading: _Reading) -> list[str | None]:
    fields = fields_of(header.cells)
    known = [name for name in fields if name is not None]
    if not known:
        raise FileProblems([Problem(reading.path, header.line, 1, f"no column known; {_HEADER}")])
    for name in dict.fromkeys(known):
        if known.count(name) > 1:
            reading.wrong(header.line, f"two columns are the {title_of(name)}; keep one of them")
    if not any(name in KEYS for name in known):
        needed = listed(title_of(name) for name in ("email", *KEYS[:-1]))
        message = f"a column is missing by which people are told apart; add {needed}"
        reading.wrong(header.line, message)
    if reading.problems:
        raise FileProblems(reading.problems)
    return fields


def _rows(
    table: Iterator[Record], fields: Sequence[str | None], reading: _Reading
) -> Iterator[RosterRow]:
    count = 0
    for record in table:
        cells = _cells(record, fields, reading)
        if cells is None or _nobody(cells):
            continue
        count += 1
        if count > MOST_ROWS:
            reading.wrong(record.line, f"more than {MOST_ROWS:,} people; split the file")
            return
        row = _row(record.line, cells, reading)
        if reading.full:
            return
        yield row


def _cells(
    record: Record, fields: Sequence[str | None], reading: _Reading
) -> dict[str, str] | None:
    """The cells by field; None where they do not fit under the header."""
    if any(cell.strip() for cell in islice(record.cells, len(fields), None)):
        message = (
            f"{len(record.cells)} cells under {len(fields)} columns; put text that holds the "
            "separator in quotes"
        )
        reading.wrong(record.line, message)
        return None
    pairs = zip(fields, record.cells, strict=False)
    cells = {name: _clean(cell) for name, cell in pairs if name}
    for name, cell in cells.items():
        if len(cell) > LONGEST:
            reading.wrong(record.line, f"the {title_of(name)} is longer than {LONGEST} characters")
            return None
    return cells


def _clean(cell: str) -> str:
    """A cell in one spelling of its accents, without what could act on a terminal."""
    return normalize("NFC", printable(cell, lines=False))


def _nobody(cells: dict[str, str]) -> bool:
    """Whether a row is nobody's: nothing but blanks in it, or a gradebook's row of points."""
    if not any(cells.values()):
        return True
    nameless = not any(cells.get(name) for name in KEYS)
    return nameless and cells.get("name", "").casefold() == POINTS


def _row(line: int, cells: dict[str, str], reading: _Reading) -> RosterRow:
    halves = f"{cells.get(GIVEN, '')} {cells.get(FAMILY, '')}".strip()
    told = {name: cells.get(name, "") for name in FIELDS} | {"name": cells.get("name") or halves}
    identity = Identity(**told)
    _check_keys(line, identity, reading)
    cohort = cells.get(COHORT, "")
    if cohort and not _is_slug(cohort):
        message = "the cohort is no id of one; write small letters, digits, - and _"
        reading.wrong(line, message)
    return RosterRow(line, identity, cohort)


def _check_keys(line: int, identity: Identity, reading: _Reading) -> None:
    found = list(identity.marks())
    if not found:
        reading.wrong(line, "no address and no number; people are told apart by them")
    slips = list(slips_of(identity))
    for slip in slips:
        reading.wrong(line, slip)
    for name, key in found if not slips else ():
        first = reading.seen.setdefault((name, key), line)
        if first != line:
            reading.wrong(line, f"the same {title_of(name)} as on line {first}; keep one of them")


def slips_of(identity: Identity) -> Iterator[str]:
    """What cannot be right about an address or a number, each with what would be."""
    if identity.email and not _ADDRESS.fullmatch(identity.email):
        yield "the email is no address; write one as in ada@example.org"
    for name, key in identity.marks():
        if name != "email" and _ROUNDED.fullmatch(key):
            yield f"the {title_of(name)} was rounded by a spreadsheet; format its column as text"


def _is_slug(text: str) -> bool:
    try:
        _SLUG.validate_python(text)
    except ValidationError:
        return False
    return True
