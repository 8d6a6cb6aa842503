"""Taking a roster in: the whole of it, or nothing."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from random import Random

from sqlalchemy import Connection

from alliance_sim.domain.programme import Person, Role
from alliance_sim.programme.acting import Act
from alliance_sim.programme.key_file import KeyFile, held, kept_if_saved, read_key
from alliance_sim.programme.people import new_pseudonym
from alliance_sim.programme.roster import Known, Step, Wanted, What, plan
from alliance_sim.programme.roster_rows import RosterRow
from alliance_sim.store import audit, cohorts, memberships, people
from alliance_sim.store.repository import Store


def plan_roster(
    store: Store,
    names: Path,
    rows: Iterable[RosterRow],
    wanted: Wanted,
    *,
    path: str,
    randomness: Random,
) -> list[Step]:
    """What `import_roster` would do now; changes nothing. Pseudonyms of new people are drawn anew
    each time."""
    return _plan(store, read_key(names), rows, wanted, path, randomness)


def import_roster(
    store: Store,
    names: Path,
    rows: Iterable[RosterRow],
    wanted: Wanted,
    *,
    path: str,
    randomness: Random,
    act: Act,
) -> list[Step]:
    """Take a roster in; what was done, in the order of the roster.

    Of two importers with the same key file one waits for the other. Raises what `plan` raises,
    and StoreProblem, of the key file too; nothing has changed then.
    """
    with held(names) as true:
        key = read_key(true)
        steps = _plan(store, key, rows, wanted, path, randomness)
        known = {step.person: step.identity for step in steps if step.line is not None}
        with kept_if_saved(true, key.with_people(known)):
            store.transact(lambda connection: _write(connection, steps, wanted, act))
    return steps


def _plan(
    store: Store,
    key: KeyFile,
    rows: Iterable[RosterRow],
    wanted: Wanted,
    path: str,
    randomness: Random,
) -> list[Step]:
    with store.reading() as connection:
        if wanted.cohort is not None:
            cohorts.need(connection, wanted.cohort)
        known = _known(connection, key)
    return plan(rows, known, wanted, path=path, draw=_drawing(known, wanted.role, randomness))


def _known(connection: Connection, key: KeyFile) -> Known:
    members = {
        cohort.id: frozenset(memberships.members(connection, cohort.id))
        for cohort in cohorts.every(connection)
    }
    return Known(key, people.roles(connection), members)


def _drawing(known: Known, role: Role, randomness: Random) -> Callable[[], str]:
    taken = {*known.key.people, *known.roles}

    def draw() -> str:
        pseudonym = new_pseudonym(role, randomness, taken)
        taken.add(pseudonym)
        return pseudonym

    return draw


def _write(connection: Connection, steps: Sequence[Step], wanted: Wanted, act: Act) -> None:
    """Repeatable: done again, it changes no more."""
    named = [step for step in steps if step.line is not None]
    everybody = (Person(id=step.person, role=wanted.role, created_at=act.at) for step in named)
    people.add(connection, everybody)
    for name in dict.fromkeys(step.cohort for step in named):
        cohorts.need(connection, name)
        here = [step for step in steps if step.cohort == name]
        staying = (step.person for step in here if step.what is not What.LEFT)
        memberships.join(connection, name, staying, act.at)
        if wanted.leave:
            gone = (step.person for step in here if step.what is What.LEFT)
            memberships.leave(connection, name, gone)
        counts = Counter(str(step.what) for step in here)
        detail = {**counts, "role": wanted.role.value, "leave": wanted.leave}
        audit.note(
            connection,
            at=act.at,
            who=act.who,
            action="roster_import",
            subject=name,
            detail=detail,
        )
