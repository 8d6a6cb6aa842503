"""A moment to find the room again. The clock stands still and nothing is counted."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from alliance_sim.domain.clean import printable


class GroundingScreen(ModalScreen[None]):
    """The steps of the notices file, at the trainee's own pace."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,escape,f7", "dismiss", "Go on", id="grounding.go_on"),
    ]

    def __init__(self, steps: Sequence[str]) -> None:
        super().__init__()
        self._steps = steps

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static("A moment for yourself", classes="dialog-title", markup=False)
            with VerticalScroll(classes="dialog-text"):
                for step in self._steps:
                    yield Static(printable(step), classes="paragraph", markup=False)
            yield Static(
                "The clock stands still. Take as long as you like; Enter goes on.",
                classes="dialog-foot",
                markup=False,
            )


class PauseScreen(ModalScreen[None]):
    """The session stands still."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,escape,f4,space", "dismiss", "Go on", id="pause.go_on"),
    ]

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog -small"):
            yield Static("Paused", classes="dialog-title", markup=False)
            yield Static(
                "The clock stands still and nothing is counted. Enter goes on.",
                classes="paragraph",
                markup=False,
            )
