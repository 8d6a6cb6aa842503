"""Figures of reports, drawn. Importing this brings numpy, so import it where it is used."""

from collections.abc import Sequence
from typing import ClassVar

from textual_plot import HiResMode

from alliance_sim.programme.cohort_figures import AtNumber
from alliance_sim.programme.progress import Progress
from alliance_sim.programme.spread import BINS, Spread
from alliance_sim.tui.widgets.quiet_plot import QuietPlot, ticks

HIGHEST = 4.0
BY_AN_INSTRUCTOR = "◇"


class ReportPlot(QuietPlot):
    """Scores from 0 to 4 over something that is counted."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"report--value", "report--mean", "report--mark"}
    DEFAULT_CSS = """
    ReportPlot {
        height: 11;
        & > .report--value { color: $accent; text-style: bold; }
        & > .report--mean { color: $secondary; }
        & > .report--mark { color: $foreground-muted; }
    }
    """


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
        self.set_xticks(ticks(1, last))
        known = [(point.number, point.recent.value) for point in points if point.recent]
        if len(known) > 1:
            self.plot(
                [number for number, _ in known],
                [value for _, value in known],
                line_style=self.style_of("report--mean"),
                hires_mode=HiResMode.BRAILLE,
            )
        for sign, changed in (("●", False), (BY_AN_INSTRUCTOR, True)):
            these = [point for point in points if point.changed is changed]
            if these:
                scores = [point.score or 0.0 for point in these]
                self.scatter(
                    [p.number for p in these], scores, sign, self.style_of("report--value")
                )


class GrowthPlot(ReportPlot):
    """The mean overall by the number of the session, with its interval."""

    def __init__(self, numbers: Sequence[AtNumber]) -> None:
        super().__init__()
        self._numbers = numbers

    def draw(self) -> None:
        _levels(self)
        at = [float(each.number) for each in self._numbers]
        self.set_xlimits(0.5, at[-1] + 0.5)
        self.set_xticks(ticks(1, int(at[-1])))
        for each in self._numbers:
            low, high = each.mean.low, each.mean.high
            if low is not None and high is not None:
                self.plot(
                    [each.number, each.number],
                    [low, high],
                    line_style=self.style_of("report--mark"),
                    hires_mode=HiResMode.BRAILLE,
                )
        means = [each.mean.value for each in self._numbers]
        self.plot(at, means, line_style=self.style_of("report--mean"), hires_mode=HiResMode.BRAILLE)
        self.scatter(at, means, "●", self.style_of("report--value"))


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
        self.bar(list(middles), list(counts), width * 0.9, self.style_of("report--mean"))


def _levels(plot: ReportPlot) -> None:
    plot.set_ylimits(0, HIGHEST)
    plot.set_yticks([0.0, 1.0, 2.0, 3.0, 4.0])
