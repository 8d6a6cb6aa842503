"""The trainee's own rating, asked before any score is shown."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import Screen
from textual.widgets import Button, Footer, Static

from alliance_sim.domain.clean import printable
from alliance_sim.domain.rubric import Rubric
from alliance_sim.tui.widgets.debrief_rating import RatingRow


class RatingScreen(Screen[dict[str, int] | None]):
    """One choice of 0–4 a rubric. Dismissed with the ratings; with None when passed over."""

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
    RatingScreen #buttons { height: auto; width: 100%; max-width: 84; padding: 1 2 1 3; }
    RatingScreen Button { margin: 0 2 0 0; }
    RatingScreen.-short RatingRow > .about {
        height: 1;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    """
    VERTICAL_BREAKPOINTS = [(0, "-short"), (36, "-tall")]  # noqa: RUF012 - as in Screen
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "done", "Go to the debrief", id="rating.done"),
        Binding("escape", "skip", "Skip", id="rating.skip"),
    ]

    def __init__(self, rubrics: Sequence[Rubric]) -> None:
        super().__init__()
        self._rubrics = rubrics

    def compose(self) -> ComposeResult:
        with Vertical(id="question"):
            yield Static("Before you see any score: how do you think it went?", id="ask")
            yield Static(
                "0 harmful, 1 poor, 2 partial, 3 competent, 4 strong. Skip any.",
                id="how",
            )
        with VerticalScroll(can_focus=False):
            for rubric in self._rubrics:
                title = printable(rubric.title, lines=False)
                about = printable(rubric.about, lines=False)
                yield RatingRow(rubric.id, title, _first_sentence(about))
        with Horizontal(id="buttons"):
            yield Button("Go to the debrief", id="rating-done", variant="primary", compact=True)
            yield Button("Skip", id="rating-skip", compact=True)
        yield Footer()

    def on_mount(self) -> None:
        rows = list(self.query(RatingRow))
        if rows:
            rows[0].focus()

    @property
    def ratings(self) -> dict[str, int]:
        """What has been chosen, by rubric."""
        return {row.rubric: row.level for row in self.query(RatingRow) if row.level is not None}

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
