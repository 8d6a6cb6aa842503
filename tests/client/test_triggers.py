"""When events happen, and how a reply meets them."""

import random

import pytest

from alliance_sim.client.memory import Memory
from alliance_sim.client.triggers import (
    content,
    due,
    holds,
    is_elsewhere,
    outcome,
    question_of,
    style,
)
from alliance_sim.client.turn import SimulatedClient
from alliance_sim.domain.codes import Code, CodedReply, CodedSpan, Main, Mark
from alliance_sim.domain.scenario import When


def coded(*codes: Code, marks=()) -> CodedReply:
    spans = tuple(CodedSpan(code=code, p=0.9, words="") for code in codes)
    return CodedReply(main=Main.OTHER, codes=spans, marks=frozenset(marks))


@pytest.fixture
def wary(library):
    return SimulatedClient(library.scenario("wary"), 3)


def event(client, name):
    return next(event for event in client.scenario.events if event.id == name)


def test_events_keep_apart_and_leave_a_disclosure_in_peace(wary):
    late = Memory(turns=39, opened=True)
    assert due(wary.scenario, late, wary.start, random.Random(1))
    for recent in (Memory(turns=39, event_turn=37), Memory(turns=39, disclosure_turn=38)):
        found = due(wary.scenario, recent, wary.start, random.Random(1))
        assert found is None or found[0].when.after is not None


def test_an_event_happens_by_its_last_turn_for_sure_and_once(wary):
    for seed in range(20):
        memory = Memory(turns=39)
        found = due(wary.scenario, memory, wary.start, random.Random(seed))
        assert found is not None
        assert found[1]
        again = Memory(turns=39, events=frozenset({found[0].id}))
        second = due(wary.scenario, again, wary.start, random.Random(seed))
        assert second is None or second[0].id != found[0].id


def test_all_conditions_must_hold(wary):
    when = When(turns=(3, 9), topic="sleep", after="x", trust_above=20)
    ready = Memory(turns=5, topic="sleep", disclosed=("x",))
    assert holds(when, ready, wary.start)
    assert not holds(when, Memory(turns=2, topic="sleep", disclosed=("x",)), wary.start)
    assert not holds(when, Memory(turns=5, topic="work", disclosed=("x",)), wary.start)
    assert not holds(when, Memory(turns=5, topic="sleep"), wary.start)
    low = wary.start.model_copy(update={"trust": 10.0})
    assert not holds(when, ready, low)


def test_a_moment_is_met_missed_or_hurt(wary):
    bait = event(wary, "could_i_text")
    assert outcome(bait, coded(Code.BOUNDARY_HOLD)) == "met"
    assert outcome(bait, coded(Code.BOUNDARY_HOLD, marks={Mark.COLD})) == "missed"
    assert outcome(bait, coded(Code.QUESTION_CLOSED)) == "missed"
    assert outcome(bait, coded(Code.BOUNDARY_HOLD, Code.BLAME)) == "hurt"
    assert outcome(bait, coded(marks={Mark.HOSTILE})) == "hurt"


def test_an_open_question_about_something_else_does_not_meet_a_moment(wary):
    bottle = event(wary, "the_bottle")
    reply = coded(Code.QUESTION_OPEN)
    assert outcome(bottle, reply, elsewhere=False) == "met"
    assert outcome(bottle, reply, elsewhere=True) == "missed"


def test_small_words_in_common_do_not_keep_a_reply_with_an_event(wary):
    bottle = event(wary, "the_bottle")
    assert is_elsewhere(bottle, "And how are you sleeping these days?", "sleep", "work")
    assert not is_elsewhere(bottle, "What does the bottle mean to you?", "sleep", "work")
    assert not is_elsewhere(bottle, "How is that at work?", "work", "work")
    assert not is_elsewhere(bottle, "Thank you.", None, "work")


def test_a_question_that_goes_on_with_the_topic_before_an_event_leaves_it_aside(wary):
    siren = event(wary, "the_wall")
    assert is_elsewhere(siren, "What did you do at work before?", "work", "work")
    assert not is_elsewhere(siren, "What was that like at work?", "work", "work")


def test_the_question_of_a_reply_is_what_asks():
    assert question_of("I can't. How do you sleep?") == " How do you sleep?"
    assert question_of("I can't do that. Tell me about work.") == "Tell me about work."
    assert question_of("") == ""


def test_small_words_have_no_content_and_what_is_seen_has():
    assert content("I did, you know, and then it was so.") == frozenset()
    assert content("[She lifts the bottle.]") >= content("bottle")
    assert content("The bottle is from the well.") >= content("bottle")


def test_reactant_clients_move_against_and_others_away(wary):
    assert style(wary.start.model_copy(update={"reactance": 80.0})) == "confrontation"
    assert style(wary.start.model_copy(update={"reactance": 20.0})) == "withdrawal"
