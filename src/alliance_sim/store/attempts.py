"""Attempts at assignments in the store: which session counts for what, and as which number."""

from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, Row, func, insert, select

from alliance_sim.domain.programme import Assignment, Attempt
from alliance_sim.errors import UsageProblem
from alliance_sim.store import tables
from alliance_sim.store.stamps import moment, stamp

_TABLE = tables.attempts


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
    last. Two at once never get the same number: a writer on SQLite is alone, transactions on
    PostgreSQL are serializable, and the table refuses a second one. Raises UsageProblem where no
    attempt is left, and where the session is an attempt already.
    """
    there = _TABLE.c.session_id == session_id
    if connection.execute(select(_TABLE.c.assignment).where(there)).one_or_none() is not None:
        raise UsageProblem(f"session {session_id} counts for an assignment already")
    of_hers = (_TABLE.c.assignment == assignment.id) & (_TABLE.c.trainee == trainee)
    query = select(func.count(), func.max(_TABLE.c.number)).where(of_hers)
    held, last = connection.execute(query).one()
    if assignment.attempts is not None and held >= assignment.attempts:
        raise UsageProblem(
            f"{assignment.id}: {trainee} has used {held} of {assignment.attempts} attempts; "
            "without --assignment you can go on practising"
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


def count(connection: Connection, assignment: str) -> int:
    """How many attempts there are at an assignment, of all trainees."""
    query = select(func.count()).where(_TABLE.c.assignment == assignment)
    return int(connection.scalar(query) or 0)


def _attempt(row: Row[*tuple[object, ...]]) -> Attempt:
    values = dict(row._mapping)
    return Attempt.model_validate({**values, "at": moment(str(values["at"]))})
