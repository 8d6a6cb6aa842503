"""People in the store: pseudonyms, and what they agreed to. No name of anybody is here."""

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, Row, delete, insert, select

from alliance_sim.domain.programme import Person, Role
from alliance_sim.errors import UsageProblem
from alliance_sim.store import tables
from alliance_sim.store.chunks import chunks
from alliance_sim.store.stamps import moment, stamp


def add(connection: Connection, new: Iterable[Person]) -> int:
    """Add those who are not there yet; how many that were. Those who are there stay as they are."""
    found = {person.id: person for person in new}
    there = known(connection, found)
    rows = [_row(person) for person in found.values() if person.id not in there]
    for some in chunks(rows):
        connection.execute(insert(tables.people), some)
    return len(rows)


def get(connection: Connection, person_id: str) -> Person | None:
    """A person, or None where there is none of that pseudonym."""
    query = select(tables.people).where(tables.people.c.id == person_id)
    row = connection.execute(query).one_or_none()
    return None if row is None else _person(row)


def need(connection: Connection, person_id: str) -> Person:
    """A person. Raises UsageProblem where there is none of that pseudonym."""
    found = get(connection, person_id)
    if found is None:
        raise UsageProblem(
            f"{person_id}: nobody has this pseudonym; alliance-sim roster list shows who there is"
        )
    return found


def every(connection: Connection, *, role: Role | None = None) -> list[Person]:
    """All people, by pseudonym; of one role."""
    query = select(tables.people).order_by(tables.people.c.id)
    if role is not None:
        query = query.where(tables.people.c.role == role.value)
    return [_person(row) for row in connection.execute(query)]


def pseudonyms(connection: Connection) -> set[str]:
    """All pseudonyms that are taken."""
    return set(connection.scalars(select(tables.people.c.id)))


def roles(connection: Connection) -> dict[str, Role]:
    """The role of everybody, by pseudonym."""
    query = select(tables.people.c.id, tables.people.c.role)
    return {pseudonym: Role(role) for pseudonym, role in connection.execute(query)}


def known(connection: Connection, ids: Collection[str]) -> set[str]:
    """Which of these pseudonyms somebody has."""
    column = tables.people.c.id
    return {
        found
        for some in chunks(list(ids))
        for found in connection.scalars(select(column).where(column.in_(some)))
    }


def remove(connection: Connection, person_id: str) -> None:
    """Remove a person and her memberships. Sessions are the store's to delete."""
    members = tables.memberships.c.person == person_id
    connection.execute(delete(tables.memberships).where(members))
    connection.execute(delete(tables.people).where(tables.people.c.id == person_id))


def _row(person: Person) -> dict[str, object]:
    consent = None if person.consent_at is None else stamp(person.consent_at)
    values = person.model_dump() | {"role": person.role.value}
    return {**values, "consent_at": consent, "created_at": stamp(person.created_at)}


def _person(row: Row[*tuple[object, ...]]) -> Person:
    values = dict(row._mapping)
    asked = values["consent_at"]
    values["consent_at"] = None if asked is None else moment(str(asked))
    return Person.model_validate({**values, "created_at": moment(str(values["created_at"]))})
