"""A contested score: who may ask what, and what becomes of it."""

import pytest

from alliance_sim.errors import UsageProblem
from alliance_sim.plain.debrief import render
from alliance_sim.reporting.page import render_page
from alliance_sim.runtime.appealing import Decision, answer, appeal, case, find, of_session, queue
from alliance_sim.runtime.overriding import override
from alliance_sim.runtime.results import debrief_of
from alliance_sim.store.audit import entries
from stories import AT, HOUR, NASTY, library_in, story

WHY = "I let her finish; she had stopped to think."


@pytest.fixture
def library(tmp_path):
    return library_in(tmp_path / "pack")


@pytest.fixture
def held(store):
    store.append("s1", story(*HOUR), at=AT)
    return store


@pytest.fixture
def contested(held, clock):
    return appeal(held, "s1", clock, rubric="interruptions", reason=WHY)


def audit(store):
    with store.reading() as connection:
        return entries(connection)


def test_it_waits_in_the_queue_with_what_was_said(held, contested, library, clock):
    other = appeal(held, "s1", clock, rubric="empathy", reason="Turn 3.")
    assert queue(held) == [contested, other] == of_session(held, "s1")
    shown = case(held, other, library)
    assert (shown.score.rubric, shown.score.score) == ("empathy", 2.6)
    assert len(shown.transcript.utterances) == len(
        debrief_of(held, "s1", library, clock).transcript.utterances
    )


def test_kept_changes_no_score_and_the_reason_reaches_the_trainee(held, contested, library, clock):
    before = debrief_of(held, "s1", library, clock).scorecard
    answer(held, contested, library, clock, Decision(who="i-7", reason="She was still speaking."))
    debrief = debrief_of(held, "s1", library, clock)
    assert debrief.scorecard == before
    assert queue(held) == []
    for shown in (render(debrief), render_page(debrief, titles={})):
        assert WHY in shown
        assert "kept by i-7" in shown
        assert "She was still speaking." in shown
    assert [(e.action, e.who, e.detail["outcome"]) for e in audit(held)] == [
        ("appeal_answered", "i-7", "kept")
    ]


def test_changed_is_an_override_and_its_answer_at_once(held, contested, library, clock):
    answer(
        held,
        contested,
        library,
        clock,
        Decision(who="i-7", reason="So it is.", keep=False, score=3.0),
    )
    (made,) = of_session(held, "s1")
    assert (made.outcome, made.answered_by, made.answer) == ("changed", "i-7", "So it is.")
    found = debrief_of(held, "s1", library, clock).scorecard.rubric("interruptions")
    assert (found.score, found.override.original, found.override.why) == (3.0, 1.0, "So it is.")
    kept = (of_session(held, "s1"), held.sessions())
    held.rebuild_index()
    assert (of_session(held, "s1"), held.sessions()) == kept


def test_an_override_stands_in_the_audit_log(held, library, clock):
    said = {"rubric": "interruptions", "score": None, "who": "i-7", "why": "No clock ran."}
    override(held, "s1", library, clock, **said)
    (entry,) = audit(held)
    assert (entry.action, entry.subject, entry.who) == ("override", "s1", "i-7")
    assert entry.detail == {"rubric": "interruptions", "original": 1.0, "score": None}


class TestWhatIsRefused:
    def test_a_second_appeal_while_one_waits(self, held, contested, clock):
        with pytest.raises(UsageProblem, match="waits for its answer"):
            appeal(held, "s1", clock, rubric="interruptions", reason="Again.")
        assert len(of_session(held, "s1")) == 1

    def test_but_not_after_the_answer(self, held, contested, library, clock):
        answer(held, contested, library, clock, Decision(who="i-7", reason="No."))
        appeal(held, "s1", clock, rubric="interruptions", reason="Turn 5 shows it.")
        assert find(held, "s1").reason == "Turn 5 shows it."

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"rubric": "charm"}, "no score of charm; it has"),
            ({"reason": "  "}, "an appeal needs reason"),
            ({"reason": "x" * 2001}, "longer than 2000"),
        ],
    )
    def test_an_appeal_of_nothing(self, held, clock, changes, said):
        before = held.events("s1")
        with pytest.raises(UsageProblem, match=said):
            appeal(held, "s1", clock, **({"rubric": "interruptions", "reason": WHY} | changes))
        assert held.events("s1") == before

    def test_an_appeal_before_there_are_scores(self, store, clock):
        store.append("s1", story(*HOUR)[:-2], at=AT)
        with pytest.raises(UsageProblem, match="s1 has"):
            appeal(store, "s1", clock, rubric="interruptions", reason=WHY)

    def test_a_second_answer(self, held, contested, library, clock):
        answer(held, contested, library, clock, Decision(who="i-7", reason="No."))
        with pytest.raises(UsageProblem, match="has been answered"):
            answer(
                held,
                contested,
                library,
                clock,
                Decision(who="i-8", reason="Yes.", keep=False, score=4),
            )
        assert [made.answered_by for made in of_session(held, "s1")] == ["i-7"]

    def test_a_score_off_the_scale_leaves_the_appeal_open(self, held, contested, library, clock):
        with pytest.raises(UsageProblem, match="from 0 to 4"):
            answer(
                held, contested, library, clock, Decision(who="i", reason="r", keep=False, score=9)
            )
        assert queue(held) == [contested]
        assert audit(held) == []

    def test_which_of_several(self, held, contested, clock):
        appeal(held, "s1", clock, rubric="empathy", reason="Turn 3.")
        with pytest.raises(UsageProblem, match="say which: interruptions, empathy"):
            find(held, "s1")
        assert find(held, "s1", "empathy").reason == "Turn 3."
        with pytest.raises(UsageProblem, match="no open appeal of safety"):
            find(held, "s1", "safety")


def test_words_of_a_trainee_act_on_nothing(held, library, clock):
    appeal(held, "s1", clock, rubric="interruptions", reason=NASTY)
    debrief = debrief_of(held, "s1", library, clock)
    assert "\x1b" not in render(debrief)
    assert "<script" not in render_page(debrief, titles={})
