"""Whatever is done in whatever order: nothing is lost, and the events alone give the session."""

import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from memory_store import MemoryStore

from alliance_sim.domain.events import ClientPlanned, Ended, Ending, TraineeSent
from alliance_sim.domain.transcript import Pace
from alliance_sim.errors import AllianceError
from alliance_sim.runtime.debrief import make_debrief
from alliance_sim.runtime.hints import hint_for
from alliance_sim.runtime.replay import standing_of, transcript_of
from alliance_sim.runtime.session import LiveSession, Options

TEXTS = st.sampled_from(
    [
        "Come in, have a seat.",
        "What was that like for you?",
        "It sounds like none of this was your choice.",
        "How are you sleeping?",
        "Are you having thoughts of killing yourself?",
        "I'm going to call my supervisor now, and we will do this together.",
        "Honestly I want to kill myself.",
        "You should really try harder.",
        "You always make excuses, and you are lying to me.",
        "Mm-hm.",
        "Sorry, who?",
        "I'm going to pause you there for a second, because of the time.",
        "We have to stop here for today. I'll see you next week.",
        "Sure, here is my number, text me any time.",
        "asdkjh qwe zxc",
        "مرحبا، كيف حالك؟",
        "👍",
        "[She leaves.] \x1b[31mHello\x00 \ud800",
        "What about your wife?",
        "   ",
        "x" * 20_001,
    ]
)
STEP = st.one_of(
    st.tuples(st.just("clauses"), st.integers(1, 5)),
    st.tuples(st.just("clauses"), st.just(99)),
    st.tuples(st.just("finish"), st.none()),
    st.tuples(st.just("send"), TEXTS),
    st.tuples(st.just("send"), TEXTS),
    st.tuples(st.just("send"), TEXTS),
    st.tuples(st.just("skip"), st.none()),
    st.tuples(st.just("pause"), st.none()),
    st.tuples(st.just("unpause"), st.none()),
    st.tuples(st.just("wait"), st.sampled_from([0.1, 5.0, 900.0])),
    st.tuples(st.just("answer"), st.sampled_from([True, False, None])),
    st.tuples(st.just("hint"), st.none()),
    st.tuples(st.just("close"), st.sampled_from([Ending.PLANNED_CLOSE, Ending.STOPPED])),
    st.tuples(st.just("resume"), st.none()),
    st.tuples(st.just("branch"), st.integers(0, 30)),
)


class Sitting:
    """A session on which steps are taken."""

    def __init__(self, scenario, pace, seed, clock):
        self.scenario, self.clock, self.store = scenario, type(clock)(), MemoryStore()
        self.rng = random.Random(seed)
        options = Options(seed=seed, pace=pace, max_turns=9)
        self.session = LiveSession.begin(self.store, scenario, options, self.clock, self.rng)

    def take(self, what, value):
        session = self.session
        match what:
            case "clauses":
                self.hear(value)
            case "send" | "close":
                getattr(session, what)(value)
            case "wait":
                self.clock.sleep(value)
            case "answer":
                session.answer_safety(value)
            case "hint":
                session.note_hint(hint_for(session))
            case "resume":
                self.resume()
            case "branch":
                self.session = LiveSession.branch(
                    self.store, session.id, value, self.scenario, self.clock, self.rng
                )
            case _:
                getattr(session, what)()

    def hear(self, most):
        for _ in range(most):
            if self.session.next_clause() is None:
                self.session.finish()
                break

    def resume(self):
        self.session = LiveSession.resume(self.store, self.session.id, self.scenario, self.clock)

    def try_(self, what, value):
        """A problem that a user can cause changes nothing."""
        before = self.store.copy().sessions
        try:
            self.take(what, value)
        except AllianceError:
            assert self.store.sessions == before


def holds(sitting):
    session = sitting.session
    events = [stored.event for stored in sitting.store.events(session.id)]
    assert events == list(session.events)
    assert standing_of(events) == session.standing
    transcript = transcript_of(session.id, events)
    turns = [utterance.turn for utterance in transcript.utterances]
    assert turns == sorted(set(turns))
    sent = [event for event in events if isinstance(event, TraineeSent)]
    said = [u.text for u in transcript.utterances if u.speaker == "therapist"]
    assert said == [event.text for event in sent]
    ends = [place for place, event in enumerate(events) if isinstance(event, Ended)]
    assert len(ends) <= 1
    if ends:
        after = events[ends[0] + 1 :]
        assert not any(isinstance(event, ClientPlanned | TraineeSent) for event in after)
        assert session.next_clause() is None
    debrief = make_debrief(session.id, events, sitting.scenario, None)
    assert len(debrief.reviews) == len(sent)


PLAYS = st.lists(STEP, max_size=30)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    name=st.sampled_from(["wary", "mandated", "trauma"]),
    pace=st.sampled_from(list(Pace)),
    seed=st.integers(0, 99),
    play=PLAYS,
)
def test_any_play_leaves_a_session_that_its_events_give_again(
    library, clock, name, pace, seed, play
):
    sitting = Sitting(library.scenario(name), pace, seed, clock)
    for what, value in play:
        sitting.try_(what, value)
        holds(sitting)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(pace=st.sampled_from(list(Pace)), seed=st.integers(0, 99), play=PLAYS, text=TEXTS)
def test_a_session_taken_up_at_any_point_goes_on_as_if_it_had_not_been_left(
    library, clock, pace, seed, play, text
):
    sitting = Sitting(library.scenario("wary"), pace, seed, clock)
    for what, value in play:
        sitting.try_(what, value)
    other = Sitting(library.scenario("wary"), pace, seed, clock)
    other.store, other.session = sitting.store.copy(), sitting.session
    other.resume()
    for one in (sitting, other):
        one.try_("answer", False)
        one.try_("clauses", 99)
        one.try_("send", text)
        one.try_("clauses", 99)
    assert other.session.state == sitting.session.state
    assert other.session.ended == sitting.session.ended
    assert other.session.transcript() == sitting.session.transcript()


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(pace=st.sampled_from(list(Pace)), seed=st.integers(0, 99), texts=st.lists(TEXTS, max_size=9))
def test_a_kill_after_any_committed_event_loses_nothing_and_the_same_words_follow(
    library, clock, pace, seed, texts
):
    """Cut the record after each reply that was committed, before its answer."""
    scenario = library.scenario("mandated")
    sitting = Sitting(scenario, pace, seed, clock)
    sitting.take("clauses", 99)
    for text in texts:
        sitting.try_("send", text)
        sitting.try_("answer", False)
        sitting.take("clauses", 99)
    lived = [stored.event for stored in sitting.store.events(sitting.session.id)]
    for place, event in enumerate(lived[:-1]):
        if not isinstance(event, TraineeSent) or lived[place + 1].type == "coded":
            continue
        store = MemoryStore()
        store.append(sitting.session.id, lived[: place + 1], at=sitting.clock.now())
        again = LiveSession.resume(store, sitting.session.id, scenario, type(clock)())
        again.answer_safety(False)
        planned = [e for e in lived[place:] if isinstance(e, ClientPlanned)]
        assert again.standing.memory.planned == planned[0]
