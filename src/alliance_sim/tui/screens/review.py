"""A debrief as others read it: nothing of the session can be changed, and no rating is asked."""

from textual.content import Content
from textual.events import Mount
from textual.widget import Widget
from textual.widgets import Static

from alliance_sim.runtime.debrief import Debrief
from alliance_sim.runtime.reflection import questions
from alliance_sim.tui.screens.debrief import DebriefScreen
from alliance_sim.tui.widgets.debrief_text import MUTED, joined, plain

HERS_ALONE = frozenset({"retry", "appeal", "override"})
"""What only the trainee does with her session, or an instructor in a place of its own."""


class ReviewScreen(DebriefScreen):
    """The debrief of a stored session, read only."""

    def on_mount(self, event: Mount | None = None) -> None:
        if event:
            # The debrief's own handler, which would run after this one, asks for a rating.
            event.prevent_default()
        self._load(asked=True)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """No key changes the session."""
        if action in HERS_ALONE:
            return False
        return super().check_action(action, parameters)

    def _content(self, key: str, debrief: Debrief) -> Widget:
        if key != "reflection":
            return super()._content(key, debrief)
        said = [
            joined((f"{question.ask}\n", MUTED), plain(debrief.reflections[question.id]))
            for question in questions()
            if debrief.reflections.get(question.id)
        ]
        none = [plain("The trainee wrote no reflection.")]
        return Static(Content("\n\n").join(said or none), markup=False)
