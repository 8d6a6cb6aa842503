"""Overall scores of attempts at assignments, from which the grade of each is taken."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, and_, select, union

from alliance_sim.domain.events import Ending
from alliance_sim.domain.programme import Role
from alliance_sim.store.export_rows import AT_ONCE, Wanted, of_sessions
from alliance_sim.store.tables import (
    assignments,
    attempts,
    memberships,
    people,
    scores,
    sessions,
)


class Counted(NamedTuple):
    """An attempt that has ended and has a score."""

    trainee: str
    assignment: str
    session_id: str
    overall: float
    """0–4, with what instructors changed."""


def counted(connection: Connection, wanted: Wanted, among: Sequence[str]) -> Iterator[Counted]:
    """Attempts at the assignments `among`, by trainee, assignment and number.

    Those without an overall are left out: not ended, not scored, or nothing was observed.
    """
    query = (
        select(attempts.c.trainee, attempts.c.assignment, attempts.c.session_id, sessions.c.overall)
        .join(sessions, sessions.c.id == attempts.c.session_id)
        .where(
            attempts.c.assignment.in_(among),
            sessions.c.overall.is_not(None),
            sessions.c.ending.is_not(None),
            sessions.c.ending != Ending.STOPPED.value,
            *of_sessions(wanted),
        )
        .order_by(attempts.c.trainee, attempts.c.assignment, attempts.c.number)
    )
    for row in connection.execute(query, execution_options={"yield_per": AT_ONCE}):
        yield Counted(*row)


def scores_of(
    connection: Connection, assignment: str, rubrics: Sequence[str]
) -> dict[str, dict[str, float]]:
    """Of every attempt at an assignment, by session: the scores that count of these rubrics, as
    far as they were observed."""
    observed = and_(
        scores.c.session_id == attempts.c.session_id,
        scores.c.is_current,
        scores.c.score.is_not(None),
        scores.c.rubric.in_(rubrics),
    )
    query = (
        select(attempts.c.session_id, scores.c.rubric, scores.c.score)
        .outerjoin(scores, observed)
        .where(attempts.c.assignment == assignment)
    )
    found: dict[str, dict[str, float]] = {}
    for session_id, rubric, score in connection.execute(query):
        hers = found.setdefault(session_id, {})
        if rubric is not None:
            hers[rubric] = score
    return found


def asked(connection: Connection, among: Sequence[str], wanted: Wanted) -> dict[str, list[str]]:
    """Who is asked to do the assignments `among`, or has done one, with their cohorts, by id.

    Instructors of a cohort are asked for nothing. Of `wanted`, what it says of people counts.
    """
    teaches = select(people.c.id).where(people.c.role == Role.INSTRUCTOR.value)
    members = (
        select(memberships.c.person, assignments.c.cohort)
        .join(assignments, assignments.c.cohort == memberships.c.cohort)
        .where(assignments.c.id.in_(among), memberships.c.person.not_in(teaches))
    )
    doers = (
        select(attempts.c.trainee, assignments.c.cohort)
        .join(assignments, assignments.c.id == attempts.c.assignment)
        .where(assignments.c.id.in_(among))
    )
    both = union(members, doers).subquery()
    found: dict[str, list[str]] = {}
    query = select(both).order_by(*both.c)
    if wanted.sessions.trainee is not None:
        query = query.where(both.c.person == wanted.sessions.trainee)
    if wanted.consented:
        agreed = select(people.c.id).where(people.c.consent_research)
        query = query.where(both.c.person.in_(agreed))
    for person, cohort in connection.execute(query):
        found.setdefault(person, []).append(cohort)
    return found
