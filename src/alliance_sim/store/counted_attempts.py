"""Overall scores of attempts at assignments, from which the grade of each is taken."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, select, union

from alliance_sim.store.export_rows import AT_ONCE, Wanted, of_sessions
from alliance_sim.store.tables import assignments, attempts, memberships, people, sessions


class Held(NamedTuple):
    """An attempt that has a score."""

    trainee: str
    assignment: str
    overall: float
    """0–4, with what instructors changed."""


def held(connection: Connection, wanted: Wanted, among: Sequence[str]) -> Iterator[Held]:
    """Attempts at the assignments `among`, by trainee, assignment and number.

    Those without an overall are left out: not scored, or nothing was observed.
    """
    query = (
        select(attempts.c.trainee, attempts.c.assignment, sessions.c.overall)
        .join(sessions, sessions.c.id == attempts.c.session_id)
        .where(
            attempts.c.assignment.in_(among),
            sessions.c.overall.is_not(None),
            *of_sessions(wanted),
        )
        .order_by(attempts.c.trainee, attempts.c.assignment, attempts.c.number)
    )
    for row in connection.execute(query, execution_options={"yield_per": AT_ONCE}):
        yield Held(*row)


def asked(connection: Connection, among: Sequence[str], wanted: Wanted) -> dict[str, list[str]]:
    """Who is asked to do the assignments `among`, or has done one, with their cohorts, by id.

    Of `wanted`, what it says of people counts.
    """
    members = (
        select(memberships.c.person, assignments.c.cohort)
        .join(assignments, assignments.c.cohort == memberships.c.cohort)
        .where(assignments.c.id.in_(among))
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
