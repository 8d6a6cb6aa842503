"""Pseudonyms: drawn at random, of no meaning; and people, added one at a time."""

from collections.abc import Container, Sequence
from datetime import datetime
from pathlib import Path
from random import Random

from sqlalchemy import Connection

from alliance_sim.domain.programme import Person, Role
from alliance_sim.domain.pseudonym import checked_pseudonym
from alliance_sim.errors import UsageProblem
from alliance_sim.programme.acting import Act
from alliance_sim.programme.identity import Identity
from alliance_sim.programme.key_file import KeyFile, held, kept_if_saved, read_key
from alliance_sim.programme.roster_rows import slips_of
from alliance_sim.store import audit, cohorts, memberships, people
from alliance_sim.store.ids import ALPHABET
from alliance_sim.store.repository import Store

PREFIXES = {Role.TRAINEE: "t", Role.INSTRUCTOR: "i"}
DRAWN = 6
"""Characters that are drawn: 31⁶, some 887 million pseudonyms."""


def new_pseudonym(role: Role, randomness: Random, taken: Container[str]) -> str:
    """A pseudonym, like `t-k3f9ab`, that nobody has."""
    while True:
        drawn = "".join(randomness.choice(ALPHABET) for _ in range(DRAWN))
        pseudonym = f"{PREFIXES[role]}-{drawn}"
        if pseudonym not in taken:
            return pseudonym


def add_person(
    store: Store,
    names: Path,
    identity: Identity,
    *,
    role: Role,
    cohort: str | None,
    act: Act,
    randomness: Random,
) -> str:
    """Add a person to the store, and to the key file if anything is known of her; her pseudonym.

    Raises UsageProblem where the key file has her already, an address is none, or there is no such
    cohort.
    """
    for slip in slips_of(identity):
        raise UsageProblem(slip)

    def added(key: KeyFile) -> str:
        with store.reading() as connection:
            taken = people.pseudonyms(connection) | key.people.keys()
        return new_pseudonym(role, randomness, taken)

    def write(pseudonym: str) -> None:
        person = Person(id=pseudonym, role=role, created_at=act.at)
        store.transact(lambda connection: _write(connection, person, cohort, act.who))

    if identity == Identity():
        pseudonym = added(KeyFile())
        write(pseudonym)
        return pseudonym
    with held(names) as path:
        key = read_key(path)
        _check_new(key, identity)
        pseudonym = added(key)
        with kept_if_saved(path, key.with_people({pseudonym: identity})):
            write(pseudonym)
    return pseudonym


def _check_new(key: KeyFile, identity: Identity) -> None:
    wanted = dict(identity.marks())
    for pseudonym, there in key.people.items():
        if any(wanted.get(field) == value for field, value in there.marks()):
            raise UsageProblem(
                f"{pseudonym} has this address or number already; "
                f"she joins a cohort by: alliance-sim cohort join ID {pseudonym}"
            )


def _write(connection: Connection, person: Person, cohort: str | None, who: str) -> None:
    if cohort is not None:
        cohorts.need(connection, cohort)
    people.add(connection, [person])
    if cohort is not None:
        memberships.join(connection, cohort, [person.id], person.created_at)
    detail = {"new": 1, "role": person.role.value}
    audit.note(
        connection,
        at=person.created_at,
        who=who,
        action="roster_import",
        subject=person.id,
        detail=detail,
    )


def join_cohort(
    store: Store, cohort: str, persons: Sequence[str], *, new: bool, now: datetime
) -> list[str]:
    """Add people to a cohort; those who were not in it. `new`: who is not there yet is added.

    Raises UsageProblem where there is no such cohort, or nobody of such a pseudonym.
    """

    def write(connection: Connection) -> list[str]:
        cohorts.need(connection, cohort)
        strangers = set(persons) - people.known(connection, persons)
        if strangers and not new:
            raise UsageProblem(
                f"{', '.join(sorted(strangers))}: nobody has this pseudonym; alliance-sim roster "
                "list shows who there is, --new adds somebody without a name"
            )
        added = [Person(id=checked_pseudonym(each), created_at=now) for each in strangers]
        people.add(connection, added)
        return memberships.join(connection, cohort, persons, now)

    return store.transact(write)


def listed(store: Store, cohort: str | None) -> list[tuple[str, Role, list[str]]]:
    """Pseudonym, role and cohorts of everybody, or of a cohort's members, by pseudonym.

    Raises UsageProblem where there is no such cohort.
    """
    with store.reading() as connection:
        if cohort is not None:
            cohorts.need(connection, cohort)
        roles = people.roles(connection)
        cohorts_of = memberships.everyones(connection)
        shown = sorted(roles) if cohort is None else memberships.members(connection, cohort)
    return [
        (person, roles.get(person, Role.TRAINEE), cohorts_of.get(person, [])) for person in shown
    ]


def note_names(store: Store, shown: Sequence[str], subject: str, who: str, now: datetime) -> None:
    """Note in the audit log that names are about to be shown; before they are."""
    store.transact(
        lambda connection: audit.note(
            connection,
            at=now,
            who=who,
            action="reidentify",
            subject=subject,
            detail={"people": len(shown)},
        )
    )
