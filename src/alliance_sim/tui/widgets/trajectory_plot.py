"""The course of the alliance, drawn. Importing this brings numpy, so import it where it is used."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Grid
from textual.strip import Strip
from textual_hires_canvas import Canvas
from textual_plot import HiResMode, PlotWidget
from textual_plot.plot_widget import Legend

from alliance_sim.runtime.debrief import Point

LINES = {"engagement": "E", "trust": "T", "safety": "S"}
"""What is drawn, and the letter at the end of its line, so that colour is not needed."""

MARKS = {"rupture": "✗", "repair": "✓", "disclosure": "◆"}
"""What happened at a turn, drawn on the line of engagement."""

NAME = 0.02
"""Room for a letter beside the end of a line, as a share of the drawing."""


class StyledCanvas(Canvas):
    """A canvas whose every line has a style: without one, drawing fails where NO_COLOR is set."""

    def render_line(self, y: int) -> Strip:
        strip = super().render_line(y)
        return strip if strip.cell_length else Strip.blank(self.size.width, self.rich_style)


class TrajectoryPlot(PlotWidget):
    """Engagement, trust and safety (0–100) over the trainee's turns."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "trajectory--engagement",
        "trajectory--trust",
        "trajectory--safety",
        "trajectory--mark",
    }
    DEFAULT_CSS = """
    TrajectoryPlot {
        height: 15;
        & > .trajectory--engagement { color: $accent; text-style: bold; }
        & > .trajectory--trust { color: $secondary; }
        & > .trajectory--safety { color: $warning; }
        & > .trajectory--mark { color: $foreground; text-style: bold; }
        & > .plot--axis { color: $foreground-disabled; }
        & > .plot--tick { color: $foreground-muted; text-style: none; }
        & > .plot--label { color: $foreground-muted; text-style: none; }
    }
    """

    def __init__(self, points: Sequence[Point]) -> None:
        super().__init__(allow_pan_and_zoom=False)
        self.can_focus = False
        self._points = points

    def compose(self) -> ComposeResult:
        with Grid():
            for part in ("margin-top", "margin-left", "plot", "margin-bottom"):
                yield StyledCanvas(1, 1, id=part)
        yield Legend(id="legend")

    def on_mount(self) -> None:
        # After the base class's own handler, which sets limits and clears the drawing.
        self.call_later(self._set_up)

    def _set_up(self) -> None:
        self.margin_top = 0
        self.margin_left = 5
        self.margin_bottom = 2
        low, high = bounds(self._points)
        self.set_ylimits(low, high)
        self.set_yticks([float(level) for level in range(low, high + 1, 25)])
        last = self._points[-1].utterance or 1
        self.set_xlimits(0, last * (1 + 4 * NAME))
        self.set_xticks(_ticks(last))
        self._draw()

    def notify_style_update(self) -> None:
        """Draw again in the colours of another theme."""
        super().notify_style_update()
        if self.is_mounted and self._points:
            self._draw()

    def _draw(self) -> None:
        self.clear()
        turns = [point.utterance or 0 for point in self._points]
        # The line that matters most is drawn last, over the others.
        for place, (name, letter) in reversed(list(enumerate(LINES.items(), 1))):
            values = [getattr(point, name) for point in self._points]
            style = str(self.get_component_rich_style(f"trajectory--{name}"))
            self.plot(turns, values, line_style=style, hires_mode=HiResMode.BRAILLE)
            beside = turns[-1] * (1 + place * NAME)
            self.scatter([beside], values[-1:], marker=letter, marker_style=style)
        style = str(self.get_component_rich_style("trajectory--mark"))
        low, high = bounds(self._points)
        # Above the line, where a repair at the same turn leaves it in sight.
        raised = (high - low) * 0.12
        for mark, sign in MARKS.items():
            marked = [point for point in self._points if mark in point.marks]
            if marked:
                at = [point.utterance or 0 for point in marked]
                heights = [point.engagement + raised * (mark == "disclosure") for point in marked]
                self.scatter(at, heights, sign, style)


def bounds(points: Sequence[Point]) -> tuple[int, int]:
    """Lowest and highest level to draw: quarters of the scale, at least two, around all values."""
    values = [getattr(point, name) for point in points for name in LINES]
    low = min(int(min(values) // 25) * 25, 50)
    high = min(100, int(max(values) // 25 + 1) * 25)
    return low, max(high, low + 50)


def _ticks(last: int) -> list[float]:
    step = next((step for step in (1, 2, 5, 10, 20, 50, 100) if last / step <= 12), 200)
    return [float(turn) for turn in range(0, last + 1, step)]
