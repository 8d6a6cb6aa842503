"""The trainee's own rating, asked before any score is shown."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.events import DescendantFocus
from textual.screen import Screen
from textual.widgets import Button, Footer, Static

from alliance_sim.domain.clean import printable
from alliance_sim.domain.rubric import Rubric
from alliance_sim.tui.widgets.debrief_rating import HIGHEST, RatingRow


class RatingScreen(Screen[dict[str, int] | None]):
    """One choice of 0–4 a rubric that was in play and seen. Dismissed with the ratings; with None
    when passed over."""

    DEFAULT_CSS = """
    RatingScreen {
        align: center top;
        background: $background;
    }
    RatingScreen > VerticalScroll {
        width: 100%;
        max-width: 84;
        height: auto;
        max-height: 1fr;
        padding: 0 2;
        scrollbar-size-vertical: 1;
    }
    RatingScreen #question { width: 100%; max-width: 84; height: auto; padding: 1 2; }
    RatingScreen #ask { text-style: bold; color: $accent; }
    RatingScreen #how { color: $foreground-muted; }
    RatingScreen #about-rubric {
        width: 100%;
        max-width: 84;
        height: 4;
        padding: 1 2 0 4;
        color: $foreground-muted;
    }
    RatingScreen #buttons { height: auto; width: 100%; max-width: 84; padding: 0 2 1 3; }
    RatingScreen Button { margin: 0 2 0 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "done", "Go to the debrief", id="rating.done"),
        Binding("escape", "skip", "Skip", id="rating.skip"),
        # Before the row: keys that come quickly would all reach the row that had the focus first.
        *(
            Binding(str(n), f"choose({n})", show=False, priority=True, id=f"rating.choose_{n}")
            for n in range(HIGHEST + 1)
        ),
    ]

    def __init__(self, rubrics: Sequence[Rubric]) -> None:
        super().__init__()
        self._rubrics = rubrics

    def compose(self) -> ComposeResult:
        with Vertical(id="question"):
            yield Static("Before you see any score: how do you think it went?", id="ask")
            yield Static(
                "0 harmful, 1 poor, 2 partial, 3 competent, 4 strong. A number goes on to the "
                "next; skip any with ↓.",
                id="how",
            )
        with VerticalScroll(can_focus=False):
            for rubric in self._rubrics:
                title = printable(rubric.title, lines=False)
                about = printable(rubric.about, lines=False)
                yield RatingRow(rubric.id, title, _first_sentence(about))
        yield Static("", id="about-rubric", markup=False)
        with Horizontal(id="buttons"):
            yield Button("Go to the debrief", id="rating-done", variant="primary", compact=True)
            yield Button("Skip", id="rating-skip", compact=True)
        yield Footer()

    def on_mount(self) -> None:
        rows = list(self.query(RatingRow))
        if rows:
            rows[0].focus()

    @on(DescendantFocus)
    def show_about(self, event: DescendantFocus) -> None:
        """What the rubric in focus is about."""
        if isinstance(event.widget, RatingRow):
            self.query_one("#about-rubric", Static).update(event.widget.about)

    @property
    def ratings(self) -> dict[str, int]:
        """What has been chosen, by rubric."""
        return {row.rubric: row.level for row in self.query(RatingRow) if row.level is not None}

    def action_choose(self, level: int) -> None:
        """Rate the row in focus, and go on to the next."""
        if isinstance(self.focused, RatingRow):
            self.focused.level = level
            self.focus_next()

    @on(Button.Pressed, "#rating-done")
    def action_done(self) -> None:
        """Take the ratings as they are."""
        self.dismiss(self.ratings)

    @on(Button.Pressed, "#rating-skip")
    def action_skip(self) -> None:
        """Go on without a rating."""
        self.dismiss(None)


def _first_sentence(text: str) -> str:
    """The first sentence or the part before its colon's list; enough to know what is meant."""
    end = text.find(". ")
    return text if end < 0 else text[: end + 1]
