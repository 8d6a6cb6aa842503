"""Assignments in the store: what a cohort is asked to practise."""

import json
from collections.abc import Sequence

from sqlalchemy import Connection, Row, delete, insert, select

from alliance_sim.domain.programme import Assignment
from alliance_sim.errors import UsageProblem
from alliance_sim.store import tables
from alliance_sim.store.stamps import moment, stamp

_TABLE = tables.assignments
_TIMES = ("opens_at", "due_at", "created_at")
_LISTS = ("scenarios", "rubrics")


def add(connection: Connection, assignment: Assignment) -> None:
    """Add an assignment. Raises UsageProblem where there is one of that id."""
    if get(connection, assignment.id) is not None:
        raise UsageProblem(f"{assignment.id}: there is such an assignment; choose another id")
    connection.execute(insert(_TABLE).values(**_row(assignment)))


def get(connection: Connection, assignment_id: str) -> Assignment | None:
    """An assignment, or None where there is none of that id."""
    query = select(_TABLE).where(_TABLE.c.id == assignment_id)
    row = connection.execute(query).one_or_none()
    return None if row is None else _assignment(row)


def need(connection: Connection, assignment_id: str) -> Assignment:
    """An assignment. Raises UsageProblem, with those there are, where there is none of that id."""
    found = get(connection, assignment_id)
    if found is None:
        known = ", ".join(each.id for each in every(connection)) or "none yet"
        raise UsageProblem(f"{assignment_id}: no such assignment; there are: {known}")
    return found


def every(connection: Connection, *, cohorts: Sequence[str] | None = None) -> list[Assignment]:
    """Assignments, by due date and id, those without a date last; of some cohorts, or of all."""
    query = select(_TABLE)
    if cohorts is not None:
        query = query.where(_TABLE.c.cohort.in_(cohorts))
    query = query.order_by(_TABLE.c.due_at.is_(None), _TABLE.c.due_at, _TABLE.c.id)
    return [_assignment(row) for row in connection.execute(query)]


def remove(connection: Connection, assignment_id: str) -> None:
    """Remove an assignment and what is noted of its attempts. The sessions stay."""
    attempts = tables.attempts.c.assignment == assignment_id
    connection.execute(delete(tables.attempts).where(attempts))
    connection.execute(delete(_TABLE).where(_TABLE.c.id == assignment_id))


def _row(assignment: Assignment) -> dict[str, object]:
    values = assignment.model_dump()
    for name in _TIMES:
        values[name] = None if values[name] is None else stamp(values[name])
    for name in _LISTS:
        values[name] = json.dumps(values[name])
    return values


def _assignment(row: Row[*tuple[object, ...]]) -> Assignment:
    values = dict(row._mapping)
    for name in _TIMES:
        values[name] = None if values[name] is None else moment(str(values[name]))
    for name in _LISTS:
        values[name] = tuple(json.loads(str(values[name])))
    return Assignment.model_validate(values)
