"""The real app on a temporary store with the library that ships, and a clock that stands still."""

import random
from pathlib import Path

import pytest
from playing import MakeApp
from settling import settles_at_once
from snapshots import picture
from tests.llm.misbehaving import loopback, misbehaving
from tests.llm.small_model import small_model

from alliance_sim.authoring.library import Library
from alliance_sim.authoring.notices import load_notices
from alliance_sim.runtime.clock import Clock
from alliance_sim.store.repository import Store
from alliance_sim.tui.app import AllianceApp, Start
from alliance_sim.tui.models import Models
from alliance_sim.tui.preferences import Preferences, save_preferences

__all__ = ["loopback", "misbehaving", "picture", "settles_at_once", "small_model"]


@pytest.fixture
def make_app(tmp_path: Path, store: Store, library: Library, clock: Clock) -> MakeApp:
    """Makes the app; keyword arguments are preferences, `start` is a Start, `models` a way to
    language models.

    The first-run notice counts as seen and replies are sent without an undo window, unless told
    otherwise.
    """

    def make(
        start: Start | None = None, models: Models | None = None, **preferences: object
    ) -> AllianceApp:
        folder = tmp_path / "data"
        chosen = {"notice_seen": True, "undo_seconds": 0.0, **preferences}
        save_preferences(folder, Preferences.model_validate(chosen))
        return AllianceApp(
            store=store,
            library=library,
            notices=load_notices(),
            clock=clock,
            randomness=random.Random(4),
            data_folder=folder,
            locale="en_US.UTF-8",
            start=start or Start(seed=7),
            models=models,
        )

    return make


@pytest.fixture(autouse=True)
def _still(monkeypatch: pytest.MonkeyPatch) -> None:
    """No cursor blinks and nothing moves by itself, so that pictures come out the same."""
    monkeypatch.setattr("textual.widgets.TextArea.cursor_blink", False)
    monkeypatch.setattr("textual.widgets.Input.cursor_blink", False)


@pytest.fixture(autouse=True)
def _no_clipboard(monkeypatch: pytest.MonkeyPatch) -> None:
    """As over SSH: what a test copies stays out of the developer's clipboard."""
    monkeypatch.setenv("SSH_TTY", "none")
