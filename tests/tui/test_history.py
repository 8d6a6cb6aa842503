"""The sessions in the store: found, opened, gone on with, deleted."""

import pytest
from debriefing import SIZES, SMALL, keep, press, settled, still, told, words
from textual.widgets import DataTable, Input

from alliance_sim.authoring.library import Library
from alliance_sim.domain.events import Branch, Ending
from alliance_sim.errors import StoreProblem
from alliance_sim.tui.screens.asking import AskScreen
from alliance_sim.tui.screens.debrief import DebriefScreen
from alliance_sim.tui.screens.history import ENDED, HistoryScreen
from alliance_sim.tui.screens.home import HomeScreen
from alliance_sim.tui.screens.session import SessionScreen
from stories import HOUR, library_in, story


@pytest.fixture
def library(tmp_path) -> Library:
    return library_in(tmp_path / "pack")


@pytest.fixture
def sessions(store):
    """Four sessions: ended, tried again, stopped as an exam, open."""
    keep(store, "s1", story(*HOUR))
    keep(store, "s2", story(*HOUR, branch=Branch(session_id="s1", turn=3)))
    keep(store, "s3", story(HOUR[0], ending=Ending.STOPPED, exam=True))
    keep(store, "s4", story(*HOUR[:2], ending=None), rated=False)


async def history(app, pilot, *keys):
    await pilot.pause()
    app.show_history()
    await settled(app, pilot)
    await press(app, pilot, *keys)


def rows(app) -> list[list[str]]:
    table = app.screen.query_one(DataTable)
    return [[str(cell) for cell in table.get_row_at(at)] for at in range(table.row_count)]


def test_every_ending_has_words():
    assert set(ENDED) == {*Ending, None}


async def test_a_row_a_session_newest_first(make_app, sessions):
    app = make_app()
    async with app.run_test(size=SMALL) as pilot:
        await history(app, pilot)
        assert [row[1:] for row in rows(app)] == [
            ["Ann", "2", "open", "–"],
            ["Ann · exam", "1", "you stopped", "–"],
            ["Ann · turn 3 again", "4", "you closed it", "2.0 below fair"],
            ["Ann", "4", "you closed it", "2.0 below fair"],
        ]
        assert app.screen.query_one(DataTable).virtual_size.width <= SMALL[0]


async def test_enter_opens_the_debrief_and_goes_on_with_what_is_open(make_app, sessions):
    app = make_app()
    async with app.run_test(size=SMALL) as pilot:
        await history(app, pilot, "end", "enter")
        assert isinstance(app.screen, DebriefScreen)
        assert app.screen.session_id == "s1"
        await press(app, pilot, "escape", "home", "enter")
        assert isinstance(app.screen, SessionScreen)
        assert app.screen.session.id == "s4"


async def test_the_filter_takes_any_word_and_esc_clears_it(make_app, sessions):
    app = make_app()
    async with app.run_test(size=SMALL) as pilot:
        await history(app, pilot, "slash", *"again")
        assert [row[1] for row in rows(app)] == ["Ann · turn 3 again"]
        await press(app, pilot, "enter")
        assert app.screen.query_one(DataTable).has_focus
        await press(app, pilot, "escape")
        assert len(rows(app)) == 4
        await press(app, pilot, "slash", *"zebra")
        assert rows(app) == []
        assert "No session has all these words." in words(app)
        await press(app, pilot, "escape", "escape")
        assert isinstance(app.screen, HomeScreen)


async def test_deleting_asks_first(make_app, store, sessions):
    app = make_app()
    async with app.run_test(size=SMALL) as pilot:
        await history(app, pilot, "d")
        assert isinstance(app.screen, AskScreen)
        await press(app, pilot, "enter")
        assert len(rows(app)) == 4
        await press(app, pilot, "d", "right", "enter")
        assert len(rows(app)) == 3
        assert store.events("s4") == ()
        assert "Deleted." in told(app)


async def test_a_deletion_that_fails_is_told(make_app, store, sessions, monkeypatch):
    def fails(_):
        raise StoreProblem("it may still be in the file")

    monkeypatch.setattr(store, "delete", fails)
    app = make_app()
    async with app.run_test(size=SMALL) as pilot:
        await history(app, pilot, "d", "right", "enter")
        assert "it may still be in the file" in told(app)
        assert len(rows(app)) == 4


async def test_no_sessions(make_app):
    app = make_app()
    async with app.run_test(size=SMALL) as pilot:
        await history(app, pilot, "d", "enter")
        assert isinstance(app.screen, HistoryScreen)
        assert "No sessions yet." in words(app)


async def test_a_session_whose_client_is_gone_is_listed_by_id(make_app, store):
    keep(store, "s1", story(*HOUR, scenario="gone_away"))
    app = make_app()
    async with app.run_test(size=SMALL) as pilot:
        await history(app, pilot)
        assert rows(app)[0][1] == "gone_away"


async def test_brackets_in_the_filter_are_just_brackets(make_app, sessions):
    app = make_app()
    async with app.run_test(size=SMALL) as pilot:
        await history(app, pilot)
        app.screen.query_one(Input).value = "[bold]"
        await settled(app, pilot)
        assert rows(app) == []


@pytest.mark.parametrize("size", SIZES)
async def test_picture(make_app, sessions, picture, size, monkeypatch):
    monkeypatch.setenv("TZ", "UTC")
    app = make_app()
    async with app.run_test(size=size) as pilot:
        await history(app, pilot)
        await still(app, pilot)
        picture(app, f"history_{size[0]}")
