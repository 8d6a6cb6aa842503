"""The intake sheet and the choices made on it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from debriefing import still
from modelling import FakeModels, heard
from playing import MakeApp, session_of, settled
from textual.app import App
from textual.widgets import Button, Input, RadioSet, Static, TextArea

from alliance_sim.authoring.library import Library, shipped_root
from alliance_sim.domain.transcript import Pace
from alliance_sim.tui.app import Start
from alliance_sim.tui.screens.intake import IntakeScreen
from alliance_sim.tui.screens.model_setup import ModelSetupScreen
from alliance_sim.tui.screens.session import SessionScreen
from alliance_sim.tui.widgets.toggles import Choice, Tick
from factories import minimal_scenario_dict, write_yaml

SMALL, LARGE = (80, 24), (120, 36)


def text_of(app) -> str:
    return "\n".join(str(each.content) for each in app.screen.query(Static))


async def opened(app, pilot, client: str = "wary") -> IntakeScreen:
    await settled(app, pilot)
    app.show_intake(client)
    await pilot.pause()
    assert isinstance(app.screen, IntakeScreen)
    return app.screen


class TestSheet:
    async def test_says_what_a_therapist_would_know(self, make_app: MakeApp, library) -> None:
        app = make_app()
        async with app.run_test(size=LARGE) as pilot:
            await opened(app, pilot)
            text = text_of(app)
            client = library.scenario("wary").client
            for part in (client.name, client.pronouns, client.referral_source, client.identity):
                assert " ".join(part.split()) in text
            assert text.index("Content:") < text.index("The client")

    async def test_alternatives_earn_equal_credit(self, make_app: MakeApp) -> None:
        app = make_app()
        async with app.run_test(size=LARGE) as pilot:
            screen = await opened(app, pilot)
            names = [button.name for button in screen.query(".alternative").results(Button)]
            assert names == ["mandated", "trauma"]
            screen.query(".alternative").results(Button).__next__().press()
            await pilot.pause()
            assert app.screen.scenario.id == "mandated"
            assert len(app.screen_stack) == 3

    async def test_brackets_of_a_file_are_text(self, make_app: MakeApp, tmp_path: Path) -> None:
        scenario = minimal_scenario_dict(learning_goals=["[b]Listen[/b] [/x]"])
        scenario["client"]["name"] = "[i]Ann"
        write_yaml(tmp_path / "scenarios" / "small.yaml", scenario)
        app = make_app()
        app.library = Library([shipped_root(), tmp_path])
        async with app.run_test(size=LARGE) as pilot:
            await opened(app, pilot, "small")
            assert "[i]Ann, she/her" in text_of(app)
            assert "[b]Listen[/b] [/x]" in app.export_screenshot().replace("&#160;", " ")


class TestChoices:
    async def test_begin_with_what_was_chosen(self, make_app: MakeApp) -> None:
        app = make_app()
        async with app.run_test(size=LARGE) as pilot:
            screen = await opened(app, pilot)
            screen.query_one("#plan", TextArea).load_text("Ask less, reflect [more].")
            screen.query_one("#wpm", Input).value = "16"
            screen.query_one("#panel", Tick).value = False
            screen.query_one("#exam", Tick).value = True
            await pilot.press("f5")
            await settled(app, pilot)
            chosen = session_of(app).session.opened
            assert chosen.plan == "Ask less, reflect [more]."
            assert (chosen.pace, chosen.wpm, chosen.exam) == (Pace.STREAM, 16.0, True)
            assert (app.preferences.wpm, app.preferences.panel) == (16, False)

    @pytest.mark.parametrize("typed", ["", "15", "221"])
    async def test_an_impossible_pace_is_told(self, make_app: MakeApp, typed: str) -> None:
        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            screen = await opened(app, pilot)
            screen.query_one("#wpm", Input).value = typed
            await pilot.press("f5")
            await pilot.pause()
            assert app.screen is screen
            assert any("16 to 220" in note.message for note in app._notifications)

    async def test_speed_matters_only_where_words_stream(self, make_app: MakeApp) -> None:
        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            screen = await opened(app, pilot)
            assert screen.query_one("#speed").display
            untimed = list(screen.query_one("#pace", RadioSet).query(Choice))[2]
            untimed.value = True
            await pilot.pause()
            assert screen.pace is Pace.UNTIMED
            assert not screen.query_one("#speed").display

    async def test_on_is_told_by_a_sign(self, make_app: MakeApp) -> None:
        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            screen = await opened(app, pilot)
            tick = screen.query_one("#panel", Tick)
            assert "✓" in str(tick.render())
            tick.value = False
            assert "✓" not in str(tick.render())

    async def test_begin_is_one_key_away_on_a_small_screen(self, make_app: MakeApp) -> None:
        app = make_app(pace="untimed")
        async with app.run_test(size=SMALL) as pilot:
            screen = await opened(app, pilot)
            await pilot.press("pagedown", "pagedown")
            assert screen.query_one("#intake").scroll_y > 0
            await pilot.press("f5")
            await settled(app, pilot)
            assert session_of(app)


class TestVoice:
    async def test_without_a_model_only_the_author(self, make_app: MakeApp, tmp_path: Path) -> None:
        app = make_app(models=FakeModels(tmp_path, environ={}), voice="model")
        async with app.run_test(size=SMALL) as pilot:
            screen = await opened(app, pilot)
            model = list(screen.query("#voice Choice").results(Choice))[1]
            assert model.disabled
            assert screen.voice == "scripted"
            assert "No model is set up. F6 sets one up." in text_of(app)
            await pilot.press("f6")
            await settled(app, pilot)
            assert isinstance(app.screen, ModelSetupScreen)
            app.models.setup.save({"base_url": "http://a/v1", "model": "some-model"})
            await pilot.press("escape")
            await settled(app, pilot)
            assert not model.disabled
            assert "A model: some-model" in str(model.label)
            await pilot.press("f5")
            await settled(app, pilot)
            assert session_of(app).session.opened.voice == "scripted"
            assert app.preferences.voice == "scripted"

    async def test_where_none_was_to_be_had_the_choice_is_kept(
        self, make_app: MakeApp, tmp_path: Path
    ) -> None:
        app = make_app(models=FakeModels(tmp_path, environ={}), voice="model", pace="untimed")
        async with app.run_test(size=SMALL) as pilot:
            await opened(app, pilot)
            await pilot.press("f5")
            await settled(app, pilot)
            assert app.preferences.voice == "model"

    async def test_the_choice_is_remembered(self, make_app: MakeApp, tmp_path: Path) -> None:
        app = make_app(models=FakeModels(tmp_path), pace="untimed")
        async with app.run_test(size=SMALL) as pilot:
            screen = await opened(app, pilot)
            assert screen.voice == "scripted"
            list(screen.query("#voice Choice").results(Choice))[1].value = True
            await pilot.pause()
            assert "Asked at 127.0.0.1:9; it is sent what you both say." in text_of(app)
            await pilot.press("f5")
            await heard(app, pilot, lambda: isinstance(app.screen, SessionScreen))
            assert session_of(app).session.opened.voice == "model"
            assert app.preferences.voice == "model"
            app.go_home()
            assert (await opened(app, pilot)).voice == "model"

    async def test_in_an_exam_a_quiet_word(self, make_app: MakeApp, tmp_path: Path) -> None:
        app = make_app(Start(seed=7, voice="model"), models=FakeModels(tmp_path))
        async with app.run_test(size=SMALL) as pilot:
            screen = await opened(app, pilot)
            assert screen.voice == "model"
            assert "the fair one" not in text_of(app)
            screen.query_one("#exam", Tick).value = True
            await pilot.pause()
            assert "In an exam the scripted client is the fair one" in text_of(app)

    async def test_settings_that_cannot_be_read_are_told(
        self, make_app: MakeApp, tmp_path: Path
    ) -> None:
        (tmp_path / "config.toml").write_text("model = [[b]\n", "utf-8")
        app = make_app(models=FakeModels(tmp_path))
        async with app.run_test(size=SMALL) as pilot:
            screen = await opened(app, pilot)
            assert screen.voice == "scripted"
            assert str(tmp_path / "config.toml") in text_of(app)


class TestPictures:
    @pytest.mark.parametrize("size", [SMALL, LARGE])
    async def test_intake(
        self, make_app: MakeApp, picture: Callable[[App, str], None], size, tmp_path: Path
    ) -> None:
        write_yaml(tmp_path / "scenarios" / "small.yaml", minimal_scenario_dict())
        app = make_app(models=FakeModels(tmp_path))
        app.library = Library([tmp_path])
        async with app.run_test(size=size) as pilot:
            screen = await opened(app, pilot, "small")
            await still(app, pilot)
            picture(app, f"intake_{size[0]}x{size[1]}")
            list(screen.query("#voice Choice").results(Choice))[1].value = True
            screen.query_one("#exam", Tick).value = True
            screen.query_one("#begin").scroll_visible(animate=False)
            await settled(app, pilot)
            await still(app, pilot)
            picture(app, f"intake_model_{size[0]}x{size[1]}")
