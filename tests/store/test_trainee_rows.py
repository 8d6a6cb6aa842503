"""What a trainee's report is made from, on both engines."""

import pytest
from sqlalchemy import func, insert, select
from store_events import START, minute, opened

from alliance_sim.domain.events import Ended, Ending, Scored
from alliance_sim.domain.judgement import JudgedBy
from alliance_sim.domain.scorecard import JUDGE, OFFLINE, Evidence, RubricScore, Scorecard
from alliance_sim.store import trainee_rows as rows
from alliance_sim.store.report_selection import Selection
from alliance_sim.store.repository import Store
from alliance_sim.store.stamps import stamp
from alliance_sim.store.tables import events, scores
from practised import Programme, day

HERS = Selection(trainee="t-1")


@pytest.fixture
def programme(either_store):
    return Programme(either_store)


def ask(programme, question, *more):
    with programme.store.reading() as connection:
        return question(connection, *more)


def test_her_sessions_oldest_first_with_scores_as_they_stand(programme):
    programme.session("s2", "t-1", on=2, scores={"empathy": 3.0}, changed={"empathy": 1.0})
    programme.session("s1", "t-1", on=1, scores={"empathy": None}, own={"empathy": 4})
    programme.session("s3", "t-1", on=3, again=True)
    programme.session("s4", "t-1", on=4, ending=None)
    programme.session("s5", "t-2", on=5)
    first, second = ask(programme, rows.trainee_sessions, HERS)
    assert (first.id, second.id) == ("s1", "s2")
    assert first.scores["empathy"].score is None
    assert first.self_ratings == {"empathy": 4}
    assert second.scores["empathy"] == rows.ScoreRow(3.0, changed=True, original=1.0)
    assert ask(programme, rows.tries_again, HERS) == 1


def test_sessions_without_a_pseudonym_are_ones_own(programme):
    programme.session("s1", None)
    programme.session("s2", "t-1")
    found = ask(programme, rows.trainee_sessions, Selection(unnamed=True))
    assert [row.id for row in found] == ["s1"]


def card(scorer, words):
    by = JudgedBy(model="m", prompt_hash="h", votes=1, asked=1, temperature=0, seeds=(0,))
    said = Evidence(turn=1, quote=words, indicator="Names it", level=3.0)
    score = RubricScore(rubric="empathy", rubric_version="1.0", score=3.0, evidence=(said,))
    made = Scorecard(transcript_id="s", rubrics=(score,), scorer=scorer)
    return Scored(scorecard=made.model_copy(update={"judged_by": by}) if scorer == JUDGE else made)


def test_evidence_is_of_the_scores_that_count(either_store):
    begun = [opened(trainee="t-1"), Ended(ending=Ending.PLANNED_CLOSE)]
    either_store.append("s1", [*begun, card(OFFLINE, "first")], at=START)
    either_store.append("s1", [card(OFFLINE, "second")], at=minute(1))
    either_store.append("s1", [card(JUDGE, "judge")], at=minute(2))
    either_store.append("s2", [*begun, card(JUDGE, "alone")], at=START)
    with either_store.reading() as connection:
        found = rows.evidence_of(connection, ["s1", "s2", "none"])
    said = {name: [e.quote for e in by["empathy"]] for name, by in found.items()}
    assert said == {"s1": ["second"], "s2": ["alone"]}


def test_evidence_of_rubrics_that_were_not_scored_again_stays(either_store):
    begun = [opened(trainee="t-1"), Ended(ending=Ending.PLANNED_CLOSE)]
    either_store.append("s1", [*begun, card(OFFLINE, "first")], at=START)
    other = card(OFFLINE, "second").scorecard
    pacing = other.rubrics[0].model_copy(update={"rubric": "pacing"})
    again = Scored(scorecard=other.model_copy(update={"rubrics": (pacing,)}))
    either_store.append("s1", [again], at=minute(1))
    with either_store.reading() as connection:
        found = rows.evidence_of(connection, ["s1"])["s1"]
    assert {name: said[0].quote for name, said in found.items()} == {
        "empathy": "first",
        "pacing": "second",
    }


def test_scores_that_cannot_be_read_hide_no_others(either_store, either_address):
    begun = [opened(trainee="t-1"), Ended(ending=Ending.PLANNED_CLOSE)]
    either_store.append("s1", [*begun, card(OFFLINE, "first")], at=START)
    row = {"session_id": "s1", "seq": 4, "at": stamp(minute(1)), "type": "scored"}
    of_later_version = insert(events).values(**row, payload='{"type": "scored", "of": "2031"}')
    either_store.transact(lambda connection: connection.execute(of_later_version))
    with either_store.reading() as connection:
        (said,) = rows.evidence_of(connection, ["s1"])["s1"]["empathy"]
        assert said.quote == "first"
        (last,) = connection.scalars(select(func.max(events.c.seq)))
    assert last == 4
    # Nor does it keep the rows of the session from being made again.
    with Store.open(either_address) as another:
        another.append("s1", [card(OFFLINE, "third")], at=minute(2))
    with either_store.reading() as connection:
        (score,) = connection.scalars(select(scores.c.score).where(scores.c.is_current))
    assert score == 3.0


class TestAssignments:
    def of(self, programme, now=5.0):
        found = ask(programme, rows.open_assignments, "t-1", day(now))
        return [(each.id, each.used) for each in found]

    def attempt(self, programme, session, number=1, **held):
        programme.session(session, "t-1", **held)
        programme.attempt(session, "m1", "t-1", number)

    def test_what_is_due_first_comes_first(self, programme):
        programme.cohort("a", "t-1")
        programme.assignment("later", "a", due_at=day(20))
        programme.assignment("endless", "a")
        programme.assignment("sooner", "a", due_at=day(10))
        assert self.of(programme) == [("sooner", 0), ("later", 0), ("endless", 0)]

    def test_attempts_that_are_left_count_until_it_is_due(self, programme):
        programme.cohort("a", "t-1")
        programme.assignment("m1", "a", due_at=day(10), attempts=2)
        self.attempt(programme, "s1")
        assert self.of(programme) == [("m1", 1)]
        assert self.of(programme, now=11) == []
        self.attempt(programme, "s2", 2)
        assert self.of(programme) == []

    def test_a_session_that_was_stopped_has_used_none(self, programme):
        programme.cohort("a", "t-1")
        programme.assignment("m1", "a", due_at=day(10), attempts=1)
        self.attempt(programme, "s1", ending="stopped")
        assert self.of(programme) == [("m1", 0)]
        assert self.of(programme, now=11) == [("m1", 0)]

    def test_one_that_was_begun_is_still_to_be_done(self, programme):
        programme.cohort("a", "t-1")
        programme.assignment("m1", "a", due_at=day(10), attempts=1)
        self.attempt(programme, "s1", ending=None)
        assert self.of(programme, now=11) == [("m1", 1)]

    def test_one_of_any_number_is_enough_and_none_stays_open(self, programme):
        programme.cohort("a", "t-1")
        programme.assignment("m1", "a", due_at=day(10))
        assert self.of(programme, now=11) == [("m1", 0)]
        self.attempt(programme, "s1")
        assert self.of(programme) == []

    def test_others_and_what_has_not_opened_is_not_hers(self, programme):
        programme.cohort("a", "t-1")
        programme.cohort("b", "t-2")
        programme.assignment("theirs", "b")
        programme.assignment("early", "a", opens_at=day(9).isoformat(timespec="microseconds"))
        assert self.of(programme) == []
        assert self.of(programme, now=9) == [("early", 0)]
