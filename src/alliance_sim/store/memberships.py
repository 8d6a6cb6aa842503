"""Who belongs to which cohort."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from alliance_sim.store import tables
from alliance_sim.store.chunks import chunks
from alliance_sim.store.stamps import stamp

_TABLE = tables.memberships


def join(connection: Connection, cohort: str, persons: Iterable[str], at: datetime) -> list[str]:
    """Add people to a cohort; those who were not in it before."""
    there = set(members(connection, cohort))
    new = [person for person in dict.fromkeys(persons) if person not in there]
    rows = [{"cohort": cohort, "person": person, "joined_at": stamp(at)} for person in new]
    for some in chunks(rows):
        connection.execute(insert(_TABLE), some)
    return new


def leave(connection: Connection, cohort: str, persons: Iterable[str]) -> list[str]:
    """Take people out of a cohort; those who were in it."""
    there = set(members(connection, cohort))
    gone = [person for person in dict.fromkeys(persons) if person in there]
    for some in chunks(gone):
        of_them = (_TABLE.c.cohort == cohort) & _TABLE.c.person.in_(some)
        connection.execute(delete(_TABLE).where(of_them))
    return gone


def members(connection: Connection, cohort: str) -> list[str]:
    """The pseudonyms of a cohort, in order."""
    query = select(_TABLE.c.person).where(_TABLE.c.cohort == cohort).order_by(_TABLE.c.person)
    return list(connection.scalars(query))


def cohorts_of(connection: Connection, person: str) -> list[str]:
    """The cohorts to which a person belongs, by id."""
    query = select(_TABLE.c.cohort).where(_TABLE.c.person == person).order_by(_TABLE.c.cohort)
    return list(connection.scalars(query))


def everyones(connection: Connection) -> dict[str, list[str]]:
    """For each person who is in a cohort, the cohorts, by id."""
    found: dict[str, list[str]] = {}
    query = select(_TABLE.c.person, _TABLE.c.cohort).order_by(_TABLE.c.person, _TABLE.c.cohort)
    for person, cohort in connection.execute(query):
        found.setdefault(person, []).append(cohort)
    return found
