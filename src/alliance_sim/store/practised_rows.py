"""Who was asked to practise and has not: pseudonyms, and nothing of anyone's scores."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CTE, Connection, Select, and_, exists, func, select

from alliance_sim.domain.events import Ending
from alliance_sim.store.report_selection import Selection, held
from alliance_sim.store.stamps import moment
from alliance_sim.store.tables import (
    assignments,
    attempts,
    cohorts,
    memberships,
    people,
    sessions,
)


@dataclass(frozen=True)
class Asked:
    """An assignment, and how many of the cohort have done it."""

    id: str
    title: str
    due_at: datetime | None
    scenarios: tuple[str, ...]
    members: int
    """Trainees of its cohort."""
    done: int
    """Those of them with an attempt that has ended; to have stopped one is none."""


@dataclass(frozen=True)
class Idle:
    """Somebody without a session."""

    person: str
    assignment: str | None
    """What is due first and is not done; None: nothing is due."""
    due_at: datetime | None


def cohort_title(connection: Connection, cohort: str) -> str | None:
    """None: there is no such cohort."""
    query = select(cohorts.c.title).where(cohorts.c.id == cohort)
    return connection.execute(query).scalar()


def members(connection: Connection, cohort: str | None) -> int:
    """Trainees of a cohort, or of the store."""
    return connection.execute(
        select(func.count()).select_from(_people(cohort).subquery())
    ).scalar_one()


def asked(connection: Connection, cohort: str | None, assignment: str | None) -> list[Asked]:
    """The assignments of a cohort, or all, by their due date; those without one come last.

    `assignment`: only this one.
    """
    columns, trainees, done = assignments.c, _trainees(), _done()
    is_done = and_(done.c.assignment == columns.id, done.c.trainee == trainees.c.person)
    query = (
        select(
            columns.id,
            columns.title,
            columns.due_at,
            columns.scenarios,
            func.count(trainees.c.person).label("members"),
            func.count(done.c.trainee).label("done"),
        )
        .outerjoin(trainees, trainees.c.cohort == columns.cohort)
        .outerjoin(done, is_done)
        .group_by(columns.id, columns.title, columns.due_at, columns.scenarios)
        .order_by(columns.due_at.is_(None), columns.due_at, columns.id)
    )
    if cohort is not None:
        query = query.where(columns.cohort == cohort)
    if assignment is not None:
        query = query.where(columns.id == assignment)
    return [
        Asked(
            row.id,
            row.title,
            _time(row.due_at),
            tuple(json.loads(row.scenarios)),
            row.members,
            row.done,
        )
        for row in connection.execute(query)
    ]


def idle(connection: Connection, selection: Selection, most: int) -> tuple[int, list[Idle]]:
    """Those without a session in the selection: how many, and the first `most` of them.

    Who has something due comes first, the earliest due date before the others.
    """
    everyone = _people(selection.cohort).subquery("everyone")
    chosen = held(selection)
    held_one = exists(select(chosen.c.id).where(chosen.c.trainee == everyone.c.person))
    ended = _done()
    is_done = exists(
        select(ended.c.trainee).where(
            ended.c.assignment == assignments.c.id, ended.c.trainee == everyone.c.person
        )
    )
    due = (
        select(everyone.c.person, assignments.c.id, assignments.c.due_at)
        .join(memberships, memberships.c.person == everyone.c.person)
        .join(assignments, assignments.c.cohort == memberships.c.cohort)
        .where(assignments.c.due_at.is_not(None), ~is_done)
    )
    if selection.cohort is not None:
        due = due.where(memberships.c.cohort == selection.cohort)
    if selection.assignment is not None:
        due = due.where(assignments.c.id == selection.assignment)
    number = func.row_number().over(
        partition_by=due.selected_columns[0],
        order_by=(assignments.c.due_at, assignments.c.id),
    )
    first = due.add_columns(number.label("number")).subquery("first_due")
    without = select(everyone.c.person).where(~held_one)
    total = connection.execute(select(func.count()).select_from(without.subquery())).scalar_one()
    query = (
        select(everyone.c.person, first.c.id, first.c.due_at)
        .outerjoin(first, and_(first.c.person == everyone.c.person, first.c.number == 1))
        .where(~held_one)
        .order_by(first.c.due_at.is_(None), first.c.due_at, everyone.c.person)
        .limit(most)
    )
    found = [Idle(row[0], row[1], _time(row[2])) for row in connection.execute(query)]
    return total, found


def _people(cohort: str | None) -> Select[tuple[str]]:
    if cohort is None:
        return select(people.c.id.label("person")).where(people.c.role == "trainee")
    trainees = _trainees()
    return select(trainees.c.person).where(trainees.c.cohort == cohort)


def _trainees() -> CTE:
    """Cohorts and their trainees; instructors belong to a cohort, too."""
    trainee = (people.c.id == memberships.c.person) & (people.c.role == "trainee")
    return select(memberships.c.cohort, memberships.c.person).join(people, trainee).cte("trainees")


def _done() -> CTE:
    """Assignments and who has done them: an attempt has ended, and was not stopped."""
    query = (
        select(attempts.c.assignment, attempts.c.trainee)
        .join(sessions, sessions.c.id == attempts.c.session_id)
        .where(sessions.c.ending.is_not(None), sessions.c.ending != Ending.STOPPED.value)
    )
    return query.distinct().cte("done")


def _time(text: str | None) -> datetime | None:
    return moment(text) if text else None
