"""One rubric of the self-rating: its title, a line about it, and five choices."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Click, Key
from textual.reactive import reactive
from textual.widgets import Static

WORDS = ("harmful", "poor", "partial", "competent", "strong")
"""What the levels 0–4 mean."""

HIGHEST = 4
_CELLS = 6
"""Cells of one choice."""


class _Choices(Static):
    """The five numbers."""


class RatingRow(Vertical, can_focus=True):
    """A choice of 0–4, or none. Number keys choose, arrows move, backspace takes it back."""

    DEFAULT_CSS = """
    RatingRow {
        height: auto;
        padding: 0 1;
        margin: 0 0 1 0;
        border-left: wide $panel;
    }
    RatingRow:focus { border-left: wide $accent; background: $surface; }
    RatingRow > .title { text-style: bold; }
    RatingRow > .about { color: $foreground-muted; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "lower", "Lower", id="rating.lower", show=False),
        Binding("right", "higher", "Higher", id="rating.higher", show=False),
        Binding("up", "app.focus_previous", "Previous", id="rating.previous", show=False),
        Binding("down,enter", "app.focus_next", "Next", id="rating.next", show=False),
        Binding("backspace,delete", "clear", "Take back", id="rating.clear", show=False),
    ]

    level: reactive[int | None] = reactive(None)

    def __init__(self, rubric: str, title: str, about: str) -> None:
        super().__init__()
        self.rubric = rubric
        self._title = title
        self._about = about

    def compose(self) -> ComposeResult:
        yield Static(self._title, classes="title", markup=False)
        yield Static(self._about, classes="about", markup=False)
        yield _Choices(_drawn(self.level))

    def watch_level(self, level: int | None) -> None:
        for choices in self.query(_Choices):
            choices.update(_drawn(level))

    def on_key(self, event: Key) -> None:
        if event.character and event.character in "01234":
            self.level = int(event.character)
            event.stop()

    def on_click(self, event: Click) -> None:
        if isinstance(event.widget, _Choices):
            self.level = min(HIGHEST, event.x // _CELLS)

    def action_lower(self) -> None:
        self.level = None if not self.level else self.level - 1

    def action_higher(self) -> None:
        self.level = 0 if self.level is None else min(HIGHEST, self.level + 1)

    def action_clear(self) -> None:
        self.level = None


def _drawn(level: int | None) -> Content:
    """The choices; the chosen one stands in brackets, so that colour is not needed."""
    parts: list[str | tuple[str, str]] = []
    for number in range(HIGHEST + 1):
        if number == level:
            parts.append((f"[ {number} ] ", "bold $accent"))
        else:
            parts.append((f"  {number}   ", "$foreground-muted"))
    parts.append((WORDS[level] if level is not None else "", "$accent"))
    return Content.assemble(*parts)
