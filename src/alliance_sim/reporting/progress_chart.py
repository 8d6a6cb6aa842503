"""A rubric over the sessions as points of a drawing, for a report's inline SVG."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from alliance_sim.programme.progress import Point, Progress

TOP, BOTTOM, LEFT, RIGHT = 8.0, 36.0, 22.0, 40.0
"""Space around the drawing: levels on the left, names of thresholds on the right, and below it the
numbers of the sessions and the row of what was not observed."""

LEVELS = (0, 1, 2, 3, 4)

LABELS_APART = 26.0
"""Least distance of two numbers of sessions."""

NARROW = 80
"""A band of one session is two parts in so many of the drawing's width."""


@dataclass(frozen=True)
class Mark:
    """Something drawn at a session."""

    x: float
    y: float
    told: str
    """What it is, for whoever points at it."""


@dataclass(frozen=True)
class Change:
    """A score that an instructor changed; the line goes to what the scorer had given."""

    x: float
    y: float
    before: float | None
    """None: the scorer had observed nothing."""
    told: str


@dataclass(frozen=True)
class ProgressChart:
    """All that the template draws."""

    width: float
    height: float
    left: float
    right: float
    bottom: float
    levels: tuple[tuple[int, float], ...]
    thresholds: tuple[tuple[str, float], ...]
    bands: tuple[str, ...]
    """Outlines of the intervals, one a stretch of sessions that have one."""
    line: str
    """The running mean."""
    scores: tuple[Mark, ...]
    changed: tuple[Change, ...]
    own: tuple[Mark, ...]
    unobserved: tuple[float, ...]
    """Where a session was held and the rubric not observed: below the drawing, never at 0."""
    numbers: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class _Frame:
    """Where sessions and levels stand in a drawing."""

    width: float
    height: float
    sessions: int

    @property
    def right(self) -> float:
        return self.width - RIGHT

    def x(self, number: float) -> float:
        share = (number - 1) / (self.sessions - 1) if self.sessions > 1 else 0.5
        return round(LEFT + 6 + (self.right - LEFT - 12) * share, 1)

    def y(self, level: float) -> float:
        return round(TOP + (self.height - TOP - BOTTOM) * (1 - level / 4), 1)


def progress_chart(
    progress: Progress, *, width: float, height: float, all_scored: bool = False
) -> ProgressChart | None:
    """The drawing of a rubric; None where it was never observed.

    `all_scored`: leave out the row of what was not observed.
    """
    points = progress.points
    if not progress.observed:
        return None
    frame = _Frame(width, height, len(points))
    x, y = frame.x, frame.y
    return ProgressChart(
        width=width,
        height=height,
        left=LEFT,
        right=frame.right,
        bottom=y(0),
        levels=tuple((level, y(level)) for level in LEVELS),
        thresholds=(("fair", y(progress.fair)), ("good", y(progress.good))),
        bands=tuple(" ".join(f"{x(n)},{y(level)}" for n, level in band) for band in _bands(points)),
        line=" ".join(f"{x(p.number)},{y(p.recent.value)}" for p in points if p.recent),
        scores=tuple(_scores(points, frame)),
        changed=tuple(_changes(points, frame)),
        own=tuple(
            Mark(x(p.number), y(p.own), f"session {p.number}: your own rating {p.own}")
            for p in points
            if p.own is not None
        ),
        unobserved=() if all_scored else tuple(x(p.number) for p in points if p.score is None),
        numbers=tuple((n, x(n)) for n in _labelled(len(points), frame.right - LEFT)),
    )


def _scores(points: Sequence[Point], frame: _Frame) -> Iterator[Mark]:
    for p in points:
        if p.score is not None and not p.changed:
            told = f"session {p.number}: {p.score:.1f}"
            yield Mark(frame.x(p.number), frame.y(p.score), told)


def _changes(points: Sequence[Point], frame: _Frame) -> Iterator[Change]:
    for p in points:
        if p.score is not None and p.changed:
            before = None if p.original is None else frame.y(p.original)
            told = f"session {p.number}: {p.score:.1f}, changed by an instructor"
            yield Change(frame.x(p.number), frame.y(p.score), before, told)


def _bands(points: Sequence[Point]) -> Iterator[list[tuple[float, float]]]:
    """Outline by outline: along the upper ends and back along the lower ones.

    A session without the rubric does not break a band; it has no place in it. Where only one
    session has an interval, the band is a narrow one.
    """
    with_ends = [
        (float(p.number), p.recent) for p in points if p.recent and p.recent.low is not None
    ]
    if len(with_ends) == 1:
        ((number, only),) = with_ends
        narrow = len(points) / NARROW
        with_ends = [(number - narrow, only), (number + narrow, only)]
    if with_ends:
        upper = [(number, recent.high or 0.0) for number, recent in with_ends]
        lower = [(number, recent.low or 0.0) for number, recent in reversed(with_ends)]
        yield upper + lower


def _labelled(count: int, room: float) -> list[int]:
    """Numbers of sessions that have room beneath the drawing."""
    most = max(2, int(room / LABELS_APART))
    step = next((step for step in (1, 2, 5, 10, 20, 50, 100) if count / step <= most), 200)
    return list(range(1, count + 1, step))
