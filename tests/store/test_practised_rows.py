"""Who was asked to practise and has not, on both engines."""

import pytest
from sqlalchemy import insert

from alliance_sim.store import practised_rows as rows
from alliance_sim.store.report_selection import Selection
from alliance_sim.store.stamps import stamp
from alliance_sim.store.tables import memberships, people
from practised import Programme, day

LATELY = Selection(since=day(-5))


@pytest.fixture
def programme(either_store):
    """t-1 has practised for m1, t-3 long before, t-2 not at all; t-0 is of another cohort."""
    made = Programme(either_store)
    made.cohort("a", "t-3", "t-2", "t-1", title="First years")
    made.cohort("b", "t-0")
    made.assignment("m2", "a", due_at=day(20))
    made.assignment("m1", "a", due_at=day(10))
    made.assignment("open_end", "a")
    made.session("s1", "t-1", overall=2.0)
    made.attempt("s1", "m1", "t-1")
    made.session("s9", "t-3", overall=1.0, on=-9)
    made.attempt("s9", "m1", "t-3")
    return made


def ask(programme, question, *more):
    with programme.store.reading() as connection:
        return question(connection, *more)


def test_who_has_something_due_comes_first_and_the_earliest_before_the_others(programme):
    count, found = ask(programme, rows.idle, LATELY, 10)
    assert count == 3
    assert [(each.person, each.assignment) for each in found] == [
        ("t-2", "m1"),
        ("t-3", "m2"),
        ("t-0", None),
    ]
    assert found[0].due_at == day(10)


def test_of_a_cohort_and_so_many_at_most(programme):
    count, found = ask(programme, rows.idle, Selection(cohort="a", since=day(-5)), 1)
    assert (count, [each.person for each in found]) == (2, ["t-2"])


def test_a_session_outside_the_selection_does_not_count(programme):
    count, _ = ask(programme, rows.idle, Selection(cohort="a", since=day(5)), 10)
    assert count == 3


def test_assignments_with_how_many_have_done_them(programme):
    found = ask(programme, rows.asked, "a", None)
    assert [(each.id, each.members, each.done) for each in found] == [
        ("m1", 3, 2),
        ("m2", 3, 0),
        ("open_end", 3, 0),
    ]
    assert [each.id for each in ask(programme, rows.asked, None, "m2")] == ["m2"]
    assert ask(programme, rows.asked, "b", None) == []


def test_what_was_begun_or_stopped_is_not_done(programme):
    programme.session("s2", "t-2", ending="stopped")
    programme.attempt("s2", "m2", "t-2")
    programme.session("s3", "t-3", ending=None)
    programme.attempt("s3", "m2", "t-3")
    found = {each.id: each.done for each in ask(programme, rows.asked, "a", None)}
    assert found == {"m1": 2, "m2": 0, "open_end": 0}
    _, idle = ask(programme, rows.idle, LATELY, 10)
    assert ("t-3", "m2") in [(each.person, each.assignment) for each in idle]


def test_who_is_no_trainee_of_the_cohort_is_not_counted(programme):
    def enrol(connection):
        values = {"id": "i-1", "role": "instructor", "consent_research": False}
        connection.execute(insert(people).values(**values, created_at=stamp(day(0))))
        row = {"cohort": "a", "person": "i-1", "joined_at": stamp(day(0))}
        connection.execute(insert(memberships).values(**row))

    programme.store.transact(enrol)
    for number, (session, who) in enumerate((("s5", "i-1"), ("s6", "t-0")), 1):
        programme.session(session, who)
        programme.attempt(session, "m2", who, number)
    found = {each.id: (each.members, each.done) for each in ask(programme, rows.asked, "a", None)}
    assert found["m2"] == (3, 0)


def test_titles_and_members(programme):
    assert ask(programme, rows.cohort_title, "a") == "First years"
    assert ask(programme, rows.cohort_title, "nowhere") is None
    assert (ask(programme, rows.members, "a"), ask(programme, rows.members, None)) == (3, 4)
