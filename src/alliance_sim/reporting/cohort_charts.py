"""A cohort's figures as points of drawings: boxes, means by session, changes, shares."""

from collections.abc import Sequence
from dataclasses import dataclass

from alliance_sim.programme.cohort_figures import AtNumber, Change, Passes
from alliance_sim.programme.spread import Spread

WIDTH = 680.0
NAMES, COUNTS = 190.0, 60.0
"""Room for names on the left, for counts on the right."""

ROW = 34.0
AXIS = 24.0
BAR = 15.0
"""Height of the tallest bar of a histogram."""

LEAST_REACH = 0.5
"""Of the axis of changes, on either side of 0."""


@dataclass(frozen=True)
class BoxRow:
    """A spread: bars of the histogram, and a box beneath them."""

    name: str
    count: int
    y: float
    """The middle line of the box."""
    bars: tuple[tuple[float, float, float], ...]
    """Place, width and height of each bar; they stand on `floor`."""
    floor: float
    low: float
    quarter: float
    median: float
    three_quarters: float
    high: float
    """Places of the tenth, the quartiles and the ninetieth hundredth."""
    told: str


@dataclass(frozen=True)
class Boxes:
    """Rows of spreads over one axis from 0 to 4."""

    width: float
    height: float
    left: float
    right: float
    bottom: float
    rows: tuple[BoxRow, ...]
    levels: tuple[tuple[int, float], ...]
    mark: float
    """Place of the pass mark."""


def boxes(spreads: Sequence[tuple[str, Spread]], mark: float) -> Boxes | None:
    """One row a named spread; None of none."""
    if not spreads:
        return None
    left, right = NAMES, WIDTH - COUNTS

    def x(value: float) -> float:
        return round(left + (right - left) * value / 4, 1)

    rows = []
    for place, (name, spread) in enumerate(spreads):
        floor = place * ROW + BAR + 5
        tallest = max(spread.bins)
        wide = (right - left) / len(spread.bins)
        bars = tuple(
            (round(left + wide * at, 1), round(wide - 1, 1), round(BAR * count / tallest, 1))
            for at, count in enumerate(spread.bins)
            if count
        )
        rows.append(
            BoxRow(
                name=name,
                count=spread.count,
                y=floor + 6.5,
                bars=bars,
                floor=floor,
                low=x(spread.tenth),
                quarter=x(spread.quarter),
                median=x(spread.median),
                three_quarters=x(spread.three_quarters),
                high=x(spread.ninetieth),
                told=f"{name}: median {spread.median:.1f}, half of {spread.count} between "
                f"{spread.quarter:.1f} and {spread.three_quarters:.1f}",
            )
        )
    bottom = len(spreads) * ROW
    levels = tuple((level, x(level)) for level in range(5))
    return Boxes(WIDTH, bottom + AXIS, left, right, bottom, tuple(rows), levels, x(mark))


@dataclass(frozen=True)
class Whisker:
    """A mean with the ends of its interval."""

    name: str
    count: int
    at: float
    """Its place along the axis of names or numbers."""
    mean: float
    low: float | None
    high: float | None
    told: str


@dataclass(frozen=True)
class Means:
    """Means with intervals."""

    width: float
    height: float
    left: float
    right: float
    bottom: float
    points: tuple[Whisker, ...]
    line: str
    levels: tuple[tuple[str, float], ...]
    """Figures of the axis and their places."""
    mark: float
    """Place of the pass mark, or of no change."""


def growth(numbers: Sequence[AtNumber], mark: float) -> Means | None:
    """The mean overall by the number of the session; None of fewer than two numbers."""
    if len(numbers) < 2:
        return None
    left, right, top, bottom = 30.0, WIDTH - 70, 10.0, 190.0

    def y(value: float) -> float:
        return round(bottom - (bottom - top) * value / 4, 1)

    apart = (right - left) / len(numbers)
    points = tuple(
        Whisker(
            name=str(each.number),
            count=each.count,
            at=round(left + apart * (place + 0.5), 1),
            mean=y(each.mean.value),
            low=None if each.mean.low is None else y(each.mean.low),
            high=None if each.mean.high is None else y(each.mean.high),
            told=f"session {each.number}: mean {each.mean.value:.2f} of {each.count} trainees",
        )
        for place, each in enumerate(numbers)
    )
    line = " ".join(f"{point.at},{point.mean}" for point in points)
    levels = tuple((str(level), y(level)) for level in range(5))
    return Means(WIDTH, bottom + 48, left, right, bottom, points, line, levels, y(mark))


def changes(found: Sequence[tuple[str, Change]]) -> Means | None:
    """From first to last, a row a rubric; None of none."""
    if not found:
        return None
    left, right = NAMES, WIDTH - COUNTS
    ends = [
        abs(end)
        for _, each in found
        for end in (each.mean.value, each.mean.low, each.mean.high)
        if end is not None
    ]
    # Whole halves of a level, so that the axis has round figures.
    reach = max(LEAST_REACH, -(-max(ends) * 2 // 1) / 2)

    def x(value: float) -> float:
        return round(left + (right - left) * (value + reach) / (2 * reach), 1)

    row = 22.0
    points = tuple(
        Whisker(
            name=name,
            count=each.trainees,
            at=place * row + 16,
            mean=x(each.mean.value),
            low=None if each.mean.low is None else x(each.mean.low),
            high=None if each.mean.high is None else x(each.mean.high),
            told=f"{name}: {each.mean.value:+.2f} from first to last, {each.trainees} trainees",
        )
        for place, (name, each) in enumerate(found)
    )
    bottom = len(found) * row + 8
    steps = [-reach, -reach / 2, 0.0, reach / 2, reach]
    levels = tuple((f"{step:+.2g}" if step else "0", x(step)) for step in steps)
    return Means(WIDTH, bottom + AXIS, left, right, bottom, points, "", levels, x(0))


@dataclass(frozen=True)
class Part:
    """A part of a whole, as a stretch of a bar."""

    kind: str
    x: float
    width: float
    count: int
    share: float


def parts(passes: Passes, width: float = WIDTH) -> tuple[Part, ...]:
    """Passed, blocked and below, side by side; what is none is left out."""
    made = []
    x = 0.0
    for kind, count in (
        ("passed", passes.passed),
        ("blocked", passes.blocked),
        ("below", passes.below),
    ):
        if count:
            wide = width * count / passes.count
            made.append(Part(kind, round(x, 1), round(wide, 1), count, count / passes.count))
            x += wide
    return tuple(made)
