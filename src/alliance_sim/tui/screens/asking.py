"""A question over the screen, or something to be read: plain text, a row of buttons, Esc."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from alliance_sim.domain.clean import printable


class AskScreen(ModalScreen[str | None]):
    """Gives the id of the button pressed; None for Esc."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Back", id="ask.back"),
        Binding("left", "app.focus_previous", show=False, id="ask.previous"),
        Binding("right", "app.focus_next", show=False, id="ask.next"),
    ]

    def __init__(
        self,
        title: str,
        lines: Sequence[str],
        choices: Sequence[tuple[str, str]],
        *,
        first: str | None = None,
    ) -> None:
        """`choices` are (id, label); `first` is the one that has the focus.

        Without `first` nothing has, so that an Enter meant for something else answers nothing.
        """
        super().__init__()
        self._title = title
        self._lines = lines
        self._choices = choices
        self._first = first

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(printable(self._title), classes="dialog-title", markup=False)
            with VerticalScroll(classes="dialog-text", can_focus=False):
                for line in self._lines:
                    yield Static(printable(line), classes="paragraph", markup=False)
            with Horizontal(classes="dialog-buttons"):
                for name, label in self._choices:
                    yield Button(label, id=f"choice-{name}")
            if self._first is None:
                keys = "← → or Tab to choose, Enter to answer, Esc to leave it unanswered"
                yield Static(keys, classes="dialog-foot", markup=False)

    def on_mount(self) -> None:
        if self._first:
            self.query_one(f"#choice-{self._first}", Button).focus()

    @on(Button.Pressed)
    def chosen(self, event: Button.Pressed) -> None:
        """Hand back what was chosen."""
        self.dismiss((event.button.id or "").removeprefix("choice-"))
