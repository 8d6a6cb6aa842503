"""The newest sessions: with each client, and the one to go on with. Few, however many there are."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, select

from alliance_sim.store.index import summary
from alliance_sim.store.summary import SessionSummary
from alliance_sim.store.tables import sessions


def latest_sessions(connection: Connection, trainee: str | None) -> list[SessionSummary]:
    """Newest first: of each scenario the newest session and the newest that has ended, and the
    newest of all that has not. `trainee`: hers alone; None: of all.
    """
    hers = [] if trainee is None else [sessions.c.trainee == trainee]
    ended = sessions.c.ending.is_not(None)
    rows = [
        *_newest_of_each(connection, hers),
        *_newest_of_each(connection, [*hers, ended]),
        *connection.execute(
            select(sessions)
            .where(~ended, *hers)
            .order_by(sessions.c.opened_at.desc(), sessions.c.id.desc())
            .limit(1)
        ),
    ]
    found = {row.id: summary(row) for row in rows}
    return sorted(found.values(), key=lambda each: (each.opened_at, each.id), reverse=True)


def _newest_of_each(
    connection: Connection, conditions: list[ColumnElement[bool]]
) -> Iterable[Row[*tuple[Any, ...]]]:
    newest = (
        select(sessions.c.scenario, func.max(sessions.c.opened_at).label("opened_at"))
        .where(*conditions)
        .group_by(sessions.c.scenario)
        .subquery("newest")
    )
    same = and_(
        newest.c.scenario == sessions.c.scenario, newest.c.opened_at == sessions.c.opened_at
    )
    return connection.execute(select(sessions).join(newest, same).where(*conditions))
