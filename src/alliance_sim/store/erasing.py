"""Erasing a session within a transaction: its events, and every row about it."""

from sqlalchemy import Connection, delete, insert

from alliance_sim.store import index
from alliance_sim.store.ratings import forget_ratings
from alliance_sim.store.tables import attempts, batch_items, erasures, events


def erase(connection: Connection, session_id: str) -> None:
    """Delete a session's events and all rows about it; does nothing where there are none."""
    connection.execute(insert(erasures).values(session_id=session_id))
    connection.execute(delete(events).where(events.c.session_id == session_id))
    index.forget(connection, session_id)
    forget_ratings(connection, session_id)
    for table in (attempts, batch_items):
        connection.execute(delete(table).where(table.c.session_id == session_id))
    connection.execute(delete(erasures).where(erasures.c.session_id == session_id))
