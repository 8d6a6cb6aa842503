"""Figures of reports, drawn. Importing this brings numpy, so import it where it is used."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Grid
from textual_plot import HiResMode, PlotWidget
from textual_plot.plot_widget import Legend

from alliance_sim.programme.cohort_figures import AtNumber
from alliance_sim.programme.progress import Progress
from alliance_sim.programme.spread import BINS, Spread
from alliance_sim.tui.widgets.trajectory_plot import StyledCanvas

HIGHEST = 4.0
BY_AN_INSTRUCTOR = "◇"


class ReportPlot(PlotWidget):
    """Scores from 0 to 4 over something that is counted; `draw` puts them in."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"report--value", "report--mean", "report--mark"}
    DEFAULT_CSS = """
    ReportPlot {
        height: 11;
        & > .report--value { color: $accent; text-style: bold; }
        & > .report--mean { color: $secondary; }
        & > .report--mark { color: $foreground-muted; }
        & > .plot--axis { color: $foreground-disabled; }
        & > .plot--tick { color: $foreground-muted; text-style: none; }
        & > .plot--label { color: $foreground-muted; text-style: none; }
    }
    """

    def __init__(self) -> None:
        super().__init__(allow_pan_and_zoom=False)
        self.can_focus = False

    def compose(self) -> ComposeResult:
        with Grid():
            for part in ("margin-top", "margin-left", "plot", "margin-bottom"):
                yield StyledCanvas(1, 1, id=part)
        yield Legend(id="legend")

    def on_mount(self) -> None:
        # After the base class's own handler, which sets limits and clears the drawing.
        self.call_later(self._set_up)

    def notify_style_update(self) -> None:
        """Draw again in the colours of another theme."""
        super().notify_style_update()
        if self.is_mounted:
            self._set_up()

    def _set_up(self) -> None:
        self.margin_top = 0
        self.margin_left = 5
        self.margin_bottom = 2
        self.clear()
        self.draw()

    def draw(self) -> None:
        """Set limits and ticks, and draw."""
        raise NotImplementedError

    def style_of(self, part: str) -> str:
        """The style of `value`, `mean` or `mark` in the theme."""
        return str(self.get_component_rich_style(f"report--{part}"))


class ProgressPlot(ReportPlot):
    """A rubric over the sessions: points, and the running mean as a line."""

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self._progress = progress

    def draw(self) -> None:
        points = [point for point in self._progress.points if point.score is not None]
        _levels(self)
        last = len(self._progress.points)
        self.set_xlimits(0.5, last + 0.5)
        self.set_xticks(_ticks(last))
        known = [(point.number, point.recent.value) for point in points if point.recent]
        if len(known) > 1:
            self.plot(
                [number for number, _ in known],
                [value for _, value in known],
                line_style=self.style_of("mean"),
                hires_mode=HiResMode.BRAILLE,
            )
        for sign, changed in (("●", False), (BY_AN_INSTRUCTOR, True)):
            these = [point for point in points if point.changed is changed]
            if these:
                scores = [point.score or 0.0 for point in these]
                self.scatter([p.number for p in these], scores, sign, self.style_of("value"))


class GrowthPlot(ReportPlot):
    """The mean overall by the number of the session, with its interval."""

    def __init__(self, numbers: Sequence[AtNumber]) -> None:
        super().__init__()
        self._numbers = numbers

    def draw(self) -> None:
        _levels(self)
        at = [float(each.number) for each in self._numbers]
        self.set_xlimits(0.5, at[-1] + 0.5)
        self.set_xticks(_ticks(int(at[-1])))
        for each in self._numbers:
            low, high = each.mean.low, each.mean.high
            if low is not None and high is not None:
                self.plot(
                    [each.number, each.number],
                    [low, high],
                    line_style=self.style_of("mark"),
                    hires_mode=HiResMode.BRAILLE,
                )
        means = [each.mean.value for each in self._numbers]
        self.plot(at, means, line_style=self.style_of("mean"), hires_mode=HiResMode.BRAILLE)
        self.scatter(at, means, "●", self.style_of("value"))


class SpreadPlot(ReportPlot):
    """How many sessions lie in each quarter of a level."""

    def __init__(self, spread: Spread) -> None:
        super().__init__()
        self._spread = spread

    def draw(self) -> None:
        width = HIGHEST / BINS
        filled = [(width * (place + 0.5), n) for place, n in enumerate(self._spread.bins) if n]
        self.set_xlimits(0, HIGHEST)
        self.set_xticks([0.0, 1.0, 2.0, 3.0, 4.0])
        most = max(self._spread.bins)
        self.set_ylimits(0, most * 1.1)
        self.set_yticks([0.0, float(most)])
        middles, counts = zip(*filled, strict=True)
        self.bar(list(middles), list(counts), width * 0.9, self.style_of("mean"))


def _levels(plot: ReportPlot) -> None:
    plot.set_ylimits(0, HIGHEST)
    plot.set_yticks([0.0, 1.0, 2.0, 3.0, 4.0])


def _ticks(last: int) -> list[float]:
    step = next((step for step in (1, 2, 5, 10, 20, 50, 100) if last / step <= 12), 200)
    return [float(number) for number in range(1, last + 1, step)]
