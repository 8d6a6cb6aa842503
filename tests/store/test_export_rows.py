"""Scores for exports, on both engines."""

from datetime import timedelta

import pytest

from alliance_sim.domain.events import Ended, Ending
from alliance_sim.domain.programme import Person, Role
from alliance_sim.store import consent, counted_attempts, export_rows, memberships, people
from alliance_sim.store.export_rows import Wanted
from alliance_sim.store.report_selection import Selection
from held_sessions import AT, assign, attempt, cohort, hold, scored


@pytest.fixture
def filled(either_store):
    """Two trainees in two cohorts, one of them in both; three sessions, one for an assignment."""
    store = either_store
    cohort(store, "autumn", "t-one", "t-two")
    cohort(store, "winter", "t-one")
    homework = assign(store, "week-1", "winter", due_at=AT)
    hold(store, "s2", "t-two", {"empathy": 3.0, "pacing": None}, at=AT + timedelta(days=1))
    hold(store, "s1", "t-one", {"pacing": 1.0, "empathy": 2.0}, overall=1.5)
    attempt(store, homework, "t-one", "s1")
    hold(
        store, "s3", "t-one", {"empathy": 4.0}, at=AT + timedelta(days=2),
        branch=("s1", 3), scenario="trauma",
    )  # fmt: skip
    return store


def found(store, **wanted):
    return names(store, Wanted(**wanted))


def names(store, wanted):
    with store.reading() as connection:
        rows = [(row.session_id, row.rubric) for row in export_rows.rows(connection, wanted)]
        assert export_rows.count(connection, wanted) == len(rows)
    return rows


def chosen(store, **selection):
    return [name for name, _ in names(store, Wanted(Selection(**selection)))]


def test_the_oldest_session_comes_first_and_its_rubrics_by_name(filled):
    assert found(filled) == [
        ("s1", "empathy"),
        ("s1", "pacing"),
        ("s2", "empathy"),
        ("s2", "pacing"),
        ("s3", "empathy"),
    ]


def test_what_is_asked_for(filled):
    assert found(filled, rubric="pacing") == [("s1", "pacing"), ("s2", "pacing")]
    assert ("s3", "empathy") not in found(filled, branches=False)
    assert chosen(filled, trainee="t-two") == ["s2", "s2"]
    assert chosen(filled, scenario="trauma") == ["s3"]
    assert chosen(filled, cohort="winter") == ["s1", "s1", "s3"]
    assert chosen(filled, assignment="week-1") == ["s1", "s1"]
    assert chosen(filled, since=AT + timedelta(days=1)) == ["s2", "s2", "s3"]
    assert chosen(filled, until=AT + timedelta(days=1)) == ["s1", "s1"]


def test_who_is_in_two_cohorts_has_one_row_with_both(filled):
    with filled.reading() as connection:
        rows = {row.session_id: row for row in export_rows.rows(connection, Wanted())}
    assert sorted(rows["s3"].cohorts.split(";")) == ["autumn", "winter"]
    assert (rows["s1"].cohort, rows["s1"].assignment, rows["s1"].number) == ("winter", "week-1", 1)
    assert (rows["s2"].cohorts, rows["s2"].assignment) == ("autumn", None)


def test_only_trainees_who_agreed(filled):
    assert found(filled, consented=True) == []
    filled.transact(lambda c: consent.set_consent(c, "t-two", given=True, at=AT))
    assert found(filled, consented=True) == [("s2", "empathy"), ("s2", "pacing")]
    filled.transact(lambda c: consent.set_consent(c, "t-two", given=False, at=AT))
    assert found(filled, consented=True) == []


def test_one_score_counts_and_all_can_be_had(filled):
    judged = scored({"empathy": 1.0}, model="m")
    filled.append("s2", [judged], at=AT + timedelta(days=3))
    assert found(filled).count(("s2", "empathy")) == 1
    assert found(filled, all_scorers=True).count(("s2", "empathy")) == 2


def test_how_the_words_arrived_is_not_even_asked_for(filled):
    with filled.reading() as connection:
        (row, *_) = export_rows.rows(connection, Wanted())
    assert not {"pace", "wpm", "seed"} & set(row._mapping)


def test_sessions_that_wait_to_be_scored(filled):
    hold(filled, "s4", "t-one", None, at=AT + timedelta(days=4))
    hold(filled, "s5", "t-one", None, at=AT + timedelta(days=3))
    hold(filled, "s6", "t-one", None)
    filled.append("s6", [Ended(ending=Ending.STOPPED)], at=AT)
    with filled.reading() as connection:
        # s1 and s3 have scores, of which s3 has no overall.
        assert export_rows.waiting(connection, Wanted()) == ["s5", "s4"]
        assert export_rows.waiting(connection, Wanted(Selection(trainee="t-two"))) == []


def test_who_is_on_no_roster(filled):
    hold(filled, "s7", "Ann Example", {"empathy": 1.0})
    hold(filled, "s8", None, {"empathy": 1.0})
    with filled.reading() as connection:
        assert export_rows.strangers(connection, Wanted()) == ["Ann Example"]


def test_without_a_roster_nobody_is_a_stranger(either_store):
    hold(either_store, "s7", "Ann Example", {"empathy": 1.0})
    with either_store.reading() as connection:
        assert export_rows.strangers(connection, Wanted()) == []


def test_attempts_with_a_score_in_their_order_and_who_is_asked(filled):
    homework = assign(filled, "week-2", "autumn")
    for number, value in enumerate((3.0, None, 2.0)):
        hold(filled, f"a{number}", "t-two", {"empathy": 1.0}, overall=value)
        attempt(filled, homework, "t-two", f"a{number}")
    with filled.reading() as connection:
        found = list(counted_attempts.counted(connection, Wanted(), ["week-1", "week-2"]))
        assert found == [
            ("t-one", "week-1", "s1", 1.5),
            ("t-two", "week-2", "a0", 3.0),
            ("t-two", "week-2", "a2", 2.0),
        ]
        both = counted_attempts.asked(connection, ["week-1", "week-2"], Wanted())
        assert both == {"t-one": ["autumn", "winter"], "t-two": ["autumn"]}
        hers = Wanted(Selection(trainee="t-two"))
        assert counted_attempts.asked(connection, ["week-1", "week-2"], hers) == {
            "t-two": ["autumn"]
        }
        assert counted_attempts.asked(connection, ["week-2"], Wanted(consented=True)) == {}


def test_instructors_of_a_cohort_are_asked_for_nothing(filled):
    teacher = Person(id="i-1", role=Role.INSTRUCTOR, created_at=AT)

    def enrol(connection):
        people.add(connection, [teacher])
        memberships.join(connection, "winter", ["i-1"], AT)

    filled.transact(enrol)
    with filled.reading() as connection:
        assert counted_attempts.asked(connection, ["week-1"], Wanted()) == {"t-one": ["winter"]}
