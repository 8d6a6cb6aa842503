"""The whole conversation so far, to be read, selected and copied."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Footer, Static, TextArea

from alliance_sim.tui.copying import copy_told


class TranscriptScreen(ModalScreen[None]):
    """A read-only text; the keyboard selects with shift and the arrows."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f8", "dismiss", "Back", id="transcript.back"),
        Binding("c", "copy", "Copy (selected, else all)", id="transcript.copy"),
    ]

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        with Vertical(classes="page"):
            yield Static("Transcript", classes="dialog-title", markup=False)
            yield TextArea(self._text, read_only=True, soft_wrap=True, id="transcript")
        yield Footer()

    def on_mount(self) -> None:
        area = self.query_one(TextArea)
        area.cursor_blink = False
        area.move_cursor(area.document.end)
        area.focus()

    def action_copy(self) -> None:
        """Copy what is selected, or everything."""
        area = self.query_one(TextArea)
        copy_told(self.app, area.selected_text or self._text, "The transcript")
