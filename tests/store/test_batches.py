"""Batches on both engines: which sessions, who has them, and what is written of each."""

from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select
from tests.stored_hours import AT, hold, rows, scorings

from alliance_sim.domain.batch import Batch, ItemState, RubricText, ScenarioFacts, Terms
from alliance_sim.domain.events import Scored
from alliance_sim.domain.scorecard import RubricScore, Scorecard
from alliance_sim.errors import UsageProblem
from alliance_sim.store import batches, tables
from alliance_sim.store.batches import Choice, Moved, Result
from alliance_sim.store.settling import Results

TERMS = Terms(rubrics=(RubricText(id="empathy", version="1.0.0", yaml="id: empathy\n"),))
OFFLINE = ("offline",)


def batch(name="b-1", scorer="offline", **changes):
    values = {"created_at": AT, "who": "ana", "model": "", "votes": 1, "terms": TERMS, "total": 0}
    return Batch(id=name, scorer=scorer, **{**values, **changes})


def made(store, choice=None, **changes):
    return store.transact(lambda c: batches.add(c, batch(**changes), choice or Choice()))


def waiting(store, name="b-1"):
    with store.reading() as connection:
        return batches.waiting_in(connection, name)


def card(session, score=3.0, version="2.0.0"):
    made = RubricScore(rubric="empathy", rubric_version=version, score=score)
    return Scorecard(transcript_id=session, rubrics=(made,), overall=score)


def done(store, session, score=3.0):
    head = len(store.events(session))
    return Result(ItemState.DONE, scored=Scored(scorecard=card(session, score)), head=head)


def settled(store, session, result, name="b-1", worker="w"):
    return Results(store).settle(name, session, result, at=AT, worker=worker)


def test_only_ended_sessions_are_in_a_batch(either_store):
    hold(either_store, "s1", "s2")
    hold(either_store, "open", ending=None)
    found = made(either_store)
    assert found.total == 2
    assert waiting(either_store) == ["s1", "s2"]
    with either_store.reading() as connection:
        assert batches.still_open(connection, Choice()) == 1
        assert batches.get(connection, "b-1") == found
        assert batches.counts(connection, "b-1") == {ItemState.WAITING: 2}


def test_sessions_are_chosen_by_all_that_is_given(either_store):
    hold(either_store, "s1", "s2", trainee="t-aaaaaa")
    hold(either_store, "s3", trainee="t-bbbbbb")
    hold(either_store, "s4", trainee="t-aaaaaa", scenario="mandated")

    def people(connection):
        member = {"cohort": "spring", "person": "t-aaaaaa", "joined_at": "x"}
        connection.execute(insert(tables.memberships).values(**member))
        attempt = {"assignment": "week-1", "trainee": "t-aaaaaa", "number": 1, "at": "x"}
        values = {"session_id": "s2", "source": "live", **attempt}
        connection.execute(insert(tables.attempts).values(**values))

    either_store.transact(people)
    choices = {
        "named": Choice(sessions=("s3", "s1", "s3", "missing")),
        "cohort": Choice(cohort="spring"),
        "assigned": Choice(assignment="week-1"),
        "client": Choice(scenario="wary", cohort="spring"),
        "since": Choice(since=AT + timedelta(seconds=1)),
        "none": Choice(sessions=("s3",), cohort="spring"),
    }
    expected = {
        "named": ["s1", "s3"],
        "cohort": ["s1", "s2", "s4"],
        "assigned": ["s2"],
        "client": ["s1", "s2"],
        "since": ["s2"],
        "none": [],
    }
    for name, choice in choices.items():
        assert made(either_store, choice, name=name).total == len(expected[name])
        assert waiting(either_store, name) == expected[name], name
    with either_store.reading() as connection:
        assert batches.scenarios_of(connection, Choice()) == ["mandated", "wary"]


def test_more_ids_than_one_question_holds(either_store, monkeypatch):
    monkeypatch.setattr(batches, "AT_ONCE", 2)
    hold(either_store, "s1", "s2", "s3")
    assert made(either_store, Choice(sessions=("s1", "s2", "s3"))).total == 3


def test_a_result_is_written_with_its_item_and_once(either_store):
    hold(either_store, "s1")
    made(either_store)
    result = done(either_store, "s1")
    assert settled(either_store, "s1", result, worker="first")
    assert not settled(either_store, "s1", done(either_store, "s1", 1.0), worker="second")
    assert [event.scorecard.overall for event in scorings(either_store, "s1")] == [3.0]
    row = rows(either_store, "s1")["empathy", "2.0.0", "offline"]
    assert (row.score, row.is_current) == (3.0, True)
    (summary,) = either_store.sessions()
    assert summary.overall == 3.0
    with either_store.reading() as connection:
        assert batches.state_of(connection, "b-1", "s1") is ItemState.DONE
        assert batches.workers(connection, "b-1", AT) == {"first": 1}
        assert batches.workers(connection, "b-1", AT + timedelta(seconds=1)) == {}


def test_nothing_is_written_of_a_session_that_has_grown(either_store):
    hold(either_store, "s1")
    made(either_store)
    result = done(either_store, "s1")
    either_store.append("s1", [Scored(scorecard=card("s1", 2.0))], at=AT)
    with pytest.raises(Moved):
        settled(either_store, "s1", result)
    assert len(scorings(either_store, "s1")) == 1
    assert waiting(either_store) == ["s1"]


def test_a_deleted_session_is_in_no_batch(either_store):
    hold(either_store, "s1", "s2")
    made(either_store)
    result = done(either_store, "s1")
    either_store.delete("s1")
    assert not settled(either_store, "s1", result)
    assert waiting(either_store) == ["s2"]
    assert either_store.events("s1") == ()


def test_what_failed_waits_again_and_a_stopped_batch_goes_on(either_store):
    hold(either_store, "s1", "s2", "s3")
    made(either_store)
    settled(either_store, "s1", Result(ItemState.FAILED, "no answer"))
    settled(either_store, "s2", Result(ItemState.SKIPPED, "nothing was said"))
    either_store.transact(lambda c: batches.stop(c, "b-1", AT))
    with either_store.reading() as connection:
        assert not batches.any_waiting(connection, OFFLINE)
        assert batches.reasons(connection, "b-1", ItemState.FAILED) == [("no answer", 1)]
        assert batches.need(connection, "b").stopped_at == AT
    assert either_store.transact(lambda c: batches.retry(c, "b-1")) == ["s1"]
    assert waiting(either_store) == ["s1", "s3"]
    with either_store.reading() as connection:
        assert batches.waiting(connection, OFFLINE) == {"b-1": 2}
        assert batches.waiting(connection, ("judge",)) == {}


def test_claims_are_renewed_released_and_run_out(either_store):
    hold(either_store, "s1", "s2", "s3")
    made(either_store)
    made(either_store, name="b-2", scorer="judge")

    def claim(worker, seconds, limit=2):
        now = AT + timedelta(seconds=seconds)
        stale = now - timedelta(seconds=10)
        return either_store.transact(
            lambda c: batches.claim(c, worker, now=now, stale=stale, scorers=OFFLINE, limit=limit)
        )

    assert claim("a", 0) == [("b-1", "s1"), ("b-1", "s2")]
    assert claim("b", 1) == [("b-1", "s3")]
    assert claim("c", 10) == []
    either_store.transact(lambda c: batches.renew(c, "a", AT + timedelta(seconds=9)))
    assert claim("c", 12) == [("b-1", "s3")], "b has died"
    either_store.transact(lambda c: batches.release(c, "a"))
    assert claim("d", 13, limit=9) == [("b-1", "s1"), ("b-1", "s2")]


def test_a_batch_is_named_by_its_beginning(either_store):
    hold(either_store, "s1")
    with either_store.reading() as connection, pytest.raises(UsageProblem, match="no batch yet"):
        batches.need(connection, "last")
    made(either_store, name="b-20260302")
    either_store.transact(
        lambda c: batches.add(c, batch("b-20260303", created_at=AT + timedelta(days=1)), Choice())
    )
    with either_store.reading() as connection:
        assert batches.need(connection, "last").id == "b-20260303"
        assert batches.need(connection, "b-20260302").id == "b-20260302"
        with pytest.raises(UsageProblem, match="several"):
            batches.need(connection, "b-2026")
        with pytest.raises(UsageProblem, match="no such batch"):
            batches.need(connection, "c")
        assert [each.id for each in batches.every(connection)] == ["b-20260303", "b-20260302"]


def test_rubrics_of_a_session_are_those_asked_for_or_its_scenarios():
    texts = tuple(RubricText(id=name, version="1.0.0", yaml="") for name in ("a", "b", "c"))
    facts = {"wary": ScenarioFacts(session_number=1, rubrics=("c", "a", "gone"))}
    own = Terms(rubrics=texts, scenarios=facts)
    assert own.rubrics_for("wary") == ("c", "a")
    assert own.rubrics_for("unknown") == ("a", "b", "c")
    assert own.model_copy(update={"asked": ("b",)}).rubrics_for("wary") == ("b",)


def test_items_of_a_batch_are_counted_by_the_database(either_store):
    hold(either_store, "s1", "s2")
    made(either_store)
    with either_store.reading() as connection:
        there = connection.scalar(select(func.count()).select_from(tables.batch_items))
    assert there == 2
