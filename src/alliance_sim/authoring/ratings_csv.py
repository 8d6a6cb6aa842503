"""Ratings as CSV: out for a colleague or a spreadsheet, and in again, row by row."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from pydantic import ValidationError

from alliance_sim.authoring.files import read_text
from alliance_sim.authoring.problems import FileProblems, Problem, listed, quoted
from alliance_sim.domain.rating import Rating

COLUMNS = (
    "rater",
    "transcript_id",
    "turn",
    "rubric",
    "rubric_version",
    "level",
    "note",
    "at",
    "digest",
)
NEEDED = ("rater", "transcript_id", "rubric", "level")
"""Columns without which nothing can be read; an empty `turn` is the session as a whole."""

NOT_OBSERVED = "n"
MOST_BYTES = 20_000_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")


def write_ratings_csv(ratings: Iterable[Rating], out: TextIO) -> int:
    """Write ratings; how many. A cell that a spreadsheet would take for a formula gets a quote."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    count = 0
    for rating in ratings:
        row = {
            **rating.model_dump(exclude={"at", "turn", "level"}),
            "turn": "" if rating.turn is None else rating.turn,
            "level": NOT_OBSERVED if rating.level is None else rating.level,
            "at": rating.at.isoformat(),
        }
        writer.writerow([_guarded(row[name]) for name in COLUMNS])
        count += 1
    return count


def _guarded(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def read_ratings_csv(path: Path, now: datetime) -> list[Rating]:
    """The ratings of a file, or every problem of it. `now` stands where a row tells no time.

    Raises FileProblems (exit 3): each bad row with its line, and what would be right.
    """
    text = read_text(path, MOST_BYTES)
    problems: list[Problem] = []
    found = list(_rows(text, str(path), now, problems))
    if not found and not problems:
        problems.append(Problem(str(path), 1, 1, "no ratings in it"))
    if problems:
        raise FileProblems(problems)
    return found


def _rows(text: str, path: str, now: datetime, problems: list[Problem]) -> Iterator[Rating]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    seen: dict[tuple[object, ...], int] = {}
    line = 1
    try:
        header = [cell.strip().lower() for cell in next(reader, [])]
        if missing := [name for name in NEEDED if name not in header]:
            message = f"the header has no column {listed(missing)}; columns: {', '.join(COLUMNS)}"
            problems.append(Problem(path, 1, 1, message))
            return
        line = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rating = _rating(header, cells, now, path, line, problems)
                if rating is not None and _first(rating, seen, path, line, problems):
                    yield rating
            line = reader.line_num + 1
    except csv.Error:
        problems.append(
            Problem(path, line, 1, "a quotation mark is not closed; double those inside")
        )


def _first(
    rating: Rating,
    seen: dict[tuple[object, ...], int],
    path: str,
    line: int,
    problems: list[Problem],
) -> bool:
    key = (rating.rater, *rating.place)
    if key in seen:
        message = f"the same rater, moment and rubric as on line {seen[key]}; keep one of them"
        problems.append(Problem(path, line, 1, message))
        return False
    seen[key] = line
    return True


def _rating(
    header: list[str],
    cells: list[str],
    now: datetime,
    path: str,
    line: int,
    problems: list[Problem],
) -> Rating | None:
    if len(cells) > len(header):
        message = f"{len(cells)} cells under {len(header)} columns; put text with commas in quotes"
        problems.append(Problem(path, line, 1, message))
        return None
    row = {name: cell.removeprefix("'") for name, cell in zip(header, cells, strict=False)}
    try:
        return Rating.model_validate(_values(row, now))
    except ValidationError as invalid:
        for error in invalid.errors(include_url=False, include_input=False):
            name = str(error["loc"][0])
            problems.append(Problem(path, line, _column(header, name), _said(name, row)))
        return None


def _values(row: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """What pydantic checks: empty cells as nothing, `n` as not observed."""
    turn, level = row.get("turn", "").strip(), row["level"].strip().lower()
    at = row.get("at", "").strip()
    return {
        "rater": row["rater"].strip(),
        "transcript_id": row["transcript_id"],
        "turn": turn or None,
        "rubric": row["rubric"].strip(),
        "rubric_version": row.get("rubric_version", "").strip(),
        "level": None if level == NOT_OBSERVED else level,
        "note": row.get("note", ""),
        "at": _time(at) if at else now,
        "digest": row.get("digest", "").strip(),
    }


def _time(text: str) -> datetime | str:
    """A time of the file; one without a zone is taken for UTC."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return at if at.tzinfo else at.replace(tzinfo=UTC)


_RIGHT = {
    "level": "write 0, 1, 2, 3 or 4, or n for not observed",
    "turn": "write the number of the reply's turn, or nothing for the session as a whole",
    "at": "write a time as in 2026-03-02T09:00:00+00:00",
}


def _said(name: str, row: Mapping[str, str]) -> str:
    right = _RIGHT.get(name, "write a short text")
    return f"{name} is {quoted(row.get(name, ''))}; {right}"


def _column(header: list[str], name: str) -> int:
    """The number of the cell stands for the column: rows may be quoted in many ways."""
    return header.index(name) + 1 if name in header else 1
