"""A trainee contests a score: which, and what it does not see."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Button, Label, Select, Static, TextArea

from alliance_sim.domain.programme import Appeal
from alliance_sim.runtime.appealing import appeal
from alliance_sim.tui.screens.score_form import ScoreForm


class AppealScreen(ScoreForm[Appeal]):
    """Dismissed with the appeal, which is stored by then."""

    DEFAULT_CSS = """
    AppealScreen TextArea { height: 6; }
    AppealScreen.-short TextArea { height: 5; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "keep", "Contest the score", id="appeal.keep"),
    ]

    def fields(self) -> ComposeResult:
        yield Static("Contest a score", classes="dialog-title", markup=False)
        with VerticalScroll(classes="dialog-text", can_focus=False):
            yield Static(
                "Scores are estimates, and a person answers for them. An instructor will read "
                "the session and your reason; the answer will stand here.",
                markup=False,
            )
            yield Label("Rubric")
            yield self.rubrics()
            yield Label("What does the score not see?")
            yield TextArea(id="reason")

    def buttons(self) -> ComposeResult:
        yield Button("Contest it", id="keep", variant="primary")
        yield Button("Back", id="leave")

    def on_mount(self) -> None:
        # Which score comes first: a reason typed at once would go to whichever stands on top.
        self.query_one(Select).focus()

    def kept(self) -> Appeal:
        app, reason = self.alliance, self.query_one(TextArea).text
        return appeal(app.store, self.session_id, app.clock, rubric=self.rubric, reason=reason)
