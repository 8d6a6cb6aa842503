"""The debrief: from what was heard alone, and the same however often it is made."""

import random

import pytest
from memory_store import MemoryStore

from alliance_sim.domain.events import ClientPlanned, Ending
from alliance_sim.domain.transcript import Pace
from alliance_sim.plain.debrief import render
from alliance_sim.runtime.debrief import FAIR, MOST_SUGGESTED, POOR, effect_words, make_debrief
from alliance_sim.runtime.results import debrief_of, rubrics_in_play, score_events
from alliance_sim.runtime.session import LiveSession, Options

RANDOM = random.Random(3)


def begin(library, clock, name="wary", **options):
    store = MemoryStore()
    chosen = Options(seed=7, **options)
    return LiveSession.begin(store, library.scenario(name), chosen, clock, RANDOM), store


def speak(session):
    while session.next_clause():
        pass
    session.finish()


def debrief(session, scorecard=None):
    return make_debrief(session.id, session.events, session.scenario, scorecard)


def telling(session, disclosure):
    """The session as it would stand with that disclosure planned next, and nothing heard of it."""
    latest = [event for event in session.events if isinstance(event, ClientPlanned)][-1]
    words = tuple(
        clause.model_copy(update={"text": f"SECRET {i}"}) for i, clause in enumerate(latest.clauses)
    )
    update = {"turn": 90, "disclosure": disclosure.id, "event": "could_i_text", "clauses": words}
    planned = latest.model_copy(update=update)
    session._commit(planned)
    return planned


@pytest.mark.parametrize("heard", [0, 1])
def test_what_was_planned_and_not_heard_is_nowhere(library, clock, heard):
    session, _ = begin(library, clock, pace=Pace.STREAM)
    speak(session)
    session.send("Come in.")
    speak(session)
    disclosure = session.scenario.disclosures[0]
    planned = telling(session, disclosure)
    for _ in range(heard):
        session.next_clause()
    for ending in (None, Ending.STOPPED):
        if ending:
            session.close(ending)
        made = debrief(session)
        assert made.disclosed == ()
        assert made.kept_back == len(session.scenario.disclosures)
        assert "disclosure" not in made.points[-1].marks
        text = render(made) + repr(made.transcript)
        assert disclosure.fact not in text
        assert not any(clause.text in text for clause in planned.clauses[heard:])
        assert not any(reply in text for reply in disclosure.instead)


def test_what_was_heard_is_told(library, clock):
    session, _ = begin(library, clock)
    speak(session)
    session.send("Come in.")
    disclosure = session.scenario.disclosures[0]
    telling(session, disclosure)
    speak(session)
    made = debrief(session)
    assert [told.fact for told in made.disclosed] == [disclosure.fact]
    assert {"disclosure", "event"} <= set(made.points[-1].marks)


def test_an_hour_is_scored_once_and_the_scores_are_kept(library, clock):
    session, store = begin(library, clock)
    speak(session)
    session.send("It sounds like none of this was your choice.")
    speak(session)
    session.close()
    speak(session)
    first = debrief_of(store, session.id, library, clock)
    count = len(store.events(session.id))
    again = debrief_of(store, session.id, library, clock)
    assert len(store.events(session.id)) == count
    assert again.scorecard == first.scorecard
    rubrics = rubrics_in_play(library, session.scenario)
    assert score_events(session.id, session.events, session.scenario, rubrics) == first.scorecard


@pytest.mark.parametrize(
    ("play", "why"),
    [
        (lambda s: s.close(Ending.STOPPED), "stopped"),
        (lambda s: s.close(), "nothing was said"),
        (lambda s: s.send("I want to kill myself."), "safety"),
    ],
)
def test_an_hour_that_is_not_scored_says_why(library, clock, play, why):
    session, store = begin(library, clock)
    speak(session)
    play(session)
    speak(session)
    made = debrief_of(store, session.id, library, clock)
    assert made.scorecard is None
    assert why in made.why_unscored
    assert made.why_unscored in render(made)


def test_effects_are_told_in_words_largest_first_and_small_ones_not():
    assert effect_words({"trust": -2.4, "safety": 5.0, "task": 1.9}) == ("safety +5", "trust −2")


def test_a_session_that_never_began_has_no_debrief(library):
    with pytest.raises(ValueError, match="opening record"):
        make_debrief("x", [], library.scenario("wary"), None)


def test_suggestions_are_few_and_spare_what_was_done_well(library, clock):
    session, store = begin(library, clock, pace=Pace.UNTIMED)
    speak(session)
    said = (
        "You should get more sleep. Have you tried that? Anyway, what medication are you on?",
        "So four readings in an hour, and it was the looking that got noticed, not the water.",
        "You're being dramatic. Calm down.",
        "It costs you a lot to walk in a fourth time, and part of you already has a bag packed.",
    )
    for words in said:
        session.send(words)
        speak(session)
    session.close(Ending.PLANNED_CLOSE)
    speak(session)
    made = debrief_of(store, session.id, library, clock)
    suggested = {review.said: review.instead for review in made.reviews}
    assert all(len(found) <= MOST_SUGGESTED for found in suggested.values())
    assert suggested[said[0]]
    assert suggested[said[2]]
    for review in made.reviews:
        levels = {name: level for name, level in review.levels.items() if level is not None}
        if any(level >= FAIR for name, level in levels.items() if name != "interruptions"):
            assert all(levels[instead.rubric] < POOR for instead in review.instead)
        weakest = [levels[instead.rubric] for instead in review.instead]
        assert weakest == sorted(weakest)


def test_a_goodbye_is_not_told_what_else_to_say_unless_it_hurts(library, clock):
    session, store = begin(library, clock, pace=Pace.UNTIMED)
    speak(session)
    for words in ("What brings you here?", "Do you sleep?", "We have to stop here for today."):
        session.send(words)
        speak(session)
    made = debrief_of(store, session.id, library, clock)
    assert made.ending is Ending.PLANNED_CLOSE
    assert made.reviews[1].instead
    assert made.reviews[-1].instead == ()


def test_the_plain_debrief_reads_as_words(library, clock):
    session, store = begin(library, clock, pace=Pace.UNTIMED)
    speak(session)
    for words in ("You should sleep more. Have you tried?", "Calm down.", "How is your mother?"):
        session.send(words)
        speak(session)
    session.close()
    speak(session)
    text = render(debrief_of(store, session.id, library, clock))
    scores, _, rest = text.partition("TURN BY TURN")
    assert "  active listening: " in scores
    assert "instead (active listening): " in rest
    assert "_" not in text
    assert f"  {len(session.scenario.disclosures)} things were kept back this time." in text


def test_in_place_of_a_question_about_danger_nothing_else_is_suggested(library, clock):
    session, store = begin(library, clock, pace=Pace.UNTIMED)
    speak(session)
    said = ("What brings you here?", "Do you sleep?", "Are you thinking of killing yourself?")
    for words in said:
        session.send(words)
        speak(session)
    session.close()
    speak(session)
    suggested = {r.said: r.instead for r in debrief_of(store, session.id, library, clock).reviews}
    assert suggested[said[1]]
    assert all(instead.rubric == "safety" for instead in suggested[said[2]])
