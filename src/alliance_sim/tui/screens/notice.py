"""What the program is and is not: shown at the first start, and from the command palette."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from alliance_sim.authoring.notices import Notices
from alliance_sim.tui.typed import AllianceScreenMixin
from alliance_sim.tui.widgets.margined import Bullet


class NoticeScreen(AllianceScreenMixin, ModalScreen[bool]):
    """Dismissed with True once it is understood."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "understood", "I understand", id="notice.understood"),
    ]

    def __init__(self, notices: Notices) -> None:
        super().__init__()
        self._notices = notices

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog -large"):
            yield Static("Before you begin", classes="dialog-title", markup=False)
            with VerticalScroll(classes="dialog-text"):
                served = self.alliance.start.served
                also = self._notices.first_run_served if served else ()
                for line in (*self._notices.first_run, *also):
                    yield Bullet(line)
                yield Static("If you need someone now", classes="heading", markup=False)
                for line in self._notices.resources_for(self.alliance.locale):
                    yield Bullet(line)
            yield Button("I understand", id="understood", variant="primary", compact=True)

    def on_mount(self) -> None:
        self.query_one("#understood", Button).focus()

    @on(Button.Pressed)
    def action_understood(self) -> None:
        """Read and understood."""
        self.dismiss(True)
