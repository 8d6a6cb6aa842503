"""Attempts at assignments in the store: which session counts for what, and as which number."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, func, insert, select

from alliance_sim.domain.events import Ending
from alliance_sim.domain.programme import Assignment, Attempt
from alliance_sim.errors import UsageProblem
from alliance_sim.store import tables
from alliance_sim.store.stamps import moment, stamp

_TABLE = tables.attempts


@dataclass(frozen=True, slots=True)
class Held:
    """An attempt, and what became of its session."""

    assignment: str
    trainee: str
    session_id: str
    number: int
    scenario: str
    opened_at: datetime
    """By the clock of the machine it was held on."""
    ended_at: datetime | None
    """None: it can be resumed."""
    ending: Ending | None
    overall: float | None
    """0–4; None: not scored, or nothing was observed."""


def claim(
    connection: Connection,
    assignment: Assignment,
    trainee: str,
    session_id: str,
    *,
    at: datetime,
    source: Literal["live", "bundle"] = "live",
) -> Attempt:
    """Note a session as the trainee's next attempt, in the transaction of what makes it one.

    Numbers count from 1; that of a session which was deleted is given again only if it was the
    last. A session that the trainee stopped has used no attempt: to stop costs nothing. Two at
    once never get the same number: a writer on SQLite is alone, transactions on PostgreSQL are
    serializable, and the table refuses a second one. Raises UsageProblem where no attempt is left,
    and where the session is an attempt already.
    """
    there = _TABLE.c.session_id == session_id
    if connection.execute(select(_TABLE.c.assignment).where(there)).one_or_none() is not None:
        raise UsageProblem(f"session {session_id} counts for an assignment already")
    of_hers = (_TABLE.c.assignment == assignment.id) & (_TABLE.c.trainee == trainee)
    last = connection.scalar(select(func.max(_TABLE.c.number)).where(of_hers))
    used = _used(connection, assignment.id, trainee)
    if assignment.attempts is not None and used >= assignment.attempts:
        raise UsageProblem(
            f"{assignment.id}: {trainee} has used {used} of {assignment.attempts} attempts"
        )
    attempt = Attempt(
        session_id=session_id,
        assignment=assignment.id,
        trainee=trainee,
        number=(last or 0) + 1,
        at=at,
        source=source,
    )
    connection.execute(insert(_TABLE).values(**{**attempt.model_dump(), "at": stamp(at)}))
    return attempt


def _used(connection: Connection, assignment: str, trainee: str) -> int:
    ending = tables.sessions.c.ending
    sessions = _TABLE.outerjoin(tables.sessions, tables.sessions.c.id == _TABLE.c.session_id)
    query = select(func.count()).select_from(sessions)
    query = query.where(_TABLE.c.assignment == assignment, _TABLE.c.trainee == trainee)
    counts = ending.is_(None) | (ending != Ending.STOPPED.value)
    return int(connection.scalar(query.where(counts)) or 0)


def get(connection: Connection, session_id: str) -> Attempt | None:
    """What a session counts for, or None."""
    query = select(_TABLE).where(_TABLE.c.session_id == session_id)
    row = connection.execute(query).one_or_none()
    return None if row is None else _attempt(row)


def every(
    connection: Connection, *, assignment: str | None = None, trainee: str | None = None
) -> list[Attempt]:
    """Attempts by assignment, trainee and number; of one assignment or trainee, or of all."""
    query = select(_TABLE).order_by(_TABLE.c.assignment, _TABLE.c.trainee, _TABLE.c.number)
    if assignment is not None:
        query = query.where(_TABLE.c.assignment == assignment)
    if trainee is not None:
        query = query.where(_TABLE.c.trainee == trainee)
    return [_attempt(row) for row in connection.execute(query)]


def held(
    connection: Connection, *, assignment: str | None = None, trainee: str | None = None
) -> list[Held]:
    """Attempts with what became of them, in the order of `every`.

    An attempt whose session this reader may not see, or which is gone, is left out.
    """
    sessions = tables.sessions
    query = (
        select(
            _TABLE.c.assignment,
            _TABLE.c.trainee,
            _TABLE.c.session_id,
            _TABLE.c.number,
            sessions.c.scenario,
            sessions.c.opened_at,
            sessions.c.ended_at,
            sessions.c.ending,
            sessions.c.overall,
        )
        .join(sessions, sessions.c.id == _TABLE.c.session_id)
        .order_by(_TABLE.c.assignment, _TABLE.c.trainee, _TABLE.c.number)
    )
    if assignment is not None:
        query = query.where(_TABLE.c.assignment == assignment)
    if trainee is not None:
        query = query.where(_TABLE.c.trainee == trainee)
    return [_held(row) for row in connection.execute(query)]


def count(connection: Connection, assignment: str) -> int:
    """How many attempts there are at an assignment, of all trainees."""
    query = select(func.count()).where(_TABLE.c.assignment == assignment)
    return int(connection.scalar(query) or 0)


def _held(row: Row[*tuple[Any, ...]]) -> Held:
    values = dict(row._mapping)
    values["opened_at"] = moment(row.opened_at)
    values["ended_at"] = None if row.ended_at is None else moment(row.ended_at)
    values["ending"] = None if row.ending is None else Ending(row.ending)
    return Held(**values)


def _attempt(row: Row[*tuple[object, ...]]) -> Attempt:
    values = dict(row._mapping)
    return Attempt.model_validate({**values, "at": moment(str(values["at"]))})
