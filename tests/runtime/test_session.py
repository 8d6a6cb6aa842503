"""The live session: what is said, heard, stored, cut off, ended and taken up again."""

import random

import pytest

from alliance_sim.domain.events import (
    Act,
    ClauseShown,
    ClientPlanned,
    Ending,
    SafetyAsked,
    StateMoved,
    TraineeSent,
)
from alliance_sim.domain.transcript import Floor, Pace
from alliance_sim.errors import UsageProblem
from alliance_sim.runtime.replay import standing_of, transcript_of
from alliance_sim.runtime.session import LiveSession, Options

RANDOM = random.Random(1)
CLIENTS = ["wary", "mandated", "trauma"]
SKILLED = [
    "Come in, have a seat.",
    "It sounds like none of this was your choice.",
    "What would make this hour worth something to you?",
    "No wonder you are careful, after the way that went.",
    "You can leave out whatever you like.",
    "What was that like for you?",
    "Part of you wants to be done with it, and part of you came anyway.",
    "How have you been sleeping?",
]


def begin(library, store, clock, name="wary", seed=7, **options) -> LiveSession:
    scenario = library.scenario(name)
    chosen = Options(seed=seed, **options)
    return LiveSession.begin(store, scenario, chosen, clock, RANDOM)


def speak(session: LiveSession) -> str:
    """Let the client say the whole turn; the words."""
    said = []
    while (clause := session.next_clause()) is not None:
        said.append(clause.text)
    session.finish()
    return " ".join(said)


def play(session: LiveSession, replies) -> list[str]:
    said = [speak(session)]
    for reply in replies:
        if session.ended:
            break
        session.send(reply)
        said.append(speak(session))
    return said


def events_of(store, session):
    return [stored.event for stored in store.events(session.id)]


@pytest.mark.parametrize("name", CLIENTS)
def test_the_client_arrives_then_opens_and_the_opening_takes_40_to_60_seconds(
    library, store, clock, name
):
    session = begin(library, store, clock, name)
    arrival, opening = play(session, ["Come in, have a seat."])
    scenario = library.scenario(name)
    assert arrival == " ".join(scenario.arrival.line.split())
    assert " ".join(scenario.opening.text.split()) in opening
    assert 40 <= scenario.opening_words() / 160 * 60 <= 60


@pytest.mark.parametrize("name", CLIENTS)
def test_the_same_seed_gives_the_same_client_and_another_seed_another(library, store, clock, name):
    first = play(begin(library, store, clock, name), SKILLED)
    again = play(begin(library, store, clock, name), SKILLED)
    other = play(begin(library, store, clock, name, seed=8), SKILLED)
    assert first == again
    assert first != other


@pytest.mark.parametrize("name", CLIENTS)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_in_thirty_turns_no_line_comes_twice(library, store, clock, name, seed):
    asked = [*SKILLED, "Tell me more about that.", "And then?", "How do you mean?"] * 3
    session = begin(library, store, clock, name, seed)
    play(
        session, [f"{text} {'So' if i >= 11 else ''}".strip() for i, text in enumerate(asked)][:30]
    )
    lines = [key for e in session.events if isinstance(e, ClientPlanned) for key in e.lines]
    assert len(lines) >= 30
    assert len(lines) == len(set(lines))


def test_what_is_not_disclosed_never_shows(library, store, clock):
    """Tripwire words of a disclosure are not heard before it is told."""
    for name in CLIENTS:
        scenario = library.scenario(name)
        session = begin(library, store, clock, name)
        heard = ""
        for reply in [None, *SKILLED, *SKILLED]:
            if reply and not session.ended:
                session.send(reply)
            heard += " " + speak(session).lower()
            told = set(session.standing.memory.disclosed)
            for disclosure in scenario.disclosures:
                if disclosure.id not in told:
                    assert not any(wire.lower() in heard for wire in disclosure.tripwires)


def test_a_reply_is_stored_before_it_is_answered_and_a_clause_before_it_is_shown(
    library, store, clock
):
    session = begin(library, store, clock)
    clause = session.next_clause()
    stored = events_of(store, session)
    assert stored[-1] == ClauseShown(turn=0, index=0)
    planned = next(e for e in stored if isinstance(e, ClientPlanned))
    assert planned.clauses[0] == clause
    speak(session)
    session.send("Hello, Dee.")
    kinds = [event.type for event in events_of(store, session)]
    assert kinds.index("trainee_sent") < kinds.index("coded") < kinds.index("state_moved")


def test_cutting_in_withholds_the_rest_is_felt_and_marked(library, store, clock):
    session = begin(library, store, clock, pace=Pace.STREAM)
    play(session, [])
    session.send("Come in.")
    for _ in range(3):
        session.next_clause()
    planned = session.standing.memory.planned
    heard = [clause.text for clause in planned.clauses[:3]]
    sent = session.send("Right, and have you tried writing a list of what you want?")
    assert sent.event.floor is Floor.TAKING
    assert sent.event.words_lost > 50
    utterance = session.transcript().utterances[-2]
    assert utterance.text == " ".join(heard)
    assert utterance.words_lost == sent.event.words_lost
    moved = [e for e in session.events if isinstance(e, StateMoved)][-1]
    assert "cutoff" in moved.moves
    assert moved.deltas["trust"] < 0


def test_a_backchannel_lets_the_client_go_on(library, store, clock):
    session = begin(library, store, clock, pace=Pace.STREAM)
    play(session, [])
    session.send("Come in.")
    session.next_clause()
    before = session.state
    sent = session.send("Mm-hm.")
    assert sent.goes_on
    assert session.state == before
    assert session.client_is_speaking
    rest = speak(session)
    opening = session.standing.memory.planned
    assert opening.act is Act.OPEN
    assert rest.endswith(opening.clauses[-1].text)


def test_untimed_words_cannot_be_cut(library, store, clock):
    session = begin(library, store, clock, pace=Pace.UNTIMED)
    session.next_clause()
    sent = session.send("Right, but have you tried calling someone about it?")
    assert sent.event.floor is None
    assert sent.finishing
    assert sent.event.words_lost == 0


def test_a_disclosure_that_was_cut_off_has_not_been_told(library, store, clock):
    session = begin(library, store, clock, "wary", pace=Pace.STREAM)
    events = list(session.events)
    disclosure = library.scenario("wary").disclosures[0]
    planned = session.standing.memory.planned.model_copy(
        update={"turn": 1, "disclosure": disclosure.id}
    )
    cut = TraineeSent(turn=2, text="But", floor=Floor.TAKING, words_heard=3, words_lost=40)
    whole = TraineeSent(turn=2, text="Mm, and?")
    assert disclosure.id in standing_of([*events, planned, whole]).memory.disclosed
    assert disclosure.id not in standing_of([*events, planned, cut]).memory.disclosed


def test_the_hour_ends_after_its_turns(library, store, clock):
    session = begin(library, store, clock, max_turns=3)
    play(session, ["Hello.", "How are you sleeping?", "Who is at home?", "And work?"])
    assert session.ended.ending is Ending.TIME
    with pytest.raises(UsageProblem, match="ended"):
        session.send("One more thing?")


def test_the_trainee_closes_the_hour_in_her_own_words(library, store, clock):
    session = begin(library, store, clock)
    play(session, ["Hello.", "We have to stop here for today. I'll see you next week."])
    assert session.ended.ending is Ending.PLANNED_CLOSE


def test_a_closed_hour_has_last_words_and_a_stopped_one_has_none(library, store, clock):
    closed = begin(library, store, clock)
    play(closed, ["Hello."])
    closed.close()
    assert speak(closed)
    assert closed.ended.ending is Ending.PLANNED_CLOSE
    stopped = begin(library, store, clock)
    play(stopped, ["Hello."])
    stopped.close(Ending.STOPPED)
    assert stopped.ended.ending is Ending.STOPPED
    assert stopped.ended.dropout_estimate is None


POOR = [
    "You need to calm down.",
    "You should really try harder.",
    "I feel like you're not trying.",
    "At least it could be worse.",
    "You always make excuses.",
] * 8


def test_poor_practice_loses_the_client_who_says_so_before_leaving(library, store, clock):
    session = begin(library, store, clock, "wary", max_turns=60)
    play(session, ["Hello.", *POOR])
    acts = [e.act for e in session.events if isinstance(e, ClientPlanned)]
    assert session.ended.ending is Ending.WALK_OUT
    assert acts.index(Act.WARN) < acts.index(Act.LEAVE)


def test_a_mandated_client_stays_and_only_complies(library, store, clock):
    session = begin(library, store, clock, "mandated", max_turns=35)
    play(session, ["Hello.", *POOR])
    acts = [e.act for e in session.events if isinstance(e, ClientPlanned)]
    assert Act.COMPLY in acts
    assert session.ended.ending is Ending.TIME


def test_resume_goes_on_where_it_stopped_in_mid_turn(library, store, clock):
    session = begin(library, store, clock)
    play(session, ["Hello."])
    session.send("How are you sleeping?")
    first = session.next_clause()
    again = LiveSession.resume(store, session.id, library.scenario("wary"), clock)
    rest = speak(again)
    planned = again.standing.memory.planned
    assert f"{first.text} {rest}".strip() == " ".join(c.text for c in planned.clauses)


def test_resume_answers_a_reply_that_was_never_answered(library, store, clock):
    lived = begin(library, store, clock)
    play(lived, ["Hello."])
    lived.send("How are you sleeping?")
    answer = speak(lived)
    died = begin(library, store, clock)
    play(died, ["Hello."])
    sent = TraineeSent(turn=died.standing.next_turn, text="How are you sleeping?")
    store.append(died.id, [sent], at=clock.now())
    again = LiveSession.resume(store, died.id, library.scenario("wary"), clock)
    assert speak(again) == answer


def test_a_branch_has_the_same_hour_up_to_the_turn_and_leaves_the_first_alone(
    library, store, clock
):
    session = begin(library, store, clock)
    play(session, SKILLED)
    turns = [e.turn for e in session.events if isinstance(e, TraineeSent)]
    before = events_of(store, session)
    branch = LiveSession.branch(
        store, session.id, turns[3], library.scenario("wary"), clock, random.Random(2)
    )
    assert branch.opened.branch.session_id == session.id
    shared = branch.transcript().utterances
    assert shared == session.transcript().utterances[: len(shared)]
    assert all(u.turn < turns[3] for u in shared)
    branch.send("You should just try harder.")
    speak(branch)
    assert events_of(store, session) == before


def test_a_branch_from_a_turn_that_is_not_the_trainees_is_refused(library, store, clock):
    session = begin(library, store, clock)
    play(session, SKILLED[:2])
    with pytest.raises(UsageProblem, match="not one of the trainee's"):
        LiveSession.branch(store, session.id, 0, library.scenario("wary"), clock, random.Random(2))


def test_words_about_a_risk_of_ones_own_are_asked_about_outside_the_role(library, store, clock):
    session = begin(library, store, clock)
    play(session, ["Hello."])
    sent = session.send("I can't do this any more, I want to kill myself.")
    assert sent.safety
    assert isinstance(session.events[-1], SafetyAsked)
    session.answer_safety(None)
    assert session.standing.unscored
    other = begin(library, store, clock)
    play(other, ["Hello."])
    other.send("I can't do this any more, I want to kill myself.")
    other.answer_safety(False)
    assert not other.standing.unscored
    assert speak(other)


def test_pausing_stops_the_clock_and_skipping_costs_nothing(library, store, clock):
    session = begin(library, store, clock, pace=Pace.STREAM)
    play(session, ["Hello."])
    session.pause()
    clock.sleep(100)
    session.unpause()
    assert session.seconds() == 0
    before = session.state
    session.skip()
    assert speak(session)
    assert session.state == before


@pytest.mark.parametrize("text", ["", "   ", "x" * 20_001])
def test_an_empty_or_endless_reply_is_refused_and_nothing_is_lost(library, store, clock, text):
    session = begin(library, store, clock)
    play(session, [])
    before = events_of(store, session)
    with pytest.raises(UsageProblem):
        session.send(text)
    assert events_of(store, session) == before


def test_the_transcript_holds_only_what_was_heard(library, store, clock):
    session = begin(library, store, clock)
    session.next_clause()
    transcript = transcript_of(session.id, events_of(store, session))
    planned = session.standing.memory.planned
    assert [u.text for u in transcript.utterances] == [planned.clauses[0].text]
