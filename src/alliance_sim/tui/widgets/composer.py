"""Where the trainee writes: Enter sends, Ctrl+J begins a new line."""

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import TextArea

from alliance_sim.domain.clean import printable

_OWN_KEYS = {"f6", "f7"}
"""Function keys of the text area that the session uses otherwise."""


class Composer(TextArea, inherit_bindings=False):
    """Grows to five lines. What is pasted is made printable; nothing is cut."""

    DEFAULT_CSS = """
    Composer {
        height: auto;
        min-height: 3;
        max-height: 7;
        margin: 0 1;
        padding: 0 1;
        background: $background;
        border: round $border-blurred;
        scrollbar-size-vertical: 1;
        &:focus { border: round $primary; }
        &:disabled { opacity: 0.7; }
        & .text-area--placeholder { color: $text-muted; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *(each for each in TextArea.BINDINGS if getattr(each, "key", None) not in _OWN_KEYS),
        Binding("ctrl+j", "new_line", "New line", id="composer.new_line", show=False),
    ]

    class Submitted(Message):
        """The trainee pressed Enter; the words are still in the composer."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Nudged(Message):
        """Enter or space with nothing written: the next words, where the client waits for it."""

    class TakenBack(Message):
        """Ctrl+U while a reply is on its way."""

    def __init__(self, *, placeholder: str = "") -> None:
        super().__init__(
            soft_wrap=True,
            tab_behavior="focus",
            highlight_cursor_line=False,
            placeholder=placeholder,
        )
        self.cursor_blink = False
        self.nudges = False
        """A space on an empty composer is a nudge rather than a space."""
        self.sending = False
        """A reply is on its way and Ctrl+U takes it back."""

    async def _on_key(self, event: events.Key) -> None:
        empty = not self.text.strip()
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            self.post_message(self.Nudged() if empty else self.Submitted(self.text))
        elif event.key == "space" and not self.text and self.nudges:
            event.stop()
            event.prevent_default()
            self.post_message(self.Nudged())

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        if result := self._replace_via_keyboard(printable(event.text), *self.selection):
            self.move_cursor(result.end_location)

    def action_delete_to_start_of_line(self) -> None:
        """Delete, or take back what is on its way."""
        if self.sending:
            self.post_message(self.TakenBack())
        else:
            super().action_delete_to_start_of_line()

    def action_new_line(self) -> None:
        """Begin a new line."""
        self._replace_via_keyboard("\n", *self.selection)

    def put_back(self, text: str) -> None:
        """Words that were not sent, before whatever has been written since."""
        since = self.text
        self.load_text(f"{text}\n{since}" if since.strip() else text)
        self.move_cursor(self.document.end)
