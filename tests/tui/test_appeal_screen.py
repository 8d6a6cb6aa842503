"""Contesting a score from the debrief."""

import pytest
from debriefing import LARGE, SIZES, SMALL, looking_back, press, settled, still, words
from textual.widgets import Select, TextArea

from alliance_sim.authoring.library import Library
from alliance_sim.domain.events import Appealed
from alliance_sim.tui.screens.appeal import AppealScreen
from alliance_sim.tui.screens.debrief import DebriefScreen
from stories import HOUR, library_in, story


@pytest.fixture
def library(tmp_path) -> Library:
    return library_in(tmp_path / "pack")


def appeals(store):
    return [s.event for s in store.events("s1") if isinstance(s.event, Appealed)]


async def contest(app, pilot, reason):
    app.screen.query_one(Select).value = "interruptions"
    app.screen.query_one(TextArea).text = reason
    await press(app, pilot, "f5")
    await settled(app, pilot)


async def test_it_is_stored_and_stands_in_the_debrief(make_app, store):
    async with looking_back(make_app, store, story(*HOUR), "a", size=LARGE) as (app, pilot):
        assert isinstance(app.screen, AppealScreen)
        assert isinstance(app.focused, Select), "which score comes before why"
        await contest(app, pilot, "She had [b]stopped[/b].")
        assert isinstance(app.screen, DebriefScreen)
        assert [(e.rubric, e.reason) for e in appeals(store)] == [
            ("interruptions", "She had [b]stopped[/b].")
        ]
        assert "Interruptions: contested on" in words(app)
        assert "She had [b]stopped[/b]." in words(app)
        assert "No answer yet" in words(app)


async def test_without_a_reason_nothing_is_stored_and_it_is_said(make_app, store):
    async with looking_back(make_app, store, story(*HOUR), "a", size=SMALL) as (app, pilot):
        await contest(app, pilot, "  ")
        assert appeals(store) == []
        assert isinstance(app.screen, AppealScreen)
        assert "an appeal needs reason" in words(app)


async def test_a_reason_that_is_too_long_is_not_lost(make_app, store):
    async with looking_back(make_app, store, story(*HOUR), "a", size=LARGE) as (app, pilot):
        await contest(app, pilot, "so " * 900)
        assert appeals(store) == []
        assert app.screen.query_one(TextArea).text == "so " * 900
        assert "longer than 2000 characters" in words(app)


async def test_what_was_written_of_a_score_that_is_contested_already_is_not_lost(make_app, store):
    async with looking_back(make_app, store, story(*HOUR), "a", size=LARGE) as (app, pilot):
        await contest(app, pilot, "She had stopped.")
        await press(app, pilot, "a")
        await contest(app, pilot, "And she nodded.")
        assert isinstance(app.screen, AppealScreen)
        assert "waits for its answer" in words(app)
        assert app.screen.query_one(TextArea).text == "And she nodded."
        assert [e.reason for e in appeals(store)] == ["She had stopped."]


async def test_an_hour_that_goes_on_has_nothing_to_contest(make_app, store):
    on = story(*HOUR, ending=None)
    async with looking_back(make_app, store, on, "a", size=SMALL) as (app, _):
        assert isinstance(app.screen, DebriefScreen)


@pytest.mark.parametrize("size", SIZES)
async def test_appeal_picture(make_app, store, picture, size):
    async with looking_back(make_app, store, story(*HOUR), "a", size=size) as (app, pilot):
        await still(app, pilot)
        picture(app, f"appeal_{size[0]}")
