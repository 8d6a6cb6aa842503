"""A trainee at a browser: her own sessions, and nothing of the machine to change."""

import random

import pytest
from debriefing import keep, look_back, press, settled, told
from modelling import FakeModels
from textual.widgets import DataTable, Static

from alliance_sim.authoring.library import Library
from alliance_sim.tui.app import AllianceApp, Start
from alliance_sim.tui.screens.debrief import DebriefScreen
from alliance_sim.tui.screens.history import HistoryScreen
from alliance_sim.tui.screens.home import HomeScreen
from alliance_sim.tui.screens.intake import IntakeScreen
from stories import HOUR, library_in, story

HERS, HIS = "t-aaaaaa", "t-bbbbbb"
GUEST = Start(seed=7, trainee=HERS, served=True)


@pytest.fixture
def library(tmp_path) -> Library:
    return library_in(tmp_path / "pack")


@pytest.fixture
def sessions(store):
    keep(store, "hers", story(*HOUR, trainee=HERS))
    keep(store, "his", story(*HOUR[:2], ending=None, trainee=HIS), rated=False)
    keep(store, "nobodys", story(*HOUR))


def listed(app: AllianceApp) -> list[str | None]:
    return [key.value for key in app.screen.query_one(DataTable).rows]


@pytest.mark.parametrize(
    ("start", "seen"),
    [
        (GUEST, {"hers"}),
        (Start(trainee=HERS), {"hers"}),
        (Start(served=True), {"hers", "his", "nobodys"}),
        (Start(), {"hers", "his", "nobodys"}),
    ],
)
async def test_history_holds_the_sessions_of_the_trainee(make_app, sessions, start, seen):
    app = make_app(start)
    async with app.run_test() as pilot:
        app.show_history()
        await settled(app, pilot)
        assert set(listed(app)) == seen


async def test_the_clients_tell_of_her_own_hours_only(make_app, sessions):
    app = make_app(GUEST)
    async with app.run_test() as pilot:
        await settled(app, pilot)
        home = app.screen
        assert isinstance(home, HomeScreen)
        assert home.open_session is None
        await press(app, pilot, "r")
        assert app.screen is home


async def test_a_guest_deletes_nothing_and_changes_no_score(make_app, store, sessions):
    app = make_app(GUEST)
    async with app.run_test() as pilot:
        app.show_history()
        await settled(app, pilot)
        await press(app, pilot, "d")
        await press(app, pilot, "o")
        assert isinstance(app.screen, HistoryScreen)
        await look_back(app, pilot, "hers", "o")
        assert isinstance(app.screen, DebriefScreen)
    assert {session.id for session in store.sessions()} == {"hers", "his", "nobodys"}


async def test_a_trainee_at_her_own_machine_may_delete(make_app, sessions):
    app = make_app(Start(trainee=HERS))
    async with app.run_test() as pilot:
        app.show_history()
        await settled(app, pilot)
        await press(app, pilot, "d")
        assert not isinstance(app.screen, HistoryScreen)


async def test_a_guest_sees_nothing_of_the_programme(make_app, sessions):
    app = make_app(GUEST)
    async with app.run_test() as pilot:
        await settled(app, pilot)
        await press(app, pilot, "p")
        assert isinstance(app.screen, HomeScreen)
        app.show_programme()
        await pilot.pause()
        assert isinstance(app.screen, HomeScreen)
        assert "Programme" not in {each.title for each in app.get_system_commands(app.screen)}


async def test_a_guest_sets_up_no_model(make_app, tmp_path):
    app = make_app(GUEST, FakeModels(tmp_path, environ={}))
    async with app.run_test() as pilot:
        await settled(app, pilot)
        await press(app, pilot, "m")
        assert isinstance(app.screen, HomeScreen)
        app.show_models()
        await pilot.pause()
        assert isinstance(app.screen, HomeScreen)
        assert "Model" not in {each.title for each in app.get_system_commands(app.screen)}
        app.show_intake(app.library.scenario_ids()[0])
        await settled(app, pilot)
        assert isinstance(app.screen, IntakeScreen)
        about = app.screen.query_one("#about-voice", Static)
        assert str(about.content) == "No model is set up."


async def test_a_debrief_is_sent_to_the_browser_and_to_no_folder(
    make_app, sessions, monkeypatch, tmp_path
):
    app = make_app(GUEST)
    sent = {}
    monkeypatch.setattr(AllianceApp, "is_web", property(lambda _: True))
    monkeypatch.setattr(
        AllianceApp, "deliver_text", lambda _, file, **about: sent.update(about, page=file.read())
    )
    async with app.run_test() as pilot:
        await look_back(app, pilot, "hers", "s")
        assert not told(app)
    assert sent["save_filename"] == "hers.html"
    assert sent["mime_type"] == "text/html"
    assert sent["page"].startswith("<!doctype html>") or "<html" in sent["page"]
    assert not (tmp_path / "data" / "debriefs").exists()


async def test_in_a_browser_nothing_is_copied_on_the_server(make_app, monkeypatch):
    from alliance_sim.tui import copying  # noqa: PLC0415

    def asked(*_):
        raise AssertionError("the server's clipboard was looked for")

    monkeypatch.setattr(copying, "clipboard_command", asked)
    monkeypatch.setattr(AllianceApp, "is_web", property(lambda _: True))
    app = make_app(GUEST)
    async with app.run_test() as pilot:
        copying.copy_told(app, "some words", "A reply")
        await settled(app, pilot)
        assert any("OSC 52" in each or "handed" in each for each in told(app))


def test_only_a_served_trainee_is_a_guest(store, library, clock, tmp_path):
    def guest(**start: object) -> bool:
        return AllianceApp(
            store=store,
            library=library,
            notices=None,
            clock=clock,
            randomness=random.Random(1),
            data_folder=tmp_path,
            start=Start(**start),
        ).guest

    assert guest(served=True, trainee=HERS)
    assert not guest(served=True)
    assert not guest(trainee=HERS)
    assert not guest()


@pytest.mark.parametrize("served", [True, False])
async def test_at_a_browser_it_is_said_whose_machine_this_is(make_app, served):
    app = make_app(Start(served=served), notice_seen=False)
    async with app.run_test(size=(100, 60)) as pilot:
        await settled(app, pilot)
        lines = [strip.text for strip in app.screen._compositor.render_strips()]
        assert ("the one that serves this page" in " ".join(lines)) is served
