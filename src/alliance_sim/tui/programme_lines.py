"""Sessions, trainees and appeals of a programme as rows of tables."""

from collections.abc import Callable
from datetime import datetime

from alliance_sim.domain.events import Ending
from alliance_sim.domain.tenths import tenths
from alliance_sim.store.programme_lists import AppealLine, SessionLine, TraineeLine
from alliance_sim.tui.widgets.paged_table import Column, Line
from alliance_sim.tui.wording import grade_word

SESSIONS = (
    Column("when", "When", 13, "opened_at"),
    Column("trainee", "Trainee", 11, "trainee"),
    Column("client", "Client", 14, "scenario"),
    Column("ending", "Ended", 12, "ending"),
    Column("overall", "Overall", 15, "overall"),
)
TRAINEES = (
    Column("trainee", "Trainee", 12, "trainee"),
    Column("sessions", "Sessions", 10, "sessions"),
    Column("last_at", "Last held", 13, "last_at"),
    Column("mean", "Mean", 7, "mean"),
    Column("last", "Latest", 9, "last"),
    Column("change", "Change", 9, "change"),
)
APPEALS = (
    Column("at", "Since", 12, "at"),
    Column("trainee", "Trainee", 11),
    Column("client", "Client", 12),
    Column("rubric", "Rubric", 14),
    Column("reason", "Why", 50),
)
"""Columns that fit into 80 cells, but for the reason, which is cut."""

ENDED = {
    None: "open",
    Ending.TIME: "time was up",
    Ending.PLANNED_CLOSE: "closed",
    Ending.WALK_OUT: "client left",
    Ending.SAFETY_HANDOVER: "handed over",
    Ending.STOPPED: "stopped",
}
NONE = "–"

Named = Callable[[str], str]
"""A client's name by scenario."""


def session_row(line: SessionLine, client: Named) -> Line:
    """`again` and `exam` stand beside the client, a star beside a score that was changed."""
    marks = [mark for mark, on in (("again", line.again), ("exam", line.exam)) if on]
    ending = None if line.ending is None else Ending(line.ending)
    overall = NONE
    if line.overall is not None:
        overall = f"{tenths(line.overall)}{'*' if line.changed else ''} {grade_word(line.overall)}"
    cells = (
        _when(line.opened_at),
        line.trainee or NONE,
        " · ".join([client(line.scenario), *marks]),
        ENDED[ending],
        overall,
    )
    return Line(line.id, cells)


def trainee_row(line: TraineeLine) -> Line:
    """What is not known is a dash."""
    both = line.first is not None and line.last is not None and line.sessions > 1
    change = f"{(line.last or 0) - (line.first or 0):+.1f}" if both else NONE
    cells = (
        line.trainee,
        f"{line.sessions:,}",
        _when(line.last_at) if line.last_at else "never",
        _score(line.mean),
        _score(line.last),
        change,
    )
    return Line(line.trainee, cells)


def appeal_row(line: AppealLine, client: Named, title: Named) -> Line:
    """Its key is what `appeal_key` reads."""
    cells = (
        _when(line.at),
        line.trainee or NONE,
        client(line.scenario),
        title(line.rubric),
        line.reason,
    )
    return Line(f"{line.seq} {line.session_id}", cells)


def appeal_key(key: str) -> tuple[str, int]:
    """The session and the number of the event of an appeal's row."""
    seq, _, session_id = key.partition(" ")
    return session_id, int(seq)


def _score(value: float | None) -> str:
    return NONE if value is None else f"{value:.1f}"


def _when(stamp: str) -> str:
    at = datetime.fromisoformat(stamp).astimezone()
    return f"{at.day} {at:%b %Y}"
