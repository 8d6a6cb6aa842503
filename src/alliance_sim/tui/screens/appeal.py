"""A trainee contests a score: which, and what it does not see."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button, Label, Select, Static, TextArea

from alliance_sim.domain.clean import printable
from alliance_sim.domain.scorecard import RubricScore, Scorecard
from alliance_sim.errors import AllianceError
from alliance_sim.reporting.narrative import Titles
from alliance_sim.runtime.appealing import appeal, check_reason
from alliance_sim.tui.screens.override import choice_of

if TYPE_CHECKING:
    from alliance_sim.tui.app import AllianceApp


@dataclass(frozen=True)
class Contested:
    """What the trainee says."""

    rubric: str
    reason: str


class AppealScreen(ModalScreen[Contested | None]):
    """Dismissed with what is contested; with None when left."""

    DEFAULT_CSS = """
    AppealScreen Select { margin: 0; }
    AppealScreen TextArea { height: 6; }
    AppealScreen Label { margin: 1 0 0 0; color: $foreground-muted; }
    AppealScreen #appeal-problem { color: $error; height: auto; }
    AppealScreen.-short TextArea { height: 5; }
    AppealScreen.-short Label { margin: 0; }
    """
    VERTICAL_BREAKPOINTS = [(0, "-short"), (36, "-tall")]  # noqa: RUF012 - as in Screen
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", id="appeal.back"),
        Binding("f5", "keep", "Contest the score", id="appeal.keep"),
    ]

    def __init__(self, scores: Sequence[RubricScore], titles: Titles) -> None:
        super().__init__()
        self._choices = [(choice_of(score, titles), score.rubric) for score in scores]

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog -large"):
            yield Static("Contest a score", classes="dialog-title", markup=False)
            with VerticalScroll(classes="dialog-text", can_focus=False):
                yield Static(
                    "Scores are estimates, and a person answers for them. An instructor will read "
                    "the session and your reason; the answer will stand here.",
                    markup=False,
                )
                yield Label("Rubric")
                first = self._choices[0][1]
                yield Select(self._choices, value=first, allow_blank=False, compact=True)
                yield Label("What does the score not see?")
                yield TextArea(id="appeal-reason")
            yield Static("", id="appeal-problem", markup=False)
            with Horizontal(classes="dialog-buttons"):
                yield Button("Contest it", id="appeal-keep", variant="primary")
                yield Button("Back", id="appeal-leave")

    def on_mount(self) -> None:
        self.query_one(TextArea).focus()

    @on(Button.Pressed, "#appeal-keep")
    def action_keep(self) -> None:
        """Hand it back, or say what is missing; what was written stays."""
        reason = self.query_one(TextArea).text
        try:
            check_reason(reason)
        except AllianceError as problem:
            self.query_one("#appeal-problem", Static).update(printable(str(problem)))
            return
        self.dismiss(Contested(str(self.query_one(Select).value), reason))

    @on(Button.Pressed, "#appeal-leave")
    def action_leave(self) -> None:
        self.dismiss(None)


def contest_score(
    app: "AllianceApp",
    session_id: str,
    card: Scorecard,
    titles: Titles,
    done: Callable[[], object],
) -> None:
    """Ask which score of a session is contested, store it, and call `done`; problems are told."""

    def decided(said: Contested | None) -> None:
        if said is None:
            return
        try:
            appeal(app.store, session_id, app.clock, rubric=said.rubric, reason=said.reason)
        except AllianceError as problem:
            app.notify_plain(str(problem))
            return
        done()

    if card.rubrics:
        app.push_screen(AppealScreen(card.rubrics, titles), decided)
