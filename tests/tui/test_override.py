"""Changing a score from the debrief."""

import pytest
from debriefing import LARGE, SIZES, SMALL, keep, looking_back, press, settled, still, told, words
from textual.widgets import DataTable, Input, Select

from alliance_sim.authoring.library import Library
from alliance_sim.domain.events import Overridden
from alliance_sim.tui.screens.debrief import DebriefScreen
from alliance_sim.tui.screens.history import HistoryScreen
from alliance_sim.tui.screens.override import OverrideScreen
from stories import HOUR, library_in, story


@pytest.fixture
def library(tmp_path) -> Library:
    return library_in(tmp_path / "pack")


def events(store):
    return [s.event for s in store.events("s1") if isinstance(s.event, Overridden)]


async def fill(app, pilot, **values):
    for name, value in values.items():
        if name == "rubric":
            app.screen.query_one(Select).value = value
        else:
            app.screen.query_one(f"#{name}", Input).value = value
    await press(app, pilot, "f5")


async def test_a_score_is_changed_and_shown_with_the_original(make_app, store):
    async with looking_back(make_app, store, story(*HOUR), "o", size=LARGE) as (app, pilot):
        assert isinstance(app.screen, OverrideScreen)
        await fill(app, pilot, rubric="interruptions", score="3", who="i-7", why="A [b]reason")
        await settled(app, pilot)
        assert isinstance(app.screen, DebriefScreen)
        assert [(e.rubric, e.original, e.score) for e in events(store)] == [
            ("interruptions", 1.0, 3.0)
        ]
        text = words(app)
        assert "Interruptions 3.0" in text
        assert "the scorer's own: 1.0; changed by i-7" in text
        assert "A [b]reason" in text
        assert "before overrides: 2.0" in text


async def test_what_is_missing_is_said_and_nothing_is_stored(make_app, store):
    async with looking_back(make_app, store, story(*HOUR), "o", size=SMALL) as (app, pilot):
        await fill(app, pilot, score="7", who="i-7", why="so")
        assert "a score is a number from 0 to 4" in words(app)
        await press(app, pilot, "escape")
        assert isinstance(app.screen, DebriefScreen)
        assert events(store) == []


async def test_without_a_name_the_reason_is_not_lost(make_app, store):
    async with looking_back(make_app, store, story(*HOUR), "o", size=SMALL) as (app, pilot):
        await fill(app, pilot, score="3", who=" ", why="She had stopped.")
        assert "an override needs who" in words(app)
        assert app.screen.query_one("#why", Input).value == "She had stopped."
        assert events(store) == []


async def test_there_is_nothing_to_change_before_the_end(make_app, store, monkeypatch):
    on = story(*HOUR, ending=None)
    async with looking_back(make_app, store, on, "o", size=SMALL) as (app, _):
        assert isinstance(app.screen, DebriefScreen)


async def test_from_the_history(make_app, store):
    keep(store, "s1", story(*HOUR))
    app = make_app()
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        app.show_history()
        await settled(app, pilot)
        await press(app, pilot, "o")
        assert isinstance(app.screen, OverrideScreen)
        await fill(app, pilot, rubric="interruptions", score="3", who="i-7", why="So.")
        assert isinstance(app.screen, HistoryScreen)
        row = app.screen.query_one(DataTable).get_row("s1")
        assert str(row[-1]).startswith("2.8")


async def test_an_open_session_has_nothing_to_change(make_app, store):
    keep(store, "s1", story(*HOUR, ending=None))
    app = make_app()
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        app.show_history()
        await settled(app, pilot)
        await press(app, pilot, "o")
        assert isinstance(app.screen, HistoryScreen)
        assert told(app) == ["Only the scores of a session that has ended can be changed."]


@pytest.mark.parametrize("size", SIZES)
async def test_override_picture(make_app, store, picture, size):
    async with looking_back(make_app, store, story(*HOUR), "o", size=size) as (app, pilot):
        await still(app, pilot)
        picture(app, f"override_{size[0]}")
