"""What an export says of a session, and what it never says."""

from datetime import timedelta

import pytest

from alliance_sim.domain.transcript import Pace
from alliance_sim.errors import UsageProblem
from alliance_sim.reporting.tables.columns import BY_NAME, COLUMNS, chosen, redactable
from alliance_sim.reporting.tidy import NOT_OBSERVED, REDACTED, tidy
from alliance_sim.store.export_rows import Wanted, rows
from held_sessions import AT, assign, attempt, cohort, hold, scored

UNTIMED = "The session was untimed, so the client could not be interrupted."


def exported(store, *, wanted=None, **how):
    with store.reading() as connection:
        return list(tidy(rows(connection, wanted or Wanted()), **how))


def only(store, **how):
    (row,) = exported(store, **how)
    return row


def test_all_that_is_known_of_a_score(store):
    hold(
        store, "s1", scores={"empathy": 2.0}, overall=2.5, rated={"empathy": 3},
        override=("empathy", 3.5, "i-7", "She was in the room."), branch=("s0", 5),
    )  # fmt: skip
    row = only(store)
    assert {name: row[name] for name in BY_NAME} == {
        "session_id": "s1",
        "trainee": "t-one",
        "scenario": "wary",
        "scenario_version": "1.0",
        "rubric": "empathy",
        "rubric_version": "1.0",
        "score": 3.5,
        "why_null": None,
        "grade": None,
        "self_rating": 3,
        "original_score": 2.0,
        "overridden_by": "i-7",
        "overridden_at": "2026-03-03T09:00:00.000000+00:00",
        "override_reason": "She was in the room.",
        "scorer": "offline",
        "ending": "planned_close",
        "branch_of": "s0:5",
        "model": None,
        "evidence_count": 1,
        "overridden": True,
        "cohort": None,
        "assignment": None,
        "attempt": None,
        "late": None,
        "opened_at": "2026-03-02T09:00:00.000000+00:00",
        "ended_at": "2026-03-02T09:30:00.000000+00:00",
        "scored_at": "2026-03-02T09:31:00.000000+00:00",
    }
    assert row["overall"] == 2.5


def test_each_session_has_its_own_ratings(store):
    hold(store, "s1", scores={"empathy": 1.0, "pacing": 1.0}, rated={"pacing": 4})
    hold(store, "s2", scores={"empathy": 1.0}, at=AT + timedelta(days=1))
    hold(store, "s3", scores={"empathy": 1.0}, at=AT + timedelta(days=2), rated={"empathy": 2})
    found = {(row["session_id"], row["rubric"]): row["self_rating"] for row in exported(store)}
    assert found == {
        ("s1", "empathy"): None,
        ("s1", "pacing"): 4,
        ("s2", "empathy"): None,
        ("s3", "empathy"): 2,
    }


def test_the_cohort_is_the_assignments_or_the_one_that_was_asked_for_or_all(store):
    cohort(store, "winter", "t-one")
    cohort(store, "autumn", "t-one")
    hold(store, "s1", scores={"empathy": 1.0})
    assert only(store)["cohort"] == "autumn;winter"
    assert only(store, cohort="winter")["cohort"] == "winter"
    attempt(store, assign(store, "week-1", "autumn"), "t-one", "s1")
    assert only(store, cohort="winter")["cohort"] == "autumn"


@pytest.mark.parametrize(
    ("due", "late"), [(AT - timedelta(seconds=1), True), (AT, False), (None, False)]
)
def test_late_is_what_was_begun_after_it_was_due(store, due, late):
    cohort(store, "autumn", "t-one")
    hold(store, "s1", scores={"empathy": 1.0})
    attempt(store, assign(store, "week-1", "autumn", due_at=due), "t-one", "s1")
    assert only(store)["late"] is late


@pytest.mark.parametrize(
    "opened", [{"pace": Pace.UNTIMED}, {"pace": Pace.STREAM, "wpm": 40}, {"pace": Pace.PACED}]
)
def test_an_accommodation_leaves_no_trace(store, opened):
    hold(store, "s1", scores={"interruptions": None, "empathy": 2.0})
    with store.reading() as connection:
        usual = list(tidy(rows(connection, Wanted())))
    store.delete("s1")
    hold(store, "s1", scores={"interruptions": None, "empathy": 2.0}, **opened)
    assert exported(store) == usual


def test_of_interruptions_only_that_they_were_not_observed(store):
    hold(store, "s1")
    told = scored({"interruptions": None, "boundaries": None}, why=UNTIMED)
    store.append("s1", [told], at=AT + timedelta(hours=1))
    found = {row["rubric"]: row["why_null"] for row in exported(store)}
    assert found["interruptions"] == NOT_OBSERVED
    assert found["boundaries"] == UNTIMED


def test_redacted_columns_say_only_that_something_was_said(store):
    reason = ("empathy", None, "i-7", "Ann was not well.")
    hold(store, "s1", scores={"empathy": 2.0, "pacing": 1.0}, override=reason)
    plain, bare = exported(store, redact=["override_reason", "original_score"])
    assert plain["override_reason"] == plain["why_null"] == REDACTED
    assert plain["original_score"] is None
    assert plain["overridden_by"] == "i-7"
    assert bare["override_reason"] is bare["why_null"] is None
    assert exported(store)[0]["why_null"] == "Ann was not well."


def test_text_cannot_act_on_a_terminal(store):
    nasty = "\x1b[31mred\u202e\x07"
    hold(store, "s1", nasty, {"empathy": 2.0}, override=("empathy", 1.0, nasty, nasty))
    row = only(store)
    assert {row["trainee"], row["overridden_by"], row["override_reason"]} == {"red"}


def test_columns_are_chosen_by_name():
    assert chosen([]) == COLUMNS
    assert [column.name for column in chosen(["score", " rubric "])] == ["score", "rubric"]
    for wrong, told in ((["pace"], "no such column"), (["score", "score"], "twice")):
        with pytest.raises(UsageProblem, match=told):
            chosen(wrong)
    assert redactable(["override_reason"]) == ("override_reason",)
    with pytest.raises(UsageProblem, match="names the row"):
        redactable(["session_id"])


def test_the_first_columns_stay_in_their_order():
    assert [column.name for column in COLUMNS][:8] == [
        "session_id", "trainee", "scenario", "scenario_version", "rubric", "rubric_version",
        "score", "why_null",
    ]  # fmt: skip
    assert len(BY_NAME) == len(COLUMNS)
