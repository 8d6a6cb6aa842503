"""One rubric of the self-rating: its title and five choices, in one line."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click
from textual.reactive import reactive
from textual.widgets import Static

WORDS = ("harmful", "poor", "partial", "competent", "strong")
"""What the levels 0–4 mean."""

HIGHEST = 4
TITLE = 28
"""Cells of the title, the gap to the choices included."""

_CELLS = 6
"""Cells of one choice."""


class RatingRow(Static, can_focus=True):
    """A choice of 0–4, or none. The screen takes the numbers; arrows move, backspace takes back."""

    DEFAULT_CSS = """
    RatingRow {
        height: 1;
        padding: 0 1;
        border-left: wide $panel;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    RatingRow:focus { border-left: wide $accent; background: $surface; text-style: bold; }
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
        """about: a sentence, which the screen shows while the row has the focus."""
        super().__init__(_drawn(title, None), markup=False)
        self.rubric = rubric
        self.about = about
        self._title = title

    def watch_level(self, level: int | None) -> None:
        self.update(_drawn(self._title, level))

    def on_click(self, event: Click) -> None:
        place = event.get_content_offset(self)
        if place and place.x >= TITLE:
            self.level = min(HIGHEST, (place.x - TITLE) // _CELLS)

    def action_lower(self) -> None:
        self.level = None if not self.level else self.level - 1

    def action_higher(self) -> None:
        self.level = 0 if self.level is None else min(HIGHEST, self.level + 1)

    def action_clear(self) -> None:
        self.level = None


def _drawn(title: str, level: int | None) -> Content:
    """The choices; the chosen one stands in brackets, so that colour is not needed."""
    shown = Content(title).truncate(TITLE - 1, ellipsis=True)
    parts: list[Content | str | tuple[str, str]] = [shown, " " * (TITLE - shown.cell_length)]
    for number in range(HIGHEST + 1):
        if number == level:
            parts.append((f"[ {number} ] ", "bold $accent"))
        else:
            parts.append((f"  {number}   ", "$foreground-muted"))
    parts.append((WORDS[level] if level is not None else "", "$accent"))
    return Content.assemble(*parts)
