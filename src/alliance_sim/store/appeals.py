"""Contested scores in the database: derived from the events of their sessions."""

from typing import Any

from sqlalchemy import Connection, Row, select

from alliance_sim.domain.programme import Appeal
from alliance_sim.store.stamps import moment
from alliance_sim.store.tables import appeals


def appeals_of(connection: Connection, session_id: str) -> list[Appeal]:
    """The appeals of a session, oldest first."""
    query = select(appeals).where(appeals.c.session_id == session_id).order_by(appeals.c.seq)
    return [_appeal(row) for row in connection.execute(query)]


def all_appeals(connection: Connection, *, still_open: bool = False) -> list[Appeal]:
    """The appeals of all sessions, the one that has waited longest first."""
    query = select(appeals).order_by(appeals.c.at, appeals.c.session_id, appeals.c.seq)
    if still_open:
        query = query.where(appeals.c.outcome.is_(None))
    return [_appeal(row) for row in connection.execute(query)]


def _appeal(row: Row[Any]) -> Appeal:
    values = dict(row._mapping)
    values["at"] = moment(row.at)
    values["answered_at"] = None if row.answered_at is None else moment(row.answered_at)
    return Appeal(**values)
