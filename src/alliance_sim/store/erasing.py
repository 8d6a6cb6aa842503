"""Erasing within a transaction: a session with every row about it, a person with every row."""

import json
from collections.abc import Iterator

from sqlalchemy import Connection, delete, insert, select

from alliance_sim.store import index
from alliance_sim.store.chunks import chunks
from alliance_sim.store.queued import forget_jobs
from alliance_sim.store.ratings import forget_ratings
from alliance_sim.store.tables import (
    attempts,
    batch_items,
    erasures,
    events,
    memberships,
    people,
    ratings,
    sessions,
    written_files,
)


def erase(connection: Connection, session_id: str) -> None:
    """Delete a session's events and all rows about it; does nothing where there are none."""
    connection.execute(insert(erasures).values(session_id=session_id))
    connection.execute(delete(events).where(events.c.session_id == session_id))
    index.forget(connection, session_id)
    forget_ratings(connection, session_id)
    forget_jobs(connection, session_id)
    for table in (attempts, batch_items):
        connection.execute(delete(table).where(table.c.session_id == session_id))
    connection.execute(delete(erasures).where(erasures.c.session_id == session_id))


def sessions_of(connection: Connection, person: str, *, thoroughly: bool = False) -> list[str]:
    """Ids of all sessions that hold a person's words, in order.

    Those that were opened for her, those that count as attempts of hers, and those that branched
    from any of these, which begin with a copy of it. `thoroughly`: by the events too, and not by
    what is derived from them alone; that looks through every session.
    """
    found = {
        *connection.scalars(select(sessions.c.id).where(sessions.c.trainee == person)),
        *connection.scalars(select(attempts.c.session_id).where(attempts.c.trainee == person)),
    }
    if thoroughly:
        found.update(_opened_for(connection, person))
    latest = set(found)
    while latest:
        latest = {
            branch
            for some in chunks(sorted(latest))
            for branch in connection.scalars(
                select(sessions.c.id).where(sessions.c.branch_session.in_(some))
            )
        } - found
        found |= latest
    return sorted(found)


def erase_person(connection: Connection, person: str) -> None:
    """Delete the rows about a person herself: attempts, memberships, her own ratings, her files in
    the register, and who she is. Her sessions are `erase`'s to delete."""
    owned = (
        attempts.c.trainee,
        memberships.c.person,
        ratings.c.rater,
        written_files.c.person,
        people.c.id,
    )
    for column in owned:
        connection.execute(delete(column.table).where(column == person))


def _opened_for(connection: Connection, person: str) -> Iterator[str]:
    """By the events themselves."""
    columns = (events.c.session_id, events.c.payload)
    first = (events.c.seq == 1) & events.c.payload.contains(person, autoescape=True)
    for session_id, payload in connection.execute(select(*columns).where(first)):
        if _trainee(payload) == person:
            yield session_id


def _trainee(payload: str) -> str | None:
    """Whose session it is; None where its opening is damaged."""
    try:
        found: str | None = json.loads(payload)["trainee"]
    except (ValueError, KeyError, TypeError):
        return None
    return found
