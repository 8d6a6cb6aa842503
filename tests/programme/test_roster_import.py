"""Taking a roster in: who keeps the pseudonym, all of it or nothing, two at once."""

import io
import os
import random
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_sim.authoring.problems import FileProblems
from alliance_sim.domain.programme import Cohort, Person, Role
from alliance_sim.errors import StoreProblem, UsageProblem
from alliance_sim.programme.acting import Act
from alliance_sim.programme.identity import Identity
from alliance_sim.programme.key_file import KeyFile, key_text, read_key
from alliance_sim.programme.people import add_person, join_cohort, new_pseudonym
from alliance_sim.programme.roster import Known, Wanted, What, plan
from alliance_sim.programme.roster_import import import_roster, plan_roster
from alliance_sim.programme.roster_rows import RosterRow, parse_roster
from alliance_sim.store import audit, cohorts, memberships, people
from alliance_sim.store.repository import Store

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SPRING = Wanted(cohort="spring")
HEADER = "name,email,ID\n"


@pytest.fixture
def names(tmp_path):
    return tmp_path / "keys" / "names.csv"


@pytest.fixture
def spring(either_store):
    with_cohort(either_store, "spring")
    return either_store


def with_cohort(store, name):
    cohort = Cohort(id=name, title=name.title(), created_at=NOW)
    store.transact(lambda c: cohorts.add(c, cohort))


def rows(text):
    return parse_roster(io.BytesIO(text.encode()), "r.csv").rows


def taken_in(store, names, text, wanted=SPRING, seed=4):
    return import_roster(
        store,
        names,
        rows(HEADER + text),
        wanted,
        path="r.csv",
        randomness=random.Random(seed),
        act=Act("ida", NOW),
    )


def everything(store):
    with store.reading() as connection:
        return (
            people.every(connection),
            memberships.everyones(connection),
            [(each.action, each.subject, each.detail) for each in audit.entries(connection)],
        )


def done(steps):
    return [(step.line, str(step.what), step.cohort, step.changed) for step in steps]


def test_everybody_gets_a_pseudonym_and_the_store_no_name(spring, names):
    steps = taken_in(spring, names, "Zoë,z@b.c,1\n=cmd,c@b.c,2\n")
    assert done(steps) == [(2, "new", "spring", ()), (3, "new", "spring", ())]
    found, members, log = everything(spring)
    pseudonyms = {step.person for step in steps}
    assert {person.id for person in found} == pseudonyms == set(members)
    assert {person.role for person in found} == {Role.TRAINEE}
    assert read_key(names).people[steps[1].person] == Identity("=cmd", "c@b.c", "2")
    assert log == [("roster_import", "spring", {"new": 2, "role": "trainee", "leave": False})]


def test_who_is_known_keeps_the_pseudonym(spring, names):
    with_cohort(spring, "autumn")
    first = taken_in(spring, names, "Zoë,z@b.c,1\nTom,t@b.c,2\nAnn,a@b.c,3\nBea,b@b.c,4\n")
    zoe, tom, ann, bea = (step.person for step in first)
    taken_in(spring, names, "Ann,a@b.c,3\n", Wanted(cohort="autumn", others=True))
    second = taken_in(spring, names, "Zoë Ång,Z@b.c,1\n,t@b.c,\nAnn,a@b.c,3\nNew,n@b.c,9\n")
    assert done(second) == [
        (2, "changed", "spring", ("name", "email")),
        (3, "already there", "spring", ()),
        (4, "already there", "spring", ()),
        (5, "new", "spring", ()),
        (None, "left", "spring", ()),
    ]
    assert [step.person for step in second[:3]] == [zoe, tom, ann]
    assert second[4].person == bea
    assert read_key(names).people[zoe] == Identity("Zoë Ång", "Z@b.c", "1")
    assert read_key(names).people[tom] == Identity("Tom", "t@b.c", "2")
    with spring.reading() as connection:
        assert bea in memberships.members(connection, "spring")
        assert memberships.cohorts_of(connection, ann) == ["autumn", "spring"]


def test_who_is_not_in_it_leaves_if_that_is_wanted(spring, names):
    first = taken_in(spring, names, "Zoë,z@b.c,1\nTom,t@b.c,2\n")
    tutor = add_person(
        spring,
        names,
        Identity("Ida"),
        role=Role.INSTRUCTOR,
        cohort="spring",
        act=Act("x", NOW),
        randomness=random.Random(1),
    )
    taken_in(spring, names, "Zoë,z@b.c,1\n", Wanted(cohort="spring", leave=True))
    with spring.reading() as connection:
        assert memberships.members(connection, "spring") == sorted([first[0].person, tutor])
        assert len(people.every(connection)) == 3


def test_a_dry_run_says_what_would_be_done_and_changes_nothing(spring, names):
    taken_in(spring, names, "Zoë,z@b.c,1\nTom,t@b.c,2\n")
    before, key = everything(spring), names.read_bytes()
    text = HEADER + "Zoë,z@b.c,1\nNew,n@b.c,9\n"
    planned = plan_roster(
        spring, names, rows(text), SPRING, path="r.csv", randomness=random.Random(9)
    )
    assert (everything(spring), names.read_bytes()) == (before, key)
    names.with_name("names.csv.lock").unlink(missing_ok=True)
    assert [each.name for each in names.parent.iterdir() if each != names] == []
    assert done(taken_in(spring, names, "Zoë,z@b.c,1\nNew,n@b.c,9\n")) == done(planned)


def test_rows_may_name_cohorts_of_their_own(spring, names):
    with_cohort(spring, "autumn")
    text = "email,cohort\na@b.c,autumn\nb@b.c,\n"
    steps = plan_roster(
        spring, names, rows(text), SPRING, path="r.csv", randomness=random.Random(1)
    )
    assert [step.cohort for step in steps] == ["autumn", "spring"]
    with pytest.raises(FileProblems, match=r"r.csv:3:1: no cohort; name one in the column"):
        plan_roster(spring, names, rows(text), Wanted(), path="r.csv", randomness=random.Random(1))
    with pytest.raises(FileProblems, match=r"r.csv:2:1: winter: no such cohort; add it first"):
        plan_roster(
            spring,
            names,
            rows("email,cohort\na@b.c,winter\n"),
            SPRING,
            path="r.csv",
            randomness=random.Random(1),
        )


def test_rows_that_cannot_be_one_person(spring, names):
    zoe, tom = (s.person for s in taken_in(spring, names, "Zoë,z@b.c,1\nTom,t@b.c,2\n"))
    before, key = everything(spring), names.read_bytes()
    both = " and ".join(sorted([zoe, tom]))
    with pytest.raises(FileProblems) as raised:
        taken_in(spring, names, "Zoë,t@b.c,1\nTom,,2\n")
    told = f"r.csv:2:1: its numbers and its address belong to {both}; correct them, or the key file"
    assert str(raised.value) == told
    with pytest.raises(FileProblems) as raised:
        taken_in(spring, names, "Tom,,2\nTom,t@b.c,\n")
    assert str(raised.value) == f"r.csv:3:1: {tom} again, as on line 2; keep one of the two"
    with pytest.raises(FileProblems, match=f"{zoe} is here as trainee, not instructor"):
        taken_in(spring, names, "Zoë,z@b.c,1\n", Wanted(cohort="spring", role=Role.INSTRUCTOR))
    assert (everything(spring), names.read_bytes()) == (before, key)


def test_another_key_file_would_make_everybody_new_again(spring, names):
    taken_in(spring, names, "Zoë,z@b.c,1\n")
    other = names.with_name("other.csv")
    with pytest.raises(UsageProblem, match="spring has 1 members and the key file names none"):
        taken_in(spring, other, "Zoë,z@b.c,1\n")
    assert not other.exists()
    more = taken_in(spring, other, "Ann,a@b.c,1\n", Wanted(cohort="spring", others=True), seed=5)
    assert [str(step.what) for step in more] == ["new", "left"]


def test_a_cohort_that_is_not_there(spring, names):
    with pytest.raises(UsageProblem, match="nope: no such cohort; there are: spring"):
        taken_in(spring, names, "Zoë,z@b.c,1\n", Wanted(cohort="nope"))
    assert not names.exists()


def test_a_store_that_fails_leaves_the_key_file_as_it_was(spring, names, monkeypatch):
    taken_in(spring, names, "Zoë,z@b.c,1\n")
    before, key = everything(spring), names.read_bytes()

    def full(*_, **__):
        raise StoreProblem("the disk is full")

    monkeypatch.setattr(memberships, "join", full)
    with pytest.raises(StoreProblem):
        taken_in(spring, names, "Zoë Ång,z@b.c,1\nTom,t@b.c,2\n")
    assert (everything(spring), names.read_bytes()) == (before, key)


def test_a_key_file_that_cannot_be_written_leaves_the_store_as_it_was(spring, names, tmp_path):
    (tmp_path / "keys").write_text("no folder")
    with pytest.raises(StoreProblem, match="the key file cannot be written there"):
        taken_in(spring, names, "Zoë,z@b.c,1\n")
    assert everything(spring) == ([], {}, [])


def test_two_importers_at_once_make_nobody_twice(either_address, names):
    with Store.open(either_address) as store:
        with_cohort(store, "spring")
    start = threading.Barrier(4)
    problems = []

    def take(seed):
        with Store.open(either_address, patience=60) as store:
            start.wait()
            try:
                taken_in(
                    store, names, "".join(f"P{n},p{n}@b.c,{n}\n" for n in range(40)), seed=seed
                )
            except Exception as problem:
                problems.append(problem)

    threads = [threading.Thread(target=take, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    with Store.open(either_address) as store, store.reading() as connection:
        members = memberships.members(connection, "spring")
        assert people.pseudonyms(connection) == set(members) == set(read_key(names).people)
    assert len(members) == 40


KILLED = """
import io, os, random, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from alliance_sim.programme import key_file, roster_import
from alliance_sim.programme.acting import Act
from alliance_sim.programme.roster import Wanted
from alliance_sim.programme.roster_rows import parse_roster
from alliance_sim.store.repository import Store

store, names, moment = Store.open(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
def die(*words, **named):
    os.kill(os.getpid(), signal.SIGKILL)
if moment == "before the names":
    key_file.write_private = die
elif moment == "before the store":
    roster_import._write = die
else:
    real = store.transact
    def done(work):
        real(work)
        die()
    store.transact = done
rows = parse_roster(io.BytesIO(b"name,email\\nTom,t@b.c\\nAnn,a@b.c\\n"), "r.csv").rows
roster_import.import_roster(
    store, names, rows, Wanted(cohort="spring"), path="r.csv",
    randomness=random.Random(8), act=Act("x", datetime(2026, 3, 2, tzinfo=UTC)),
)
"""


@pytest.mark.skipif(os.name != "posix", reason="kills as POSIX does")
@pytest.mark.parametrize("moment", ["before the names", "before the store", "after it"])
def test_killed_at_any_moment_it_is_done_again_with_nobody_twice(moment, store, names, tmp_path):
    with_cohort(store, "spring")
    zoe = taken_in(store, names, "Zoë,z@b.c,1\n")[0].person
    address = str(tmp_path / "store" / "sessions.db")
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, address, str(names), moment], check=False
    )
    assert killed.returncode == -signal.SIGKILL
    with store.reading() as connection:
        there = people.pseudonyms(connection)
    # In the store all or nothing is; whoever is in the store has a name.
    assert len(there) == (3 if moment == "after it" else 1)
    assert there <= set(read_key(names).people)
    taken_in(store, names, "Zoë,z@b.c,1\nTom,t@b.c,\nAnn,a@b.c,\n")
    with store.reading() as connection:
        members = memberships.members(connection, "spring")
        assert people.pseudonyms(connection) == set(members) == set(read_key(names).people)
    assert len(members) == 3
    assert zoe in members
    assert list(names.parent.glob(".*")) == []


# ---- one at a time ---------------------------------------------------------------------------


def test_a_pseudonym_is_drawn_until_nobody_has_it():
    taken = {new_pseudonym(Role.TRAINEE, random.Random(3), ())}
    drawn = new_pseudonym(Role.TRAINEE, random.Random(3), taken)
    assert drawn not in taken
    assert new_pseudonym(Role.INSTRUCTOR, random.Random(3), ()).startswith("i-")


def added(store, names, identity, cohort="spring", seed=1):
    return add_person(
        store,
        names,
        identity,
        role=Role.TRAINEE,
        cohort=cohort,
        act=Act("ida", NOW),
        randomness=random.Random(seed),
    )


def test_one_person_with_and_without_a_name(spring, names):
    nameless = added(spring, names, Identity())
    assert not names.exists()
    zoe = added(spring, names, Identity("Zoë", "z@b.c"))
    assert read_key(names).people == {zoe: Identity("Zoë", "z@b.c")}
    with spring.reading() as connection:
        assert memberships.members(connection, "spring") == sorted([nameless, zoe])
    with pytest.raises(UsageProblem, match=f"{zoe} has this address or number already"):
        added(spring, names, Identity("Zoe", "Z@B.C"), seed=2)
    with pytest.raises(UsageProblem, match="the email is no address"):
        added(spring, names, Identity("Tom", "tom"), seed=3)
    with pytest.raises(UsageProblem, match="nope: no such cohort"):
        added(spring, names, Identity("Tom", "t@b.c"), cohort="nope", seed=3)
    assert set(read_key(names).people) == {zoe}


def test_joining_by_pseudonym(spring, names):
    zoe = added(spring, names, Identity(), cohort=None)
    with pytest.raises(UsageProblem, match="t-other: nobody has this pseudonym"):
        join_cohort(spring, "spring", [zoe, "t-other"], new=False, now=NOW)
    assert join_cohort(spring, "spring", [zoe], new=False, now=NOW) == [zoe]
    assert join_cohort(spring, "spring", [zoe, "anna7"], new=True, now=NOW) == ["anna7"]
    with pytest.raises(UsageProblem, match="'Anna Ode' is no pseudonym"):
        join_cohort(spring, "spring", ["Anna Ode"], new=True, now=NOW)


# ---- the plan, whatever the files say ---------------------------------------------------------

FEW = st.sampled_from(["", "1", "2", "3"])
IDENTITY = st.builds(
    Identity,
    name=FEW,
    email=FEW.map(lambda each: each and f"{each}@b.c"),
    canvas_id=FEW,
    sis_user_id=FEW,
)


@settings(max_examples=200)
@given(
    st.lists(
        st.lists(IDENTITY.filter(lambda each: list(each.marks())), min_size=1, max_size=4),
        max_size=3,
    )
)
def test_nobody_is_ever_two_and_a_key_file_stays_readable(rosters):
    key, members = KeyFile(), frozenset()
    for identities in rosters:
        asked = [RosterRow(line, identity, "") for line, identity in enumerate(identities, 2)]
        known = Known(key, dict.fromkeys(key.people, Role.TRAINEE), {"spring": members})
        free = iter([f"t-{number}" for number in range(len(key.people), 99)])
        try:
            steps = plan(unique(asked), known, SPRING, path="r.csv", draw=partial(next, free))
        except FileProblems:
            continue
        named = {step.person: step.identity for step in steps if step.what is not What.LEFT}
        assert len(named) == len(unique(asked))
        assert {step.person for step in steps} == set(named) | members
        key = key.with_people(named)
        members |= named.keys()
        marks = [mark for identity in key.people.values() for mark in identity.marks()]
        assert len(marks) == len(set(marks))
        assert key_text(key).count("\n") == len(key.people) + 1


def unique(asked):
    """Rows without those that the reader refuses: with a mark of an earlier one."""
    seen, kept = set(), []
    for row in asked:
        marks = set(row.identity.marks())
        if not marks & seen:
            kept.append(row)
        seen |= marks
    return kept


def test_people_whom_the_store_lost_come_back_under_their_pseudonym(spring, names):
    zoe = taken_in(spring, names, "Zoë,z@b.c,1\n")[0].person
    spring.transact(lambda c: people.remove(c, zoe))
    (again,) = taken_in(spring, names, "Zoë,z@b.c,1\n")
    assert (again.person, str(again.what)) == (zoe, "joins")
    with spring.reading() as connection:
        assert people.need(connection, zoe) == Person(id=zoe, created_at=NOW)
