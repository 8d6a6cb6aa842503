"""The trainee's own reflection: a few questions, kept with the session, never scored."""

from collections.abc import Mapping, Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import Button, TextArea

from alliance_sim.domain.clean import printable
from alliance_sim.runtime.reflection import Question
from alliance_sim.tui.widgets.debrief_text import Heading, Prose


class ReflectionPane(VerticalScroll):
    """The questions with room for answers. Posts `Written` when there is something to keep."""

    DEFAULT_CSS = """
    ReflectionPane {
        TextArea {
            height: 5;
            max-width: 92;
            margin: 0 0 0 2;
            border: tall $panel;
            background: $surface;
        }
        TextArea:focus { border: tall $accent; }
        Button { margin: 1 0 1 2; }
    }
    """

    class Written(Message):
        """What stands in the fields is to be kept."""

    def __init__(self, questions: Sequence[Question], answers: Mapping[str, str]) -> None:
        super().__init__()
        self._questions = questions
        self._kept = dict(answers)
        # Beside the fields, which are gone before the screen is told that the program ends.
        self._fields = dict(answers)

    def compose(self) -> ComposeResult:
        yield Prose(
            "For you and your supervisor. Kept with this session, and never scored.",
            classes="apart muted",
        )
        for question in self._questions:
            yield Heading(question.ask)
            yield Prose(question.help, classes="muted")
            kept = printable(self._kept.get(question.id, ""))
            yield TextArea(kept, id=f"answer-{question.id}", soft_wrap=True)
        yield Button("Keep", id="keep-reflection")

    @on(TextArea.Changed)
    def _write(self, event: TextArea.Changed) -> None:
        self._fields[(event.text_area.id or "").removeprefix("answer-")] = event.text_area.text

    @property
    def answers(self) -> dict[str, str]:
        """What was written, by the id of its question; empty answers are left out."""
        return {name: text.strip() for name, text in self._fields.items() if text.strip()}

    @property
    def unkept(self) -> bool:
        """Something stands in the fields that is not stored yet."""
        return self.answers != self._kept

    def now_kept(self, answers: Mapping[str, str]) -> None:
        """These answers have been stored."""
        self._kept = dict(answers)

    @on(Button.Pressed, "#keep-reflection")
    def _keep(self) -> None:
        self.post_message(self.Written())
