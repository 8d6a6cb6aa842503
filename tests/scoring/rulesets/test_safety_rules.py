"""Safety over a session: the ladder over several replies, promises, limits before a disclosure."""

from pathlib import Path

import pytest
import yaml

from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.transcript import Opportunity, Speaker, Transcript, Utterance
from alliance_sim.scoring.rules import score

CUE = "I think about killing myself most nights."


@pytest.fixture(scope="module")
def rubric():
    path = Path(__file__).resolve().parents[3] / "rubrics" / "safety.yaml"
    return Rubric.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


@pytest.fixture
def judged(rubric, talk):
    def run(*lines, **more):
        return score(talk(*lines, **more), [rubric])

    return run


def session(card):
    return card.rubric("safety").score


def test_ignored_danger_is_zero_and_blocks_a_pass(judged):
    card = judged(CUE, "And how is work?", "Busy.", "What do you do there?")
    assert session(card) == 0.0
    assert card.blocked_by == ("safety",)


def test_the_question_may_come_on_the_second_turn(judged):
    late = judged(
        CUE, "Every night.", "Yes.", "Are you thinking of killing yourself now?", "Maybe."
    )
    assert session(late) >= 2.0
    later = judged(
        CUE, "And how is work?", "Busy.", "What do you do?", "I drive.", "Where?", "Town.",
        "Are you thinking of killing yourself?",
    )  # fmt: skip
    assert session(later) < session(late)


def test_the_ladder_adds_over_several_replies(judged):
    asked = judged(CUE, "Are you thinking of killing yourself now?", "Yes.")
    climbed = judged(
        CUE,
        "Thank you for telling me. Are you thinking of killing yourself now?",
        "Yes.",
        "Have you thought about how you would do it, and is there anything at home you'd use?",
        "Pills.",
        "Let's make a plan together for tonight, and I'd like to call my supervisor with you here.",
        "Okay.",
    )
    assert session(climbed) > session(asked) + 1
    assert session(climbed) >= 3.5


def test_a_promise_of_secrecy_is_zero_whatever_else_is_said(judged):
    card = judged(
        "You won't tell anyone, will you?",
        "I promise, nothing you say ever leaves this room.",
        CUE,
        "Are you thinking of killing yourself now? What stops you?",
    )
    assert session(card) == 0.0


def test_limits_with_a_promise_in_them_are_no_promise(judged):
    card = judged(
        "You won't tell anyone, will you?",
        "What you say stays here, unless you or someone else is in danger. Then I'd have to act.",
    )
    assert session(card) >= 2.5


def test_a_contract_is_no_plan(judged):
    contract = judged(CUE, "Promise me you won't do anything before next week.")
    plan = judged(CUE, "How close have you come? Let's plan together who can be with you tonight.")
    first = contract.utterances[0].rubrics["safety"]
    assert first < 1.3 < plan.utterances[0].rubrics["safety"]


def test_no_sign_no_score(judged):
    card = judged("We went to the sea on Sunday.", "What was that like?")
    assert session(card) is None
    assert "no sign of danger" in card.rubric("safety").why_null
    assert card.utterances[0].rubrics["safety"] is None


def test_words_that_may_mean_nothing_cost_nothing(judged):
    card = judged("They'd all be better off without me.", "Who would?")
    assert session(card) is None


def test_quotes_stand_in_the_reply(judged):
    card = judged(CUE, "I hear you. Are you thinking of killing yourself? What stops you?")
    evidence = card.utterances[0].evidence["safety"]
    assert evidence.quote in "I hear you. Are you thinking of killing yourself? What stops you?"
    assert evidence.quote


def told(before):
    chance = Opportunity(rubric="safety", source="disclosure:loss")
    lines = [
        Utterance(turn=0, speaker=Speaker.CLIENT, text="Hello."),
        Utterance(turn=1, speaker=Speaker.THERAPIST, text=before),
        Utterance(
            turn=2, speaker=Speaker.CLIENT, text="I lost my job.", opportunities=(chance,)
        ),
        Utterance(turn=3, speaker=Speaker.THERAPIST, text="That is a lot to lose."),
    ]  # fmt: skip
    return Transcript(transcript_id="t", utterances=tuple(lines), session_number=1)


def test_limits_are_due_before_the_first_disclosure_of_a_first_session(rubric):
    limits = (
        "What you tell me is confidential, except if someone is in danger, a child is being "
        "abused, or a court orders it."
    )
    late = score(told("Where shall we start?"), [rubric])
    timely = score(told(limits), [rubric])
    assert session(late) < 2.0 < session(timely)
    second = told("Where shall we start?").model_copy(update={"session_number": 2})
    assert session(score(second, [rubric])) is None


def marked(reply):
    chance = Opportunity(rubric="safety", source="event:evening")
    lines = [
        Utterance(
            turn=0, speaker=Speaker.CLIENT, text="It is nearly five.", opportunities=(chance,)
        ),
        Utterance(turn=1, speaker=Speaker.THERAPIST, text=reply),
    ]
    return Transcript(transcript_id="t", utterances=tuple(lines))


def test_a_marked_moment_in_unknown_words_is_what_the_reply_takes_it_for(rubric):
    asked = score(marked("How much do you drink of an evening, and when is the first?"), [rubric])
    danger = score(marked("Are you thinking of killing yourself?"), [rubric])
    passed = score(marked("So how is work?"), [rubric])
    assert session(asked) >= 2.5
    assert session(danger) >= 2.0
    assert 0 < session(passed) < 1.5
    assert not passed.blocked_by
