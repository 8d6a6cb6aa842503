"""The index of sessions in the database: kept up with every append, and made again from events."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from alliance_sim.domain.events import EVENT, Ending, Event, SessionOpened
from alliance_sim.domain.transcript import Pace
from alliance_sim.store.summary import INDEXED, SessionSummary, changes
from alliance_sim.store.tables import events, sessions


def follow(connection: Connection, session_id: str, new: Sequence[Event], stamp: str) -> None:
    """Bring the row of a session up to events that were just appended at `stamp`."""
    values: dict[str, object] = {"updated_at": stamp}
    for event in new:
        values |= changes(event)
    if isinstance(new[0], SessionOpened):
        connection.execute(insert(sessions).values(id=session_id, opened_at=stamp, **values))
    else:
        connection.execute(update(sessions).where(sessions.c.id == session_id).values(**values))


def rebuild(connection: Connection) -> None:
    """Make all rows again from the events.

    A session whose first event cannot be read gets no row, so that one damaged record does not
    keep all others from being listed; reading that session says what is wrong with it.
    """
    connection.execute(delete(sessions))
    made: dict[str, dict[str, object]] = {}
    for row in connection.execute(_indexed()):
        values = _read(row.payload)
        if row.seq == 1 and values:
            made[row.session_id] = {"id": row.session_id, "opened_at": row.at, **values}
        elif row.session_id in made:
            made[row.session_id] |= values
    for row in connection.execute(_latest()):
        if row.session_id in made:
            made[row.session_id]["updated_at"] = row.at
    if made:
        connection.execute(insert(sessions), list(made.values()))


def summary(row: Row[*tuple[Any, ...]]) -> SessionSummary:
    """A row of the index as a value."""
    values = dict(row._mapping)
    values["opened_at"] = datetime.fromisoformat(row.opened_at)
    values["updated_at"] = datetime.fromisoformat(row.updated_at)
    values["pace"] = Pace(row.pace)
    values["ending"] = None if row.ending is None else Ending(row.ending)
    return SessionSummary(**values)


def _indexed() -> Select[Any]:
    columns = (events.c.session_id, events.c.seq, events.c.at, events.c.payload)
    chosen = select(*columns).where(events.c.type.in_(INDEXED))
    return chosen.order_by(events.c.session_id, events.c.seq)


def _latest() -> Select[Any]:
    last = select(events.c.session_id, func.max(events.c.seq).label("seq"))
    heads = last.group_by(events.c.session_id).subquery()
    return select(events.c.session_id, events.c.at).join(
        heads, (events.c.session_id == heads.c.session_id) & (events.c.seq == heads.c.seq)
    )


def _read(payload: str) -> Mapping[str, object]:
    try:
        return changes(EVENT.validate_json(payload))
    except ValueError:
        return {}
