"""From events back to a session: its transcript, its time, and that it is the same client."""

import random
from datetime import timedelta

import pytest
from memory_store import MemoryStore

from alliance_sim.domain.events import (
    Act,
    ClauseShown,
    ClientFinished,
    ClientPlanned,
    Ended,
    Ending,
    Paused,
    Resumed,
    SafetyAnswered,
    SafetyAsked,
    StoredEvent,
    TraineeSent,
    Worded,
)
from alliance_sim.domain.speech import clauses
from alliance_sim.domain.state import Openness
from alliance_sim.domain.transcript import Floor, Opportunity, Pace
from alliance_sim.errors import UsageProblem
from alliance_sim.runtime.earlier import seconds_of
from alliance_sim.runtime.replay import client_utterance
from alliance_sim.runtime.session import LiveSession, Options

RANDOM = random.Random(2)


def begin(library, store, clock, **options) -> LiveSession:
    chosen = Options(seed=7, **options)
    return LiveSession.begin(store, library.scenario("wary"), chosen, clock, RANDOM)


def speak(session) -> str:
    said = []
    while (clause := session.next_clause()) is not None:
        said.append(clause.text)
    session.finish()
    return " ".join(said)


def test_a_turn_cut_at_its_beginning_offers_nothing_that_was_not_heard():
    chance = Opportunity(rubric="empathy", source="disclosure:letter", instead=("You kept it.",))
    planned = ClientPlanned(
        turn=1,
        act=Act.DISCLOSE,
        openness=Openness.OPEN,
        clauses=clauses("I mean, there is a letter, and I never opened it, and it lies there."),
        opportunities=(chance,),
        instead=("You kept it.",),
    )
    early = client_utterance(planned, 1)
    assert early.opportunities == ()
    assert early.instead == ()
    assert client_utterance(planned, len(planned.clauses)).opportunities == (chance,)


def test_the_time_of_a_session_leaves_out_pauses_sittings_and_waiting_for_a_model(clock):
    def at(seconds, seq, event):
        return StoredEvent(
            session_id="s", seq=seq, at=clock.now() + timedelta(seconds=seconds), event=event
        )

    stored = [
        at(0, 1, TraineeSent(turn=1, text="Hello.")),
        at(10, 2, ClauseShown(turn=2, index=0)),
        at(15, 3, Paused()),
        at(500, 4, Resumed()),
        at(520, 5, ClauseShown(turn=2, index=1)),
        at(90_000, 6, Resumed()),
        at(90_001, 7, ClauseShown(turn=2, index=2)),
        at(90_041, 8, Worded(turn=2)),
        at(90_043, 9, ClientFinished(turn=2)),
    ]
    assert seconds_of(stored) == 10 + 5 + 20 + 1 + 2


def test_the_hour_does_not_begin_anew_with_every_sitting(library, clock):
    store = MemoryStore()
    session = begin(library, store, clock, pace=Pace.STREAM)
    clock.sleep(49 * 60)
    speak(session)
    clock.sleep(86_400)
    again = LiveSession.resume(store, session.id, library.scenario("wary"), clock)
    assert again.seconds() == 49 * 60
    clock.sleep(120)
    again.send("Come in.")
    speak(again)
    assert again.ended.ending is Ending.TIME


@pytest.mark.parametrize("what", ["version", "topic"])
def test_a_session_does_not_go_on_with_another_client_and_says_so(library, clock, what):
    store = MemoryStore()
    scenario = library.scenario("wary")
    session = begin(library, store, clock)
    speak(session)
    session.send("Come in.")
    speak(session)
    if what == "version":
        other = scenario.model_copy(update={"version": "9.0.0"})
    else:
        kept = tuple(t for t in scenario.topics if t.id != session.standing.memory.topic)
        other = scenario.model_copy(update={"topics": kept})
    before = store.events(session.id)
    with pytest.raises(UsageProblem, match=r"wary 9\.0\.0|lost the topic") as told:
        LiveSession.resume(store, session.id, other, clock)
    assert session.id in str(told.value)
    if what == "version":
        with pytest.raises(UsageProblem, match=r"wary 9\.0\.0"):
            LiveSession.branch(store, session.id, 1, other, clock, RANDOM)
    assert store.events(session.id) == before


def test_an_ended_session_can_be_looked_at_whatever_became_of_the_client(library, clock):
    store = MemoryStore()
    session = begin(library, store, clock)
    session.close(Ending.STOPPED)
    other = library.scenario("wary").model_copy(update={"version": "9.0.0"})
    again = LiveSession.resume(store, session.id, other, clock)
    assert again.ended.ending is Ending.STOPPED
    assert again.events == session.events


def test_a_branch_of_a_branch_keeps_the_hour_and_names_where_it_came_from(library, clock):
    store = MemoryStore()
    scenario = library.scenario("wary")
    first = begin(library, store, clock)
    speak(first)
    for text in ("Hello.", "How are you sleeping?", "Who is at home?"):
        first.send(text)
        speak(first)
    sent = [e.turn for e in first.events if isinstance(e, TraineeSent)]
    second = LiveSession.branch(store, first.id, sent[2], scenario, clock, RANDOM)
    second.send("What would help?")
    speak(second)
    third = LiveSession.branch(store, second.id, sent[1], scenario, clock, RANDOM)
    assert third.opened.branch.session_id == second.id
    shared = third.transcript().utterances
    assert shared == first.transcript().utterances[: len(shared)]
    third.send("How are you sleeping?")
    assert third.state == next(
        e.state for e in first.events if e.type == "state_moved" and e.turn == sent[1]
    )


def test_a_branch_from_an_unscored_hour_stays_unscored(library, clock):
    store = MemoryStore()
    scenario = library.scenario("wary")
    session = begin(library, store, clock)
    speak(session)
    session.send("I want to kill myself.")
    session.answer_safety(True)
    speak(session)
    session.send("How are you sleeping?")
    turn = [e.turn for e in session.events if isinstance(e, TraineeSent)][-1]
    assert LiveSession.branch(store, session.id, turn, scenario, clock, RANDOM).standing.unscored


def test_a_kill_before_the_question_about_safety_does_not_lose_the_question(library, clock):
    store = MemoryStore()
    session = begin(library, store, clock)
    speak(session)
    sent = TraineeSent(turn=session.standing.next_turn, text="I want to kill myself.")
    store.append(session.id, [sent], at=clock.now())
    again = LiveSession.resume(store, session.id, library.scenario("wary"), clock)
    assert isinstance(again.events[-1], SafetyAsked)
    with pytest.raises(UsageProblem, match="about you"):
        again.send("How are you sleeping?")
    again.answer_safety(False)
    assert speak(again)
    answered = [event for event in again.events if isinstance(event, SafetyAnswered)]
    again.answer_safety(None)
    assert [e for e in again.events if isinstance(e, SafetyAnswered)] == answered


@pytest.mark.parametrize("text", ["Take care.", "Wait, before you go, what about your wife?"])
@pytest.mark.parametrize("clauses_heard", [0, 1, 2])
def test_a_reply_into_the_last_words_is_kept_and_the_session_ends(
    library, clock, text, clauses_heard
):
    store = MemoryStore()
    session = begin(library, store, clock, pace=Pace.STREAM)
    speak(session)
    session.close()
    for _ in range(clauses_heard):
        session.next_clause()
    planned = session.standing.memory.planned
    sent = session.send(text)
    assert session.ended.ending is Ending.PLANNED_CLOSE
    assert isinstance(session.events[-1], Ended)
    assert session.transcript().utterances[-1].text == text
    assert session.next_clause() is None
    if sent.event.floor is not Floor.TAKING:
        assert session.transcript().utterances[-2].text == " ".join(
            clause.text for clause in planned.clauses
        )


def test_nobody_is_cut_off_who_has_not_begun(library, clock):
    store = MemoryStore()
    session = begin(library, store, clock, pace=Pace.STREAM)
    speak(session)
    session.send("Hello.")
    sent = session.send("Come in and sit wherever you like, there is no hurry at all.")
    assert sent.event.floor is None
    planned = session.standing.memory.planned
    assert planned.act is Act.OPEN
    assert "cutoff" not in [e for e in session.events if e.type == "state_moved"][-1].moves


def test_a_stopped_session_says_nothing_more(library, clock):
    store = MemoryStore()
    session = begin(library, store, clock, pace=Pace.STREAM)
    session.next_clause()
    session.close(Ending.STOPPED)
    assert not session.client_is_speaking
    assert session.next_clause() is None
    session.finish()
    assert sum(isinstance(event, Ended) for event in session.events) == 1
