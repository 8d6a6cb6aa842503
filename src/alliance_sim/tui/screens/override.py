"""An instructor's score in place of the scorer's: which, what, who and why."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Button, Input, Label, Static

from alliance_sim.domain.scorecard import Scorecard
from alliance_sim.runtime.overriding import override, score_of
from alliance_sim.tui.screens.score_form import ScoreForm


class OverrideScreen(ScoreForm[Scorecard]):
    """Dismissed with the scores as they stand then."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "keep", "Change the score", id="override.keep"),
    ]

    def fields(self) -> ComposeResult:
        yield Static("Change a score", classes="dialog-title", markup=False)
        with VerticalScroll(classes="dialog-text", can_focus=False):
            yield Static(
                "For instructors. The scorer's own score, who changed it, when and why stay "
                "with it in every view and export.",
                markup=False,
            )
            yield Label("Rubric")
            yield self.rubrics()
            yield Label("Score: 0 to 4, or none for not observed")
            yield Input(id="score", compact=True)
            yield Label("Who: your id, not your name")
            yield Input(id="who", compact=True)
            yield Label("Why")
            yield Input(id="why", classes="-last", compact=True)

    def buttons(self) -> ComposeResult:
        yield Button("Change it", id="keep", variant="primary")
        yield Button("Back", id="leave")

    def on_mount(self) -> None:
        self.query_one("#score").focus()

    def kept(self) -> Scorecard:
        app = self.alliance
        return override(
            app.store,
            self.session_id,
            app.library,
            app.clock,
            rubric=self.rubric,
            score=score_of(self.line("score")),
            who=self.line("who"),
            why=self.line("why"),
        )
