"""What the programme's screen shows, read from the store a page at a time."""

from collections.abc import Sequence

from sqlalchemy import Connection

from alliance_sim.store import assignments, cohorts
from alliance_sim.store import programme_lists as lists
from alliance_sim.store.report_selection import Selection
from alliance_sim.tui import programme_lines as lines
from alliance_sim.tui.screens.programme_filter import Offered
from alliance_sim.tui.widgets.paged_table import PAGE, Line

MOST_APPEALS = 1000

Asked = tuple[str, bool, int]
"""Order, whether it falls, and the number of rows before."""


def page_of(
    connection: Connection,
    part: str,
    chosen: Selection,
    asked: Asked,
    *,
    client: lines.Named,
    rubric: lines.Named,
) -> tuple[Sequence[Line], int]:
    """Rows of `sessions`, `trainees` or `appeals`, and how many there are in all."""
    order, falling, offset = asked
    if part == "sessions":
        held = lists.session_lines(
            connection, chosen, order=order, falling=falling, limit=PAGE, offset=offset
        )
        total = lists.session_count(connection, chosen)
        return [lines.session_row(each, client) for each in held], total
    if part == "trainees":
        known = lists.trainee_lines(
            connection, chosen, order=order, falling=falling, limit=PAGE, offset=offset
        )
        return [lines.trainee_row(each) for each in known], lists.trainee_count(connection, chosen)
    waiting = lists.open_appeals(connection, chosen, MOST_APPEALS)
    return [lines.appeal_row(each, client, rubric) for each in waiting], len(waiting)


def offered(connection: Connection, scenarios: Sequence[str], client: lines.Named) -> Offered:
    """What the filter has to choose from; `scenarios`: ids of the clients in the library."""
    return Offered(
        cohorts=[(f"{each.title} ({each.id})", each.id) for each in cohorts.every(connection)],
        assignments=[
            (f"{each.title} ({each.id})", each.id) for each in assignments.every(connection)
        ],
        clients=[(f"{client(name)} ({name})", name) for name in scenarios],
    )
