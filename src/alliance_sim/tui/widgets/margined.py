"""Text with something in the margin of its first line: a name, a bullet."""

from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual
from textual.widgets import Static

from alliance_sim.domain.clean import printable


class Margined(Visual):
    """The words keep clear of the margin on every line."""

    def __init__(self, sign: Content, words: Content, margin: int) -> None:
        """`margin`: cells, the gap to the words included."""
        self._sign = sign.truncate(margin - 1, ellipsis=True)
        self._words = words
        self._margin = margin

    def render_strips(
        self, width: int, height: int | None, style: Style, options: RenderOptions
    ) -> list[Strip]:
        if width <= self._margin:
            return self._words.render_strips(width, height, style, options)
        words = self._words.render_strips(width - self._margin, height, style, options)
        sign = self._sign.render_strips(self._margin, 1, style, options)
        blank = Strip.blank(self._margin, style.rich_style)
        first = sign[0].adjust_cell_length(self._margin, style.rich_style) if sign else blank
        return [Strip.join([first if y == 0 else blank, line]) for y, line in enumerate(words)]

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        return self._words.get_optimal_width(rules, container_width) + self._margin

    def get_height(self, rules: RulesMap, width: int) -> int:
        inner = width - self._margin if width > self._margin else width
        return max(1, self._words.get_height(rules, inner))


class Bullet(Static):
    """A line of a list."""

    def __init__(self, text: str, *, classes: str = "line") -> None:
        words = Content(printable(text, lines=False))
        super().__init__(Margined(Content("•"), words, 2), classes=classes, markup=False)
