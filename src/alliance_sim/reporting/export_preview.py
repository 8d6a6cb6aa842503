"""What an export would hold, before anything is written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from alliance_sim.domain.clean import printable
from alliance_sim.reporting.tables.cells import harmless
from alliance_sim.reporting.tables.columns import Column, Kind, Row
from alliance_sim.reporting.tidy import PERSONAL, REDACTED

NAMED = 5
"""At most, of those who are on no roster."""
NEVER = "pace, speed and every other accommodation; what was said in sessions"


@dataclass
class Preview:
    rows: int = 0
    sessions: int = 0
    defused: dict[str, int] = field(default_factory=dict)
    """By column: cells that would begin a formula."""
    personal: dict[str, int] = field(default_factory=dict)
    """By column: cells with an instructor's name or words."""
    redacted: dict[str, int] = field(default_factory=dict)
    """By column: cells whose text is left out."""


def preview(rows: Iterable[Row], columns: Sequence[Column]) -> Preview:
    """Look at all rows, one at a time; those of a session must follow one another."""
    made = Preview()
    texts = [column.name for column in columns if column.kind is Kind.TEXT]
    session = None
    for row in rows:
        made.rows += 1
        made.sessions += row["session_id"] != session
        session = row["session_id"]
        for name in texts:
            _look(made, name, row[name])
    return made


def _look(made: Preview, name: str, value: object) -> None:
    if name in PERSONAL and value not in {None, REDACTED}:
        made.personal[name] = made.personal.get(name, 0) + 1
    if value == REDACTED:
        made.redacted[name] = made.redacted.get(name, 0) + 1
    elif isinstance(value, str) and harmless(value) != value:
        made.defused[name] = made.defused.get(name, 0) + 1


def told(
    made: Preview, columns: Sequence[Column], *, waiting: int, strangers: Sequence[str]
) -> list[str]:
    """The preview in lines.

    `waiting`: sessions that an export would score first; `strangers`: who is named in it and is no
    pseudonym of the programme.
    """
    lines = [f"{made.rows:,} row(s) of {made.sessions:,} session(s)"]
    lines.append(f"columns: {', '.join(column.name for column in columns)}")
    lines.append(f"never in it: {NEVER}")
    for title, counts in (("left out", made.redacted), ("made no formula", made.defused)):
        lines += [f"{title}: {count:,} cell(s) of {name}" for name, count in counts.items()]
    lines += [
        f"could name somebody: {count:,} cell(s) of {name}; --redact {name} leaves them out"
        for name, count in made.personal.items()
    ]
    if waiting:
        lines.append(f"to be scored first: {waiting:,} session(s)")
    if strangers:
        some = ", ".join(printable(name, lines=False) for name in strangers[:NAMED])
        lines.append(f"on no roster, perhaps a name: {len(strangers):,} trainee(s), as {some}")
    return lines
