"""The course of the hour: drawn, and the same in a table."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from alliance_sim.reporting import narrative
from alliance_sim.runtime.debrief import Debrief, Point
from alliance_sim.tui.widgets.debrief_text import MUTED, Heading, Prose, in_lines, joined

MARKS = {
    "rupture": "✗ rupture",
    "repair": "✓ repair",
    "disclosure": "◆ told you something",
    "event": "• an event",
}
"""What the table says of a turn."""

LEGEND = "E engagement  T trust  S safety  ✗ rupture  ✓ repair  ◆ disclosure"


class CoursePane(VerticalScroll):
    """Engagement, trust and safety over the turns."""

    DEFAULT_CSS = """
    CoursePane TrajectoryPlot { margin: 1 1 0 0; max-width: 110; }
    """

    def __init__(self, debrief: Debrief) -> None:
        super().__init__()
        self._debrief = debrief

    def compose(self) -> ComposeResult:
        # Brings numpy, which takes longer to load than all the rest of the screen.
        from alliance_sim.tui.widgets.trajectory_plot import TrajectoryPlot  # noqa: PLC0415

        points = self._debrief.points
        name = narrative.name_of(self._debrief)
        if len(points) < 2:
            yield Prose("There are no turns to draw.", classes="apart")
            return
        yield Prose(narrative.wording().course.format(name=name), classes="apart muted")
        yield TrajectoryPlot(points)
        yield Prose(LEGEND, classes="muted")
        yield Heading("The same in figures")
        yield Prose(_table(points))


def _table(points: Sequence[Point]) -> Content:
    head = f"{'turn':>6} {'engagement':>12} {'trust':>8} {'safety':>8}"
    return in_lines(joined((head, MUTED)), *(_row(point) for point in points))


def _row(point: Point) -> Content:
    turn = "start" if point.utterance is None else str(point.utterance)
    figures = f"{turn:>6} {point.engagement:>12.0f} {point.trust:>8.0f} {point.safety:>8.0f}"
    marks = ", ".join(MARKS[mark] for mark in point.marks)
    return joined(figures, "   ", (marks, MUTED))
