"""Two tries at one turn: both outcomes, and no comparison of hours that have nothing in common."""

import random

import pytest
from memory_store import MemoryStore

from alliance_sim.domain.events import Ending, TraineeSent
from alliance_sim.runtime.compare import NOT_OBSERVED, compare
from alliance_sim.runtime.results import debrief_of
from alliance_sim.runtime.session import LiveSession, Options

RANDOM = random.Random(3)


def speak(session):
    while session.next_clause():
        pass
    session.finish()


@pytest.fixture
def tried(library, clock):
    store = MemoryStore()
    scenario = library.scenario("wary")
    first = LiveSession.begin(store, scenario, Options(seed=7), clock, RANDOM)
    speak(first)
    for text in ("Hello.", "You always make excuses.", "How are you sleeping?"):
        first.send(text)
        speak(first)
    turn = [e.turn for e in first.events if isinstance(e, TraineeSent)][1]
    second = LiveSession.branch(store, first.id, turn, scenario, clock, RANDOM)
    return store, first, second, turn


def made(store, session, library, clock):
    return debrief_of(store, session.id, library, clock)


def test_both_tries_stand_side_by_side(tried, library, clock):
    store, first, second, turn = tried
    second.send("No wonder you are careful, after the way that went.")
    speak(second)
    before, after = (made(store, s, library, clock) for s in (first, second))
    found = compare(before, after)
    assert found.turn == turn
    assert found.said == (
        "You always make excuses.",
        "No wonder you are careful, after the way that went.",
    )
    assert all(found.answered)
    assert found.answered[0] != found.answered[1]
    rows = {row.name: row for row in found.rows}
    assert (rows["turns"].before, rows["turns"].after) == ("3", "2")
    assert float(rows["trust at the end"].after) > float(rows["trust at the end"].before)


def test_a_try_that_was_not_taken_is_empty(tried, library, clock):
    store, first, second, _ = tried
    found = compare(*(made(store, s, library, clock) for s in (first, second)))
    assert found.said[1] == ""
    assert found.answered[1] == ""


def test_scores_of_either_try_are_shown_where_the_other_has_none(tried, library, clock):
    store, first, second, _ = tried
    second.send("Hm.")
    second.close(Ending.STOPPED)
    found = compare(*(made(store, s, library, clock) for s in (first, second)))
    rows = {row.name: row for row in found.rows}
    assert "empathy" in rows
    assert rows["empathy"].after == NOT_OBSERVED


def test_hours_with_nothing_in_common_are_not_compared(tried, library, clock):
    store, first, second, _ = tried
    before, after = (made(store, s, library, clock) for s in (first, second))
    with pytest.raises(ValueError, match="did not branch"):
        compare(after, before)
