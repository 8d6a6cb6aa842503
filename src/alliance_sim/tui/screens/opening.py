"""Opening a model: a progress bar while it loads, and a way to give it up."""

from dataclasses import dataclass
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Button, ProgressBar, Static

from alliance_sim.errors import AllianceError
from alliance_sim.tui.models import Bell, GivenUp, Models, ModelVoice, Offer

AT_ONCE = 0.3
"""Seconds within which most models are open, and nothing needs to be shown."""


@dataclass(frozen=True)
class Opened:
    """How it went: a voice, or why there is none."""

    voice: ModelVoice | None
    problem: str = ""


class OpeningScreen(ModalScreen[Opened | None]):
    """Dismissed with how it went; with None when given up."""

    DEFAULT_CSS = """
    OpeningScreen { background: transparent; }
    OpeningScreen .dialog { display: none; }
    OpeningScreen.-shown { background: $background 70%; }
    OpeningScreen.-shown .dialog { display: block; }
    OpeningScreen ProgressBar { margin: 1 0 0 0; }
    OpeningScreen ProgressBar #bar { width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", "Give up", id="opening.give_up"),
    ]

    class Share(Message):
        """So much has been loaded, 0–1."""

        def __init__(self, share: float) -> None:
            super().__init__()
            self.share = share

    class Done(Message):
        """It is open, or cannot be."""

        def __init__(self, opened: Opened) -> None:
            super().__init__()
            self.opened = opened

    def __init__(self, models: Models, offer: Offer) -> None:
        super().__init__()
        self._models = models
        self._offer = offer
        self._given_up = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog -small"):
            yield Static("One moment", classes="dialog-title", markup=False)
            name = self._offer.name or "the model"
            yield Static(f"Opening {name} {self._offer.where}.".replace(" .", "."), markup=False)
            yield ProgressBar(total=1.0, show_eta=False)
            with Horizontal(classes="dialog-buttons"):
                yield Button("Give up   Esc", id="give-up", compact=True)

    def on_mount(self) -> None:
        self.query_one(ProgressBar).display = False
        self.set_timer(AT_ONCE, lambda: self.add_class("-shown"))
        self._open()

    @work(thread=True)
    def _open(self) -> None:
        bell = Bell()
        try:
            voice = ModelVoice(self._models.words(self._loaded, bell), bell)
        except GivenUp:
            return
        except AllianceError as problem:
            self.post_message(self.Done(Opened(None, str(problem))))
            return
        if self._given_up or not self.post_message(self.Done(Opened(voice))):
            voice.wording.close()

    def _loaded(self, share: float) -> None:
        """Called by whoever loads, in its thread."""
        if self._given_up:
            raise GivenUp
        self.post_message(self.Share(share))

    @on(Share)
    def show_share(self, message: Share) -> None:
        """Draw the bar: there is something to wait for."""
        bar = self.query_one(ProgressBar)
        bar.display = True
        bar.update(progress=message.share)

    @on(Done)
    def done(self, message: Done) -> None:
        """Hand it on, unless it was given up meanwhile."""
        if not self._given_up:
            self.dismiss(message.opened)
        elif message.opened.voice:
            message.opened.voice.let_go()

    @on(Button.Pressed, "#give-up")
    def action_give_up(self) -> None:
        """Back to where one was; what has been loaded is let go."""
        self._given_up = True
        self.dismiss(None)

    def on_unmount(self) -> None:
        self._given_up = True
