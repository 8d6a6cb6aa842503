"""The clients, the first-run notice, themes and keys."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playing import SKILLED, MakeApp, begin, say, session_of, settled
from textual.app import App
from textual.widgets import Input, OptionList, Static

from alliance_sim.authoring.library import Library, shipped_root
from alliance_sim.domain.events import Ended, Ending, Scored
from alliance_sim.domain.names import called
from alliance_sim.domain.scorecard import Scorecard
from alliance_sim.runtime.clock import Clock
from alliance_sim.runtime.session import LiveSession, Options
from alliance_sim.store.repository import Store
from alliance_sim.tui.app import Start
from alliance_sim.tui.preferences import load_preferences
from alliance_sim.tui.screens.help import HelpScreen
from alliance_sim.tui.screens.home import HomeScreen
from alliance_sim.tui.screens.intake import IntakeScreen
from alliance_sim.tui.screens.notice import NoticeScreen
from alliance_sim.tui.screens.session import SessionScreen
from alliance_sim.tui.widgets.turn import TurnView
from factories import minimal_scenario_dict, write_yaml

SMALL, LARGE = (80, 24), (120, 36)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """Three of the clients that ship: the list stays as it is when others join."""
    pack = tmp_path / "pack"
    (pack / "scenarios").mkdir(parents=True)
    shutil.copytree(shipped_root() / "rubrics", pack / "rubrics")
    for name in ("wary", "mandated", "trauma"):
        shutil.copy(shipped_root() / "scenarios" / f"{name}.yaml", pack / "scenarios")
    return Library([pack])


def listed(app) -> list[str]:
    options = app.screen.query_one("#clients", OptionList).options
    return [str(option.prompt) for option in options]


def held(store: Store, library: Library, clock: Clock, overall: float | None) -> str:
    """A session with the wary client that has ended."""
    session = LiveSession.begin(
        store, library.scenario("wary"), Options(seed=1), clock, random.Random(1)
    )
    events = [Ended(ending=Ending.PLANNED_CLOSE)]
    if overall is not None:
        events.append(Scored(scorecard=Scorecard(transcript_id=session.id, overall=overall)))
    store.append(session.id, events, at=clock.now())
    return session.id


class TestClients:
    async def test_lists_everyone_with_what_to_know(
        self, make_app: MakeApp, library: Library
    ) -> None:
        app = make_app()
        async with app.run_test(size=LARGE) as pilot:
            await settled(app, pilot)
            cards = listed(app)
            everyone = {called(each.client.name) for each in library.scenarios()}
            assert {card.split(",")[0] for card in cards} == everyone
            assert len(cards) == len(everyone)
            dots = [card.count("●") for card in cards]
            assert dots == sorted(dots)
            assert cards[0].startswith("Dee")
            assert "●●○○○ moderate" in cards[0]
            assert "strong intensity" in cards[-1]
            assert all("new" in card for card in cards)
            assert not app.screen.query_one("#told").display

    async def test_search_narrows_and_esc_clears(self, make_app: MakeApp, library: Library) -> None:
        app = make_app()
        async with app.run_test(size=LARGE) as pilot:
            await settled(app, pilot)
            await pilot.press("slash", *"piano")
            await pilot.pause()
            assert [card.split(",")[0] for card in listed(app)] == ["Ilse"]
            await pilot.press(*"xyz")
            await pilot.pause()
            assert listed(app) == []
            assert "No client fits" in str(app.screen.query_one("#told", Static).content)
            await pilot.press("escape")
            await pilot.pause()
            assert len(listed(app)) == len(library.scenario_ids())
            assert app.screen.query_one("#find", Input).value == ""

    async def test_the_marked_client_says_so_in_words(self, make_app: MakeApp) -> None:
        app = make_app()
        async with app.run_test(size=LARGE) as pilot:
            await settled(app, pilot)
            assert ["◂ Enter" in card for card in listed(app)][:3] == [True, False, False]
            await pilot.press("down")
            await pilot.pause()
            assert ["◂ Enter" in card for card in listed(app)][:3] == [False, True, False]

    @pytest.mark.parametrize(
        ("overall", "said"),
        [(2.8, "last today: 2.8 of 4, fair"), (None, "last today, not scored")],
    )
    async def test_the_last_result(
        self, make_app: MakeApp, store, library, clock, overall: float | None, said: str
    ) -> None:
        held(store, library, clock, overall)
        app = make_app()
        async with app.run_test(size=LARGE) as pilot:
            await settled(app, pilot)
            assert said in listed(app)[0]

    async def test_results_are_fresh_after_a_session(self, make_app: MakeApp) -> None:
        app = make_app(pace="untimed")
        async with app.run_test(size=LARGE) as pilot:
            await settled(app, pilot)
            await begin(app, pilot)
            await say(app, pilot, SKILLED[0])
            app.go_home()
            await settled(app, pilot)
            assert "begun" in listed(app)[0]

    async def test_a_broken_file_is_told_and_hides_nobody(
        self, make_app: MakeApp, library: Library, tmp_path: Path
    ) -> None:
        (tmp_path / "scenarios").mkdir()
        (tmp_path / "scenarios" / "odd.yaml").write_text("id: [", "utf-8")
        title = "[red]Bare[/] \\u001b[31mbrackets"
        odd = minimal_scenario_dict(title=title.replace("\\u001b", ""), id="small")
        write_yaml(tmp_path / "scenarios" / "small.yaml", odd)
        app = make_app()
        app.library = Library([tmp_path / "pack", tmp_path])
        async with app.run_test(size=LARGE) as pilot:
            await settled(app, pilot)
            assert len(listed(app)) == len(library.scenario_ids()) + 1
            assert any("[red]Bare[/]" in card for card in listed(app))
            assert any("odd.yaml" in note.message for note in app._notifications)

    async def test_nothing_is_read_before_the_first_paint(self, make_app: MakeApp) -> None:
        app = make_app()
        read: list[str] = []

        class Watched(Library):
            def scenario(self, scenario_id: str):  # type: ignore[no-untyped-def]
                read.append(scenario_id)
                return super().scenario(scenario_id)

        app.library = Watched([shipped_root()])
        home = HomeScreen()
        assert home._reading
        async with app.run_test(size=LARGE) as pilot:
            assert isinstance(app.screen, HomeScreen)
            await settled(app, pilot)
            assert read == list(app.library.scenario_ids())


class TestFromTheCommandLine:
    async def test_a_client_leads_to_the_intake_sheet(self, make_app: MakeApp) -> None:
        app = make_app(Start(scenario="trauma"))
        async with app.run_test(size=SMALL) as pilot:
            await settled(app, pilot)
            assert isinstance(app.screen, IntakeScreen)
            await pilot.press("escape")
            assert isinstance(app.screen, HomeScreen)

    async def test_an_unknown_client_is_told(self, make_app: MakeApp) -> None:
        app = make_app(Start(scenario="nobody"))
        async with app.run_test(size=SMALL) as pilot:
            await settled(app, pilot)
            assert isinstance(app.screen, HomeScreen)
            assert any("nobody" in note.message for note in app._notifications)

    async def test_a_session_is_resumed(self, make_app: MakeApp, store, library, clock) -> None:
        session = LiveSession.begin(
            store, library.scenario("wary"), Options(seed=1), clock, random.Random(1)
        )
        app = make_app(Start(resume=session.id))
        async with app.run_test(size=SMALL) as pilot:
            await settled(app, pilot)
            assert isinstance(app.screen, SessionScreen)
            assert session_of(app).query(TurnView)


class TestNotice:
    async def test_comes_first_and_only_once(self, make_app: MakeApp) -> None:
        app = make_app(notice_seen=False)
        async with app.run_test(size=SMALL) as pilot:
            await settled(app, pilot)
            assert isinstance(app.screen, NoticeScreen)
            await pilot.press("enter")
            await pilot.pause()
            assert isinstance(app.screen, HomeScreen)
        assert load_preferences(app.data_folder).notice_seen

    async def test_all_of_it_fits_the_smallest_screen(self, make_app: MakeApp) -> None:
        app = make_app(notice_seen=False)
        async with app.run_test(size=SMALL) as pilot:
            await settled(app, pilot)
            picture = app.export_screenshot().replace("&#160;", " ")
            assert "fictional" in picture
            assert "911" in picture
            assert "I understand" in picture

    async def test_leads_on_to_what_was_asked_for(self, make_app: MakeApp) -> None:
        app = make_app(Start(scenario="wary"), notice_seen=False)
        async with app.run_test(size=SMALL) as pilot:
            await settled(app, pilot)
            await pilot.press("enter")
            await settled(app, pilot)
            assert isinstance(app.screen, IntakeScreen)


class TestAround:
    async def test_help_shows_the_keys_that_work_there(self, make_app: MakeApp) -> None:
        app = make_app(keys={"home.history": "y"})
        async with app.run_test(size=LARGE) as pilot:
            await settled(app, pilot)
            await pilot.press("f1")
            await pilot.pause()
            assert isinstance(app.screen, HelpScreen)
            text = "\n".join(str(each.content) for each in app.screen.query(Static))
            assert "The clients" in text
            assert any(line.split() == ["y", "History"] for line in text.splitlines())
            await pilot.press("escape")
            assert isinstance(app.screen, HomeScreen)

    async def test_all_bindings_have_ids(self, make_app: MakeApp) -> None:
        app = make_app(pace="untimed")
        async with app.run_test(size=LARGE) as pilot:
            await settled(app, pilot)
            screens = [app.screen]
            app.show_intake("wary")
            await pilot.pause()
            screens.append(app.screen)
            await pilot.press("f5")
            await settled(app, pilot)
            screens.append(app.screen)
            for screen in screens:
                own = [b for b in type(screen).BINDINGS if not isinstance(b, tuple)]
                assert own
                assert all(binding.id for binding in own)

    @pytest.mark.parametrize("theme", ["alliance-dark", "alliance-light", "alliance-contrast"])
    async def test_themes_are_kept(self, make_app: MakeApp, theme: str) -> None:
        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            app.theme = theme
            await pilot.pause()
        assert load_preferences(app.data_folder).theme == theme


class TestPictures:
    @pytest.mark.parametrize("size", [SMALL, LARGE])
    async def test_home(
        self, make_app: MakeApp, picture: Callable[[App, str], None], size, tmp_path: Path
    ) -> None:
        write_yaml(tmp_path / "scenarios" / "small.yaml", minimal_scenario_dict())
        app = make_app()
        app.library = Library([tmp_path])
        async with app.run_test(size=size) as pilot:
            await settled(app, pilot)
            picture(app, f"home_{size[0]}x{size[1]}")
