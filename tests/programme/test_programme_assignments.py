"""Assignments: what can be asked, who may begin one, and where everybody stands."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from alliance_sim.domain.events import Ended, Ending, Scored
from alliance_sim.domain.programme import Assignment, Cohort, Person, Role
from alliance_sim.domain.scenario import Scenario
from alliance_sim.errors import UsageProblem
from alliance_sim.programme.acting import Act
from alliance_sim.programme.assignments import (
    about_to_begin,
    add_assignment,
    check_rubrics,
    claiming,
    client_of,
    remove_assignment,
    remove_cohort,
    told_of,
)
from alliance_sim.programme.dates import read_date, said, said_twice
from alliance_sim.programme.standing import State, fitting, of_assignment, of_trainee
from alliance_sim.store import assignments, attempts, audit, cohorts, memberships, people
from factories import minimal_scenario_dict
from stories import HOUR, card, opened

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
ACT = Act("j.coordinator", NOW + DAY)
BERLIN = timezone(timedelta(hours=1))


def assignment(name="hw", **changes):
    values = {"id": name, "cohort": "spring", "title": "Week 1", "scenarios": ("wary",)}
    return Assignment(**{**values, "created_at": NOW, **changes})


@pytest.fixture
def spring(either_store):
    def write(connection):
        cohorts.add(connection, Cohort(id="spring", title="Spring", created_at=NOW))
        roles = {"t-1": Role.TRAINEE, "t-2": Role.TRAINEE, "i-1": Role.INSTRUCTOR}
        people.add(
            connection, [Person(id=name, role=role, created_at=NOW) for name, role in roles.items()]
        )
        memberships.join(connection, "spring", roles, NOW)

    either_store.transact(write)
    return either_store


def asked(store, name="hw", **changes):
    made = assignment(name, **changes)
    add_assignment(store, made, scenarios=["wary", "mandated"], rubrics=["empathy"])
    return made


def held(store, session, made, trainee="t-1", *, at=NOW, ending=None, scenario="wary"):
    """Hold a session for an assignment; it is left open unless it has an ending."""
    first = opened().model_copy(update={"scenario": scenario, "trainee": trainee})
    claim = claiming(made.id, trainee, scenario, at)
    store.append(session, [first], at=at, beside=lambda c: claim(c, session))
    if ending:
        store.append(session, [Ended(ending=ending)], at=at)


def states(store, made, now=NOW):
    with store.reading() as connection:
        return {each.trainee: each.state for each in of_assignment(connection, made, now)}


# ---- dates -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "last", "utc"),
    [
        ("2026-03-02", False, "2026-03-01 23:00:00"),
        ("2026-03-02", True, "2026-03-02 22:59:59"),
        (" 2026-03-02T17:00 ", True, "2026-03-02 16:00:00"),
        ("2026-03-02 17:00", False, "2026-03-02 16:00:00"),
        ("2026-03-02T17:00Z", False, "2026-03-02 17:00:00"),
        ("2026-03-02T17:00-05:00", True, "2026-03-02 22:00:00"),
    ],
)
def test_dates_are_local_unless_they_say_otherwise(text, last, utc):
    at = read_date(text, last=last, zone=BERLIN)
    assert f"{at:%Y-%m-%d %H:%M:%S}" == utc
    assert at.tzinfo is UTC


@pytest.mark.parametrize("text", ["", "tomorrow", "2026-02-30", "02.03.2026", "0001-01-01", "T"])
def test_what_is_no_date(text):
    with pytest.raises(UsageProblem, match="is no date; write 2026-03-02"):
        read_date(text, zone=BERLIN)


def test_a_date_is_said_back_on_both_clocks():
    assert said_twice(NOW, zone=BERLIN) == "2026-03-02 10:00 on this clock, 2026-03-02 09:00 UTC"
    assert said(None) == "-"


# ---- asking ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"cohort": "autumn"}, "autumn: no such cohort; there are: spring"),
        ({"scenarios": ("nope",)}, "nope: the library has no such client"),
        ({"scenarios": ("wary", "wary")}, "wary is named twice"),
        ({"rubrics": ("nope",)}, "nope: the library has no such rubric"),
        ({"opens_at": NOW, "due_at": NOW - DAY}, "which is before it opens"),
    ],
)
def test_what_cannot_be_asked(spring, changes, told):
    with pytest.raises(UsageProblem, match=told):
        asked(spring, **changes)
    with spring.reading() as connection:
        assert assignments.every(connection) == []


def test_what_was_begun_is_removed_by_force_only_and_sessions_stay(spring):
    made = asked(spring)
    held(spring, "s1", made)
    with pytest.raises(UsageProblem, match="hw has 1 attempts"):
        remove_assignment(spring, "hw", force=False, act=ACT)
    with pytest.raises(UsageProblem, match="spring has assignments: hw; remove them first"):
        remove_cohort(spring, "spring", force=False, act=ACT)
    assert states(spring, made)["t-1"] is State.BEGUN
    assert remove_cohort(spring, "spring", force=True, act=ACT) == ["hw"]
    with spring.reading() as connection:
        assert (cohorts.every(connection), attempts.every(connection)) == ([], [])
    assert len(spring.events("s1")) == 1
    with pytest.raises(UsageProblem, match="hw: no such assignment"):
        remove_assignment(spring, "hw", force=True, act=ACT)


def test_the_audit_log_tells_what_was_removed_and_of_nothing_that_was_refused(spring):
    held(spring, "s1", asked(spring))
    asked(spring, "hw2")
    for refused in (
        lambda: remove_assignment(spring, "hw", force=False, act=ACT),
        lambda: remove_cohort(spring, "spring", force=False, act=ACT),
    ):
        with pytest.raises(UsageProblem):
            refused()
    remove_assignment(spring, "hw", force=True, act=ACT)
    remove_cohort(spring, "spring", force=True, act=ACT)
    with spring.reading() as connection:
        cohort, alone = audit.entries(connection)
    assert (alone.action, alone.subject) == ("remove_assignment", "hw")
    assert alone.detail == {"cohort": "spring", "attempts": 1}
    assert (cohort.action, cohort.subject) == ("remove_cohort", "spring")
    assert cohort.detail == {"members": 3, "assignments": ["hw2"]}
    assert {(each.who, each.at) for each in (cohort, alone)} == {(ACT.who, ACT.at)}


# ---- beginning -------------------------------------------------------------------------------


def test_a_session_and_its_attempt_come_together_or_not_at_all(spring):
    made = asked(spring, attempts=1)
    held(spring, "s1", made)
    with pytest.raises(UsageProblem, match="used 1 of 1"):
        held(spring, "s2", made)
    assert spring.events("s2") == ()
    assert [each.id for each in spring.sessions()] == ["s1"]
    with spring.reading() as connection:
        assert [each.session_id for each in attempts.every(connection)] == ["s1"]


@pytest.mark.parametrize(
    ("changes", "trainee", "told"),
    [
        ({}, "t-9", "hw is for cohort spring, and t-9 is not in it"),
        ({"opens_at": NOW + DAY}, "t-1", "hw opens at 2026-03-0"),
    ],
)
def test_who_may_not_begin(spring, changes, trainee, told):
    made = asked(spring, **changes)
    with pytest.raises(UsageProblem, match=told):
        about_to_begin(spring, "hw", trainee, NOW)
    with pytest.raises(UsageProblem, match=told):
        held(spring, "s1", made, trainee)
    with pytest.raises(UsageProblem, match="nope: no such assignment"):
        about_to_begin(spring, "nope", trainee, NOW)


def test_which_client_it_is_with():
    both = assignment(scenarios=("wary", "mandated"))
    assert client_of(assignment(), None) == "wary"
    assert client_of(both, "mandated") == "mandated"
    with pytest.raises(UsageProblem, match=r"^hw is with one of: wary, mandated$"):
        client_of(both, None)
    with pytest.raises(UsageProblem, match="trauma does not count; hw is with one of: wary"):
        client_of(assignment(), "trauma")


def test_the_client_is_looked_at_again_when_the_session_is_opened(spring):
    made = asked(spring)
    with pytest.raises(UsageProblem, match="mandated does not count"):
        held(spring, "s1", made, scenario="mandated")
    assert spring.sessions() == []


def test_to_stop_costs_nothing(spring):
    made = asked(spring, attempts=1)
    held(spring, "s1", made, ending=Ending.STOPPED)
    assert states(spring, made)["t-1"] is State.TO_DO
    assert about_to_begin(spring, "hw", "t-1", NOW).left == 1
    held(spring, "s2", made, ending=Ending.PLANNED_CLOSE)
    with pytest.raises(UsageProblem, match="has used all 1 attempts"):
        about_to_begin(spring, "hw", "t-1", NOW)
    with spring.reading() as connection:
        assert [each.number for each in attempts.every(connection)] == [1, 2]


def test_a_session_that_is_deleted_gives_its_attempt_back(spring):
    made = asked(spring, attempts=1)
    held(spring, "s1", made)
    spring.delete("s1")
    held(spring, "s2", made)
    assert states(spring, made)["t-1"] is State.BEGUN


# ---- standing --------------------------------------------------------------------------------


def test_from_not_open_to_done(spring):
    made = asked(spring, opens_at=NOW, due_at=NOW + DAY)
    assert states(spring, made, NOW - DAY) == dict.fromkeys(("t-1", "t-2"), State.CLOSED)
    assert set(states(spring, made).values()) == {State.TO_DO}
    held(spring, "s1", made)
    assert states(spring, made) == {"t-1": State.BEGUN, "t-2": State.TO_DO}
    assert set(states(spring, made, NOW + 2 * DAY).values()) == {State.OVERDUE}
    held(spring, "s2", made, "t-2", at=NOW + 2 * DAY, ending=Ending.TIME)
    held(spring, "s3", made, "t-1", at=NOW + DAY, ending=Ending.WALK_OUT)
    assert states(spring, made, NOW + 2 * DAY) == {"t-1": State.DONE, "t-2": State.LATE}


def test_who_has_left_is_shown_only_with_what_was_held(spring):
    made = asked(spring)
    held(spring, "s1", made, "t-1")
    spring.transact(lambda c: memberships.leave(c, "spring", ["t-1", "t-2"]))
    assert states(spring, made) == {"t-1": State.BEGUN}


@pytest.mark.parametrize(("keep", "counts"), [("last", "s3"), ("best", "s2")])
def test_which_attempt_counts(spring, keep, counts):
    made = asked(spring, keep=keep)
    for session, overall in (("s1", 1.0), ("s2", 3.0), ("s3", 2.0), ("unseen", None)):
        held(spring, session, made)
        scored = Scored(scorecard=card(HOUR).model_copy(update={"overall": overall}))
        spring.append(session, [Ended(ending=Ending.TIME), scored], at=NOW)
    held(spring, "s4", made)
    with spring.reading() as connection:
        (standing,) = of_trainee(connection, "t-1", NOW)
    assert standing.counting.session_id == counts
    assert [each.number for each in standing.used] == [1, 2, 3, 4, 5]
    assert standing.left is None


def test_without_any_score_the_last_that_ended_counts(spring):
    made = asked(spring)
    for session, ending in (("s1", Ending.TIME), ("s2", Ending.WALK_OUT), ("s3", None)):
        held(spring, session, made, ending=ending)
    with spring.reading() as connection:
        (standing,) = of_trainee(connection, "t-1", NOW)
    assert standing.counting.session_id == "s2"


def test_rubrics_that_a_client_is_not_scored_by_cannot_count():
    wary = Scenario.model_validate(minimal_scenario_dict(id="wary", rubrics=["empathy"]))
    check_rubrics(assignment(rubrics=("empathy",)), [wary])
    told = "sessions with wary are not scored by pacing, only by empathy"
    with pytest.raises(UsageProblem, match=told):
        check_rubrics(assignment(rubrics=("empathy", "pacing")), [wary])


def test_what_fits_a_client_now(spring):
    asked(spring, "later", opens_at=NOW + DAY)
    asked(spring, "other", scenarios=("mandated",))
    used = asked(spring, "used", attempts=1)
    asked(spring, "free", due_at=NOW + DAY)
    held(spring, "s1", used)
    with spring.reading() as connection:
        standings = of_trainee(connection, "t-1", NOW)
        assert of_trainee(connection, "t-9", NOW) == []
    assert [each.assignment.id for each in standings] == ["free", "later", "other", "used"]
    assert [each.assignment.id for each in fitting(standings, "wary")] == ["free"]


def test_what_a_trainee_is_told(spring):
    asked(spring, attempts=2, exam=True, due_at=NOW)
    standing = about_to_begin(spring, "hw", "t-1", NOW)
    due = said(NOW)
    assert told_of(standing) == f"Week 1, an exam: attempt 1 of 2, due {due}"
    later = about_to_begin(spring, "hw", "t-1", NOW + DAY)
    assert told_of(later) == f"Week 1, an exam: attempt 1 of 2, due {due}: late"
    asked(spring, "free")
    assert told_of(about_to_begin(spring, "free", "t-1", NOW)) == "Week 1: attempt 1"
