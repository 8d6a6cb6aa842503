"""An appeal with what it is about, and the instructor's answer."""

from collections.abc import Iterator
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Label, Static

from alliance_sim.domain.clean import printable
from alliance_sim.errors import AllianceError
from alliance_sim.runtime.appealing import Case, Decision, answer
from alliance_sim.runtime.overriding import score_of
from alliance_sim.tui.screens.review import ReviewScreen
from alliance_sim.tui.typed import AllianceScreenMixin
from alliance_sim.tui.widgets.debrief_text import MUTED, joined, plain

KEEP = "keep"
"""Typed where the score stays as it is."""


class AnswerScreen(AllianceScreenMixin, ModalScreen[bool]):
    """Dismissed with whether the appeal was answered."""

    DEFAULT_CSS = """
    AnswerScreen Input { margin: 0; background: $panel; }
    AnswerScreen Label { margin: 1 0 0 0; color: $foreground-muted; }
    AnswerScreen #answer-case { height: auto; }
    AnswerScreen #answer-problem { color: $error; height: auto; }
    AnswerScreen #answer-scroll { height: auto; max-height: 14; scrollbar-size-vertical: 1; }
    AnswerScreen #answer-case { padding-right: 2; }
    AnswerScreen.-short Label { margin: 0; }
    AnswerScreen.-short #answer-scroll { max-height: 8; }
    AnswerScreen.-short #answer-buttons { display: none; }
    AnswerScreen.-tall #answer-keys { display: none; }
    """
    VERTICAL_BREAKPOINTS = [(0, "-short"), (32, "-tall")]  # noqa: RUF012 - as in Screen
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", id="answer.back"),
        Binding("f5", "keep", "Answer", id="answer.keep"),
        Binding("f6", "read", "Read the session", id="answer.read"),
    ]

    def __init__(self, case: Case, title: str, user: str) -> None:
        super().__init__()
        self._case = case
        self._title = title
        self._user = user

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog -large"):
            yield Static(f"Appeal · {self._title}", classes="dialog-title", markup=False)
            with VerticalScroll(id="answer-scroll"):
                yield Static(Content("\n").join(_told(self._case)), id="answer-case", markup=False)
            yield Label("Score: keep, a number from 0 to 4, or none for not observed")
            yield Input(KEEP, id="answer-score", compact=True)
            yield Label("Who: your id, not your name")
            yield Input(self._user, id="answer-who", compact=True)
            yield Label("Why: the trainee reads this")
            yield Input(id="answer-why", compact=True)
            yield Static("", id="answer-problem", markup=False)
            keys = "F5 answers · F6 opens the session · Esc goes back"
            yield Static(keys, id="answer-keys", classes="dialog-foot", markup=False)
            with Horizontal(classes="dialog-buttons", id="answer-buttons"):
                yield Button("Answer", id="answer-keep", variant="primary")
                yield Button("Read the session", id="answer-read")

    def on_mount(self) -> None:
        self.query_one("#answer-scroll").focus()

    @on(Button.Pressed, "#answer-keep")
    @on(Input.Submitted, "#answer-why")
    def action_keep(self) -> None:
        """Store the answer, or say what is missing."""
        app = self.alliance
        score, who, why = (
            self.query_one(f"#answer-{name}", Input).value for name in ("score", "who", "why")
        )
        keep = score.strip().casefold() == KEEP
        try:
            wanted = None if keep else score_of(score)
            made, library, clock = self._case.appeal, app.library, app.clock
            answer(app.store, made, library, clock, Decision(who, why, keep, wanted))
        except AllianceError as problem:
            self.query_one("#answer-problem", Static).update(printable(str(problem)))
            return
        self.dismiss(True)

    @on(Button.Pressed, "#answer-read")
    def action_read(self) -> None:
        """The session as the trainee saw it."""
        self.app.push_screen(ReviewScreen(self._case.appeal.session_id))

    def action_leave(self) -> None:
        self.dismiss(False)


def _told(case: Case) -> Iterator[Content]:
    score = case.score
    shown = "not observed" if score.score is None else f"{score.score:.1f}"
    who = case.trainee or "a trainee without a pseudonym"
    yield joined(("Contested  ", MUTED), plain(f"{shown}, by {who}", "bold"))
    yield joined(("Reason     ", MUTED), plain(case.appeal.reason))
    if score.why_null:
        yield joined(("Why none   ", MUTED), plain(score.why_null))
    for each in score.evidence:
        yield plain("")
        yield joined((f"Turn {each.turn}, level {each.level:.1f}  ", MUTED), plain(each.indicator))
        yield plain(f"“{each.quote}”")
    if not score.evidence:
        yield joined(("Evidence   ", MUTED), plain("none was quoted"))
