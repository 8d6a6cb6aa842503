"""An appeal with what it is about, and the instructor's answer."""

from collections.abc import Iterator
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Button, Input, Label, Static

from alliance_sim.runtime.appealing import Case, Decision, answer
from alliance_sim.runtime.overriding import score_of
from alliance_sim.tui.screens.form import FormScreen
from alliance_sim.tui.screens.review import ReviewScreen
from alliance_sim.tui.widgets.debrief_text import MUTED, joined, plain

KEEP = "keep"
"""Typed where the score stays as it is."""


class AnswerScreen(FormScreen[Decision]):
    """Dismissed with the decision, which is stored by then."""

    DEFAULT_CSS = """
    AnswerScreen #case { height: auto; padding-right: 2; }
    AnswerScreen #case-scroll { height: auto; max-height: 14; scrollbar-size-vertical: 1; }
    AnswerScreen.-short #case-scroll { max-height: 8; }
    AnswerScreen.-short .dialog-buttons { display: none; }
    AnswerScreen.-tall .dialog-foot { display: none; }
    """
    KEYS = "F5 answers · F6 opens the session · Esc goes back"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "keep", "Answer", id="answer.keep"),
        Binding("f6", "read", "Read the session", id="answer.read"),
    ]

    def __init__(self, case: Case, title: str, user: str) -> None:
        super().__init__()
        self._case = case
        self._title = title
        self._user = user

    def fields(self) -> ComposeResult:
        yield Static(f"Appeal · {self._title}", classes="dialog-title", markup=False)
        with VerticalScroll(id="case-scroll"):
            yield Static(Content("\n").join(_told(self._case)), id="case", markup=False)
        yield Label("Score: keep, a number from 0 to 4, or none for not observed")
        yield Input(KEEP, id="score", compact=True)
        yield Label("Who: your id, not your name")
        yield Input(self._user, id="who", compact=True)
        yield Label("Why: the trainee reads this")
        yield Input(id="why", classes="-last", compact=True)

    def buttons(self) -> ComposeResult:
        yield Button("Answer", id="keep", variant="primary")
        yield Button("Read the session", id="read")

    def on_mount(self) -> None:
        self.query_one("#case-scroll").focus()

    def kept(self) -> Decision:
        app, score = self.alliance, self.line("score")
        keep = score.strip().casefold() == KEEP
        wanted = None if keep else score_of(score)
        decision = Decision(self.line("who"), self.line("why"), keep, wanted)
        answer(app.store, self._case.appeal, app.library, app.clock, decision)
        return decision

    @on(Button.Pressed, "#read")
    def action_read(self) -> None:
        """The session as the trainee saw it."""
        self.app.push_screen(ReviewScreen(self._case.appeal.session_id))


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
