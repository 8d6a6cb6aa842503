"""An instructor's score in place of the scorer's: which, what, who and why."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Label, Select, Static

from alliance_sim.domain.clean import printable
from alliance_sim.domain.scorecard import RubricScore, Scorecard
from alliance_sim.errors import AllianceError
from alliance_sim.reporting.narrative import Titles, title_of
from alliance_sim.runtime.overriding import override, score_of

if TYPE_CHECKING:
    from alliance_sim.tui.app import AllianceApp


@dataclass(frozen=True)
class Wanted:
    """What the instructor decided."""

    rubric: str
    score: float | None
    """0–4; None: not observed."""
    who: str
    why: str


class OverrideScreen(ModalScreen[Wanted | None]):
    """Dismissed with what was decided; with None when left."""

    DEFAULT_CSS = """
    OverrideScreen Input, OverrideScreen Select { margin: 0; }
    OverrideScreen Label { margin: 1 0 0 0; color: $foreground-muted; }
    OverrideScreen #override-problem { color: $error; height: auto; }
    OverrideScreen.-short Label { margin: 0; }
    """
    VERTICAL_BREAKPOINTS = [(0, "-short"), (36, "-tall")]  # noqa: RUF012 - as in Screen
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", id="override.back"),
        Binding("f5", "keep", "Change the score", id="override.keep"),
    ]

    def __init__(self, scores: Sequence[RubricScore], titles: Titles) -> None:
        super().__init__()
        self._choices = [(choice_of(score, titles), score.rubric) for score in scores]

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog -large"):
            yield Static("Change a score", classes="dialog-title", markup=False)
            with VerticalScroll(classes="dialog-text", can_focus=False):
                yield Static(
                    "For instructors. The scorer's own score, who changed it, when and why stay "
                    "with it in every view and export.",
                    markup=False,
                )
                yield Label("Rubric")
                first = self._choices[0][1]
                yield Select(self._choices, value=first, allow_blank=False, compact=True)
                yield Label("Score: 0 to 4, or none for not observed")
                yield Input(id="override-score", compact=True)
                yield Label("Who: your id, not your name")
                yield Input(id="override-who", compact=True)
                yield Label("Why")
                yield Input(id="override-why", compact=True)
            yield Static("", id="override-problem", markup=False)
            with Horizontal(classes="dialog-buttons"):
                yield Button("Change it", id="override-keep", variant="primary")
                yield Button("Back", id="override-leave")

    def on_mount(self) -> None:
        self.query_one("#override-score", Input).focus()

    @on(Button.Pressed, "#override-keep")
    @on(Input.Submitted, "#override-why")
    def action_keep(self) -> None:
        """Hand it back, or say what is missing."""
        try:
            wanted = self._wanted()
        except AllianceError as problem:
            self.query_one("#override-problem", Static).update(printable(str(problem)))
            return
        self.dismiss(wanted)

    def _wanted(self) -> Wanted:
        rubric = str(self.query_one(Select).value)
        score, who, why = (
            self.query_one(f"#override-{name}", Input).value for name in ("score", "who", "why")
        )
        return Wanted(rubric, score_of(score), who, why)

    @on(Button.Pressed, "#override-leave")
    def action_leave(self) -> None:
        self.dismiss(None)


def change_score(
    app: "AllianceApp",
    session_id: str,
    card: Scorecard,
    titles: Titles,
    done: Callable[[], object],
) -> None:
    """Ask which score of a session is changed, store it, and call `done`; problems are told."""

    def decided(wanted: Wanted | None) -> None:
        if wanted is None:
            return
        try:
            override(app.store, session_id, app.library, app.clock, **vars(wanted))
        except AllianceError as problem:
            app.notify_plain(str(problem))
            return
        done()

    if card.rubrics:
        app.push_screen(OverrideScreen(card.rubrics, titles), decided)


def choice_of(score: RubricScore, titles: Titles) -> str:
    """A rubric's title with its score."""
    shown = "not observed" if score.score is None else f"{score.score:.1f}"
    return printable(f"{title_of(score.rubric, titles)}: {shown}", lines=False)
