"""One turn of the conversation: who speaks in a margin, the words beside it."""

from textual.content import Content
from textual.widgets import Static

from alliance_sim.domain.transcript import Speaker
from alliance_sim.tui.presenter import SCRIPTED, Manner, Turn
from alliance_sim.tui.widgets.margined import Margined

MARGIN = 10
"""Cells of the margin, the gap to the words included."""

_STYLES = {
    Manner.SPEECH: "",
    Manner.DIRECTION: "$foreground-muted italic",
    Manner.PAUSE: "$foreground-muted",
    Manner.LISTENING: "$primary italic",
    Manner.CUT: "$warning",
    Manner.SKIPPED: "$foreground-muted italic",
}


def words_of(turn: Turn) -> Content:
    """The words of a turn, each piece in its manner; brackets are brackets."""
    parts: list[tuple[str, str]] = []
    for piece in turn.pieces:
        if parts:
            parts.append((" ", ""))
        parts.append((piece.text, _STYLES[piece.manner]))
    if turn.scripted:
        parts.append((f"  {SCRIPTED}", "$foreground-muted"))
    return Content.assemble(*parts)


class TurnView(Static):
    """Shows a turn; `show_turn` draws it again when words have been added."""

    DEFAULT_CSS = """
    TurnView {
        height: auto;
        margin: 0 2 1 0;
        color: $foreground;
        &.-therapist { color: $text-primary; }
    }
    """

    def __init__(self, turn: Turn, client: str) -> None:
        super().__init__(markup=False, classes=f"-{turn.speaker}")
        self._client = client
        self.turn = turn
        self.show_turn(turn)

    def show_turn(self, turn: Turn) -> None:
        """Draw the turn as it stands now."""
        self.turn = turn
        who = self._client if turn.speaker is Speaker.CLIENT else "You"
        style = "bold" if turn.speaker is Speaker.CLIENT else "bold $primary"
        self.update(Margined(Content.styled(who, style), words_of(turn), MARGIN))
