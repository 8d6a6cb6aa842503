"""The course of the alliance, drawn. Importing this brings numpy, so import it where it is used."""

from collections.abc import Sequence
from typing import ClassVar

from textual_plot import HiResMode

from alliance_sim.runtime.debrief import Point
from alliance_sim.tui.widgets.quiet_plot import QuietPlot, ticks

LINES = {"engagement": "E", "trust": "T", "safety": "S"}
"""What is drawn, and the letter at the end of its line, so that colour is not needed."""

MARKS = {"rupture": "✗", "repair": "✓", "disclosure": "◆"}
"""What happened at a turn, drawn on the line of engagement."""

NAME = 0.02
"""Room for a letter beside the end of a line, as a share of the drawing."""


class TrajectoryPlot(QuietPlot):
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
    }
    """

    def __init__(self, points: Sequence[Point]) -> None:
        super().__init__()
        self._points = points

    def draw(self) -> None:
        low, high = bounds(self._points)
        self.set_ylimits(low, high)
        self.set_yticks([float(level) for level in range(low, high + 1, 25)])
        last = self._points[-1].utterance or 1
        self.set_xlimits(0, last * (1 + 4 * NAME))
        self.set_xticks(ticks(0, last))
        turns = [point.utterance or 0 for point in self._points]
        # The line that matters most is drawn last, over the others.
        for place, (name, letter) in reversed(list(enumerate(LINES.items(), 1))):
            values = [getattr(point, name) for point in self._points]
            style = self.style_of(f"trajectory--{name}")
            self.plot(turns, values, line_style=style, hires_mode=HiResMode.BRAILLE)
            beside = turns[-1] * (1 + place * NAME)
            self.scatter([beside], values[-1:], marker=letter, marker_style=style)
        style = self.style_of("trajectory--mark")
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
