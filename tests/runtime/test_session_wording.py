"""A session worded by a model: what is stored, what is heard, and what goes wrong without harm."""

import json
import random
import re

import pytest
from memory_store import MemoryStore
from tests.llm.fake_backend import Cut, FakeBackend, Hanging, Reset

from alliance_sim.domain.events import (
    EVENT,
    Act,
    ClauseShown,
    ClauseWorded,
    ClientPlanned,
    Ending,
    TraineeSent,
    Worded,
)
from alliance_sim.domain.speech import clauses
from alliance_sim.domain.transcript import Floor, Pace
from alliance_sim.llm.port import Fault, ModelProblem
from alliance_sim.runtime.model_usage import model_usage, usage_line
from alliance_sim.runtime.replay import standing_of, transcript_of
from alliance_sim.runtime.session import LiveSession, Options
from alliance_sim.runtime.wording import RESTS_AFTER, Wording

RANDOM = random.Random(3)
PLAIN = "I get in at half past six. I eat standing up, and then I lie there."
ROLE = "How does that make you feel?"
TURNED_OFF = ModelProblem("http://127.0.0.1:1/v1 (model m) refused", Fault.UNREACHABLE)
MEANING = re.compile(r'what you have to say: (".*")$', re.MULTILINE)


def as_meant(request):
    """A model that says exactly what it was told to say."""
    return json.loads(MEANING.search(request.messages[0].content).group(1))


@pytest.fixture
def hold(library, clock):
    """Open a session with a fake model; everything is closed after the test."""
    opened = []

    def begin(*script, client="wary", store=None, seed=7, **options):
        backend = FakeBackend(*(script or (as_meant,)))
        words = Wording(backend)
        opened.append(words)
        chosen = Options(seed=seed, voice="model", **options)
        scenario = library.scenario(client)
        store = MemoryStore() if store is None else store
        session = LiveSession.begin(store, scenario, chosen, clock, RANDOM, words)
        return session, words, backend

    yield begin
    for words in opened:
        words.close()


def speak(session, words, most=None):
    """Hear the client's turn to its end, or its first `most` clauses."""
    shown = []
    while most is None or len(shown) < most:
        clause = session.next_clause()
        if clause:
            shown.append(clause)
        elif session.awaits_words:
            words.wait(5)
        else:
            break
    if most is None:
        session.finish()
    return shown


def begun(session, words):
    """Past arrival and opening, which no model words."""
    speak(session, words)
    session.send("Hello, come in.")
    speak(session, words)


def of(session, kind):
    return [event for event in session.events if isinstance(event, kind)]


def text_of(clauses):
    return " ".join(clause.text for clause in clauses)


def test_the_words_are_the_models_and_each_is_stored_before_it_is_shown(hold):
    session, words, backend = hold(PLAIN)
    begun(session, words)
    assert not backend.requests
    session.send("How are you sleeping?")
    assert text_of(speak(session, words)) == PLAIN
    turn = session.standing.memory.planned.turn
    kinds = [e.type for e in session.events if getattr(e, "turn", None) == turn]
    assert kinds[0] == "client_planned"
    assert kinds[-1] == "client_finished"
    worded = {e.index: place for place, e in enumerate(session.events) if e.type == "clause_worded"}
    shown = [(e.index, p) for p, e in enumerate(session.events) if isinstance(e, ClauseShown)]
    for index, place in shown[-len(worded) :]:
        assert worded[index] < place
    said = session.transcript().utterances[-1]
    assert (said.text, said.voice) == (PLAIN, "model")
    assert len(backend.requests) == 1


def test_the_authored_words_stand_by_and_are_never_exported_as_said(hold):
    session, words, _ = hold(PLAIN)
    begun(session, words)
    session.send("How are you sleeping?")
    speak(session, words)
    planned = of(session, ClientPlanned)[-1]
    assert planned.voice == "model"
    script = text_of(planned.clauses)
    assert script
    assert script not in repr(session.transcript())


def test_one_call_a_turn_and_the_record_says_what_it_took(hold):
    told = [PLAIN, "I hear the trucks. They start at seven.", "The blind does nothing for that."]
    session, words, backend = hold(*told)
    begun(session, words)
    for _ in told:
        session.send("How are you sleeping?")
        speak(session, words)
    records = of(session, Worded)
    asked = [e for e in of(session, ClientPlanned) if e.voice == "model"]
    assert len(records) == len(asked) == len(backend.requests)
    assert {(r.calls, r.retries, r.voice, r.model) for r in records} == {
        (1, 0, "model", "fake-model")
    }
    assert all(r.prompt_tokens > 200 for r in records)
    assert [r.completion_tokens for r in records] == [len(text.split()) for text in told]
    assert len({r.prompt for r in records}) == len(records)
    found = model_usage(session.events)
    assert found.usage.calls == len(records)
    assert "fake-model" in usage_line(found)


def test_the_same_directive_and_history_give_the_same_prompt(hold):
    first, words, backend = hold(PLAIN)
    begun(first, words)
    first.send("How are you sleeping?")
    speak(first, words)
    second, more, again = hold(PLAIN)
    begun(second, more)
    second.send("How are you sleeping?")
    speak(second, more)
    assert backend.requests[0].messages == again.requests[0].messages
    assert of(first, Worded)[0].prompt == of(second, Worded)[0].prompt


def test_a_draft_that_trips_the_guard_is_corrected_once(hold):
    session, words, backend = hold(ROLE, PLAIN)
    begun(session, words)
    session.send("How are you sleeping?")
    assert text_of(speak(session, words)) == PLAIN
    first, second = (request.messages for request in backend.requests)
    assert first[1:] == second[1:]
    assert second[0].content.startswith(first[0].content)
    assert ROLE not in second[0].content
    record = of(session, Worded)[-1]
    assert (record.trips, record.voice, record.calls) == (("role",), "model", 2)


def test_after_two_the_authored_words_are_spoken_and_it_is_recorded(hold):
    session, words, _ = hold(ROLE, "As an AI, I cannot say.")
    begun(session, words)
    session.send("How are you sleeping?")
    heard = speak(session, words)
    assert heard == list(of(session, ClientPlanned)[-1].clauses)
    record = of(session, Worded)[-1]
    assert (record.trips, record.voice) == (("role", "meta"), "fallback")
    assert session.transcript().utterances[-1].voice == "fallback"
    stored = " ".join(event.model_dump_json() for event in session.events)
    assert ROLE not in stored
    assert "As an AI" not in stored


@pytest.mark.parametrize(
    ("reply", "heard", "trip"),
    [
        ("I lie there. Then I get up. " + ROLE, "I lie there. Then I get up.", "role"),
        ("I lie there with the blind down, and as an AI I count.", None, "meta"),
        (Cut("I lie there. And then I coun"), "I lie there.", "broken"),
    ],
)
def test_what_was_heard_stays_and_the_turn_ends_there(hold, reply, heard, trip):
    session, words, _ = hold(reply, PLAIN)
    begun(session, words)
    session.send("How are you sleeping?")
    said = text_of(speak(session, words))
    assert said == (heard or PLAIN) or said.startswith("I lie there with the blind down")
    assert trip in of(session, Worded)[-1].trips
    assert "AI" not in said
    assert said.rstrip().endswith((".", "…"))


@pytest.mark.parametrize("fault", [TURNED_OFF, Reset("I went"), Reset("")])
def test_a_model_that_fails_costs_nothing_but_a_sentence(hold, fault):
    session, words, _ = hold(fault, fault, PLAIN)
    begun(session, words)
    session.send("How are you sleeping?")
    heard = speak(session, words)
    assert heard == list(of(session, ClientPlanned)[-1].clauses)
    notices = words.take_notices()
    assert len(notices) == 1
    assert "authored words" in notices[0]
    assert words.take_notices() == ()
    assert of(session, Worded)[-1].fault
    assert of(session, TraineeSent)[-1].text == "How are you sleeping?"


def test_a_connection_that_breaks_after_some_words_ends_the_turn_there(hold):
    session, words, _ = hold(Reset("I lie there. I get up again. And th"))
    begun(session, words)
    session.send("How are you sleeping?")
    assert text_of(speak(session, words)).startswith("I lie there.")
    record = of(session, Worded)[-1]
    assert (record.voice, record.fault) == ("model", "reply")
    assert "breaks off" in words.take_notices()[0]


def test_a_model_that_keeps_failing_rests_until_somebody_asks(hold):
    session, words, backend = hold(*[TURNED_OFF] * RESTS_AFTER, PLAIN)
    begun(session, words)
    asked = 0
    while not words.resting:
        session.send(f"How are you sleeping, {asked}?")
        speak(session, words)
        asked += 1
        assert asked < 9
    assert "from here on" in words.take_notices()[-1]
    session.send("And the week?")
    speak(session, words)
    assert of(session, ClientPlanned)[-1].voice in {"fallback", "scripted"}
    assert len(backend.requests) == RESTS_AFTER
    words.try_again()
    while len(backend.requests) == RESTS_AFTER:
        session.send("What was that like?")
        speak(session, words)
    assert text_of(speak(session, words)) == ""
    assert session.transcript().utterances[-1].voice == "model"


# ---- the floor ------------------------------------------------------------------------------


def until_speaking(session, words, clauses=1):
    shown = speak(session, words, clauses)
    assert len(shown) == clauses
    return shown


def test_cutting_in_cancels_the_request_and_only_what_was_heard_is_known_later(hold):
    cut_off = Hanging("I get in at half past six in the morning, every day. I lie down and th")
    session, words, backend = hold(cut_off, PLAIN, pace=Pace.STREAM)
    begun(session, words)
    session.send("How are you sleeping?")
    until_speaking(session, words)
    sent = session.send("Right, but have you told your manager about the roster at all?")
    assert sent.event.floor is Floor.TAKING
    assert sent.event.words_lost > 0
    record = of(session, Worded)[-1]
    assert record.cut
    assert record.estimated
    speak(session, words)
    assert backend.cancelled == 1
    history = backend.requests[-1].messages
    said = [message.content for message in history if message.role == "assistant"]
    assert said[-1].startswith("I get in at half past six in the morning")
    assert said[-1].endswith("—")
    assert "lie down" not in " ".join(message.content for message in history[1:])


def test_mm_hm_lets_the_client_go_on(hold):
    words_of_model = "I get in at half past six in the morning, every day. I lie down, and then up."
    session, words, backend = hold(words_of_model, pace=Pace.STREAM)
    begun(session, words)
    session.send("How are you sleeping?")
    until_speaking(session, words)
    assert session.send("Mm-hm.").goes_on
    speak(session, words)
    assert session.transcript().utterances[-2].text == words_of_model
    assert len(backend.requests) == 1


@pytest.mark.parametrize("pace", [Pace.STREAM, Pace.UNTIMED])
def test_writing_before_a_word_was_heard_takes_the_turn_back(hold, pace):
    session, words, backend = hold(Hanging(""), PLAIN, PLAIN, pace=pace)
    begun(session, words)
    session.send("How are you sleeping?")
    assert session.awaits_words
    before = session.standing.memory
    sent = session.send("Sorry, take your time with that.")
    assert sent.event.floor is None
    assert sent.event.words_lost > 0
    assert not set(before.planned.lines) & set(session.standing.memory.before.used)
    speak(session, words)
    assert backend.cancelled == 1
    assert len(session.transcript().utterances) == len(of(session, TraineeSent)) + 3


def test_the_client_goes_on_when_a_turn_is_passed_and_nothing_hangs(hold):
    session, words, _ = hold(Hanging("I lie there. I"), PLAIN)
    begun(session, words)
    session.send("How are you sleeping?")
    until_speaking(session, words)
    session.skip()
    assert speak(session, words)


def test_a_hanging_model_does_not_hold_up_the_end(hold):
    session, words, backend = hold(Hanging("I lie"), "Right. Thanks, I suppose.")
    begun(session, words)
    session.send("How are you sleeping?")
    session.close()
    speak(session, words)
    assert session.ended.ending is Ending.PLANNED_CLOSE
    assert backend.cancelled == 1


# ---- what is told ---------------------------------------------------------------------------

LINE = 1
"""Which of the disclosure's lines is meant."""


def telling(session, words):
    """The session with a disclosure planned next, whatever led there; its record."""
    told = session.scenario.disclosures[LINE]
    latest = of(session, ClientPlanned)[-1]
    planned = latest.model_copy(
        update={
            "turn": session.standing.next_turn,
            "act": Act.DISCLOSE,
            "disclosure": told.id,
            "topic": told.topics[0],
            "clauses": clauses(told.lines[0]),
            "voice": "model",
        }
    )
    session._commit(planned)
    return planned


def test_a_disclosure_counts_once_its_fact_was_heard(hold):
    session, words, _ = hold()
    begun(session, words)
    planned = telling(session, words)
    assert planned.disclosure not in session.standing.memory.told
    shown = speak(session, words)
    assert any(clause.tells for clause in shown)
    assert planned.disclosure in session.standing.memory.told
    assert planned.disclosure in standing_of(session.events).memory.told


def test_cut_off_before_the_fact_it_was_not_told(hold):
    session, words, _ = hold(pace=Pace.STREAM)
    begun(session, words)
    planned = telling(session, words)
    clause = None
    while clause is None:
        clause = session.next_clause()
        words.wait(1)
    assert not clause.tells
    session.send("Right, but have you told your manager about the roster at all?")
    assert planned.disclosure not in session.standing.memory.told


def test_a_disclosure_that_the_model_leaves_out_is_told_in_the_authored_words(hold):
    session, words, backend = hold(
        lambda request: PLAIN if "kept back" in request.messages[0].content else as_meant(request),
    )
    begun(session, words)
    planned = telling(session, words)
    asked = len(backend.requests)
    assert speak(session, words) == list(planned.clauses)
    assert "untold" in of(session, Worded)[-1].trips
    assert len(backend.requests) <= asked + 1
    assert planned.disclosure in session.standing.memory.told


# ---- sittings -------------------------------------------------------------------------------


def test_a_kill_after_any_committed_event_loses_nothing_that_was_heard(hold, library, clock):
    store = MemoryStore()
    drafts = [PLAIN, ROLE, PLAIN, "I lie there. Then I get up, and look.", PLAIN, PLAIN, PLAIN]
    session, words, _ = hold(*drafts, store=store)
    begun(session, words)
    for reply in ("How are you sleeping?", "What is that like?", "Who else knows?"):
        session.send(reply)
        speak(session, words)
    rows = store.sessions[session.id]
    first = next(p for p, e in enumerate(session.events) if isinstance(e, ClauseWorded))
    for kept in range(first - 3, len(rows) + 1):
        half = MemoryStore({session.id: rows[:kept]})
        before = transcript_of(session.id, [e.event for e in half.events(session.id)])
        fresh = FakeBackend(as_meant)
        more = Wording(fresh)
        again = LiveSession.resume(half, session.id, library.scenario("wary"), clock, more)
        speak(again, more)
        after = again.transcript()
        more.close()
        for was, now in zip(before.utterances, after.utterances, strict=False):
            assert now.text.startswith(was.text)
        again_standing = standing_of(again.events)
        assert again_standing == again.standing
        assert again.standing.finished, [e.type for e in again.events][kept - 3 :]


def test_without_a_model_it_goes_on_in_the_authored_words(hold, library, clock):
    store = MemoryStore()
    session, words, _ = hold(Hanging(""), store=store)
    begun(session, words)
    session.send("How are you sleeping?")
    words.close()
    again = LiveSession.resume(store, session.id, library.scenario("wary"), clock)
    assert not again.awaits_words or again.next_clause()
    while again.next_clause():
        pass
    again.finish()
    assert again.standing.finished
    assert of(again, Worded)[-1].voice == "fallback"
    again.send("And at work?")
    assert of(again, ClientPlanned)[-1].voice == "scripted"


def test_a_turn_tried_again_has_the_same_hour_before_it(hold, library, clock):
    store = MemoryStore()
    session, words, _ = hold(*[PLAIN] * 5, store=store)
    begun(session, words)
    session.send("How are you sleeping?")
    speak(session, words)
    session.send("You should sleep more.")
    speak(session, words)
    turn = of(session, TraineeSent)[-1].turn
    backend = FakeBackend(as_meant)
    more = Wording(backend)
    scenario = library.scenario("wary")
    again = LiveSession.branch(store, session.id, turn, scenario, clock, RANDOM, more)
    heard = [said.text for said in again.transcript().utterances]
    assert heard == [said.text for said in session.transcript().utterances][: len(heard)]
    assert again.opened.voice == "model"
    again.send("What is it like to lie there?")
    assert speak(again, more)
    assert backend.requests
    more.close()


def test_what_the_client_does_before_the_first_word_is_the_authors(hold):
    """A turn that begins with a stage direction keeps it, in the model's words too."""
    session, words, _ = hold(max_turns=60)
    begun(session, words)
    found = 0
    for place in range(24):
        session.send(("At least it could be worse.", "Go on.", "What was that like?")[place % 3])
        planned = of(session, ClientPlanned)[-1]
        shown = speak(session, words)
        if planned.voice == "model" and planned.clauses[0].stage:
            found += 1
            assert shown[0] == planned.clauses[0]
        if session.ended:
            break
    assert found


def test_turns_that_are_the_same_for_everyone_are_never_the_models(hold):
    session, words, _ = hold(client="mandated", max_turns=60)
    begun(session, words)
    voices = {event.act: event.voice for event in of(session, ClientPlanned)}
    assert voices == {Act.ARRIVE: "scripted", Act.OPEN: "scripted"}


def test_events_of_a_worded_session_survive_the_store_and_older_ones_load(hold):
    session, words, _ = hold(ROLE, PLAIN)
    begun(session, words)
    session.send("How are you sleeping?")
    speak(session, words)
    for event in session.events:
        assert EVENT.validate_json(event.model_dump_json()) == event
    older = ClauseWorded.model_validate(
        {"turn": 3, "index": 0, "clause": {"text": "Yes.", "words": 1}}
    )
    assert not older.clause.tells
    assert Worded.model_validate({"turn": 3}).voice == "model"
