"""One turn of the conversation: who speaks in a margin, the words beside it."""

from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual
from textual.widgets import Static

from alliance_sim.domain.transcript import Speaker
from alliance_sim.tui.presenter import Manner, Turn

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
    return Content.assemble(*parts)


class Margined(Visual):
    """Words with a name in the margin of their first line."""

    def __init__(self, name: Content, words: Content, margin: int = MARGIN) -> None:
        self._name = name
        self._words = words
        self._margin = margin

    def render_strips(
        self, width: int, height: int | None, style: Style, options: RenderOptions
    ) -> list[Strip]:
        if width <= self._margin:
            return self._words.render_strips(width, height, style, options)
        words = self._words.render_strips(width - self._margin, height, style, options)
        name = self._name.truncate(self._margin - 2, ellipsis=True)
        named = name.render_strips(self._margin, 1, style, options)
        blank = Strip.blank(self._margin, style.rich_style)
        margins = [*(strip.adjust_cell_length(self._margin, style.rich_style) for strip in named)]
        return [
            Strip.join([margins[0] if y == 0 and margins else blank, strip])
            for y, strip in enumerate(words)
        ]

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        return self._words.get_optimal_width(rules, container_width) + self._margin

    def get_height(self, rules: RulesMap, width: int) -> int:
        inner = width - self._margin if width > self._margin else width
        return max(1, self._words.get_height(rules, inner))


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
        self.update(Margined(Content.styled(who, style), words_of(turn)))
