"""Setting up a model: what is shown of it, what is saved, and what a test of it finds."""

from collections.abc import Callable
from pathlib import Path

import pytest
from debriefing import SIZES, SMALL, press, settled, still, words
from modelling import FakeKeyring, FakeModels
from tests.llm.misbehaving import expired_key, says
from textual.app import App
from textual.widgets import Input, RadioSet

from alliance_sim.llm.settings import Places
from alliance_sim.llm.setup import ModelSetup
from alliance_sim.tui.screens.home import HomeScreen
from alliance_sim.tui.screens.model_setup import ModelSetupScreen
from alliance_sim.tui.widgets.setting import SettingField
from alliance_sim.tui.widgets.toggles import Tick

KEY = "sk-never-to-be-seen"


@pytest.fixture
def with_models(make_app, tmp_path: Path):
    """Makes an app whose settings live in tests' own places; gives it and them."""

    def make(environ=None, config: str = "", **keys: str):
        models = FakeModels(tmp_path)
        places = Places(environ or {}, tmp_path / ".env", tmp_path / "config.toml")
        if config:
            places.config.write_text(config, "utf-8")
        models.setup = ModelSetup(places, keyring=FakeKeyring(**keys))
        return make_app(models=models), models.setup

    return make


async def opened(app, pilot) -> ModelSetupScreen:
    await settled(app, pilot)
    await press(app, pilot, "m")
    assert isinstance(app.screen, ModelSetupScreen)
    return app.screen


def fill(screen, **values: str) -> None:
    for name, value in values.items():
        screen.query_one(f"#setting-{name}", Input).value = value


def found(screen) -> str:
    return str(screen.query_one(".found").content)


class TestValues:
    async def test_each_with_its_source(self, with_models, tmp_path) -> None:
        app, _ = with_models(
            {"OPENAI_BASE_URL": "http://one/v1", "OPENAI_API_KEY": KEY}, 'model = "of-file"\n'
        )
        async with app.run_test(size=SMALL) as pilot:
            screen = await opened(app, pilot)
            text = words(app)
            assert "from OPENAI_BASE_URL; it wins over what is saved here" in text
            assert f"from {tmp_path}" in text
            assert "set, from OPENAI_API_KEY" in text
            assert screen.query_one("#setting-base_url", Input).disabled
            assert screen.query_one("#setting-model", Input).value == "of-file"
            assert KEY not in app.export_screenshot()
            await press(app, pilot, "escape")
            assert isinstance(app.screen, HomeScreen)

    async def test_what_is_wrong_with_a_file_is_told(self, with_models, tmp_path) -> None:
        app, _ = with_models(config="model = [\n")
        async with app.run_test(size=SMALL) as pilot:
            screen = await opened(app, pilot)
            assert str(tmp_path / "config.toml") in found(screen)

    async def test_every_binding_can_be_changed(self) -> None:
        assert all(binding.id for binding in ModelSetupScreen.BINDINGS)

    @pytest.mark.parametrize("size", SIZES)
    async def test_picture(self, with_models, picture: Callable[[App, str], None], size) -> None:
        environ = {"OPENAI_BASE_URL": "http://localhost:9000/v1", "OPENAI_API_KEY": KEY}
        app, _ = with_models(environ | {"ALLIANCE_SIM_MODEL": "some-model"})
        async with app.run_test(size=size) as pilot:
            await opened(app, pilot)
            await still(app, pilot)
            picture(app, f"model_setup_{size[0]}")


class TestSaving:
    async def test_by_keyboard_alone(self, with_models) -> None:
        app, setup = with_models()
        async with app.run_test(size=SMALL) as pilot:
            screen = await opened(app, pilot)
            assert "No model is set up yet." in found(screen)
            await press(app, pilot, "tab", "end", "shift+home", "backspace", *"http://a/v1")
            await press(app, pilot, "tab", *"some", "f6")
            assert setup.settings().configured
            assert [setup.at_hand().found[n].value for n in ("base_url", "model")] == [
                "http://a/v1",
                "some",
            ]
            assert "Saved in " in found(screen)

    async def test_a_key_only_where_it_is_asked_for(self, with_models, tmp_path) -> None:
        app, setup = with_models()
        async with app.run_test(size=SMALL) as pilot:
            screen = await opened(app, pilot)
            fill(screen, base_url="http://a/v1", model="m", key=KEY)
            await press(app, pilot, "f6")
            assert "The key was not kept" in found(screen)
            assert setup.settings().key.value is None
            screen.query_one("#keep-key", Tick).value = True
            await press(app, pilot, "f6")
            assert setup.settings().endpoint().key == KEY
            assert screen.query_one("#setting-key", Input).value == ""
            assert "set, from the system's keyring" in words(app)
            assert KEY not in app.export_screenshot()
            assert KEY not in (tmp_path / "config.toml").read_text("utf-8")
            screen.query_one("#forget").press()
            await settled(app, pilot)
            assert found(screen) == "The key is gone."
            assert setup.settings().key.value is None

    async def test_a_bad_value_is_told_and_nothing_is_saved(self, with_models) -> None:
        app, setup = with_models()
        async with app.run_test(size=SMALL) as pilot:
            screen = await opened(app, pilot)
            fill(screen, base_url="not an address", model="m")
            await press(app, pilot, "f6")
            assert "https://host/v1" in found(screen)
            assert not setup.configured()

    async def test_a_file_instead_of_a_server_and_back(self, with_models) -> None:
        app, setup = with_models()
        async with app.run_test(size=SMALL) as pilot:
            screen = await opened(app, pilot)
            await press(app, pilot, "down", "enter")
            assert not screen.query_one("#server").display
            fill(screen, gguf="/models/some.gguf")
            await press(app, pilot, "f6")
            assert str(setup.settings().gguf) == "/models/some.gguf"
            screen.query_one(RadioSet).focus()
            await press(app, pilot, "up", "enter", "f6")
            assert setup.settings().gguf is None

    async def test_a_server_named_nearer_than_a_file(self, with_models) -> None:
        app, _ = with_models({"OPENAI_BASE_URL": "http://one/v1"})
        async with app.run_test(size=SMALL) as pilot:
            screen = await opened(app, pilot)
            await press(app, pilot, "down", "enter")
            fill(screen, gguf="/models/some.gguf")
            await press(app, pilot, "f6")
            assert "But OPENAI_BASE_URL names a server" in found(screen)


class TestTesting:
    async def test_what_works_is_told_and_nothing_saved(self, with_models, misbehaving) -> None:
        misbehaving.script(says("Hello there."))
        app, setup = with_models()
        async with app.run_test(size=(120, 36)) as pilot:
            screen = await opened(app, pilot)
            fill(screen, base_url=misbehaving.url, model="served-model", key=KEY)
            await press(app, pilot, "f5")
            assert "✓ works  answered after" in found(screen)
            assert "Hello there." in found(screen)
            assert not setup.configured()
            assert misbehaving.requests[0].headers["authorization"] == f"Bearer {KEY}"

    async def test_what_fails_is_told_with_status_and_no_key(
        self, with_models, misbehaving
    ) -> None:
        misbehaving.script(expired_key)
        app, _ = with_models()
        async with app.run_test(size=(120, 36)) as pilot:
            screen = await opened(app, pilot)
            fill(screen, base_url=misbehaving.url, model="served-model", key=KEY)
            await press(app, pilot, "f5")
            assert "✗ fails" in found(screen)
            assert "401" in found(screen)
            assert KEY not in app.export_screenshot()

    async def test_a_model_file_that_is_none(self, with_models, tmp_path) -> None:
        app, _ = with_models()
        async with app.run_test(size=SMALL) as pilot:
            screen = await opened(app, pilot)
            await press(app, pilot, "down", "enter", "f5")
            assert found(screen) == "Name a model file first."
            path = tmp_path / "none.gguf"
            path.write_text("no model")
            fill(screen, gguf=str(path))
            await press(app, pilot, "f5")
            assert f"{path}: not a GGUF file" in found(screen)


async def test_where_no_model_can_be_set_up_there_is_no_key_for_it(make_app) -> None:
    app = make_app()
    async with app.run_test(size=SMALL) as pilot:
        await settled(app, pilot)
        await press(app, pilot, "m")
        assert isinstance(app.screen, HomeScreen)


async def test_a_field_takes_any_words(with_models) -> None:
    app, _ = with_models(config='model = "[b]x[/b]"\n')
    async with app.run_test(size=SMALL) as pilot:
        screen = await opened(app, pilot)
        assert screen.query_one("#field-model", SettingField).value == "[b]x[/b]"
