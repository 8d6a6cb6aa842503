"""What the full-screen program is given of language models by the command line."""

import sys

import pytest

from alliance_sim.cli.commands import practice
from alliance_sim.cli.screens import ScreenModels
from alliance_sim.errors import EndpointProblem, InputProblem
from alliance_sim.tui import app as screens

SERVER = {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1", "ALLIANCE_SIM_MODEL": "some-model"}


@pytest.fixture
def configured(monkeypatch):
    for name, value in SERVER.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def terminal(monkeypatch):
    """A terminal, and an app that only remembers how it was started."""
    started = []

    def run(app):
        started.append(app)

    monkeypatch.setattr(practice, "need_terminal", lambda: None)
    monkeypatch.setattr(screens.AllianceApp, "run", run)
    return started


def test_a_model_that_is_wanted_must_be_configured(cli, terminal):
    result = cli("practice", "wary", "--client", "llm")
    assert result.code == 4
    assert "no model is configured" in result.err
    assert not terminal


def test_the_flags_preset_the_choice(cli, terminal, configured):
    assert cli("practice", "wary", "--client", "llm").code == 0
    assert terminal[0].start.voice == "model"
    assert terminal[0].models.setup.configured()
    assert cli("practice", "wary").code == 0
    assert terminal[1].start.voice is None


def test_a_model_file_is_what_is_opened(cli, terminal, tmp_path):
    path = tmp_path / "none.gguf"
    path.write_text("no model")
    assert cli("practice", "--gguf", str(path)).code == 0
    app = terminal[0]
    assert app.start.voice == "model"
    assert app.models.setup.at_hand().gguf == path
    with pytest.raises(InputProblem, match="not a GGUF file"):
        app.models.words(lambda _: None, lambda: None)


def test_words_are_asked_as_the_settings_say(configured, monkeypatch):
    monkeypatch.setenv("ALLIANCE_SIM_TEMPERATURE", "0.5")
    words = ScreenModels().words(lambda _: None, lambda: None)
    try:
        assert words.model == "some-model"
        assert words._sampling.temperature == 0.5
    finally:
        words.close()


def test_nothing_heavy_is_loaded_before_it_is_asked_for(monkeypatch):
    models = ScreenModels()
    monkeypatch.delitem(sys.modules, "openai", raising=False)
    with pytest.raises(EndpointProblem):
        models.need_one()
    assert "openai" not in sys.modules
    assert models.usage([]) is None
