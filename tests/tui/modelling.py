"""What the tests of screens with a model share: a model that is none, and settings of their own."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from playing import session_of
from tests.llm.fake_backend import FakeBackend
from textual.pilot import Pilot
from textual.widgets import Static

from alliance_sim.llm.settings import Places
from alliance_sim.llm.setup import ModelSetup
from alliance_sim.runtime.model_usage import model_usage, usage_line
from alliance_sim.runtime.wording import Wording
from alliance_sim.tui.app import AllianceApp

SERVER = {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1", "ALLIANCE_SIM_MODEL": "fake-model"}
"""An environment in which a model is configured."""


class FakeKeyring:
    """Keys by address, in memory."""

    def __init__(self, **keys: str) -> None:
        self.keys = dict(keys)

    def get(self, url: str) -> str | None:
        return self.keys.get(url)

    def set(self, url: str, key: str) -> None:
        self.keys[url] = key

    def delete(self, url: str) -> bool:
        return self.keys.pop(url, None) is not None


def setup_in(folder: Path, environ: dict[str, str] | None = None) -> ModelSetup:
    """Settings of a model that live in that folder and environment alone."""
    places = Places(environ or {}, folder / ".env", folder / "config.toml")
    return ModelSetup(places, keyring=FakeKeyring())


class FakeModels:
    """Implements `tui.models.Models`: every opening gives a model that goes on with the script."""

    def __init__(self, folder: Path, *script: object, environ: dict[str, str] | None = None):
        self.setup = setup_in(folder, SERVER if environ is None else environ)
        self.backend = FakeBackend(*script)
        self.opened: list[Wording] = []
        self.opens: Callable[[Callable[[float], None]], None] = lambda progress: progress(1.0)
        """What opening does first; may raise."""

    def words(self, progress, wake) -> Wording:
        self.opens(progress)
        self.opened.append(Wording(self.backend, wake=wake))
        return self.opened[-1]

    def usage(self, events) -> str | None:
        found = model_usage(events)
        return found and usage_line(found)


async def heard(
    app: AllianceApp, pilot: Pilot[None], when: Callable[[], object], looks: int = 400
) -> None:
    """Until something is so on the screen that the model's thread brings about."""
    for _ in range(looks):
        await pilot.pause()
        if when():
            return
        await asyncio.sleep(0.005)
    raise AssertionError(f"it never came: {status(app)}")


def status(app: AllianceApp) -> str:
    """The line above the composer."""
    return str(session_of(app).query_one("#status", Static).content)


def finished(app: AllianceApp) -> bool:
    """The client has said it all."""
    return "has finished" in status(app)


def note(app: AllianceApp) -> str:
    """What is told of the model; empty where nothing is."""
    shown = session_of(app).query_one("ModelNotes", Static)
    return str(shown.content) if shown.display else ""
