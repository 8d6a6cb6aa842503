"""The full-screen program: what it works with, where it goes from screen to screen."""

# ruff: noqa: PLC0415 - screens and the engine are imported when they are used, so that the first
# screen paints soon

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol, runtime_checkable

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.notifications import SeverityLevel
from textual.screen import Screen

from alliance_sim.errors import AllianceError
from alliance_sim.runtime.clock import Clock
from alliance_sim.tui.assigned import Assigned
from alliance_sim.tui.hangup import terminal_gone
from alliance_sim.tui.preferences import Preferences, load_preferences, save_preferences
from alliance_sim.tui.sittings import Sittings
from alliance_sim.tui.themes import THEMES

if TYPE_CHECKING:
    from alliance_sim.authoring.library import Library
    from alliance_sim.authoring.notices import Notices
    from alliance_sim.runtime.session import LiveSession
    from alliance_sim.store.repository import Store
    from alliance_sim.tui.models import Models, ModelVoice, Voice


LOOK_FOR_TERMINAL = 2.0
"""Seconds between two looks at whether the terminal is still there."""

HUNG_UP = 129
"""Exit code of a program whose terminal has gone (128 + SIGHUP)."""


@runtime_checkable
class HasCommands(Protocol):
    """A screen with commands of its own for the palette."""

    def palette_entries(self) -> Iterable[SystemCommand]:
        """What can be done on this screen."""
        ...


@dataclass(frozen=True)
class Start:
    """What the command line asked for; None leaves the choice to the screens."""

    scenario: str | None = None
    resume: str | None = None
    """A session to go on with at once."""
    trainee: str | None = None
    assignment: str | None = None
    """What the hour is held for, of several that would fit."""
    pace: str | None = None
    wpm: int | None = None
    seed: int | None = None
    turns: int = 40
    exam: bool = False
    voice: Voice | None = None
    user: str = "unknown"
    """Who acts, for the audit log."""
    served: bool = False
    """Shown in a browser, by a server that may be somebody else's machine."""


class AllianceApp(App[None]):
    """Holds what the screens share; each screen does one thing and asks the app to go on."""

    TITLE = "alliance-sim"
    CSS_PATH = "app.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", "Help", id="app.help"),
        Binding("ctrl+q", "quit", "Quit", id="app.quit", priority=True, show=False),
    ]

    def __init__(  # noqa: PLR0913 - what the screens share, passed in once
        self,
        *,
        store: Store | Callable[[], Store],
        library: Library,
        notices: Notices,
        clock: Clock,
        randomness: random.Random,
        data_folder: Path,
        locale: str | None = None,
        start: Start | None = None,
        models: Models | None = None,
    ) -> None:
        """models: None where no language model can be set up from here."""
        super().__init__()
        self._open_store = store
        self.library = library
        self.notices = notices
        self.clock = clock
        self.randomness = randomness
        self.data_folder = data_folder
        self.locale = locale
        self.start = start or Start()
        self.models = models
        self.sittings = Sittings(self)
        self.assigned = Assigned(self)
        self.preferences: Preferences = load_preferences(data_folder)
        self.problem: AllianceError | None = None
        """What ended the program; None while all is well."""

    @property
    def guest(self) -> bool:
        """Whether a trainee sits at a machine that is not hers.

        She sees her own sessions, and changes no score, no stored session and no setting of it.
        """
        return self.start.served and self.start.trainee is not None

    @property
    def may_set_up_models(self) -> bool:
        """Whether a model, its address and its key can be set from here."""
        return self.models is not None and not self.guest

    @cached_property
    def store(self) -> Store:
        """The store, opened when it is first needed: after the first paint."""
        return self._open_store() if callable(self._open_store) else self._open_store

    def open_store(self) -> bool:
        """Open the store now. Where it cannot be used the program ends, and `problem` says why."""
        try:
            _ = self.store
        except AllianceError as problem:
            self.problem = problem
            self.exit()
            return False
        return True

    def on_mount(self) -> None:
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = self.preferences.theme
        self.set_keymap(self.preferences.keys)
        if not self.is_headless:
            self.set_interval(LOOK_FOR_TERMINAL, self.leave_without_terminal)
        self.show_home()
        if not self.preferences.notice_seen:
            self.show_first_run()
        elif self.start.resume:
            self.resume(self.start.resume)
        elif self.start.scenario:
            self.show_intake(self.start.scenario)

    def leave_without_terminal(self) -> None:
        """End once the terminal has hung up: everything is stored, and nobody can be told."""
        if terminal_gone():
            os._exit(HUNG_UP)

    # ---- from screen to screen -----------------------------------------------------------

    def show_home(self) -> None:
        """The clients; everything else is pushed on top of it."""
        from alliance_sim.tui.screens.home import HomeScreen

        self.push_screen(HomeScreen())

    def show_first_run(self) -> None:
        """The notice of the first start; leads on to what the command line asked for."""
        from alliance_sim.tui.screens.notice import NoticeScreen

        def seen(_: bool | None) -> None:
            self.remember(notice_seen=True)
            if self.start.resume:
                self.resume(self.start.resume)
            elif self.start.scenario:
                self.show_intake(self.start.scenario)

        self.push_screen(NoticeScreen(self.notices), seen)

    def show_intake(self, scenario_id: str) -> None:
        """The intake sheet and the trainee's own plan. Problems of the file are told."""
        from alliance_sim.tui.screens.intake import IntakeScreen

        try:
            scenario = self.library.scenario(scenario_id)
        except AllianceError as problem:
            self.notify_plain(str(problem))
            return
        self.push_screen(IntakeScreen(scenario))

    def show_models(self) -> None:
        """Setting up a model for the clients' words."""
        from alliance_sim.tui.screens.model_setup import ModelSetupScreen

        models = self.models if self.may_set_up_models else None
        if models is not None and not isinstance(self.screen, ModelSetupScreen):
            self.push_screen(ModelSetupScreen(models.setup))

    def resume(self, session_id: str) -> None:
        """Go on with a stored session; one that has ended shows its debrief."""
        self.sittings.resume(session_id)

    def retry(self, session_id: str, turn: int) -> None:
        """Try a turn again, in a new session that branches there."""
        self.sittings.retry(session_id, turn)

    def enter(
        self, session: LiveSession, voice: ModelVoice | None = None, *, replace: bool = False
    ) -> None:
        """Open the session screen; it lets the model go when it is left."""
        from alliance_sim.tui.screens.session import SessionScreen

        screen = SessionScreen(session, self.clock, voice)
        if replace:
            self.switch_screen(screen)
        else:
            self.push_screen(screen)

    def show_debrief(self, session_id: str, *, replace: bool = False) -> None:
        """The debrief; the self-rating comes first where none was given."""
        from alliance_sim.tui.screens.debrief import DebriefScreen

        screen = DebriefScreen(session_id)
        if replace:
            self.switch_screen(screen)
        else:
            self.push_screen(screen)

    def show_history(self) -> None:
        """The sessions in the store."""
        from alliance_sim.tui.screens.history import HistoryScreen

        self.push_screen(HistoryScreen())

    def show_programme(self) -> None:
        """All sessions of the store, for a coordinator; no business of a guest's."""
        from alliance_sim.tui.screens.programme import ProgrammeScreen

        if not self.guest:
            self.push_screen(ProgrammeScreen())

    def go_home(self) -> None:
        """Close whatever is open over the clients."""
        from alliance_sim.tui.screens.home import HomeScreen

        while len(self.screen_stack) > 1 and not isinstance(self.screen, HomeScreen):
            self.pop_screen()

    def show_comparison(self, before: str, after: str) -> None:
        """Two tries at the same turn, side by side."""
        from alliance_sim.tui.screens.comparison import ComparisonScreen

        self.push_screen(ComparisonScreen(before, after))

    # ---- shared --------------------------------------------------------------------------

    def notify_plain(self, text: str, *, severity: SeverityLevel = "error") -> None:
        """Tell the user something that may hold any characters: never as markup."""
        from alliance_sim.domain.clean import printable

        self.notify(printable(text), severity=severity, markup=False)

    def remember(self, **changes: object) -> None:
        """Change preferences and keep them."""
        self.preferences = self.preferences.model_copy(update=changes)
        save_preferences(self.data_folder, self.preferences)

    def action_help(self) -> None:
        """Help for the screen that is open."""
        from alliance_sim.tui.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.screen))

    def watch_theme(self, theme: str) -> None:
        if self.is_running and theme != self.preferences.theme:
            self.remember(theme=theme)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        if isinstance(screen, HasCommands):
            yield from screen.palette_entries()
        yield from super().get_system_commands(screen)
        yield SystemCommand("History", "Sessions you have held", self.show_history)
        if not self.guest:
            told = "For coordinators: sessions, trainees, figures, appeals"
            yield SystemCommand("Programme", told, self.show_programme)
        if self.may_set_up_models:
            yield SystemCommand("Model", "Set up a language model", self.show_models)
        yield SystemCommand("Notice", "What this program is and is not", self.show_first_run)
