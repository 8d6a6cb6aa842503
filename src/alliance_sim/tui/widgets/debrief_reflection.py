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
        """Answers by the id of their question; those left empty are not among them."""

        def __init__(self, answers: dict[str, str]) -> None:
            super().__init__()
            self.answers = answers

    def __init__(self, questions: Sequence[Question], answers: Mapping[str, str]) -> None:
        super().__init__()
        self._questions = questions
        self._kept = dict(answers)

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

    @property
    def answers(self) -> dict[str, str]:
        """What stands in the fields now."""
        fields = {q.id: self.query_one(f"#answer-{q.id}", TextArea).text for q in self._questions}
        return {name: text.strip() for name, text in fields.items() if text.strip()}

    def unkept(self) -> dict[str, str] | None:
        """Answers that are not stored yet; None where all are. Counts them as stored."""
        answers = self.answers
        if answers == self._kept:
            return None
        self._kept = answers
        return answers

    @on(Button.Pressed, "#keep-reflection")
    def _keep(self) -> None:
        self.post_message(self.Written(self.answers))
        self._kept = self.answers
