"""The newest sessions: with each client, and the one to go on with. Few, however many there are."""

from sqlalchemy import Connection, select

from alliance_sim.store.index import summary
from alliance_sim.store.summary import SessionSummary
from alliance_sim.store.tables import sessions

LOOKED_AT = 2000
"""Sessions among which they are looked for: many more than one person holds."""


def latest_sessions(connection: Connection, trainee: str | None) -> list[SessionSummary]:
    """Newest first: of each scenario the newest session and the newest that has ended, and the
    newest of all that has not. `trainee`: hers alone; None: of all.
    """
    columns = sessions.c
    newest = (columns.opened_at.desc(), columns.id.desc())
    query = select(columns.id, columns.scenario, columns.ending).order_by(*newest)
    if trainee is not None:
        query = query.where(columns.trainee == trainee)
    wanted: dict[tuple[str, bool | None], str] = {}
    for row in connection.execute(query.limit(LOOKED_AT)):
        ended = row.ending is not None
        wanted.setdefault((row.scenario, None), row.id)
        wanted.setdefault((row.scenario, True) if ended else ("", False), row.id)
    found = select(sessions).where(columns.id.in_(set(wanted.values()))).order_by(*newest)
    return [summary(row) for row in connection.execute(found)]
