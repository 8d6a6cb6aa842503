"""Hints: by what could be seen, never by the client's hidden state, and none in an exam."""

import random

import pytest
from memory_store import MemoryStore

from alliance_sim.domain.events import Ending
from alliance_sim.domain.scenario import EventKind
from alliance_sim.domain.transcript import Pace
from alliance_sim.errors import UsageProblem
from alliance_sim.runtime.hints import _BY_KIND, _hints, hint_for, situation
from alliance_sim.runtime.session import LiveSession, Options

RANDOM = random.Random(3)


def begin(library, clock, **options):
    chosen = Options(seed=7, **options)
    return LiveSession.begin(MemoryStore(), library.scenario("wary"), chosen, clock, RANDOM)


def say(session, *replies):
    for reply in replies:
        while session.next_clause():
            pass
        session.finish()
        session.send(reply)
    while session.next_clause():
        pass
    session.finish()


@pytest.mark.parametrize(
    ("replies", "expected"),
    [
        ((), "beginning"),
        (("Hello.",), "beginning"),
        (("What you say stays here, unless someone is in serious danger.",), "feeling"),
        (("Hello.", "Do you work?", "Do you sleep?", "Do you drink?"), "questions"),
        (("Hello.", "You should just try getting more exercise."), "telling"),
    ],
)
def test_the_hint_fits_what_was_done(library, clock, replies, expected):
    session = begin(library, clock)
    say(session, *replies)
    assert situation(session) == expected
    assert hint_for(session)


def test_cutting_in_is_what_a_hint_is_about(library, clock):
    session = begin(library, clock, pace=Pace.STREAM)
    say(session)
    session.send("Hello.")
    session.next_clause()
    session.next_clause()
    session.next_clause()
    session.send("Right, and have you tried writing a list about it?")
    assert situation(session) == "cut_in"


def test_every_kind_of_event_has_a_hint_of_its_own_and_drink_is_no_danger():
    assert set(_BY_KIND) == set(EventKind)
    assert set(_BY_KIND.values()) <= set(_hints())
    assert _BY_KIND[EventKind.SUBSTANCE_CUE] != _BY_KIND[EventKind.RISK_CUE]


def test_a_hint_can_be_had_at_any_moment(library, clock):
    session = begin(library, clock)
    assert hint_for(session)
    session.close(Ending.STOPPED)
    assert hint_for(session)


def test_an_exam_has_no_hints(library, clock):
    session = begin(library, clock, exam=True)
    with pytest.raises(UsageProblem, match="exam"):
        session.note_hint("anything")
