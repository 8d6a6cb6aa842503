"""The time that counts: what stops it, and what lets it go on."""

import random
from contextlib import closing

from memory_store import MemoryStore
from tests.llm.fake_backend import FakeBackend, Hanging

from alliance_sim.domain.transcript import Pace
from alliance_sim.runtime.hour import Hour
from alliance_sim.runtime.session import LiveSession, Options
from alliance_sim.runtime.wording import Wording


def test_stopping_twice_stops_once_and_going_on_tells_how_long_it_was(clock):
    hour = Hour(clock, spent=100)
    clock.sleep(5)
    hour.stop()
    clock.sleep(7)
    hour.stop()
    clock.sleep(3)
    assert hour.seconds() == 105
    assert hour.go_on() == 10
    assert hour.go_on() == 0
    clock.sleep(1)
    assert hour.seconds() == 106


def past_the_opening(session):
    """To the first turn that a model may word."""
    for reply in ("Hello, come in.", "How are you sleeping?"):
        while session.next_clause():
            pass
        session.finish()
        session.send(reply)


def test_the_hour_stands_still_while_a_model_is_waited_for(library, clock):
    with closing(Wording(FakeBackend(Hanging("I get in")))) as words:
        options = Options(seed=7, voice="model", pace=Pace.STREAM)
        scenario = library.scenario("wary")
        session = LiveSession.begin(
            MemoryStore(), scenario, options, clock, random.Random(3), words
        )
        past_the_opening(session)
        assert session.next_clause() is None
        assert session.awaits_words
        before = session.seconds()
        clock.sleep(600)
        assert session.seconds() == before
        session.pause()
        clock.sleep(50)
        session.unpause()
        assert session.next_clause() is None
        clock.sleep(50)
        session.send("Take your time.")
        assert session.seconds() == before
        clock.sleep(3)
        assert session.seconds() == before + 3
