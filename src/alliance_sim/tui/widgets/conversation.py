"""The conversation: the latest turns as widgets, the earlier ones folded away."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from alliance_sim.tui.presenter import Turn
from alliance_sim.tui.widgets.turn import TurnView
from alliance_sim.tui.wording import counted

MOUNTED = 60
"""Turns kept as widgets; with all of a long session mounted, typing would lag."""

FOLDED_AT_ONCE = 10
"""Turns folded away together, so that folding is rare."""


class Conversation(VerticalScroll, can_focus=False):
    """Follows the last words, unless the trainee has scrolled up to read."""

    DEFAULT_CSS = """
    Conversation {
        padding: 1 1 0 2;
        scrollbar-size-vertical: 1;
        background: $background;
        #folded { color: $text-muted; display: none; margin: 0 0 1 0; }
        &.-folded #folded { display: block; }
    }
    """

    def __init__(self, client: str) -> None:
        super().__init__()
        self._client = client
        self._views: dict[int, TurnView] = {}
        self._folded = 0

    def compose(self) -> ComposeResult:
        yield Static(id="folded", markup=False)

    def on_mount(self) -> None:
        self.anchor()

    def show_turns(self, turns: Sequence[Turn]) -> None:
        """Draw turns that are new or have changed."""
        new = [turn for turn in turns if turn.number not in self._views]
        for turn in turns:
            if view := self._views.get(turn.number):
                view.show_turn(turn)
        with self.app.batch_update():
            self._mount_new(new)
            if len(self._views) >= MOUNTED + FOLDED_AT_ONCE:
                self._fold(len(self._views) - MOUNTED)

    def _mount_new(self, new: list[Turn]) -> None:
        room = new[-MOUNTED:]
        views = [TurnView(turn, self._client) for turn in room]
        self._views |= {view.turn.number: view for view in views}
        self.mount_all(views)
        if len(new) > len(room):
            self._tell_folded(len(new) - len(room))

    def _fold(self, count: int) -> None:
        oldest = sorted(self._views)[:count]
        self.remove_children([self._views.pop(number) for number in oldest])
        self._tell_folded(count)

    def _tell_folded(self, count: int) -> None:
        self._folded += count
        self.add_class("-folded")
        turns = counted(self._folded, "earlier turn")
        self.query_one("#folded", Static).update(f"{turns}: the transcript (F8) has them.")
