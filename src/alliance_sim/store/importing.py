"""Sessions that were held elsewhere: their events go in with the times they had there."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, func, insert, select

from alliance_sim.domain.events import EVENT, Event, StoredEvent
from alliance_sim.store import index
from alliance_sim.store.stamps import moment, stamp
from alliance_sim.store.tables import events


def stored_events(connection: Connection, session_id: str) -> tuple[StoredEvent, ...]:
    """The events of a session that the store holds; none for an id that it does not.

    Raises ValueError where one of them cannot be read.
    """
    query = select(events.c.seq, events.c.at, events.c.payload).where(
        events.c.session_id == session_id
    )
    return tuple(
        StoredEvent(
            session_id=session_id,
            seq=row.seq,
            at=moment(row.at),
            event=EVENT.validate_json(row.payload),
        )
        for row in connection.execute(query.order_by(events.c.seq))
    )


def take_in(connection: Connection, session_id: str, found: Sequence[StoredEvent]) -> None:
    """Write events with their own times, and bring the rows derived from the session up to them.

    They follow on what the store holds of the session: numbered from 1 for one that it does not
    hold. Part of the transaction of `connection`. Raises ValueError where the numbers do not
    follow, or a new session does not begin with its opening.
    """
    last = connection.scalar(select(func.max(events.c.seq)).where(_of(session_id))) or 0
    if [stored.seq for stored in found] != list(range(last + 1, last + len(found) + 1)):
        raise ValueError("events follow on those that are there, without a gap")
    numbered = [(one.seq, stamp(one.at), one.event) for one in found]
    # The session's own row first: who may add to its events depends on whose it is.
    if last:
        for _, at, event in numbered:
            index.open_row(connection, session_id, [event], at)
    else:
        index.add(connection, session_id, numbered)
    connection.execute(insert(events), [_row(session_id, *one) for one in numbered])
    if last:
        for seq, at, event in numbered:
            index.follow(connection, session_id, [(seq, event)], at)


def _of(session_id: str) -> ColumnElement[bool]:
    return events.c.session_id == session_id


def _row(session_id: str, seq: int, at: str, event: Event) -> dict[str, object]:
    values = {"session_id": session_id, "seq": seq, "at": at, "type": event.type}
    return {**values, "payload": event.model_dump_json()}
