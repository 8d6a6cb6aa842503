"""The course of the alliance as points of a drawing, for the page's inline SVG."""

from collections.abc import Sequence
from dataclasses import dataclass

from alliance_sim.runtime.debrief import Point

WIDTH, HEIGHT = 680.0, 220.0
LEFT, RIGHT, TOP, BOTTOM = 34.0, 92.0, 10.0, 26.0
"""Space around the drawing, for figures on the left and names on the right."""

APART = 13.0
"""Least distance of two names at the ends of their lines."""

LINES = ("engagement", "trust", "safety")
SIGNS = {"rupture": "✗", "repair": "✓", "disclosure": "◆"}


@dataclass(frozen=True)
class Line:
    """One line, with the place of its name."""

    name: str
    path: str
    label: tuple[float, float]


@dataclass(frozen=True)
class Sign:
    """Something that happened, with where to draw it and what it means."""

    kind: str
    character: str
    x: float
    y: float
    turn: int


@dataclass(frozen=True)
class Chart:
    """All that the template draws."""

    width: float
    height: float
    left: float
    right: float
    lines: tuple[Line, ...]
    signs: tuple[Sign, ...]
    levels: tuple[tuple[int, float], ...]
    """Figures of the left side and their heights."""
    turns: tuple[tuple[int, float], ...]
    """Turns along the bottom and their places."""


def drawn(points: Sequence[Point]) -> Chart | None:
    """The drawing of a session; None where there is no turn to draw."""
    if len(points) < 2:
        return None
    last = max(point.utterance or 0 for point in points) or 1
    places = [_x(point.utterance or 0, last) for point in points]
    return Chart(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=WIDTH - RIGHT,
        lines=tuple(_lines(points, places)),
        signs=tuple(_signs(points, places)),
        levels=tuple((level, _y(level)) for level in (0, 25, 50, 75, 100)),
        turns=tuple((turn, _x(turn, last)) for turn in range(0, last + 1, _step(last))),
    )


def _x(turn: float, last: float) -> float:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * turn / last, 1)


def _y(value: float) -> float:
    return round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / 100), 1)


def _step(last: int) -> int:
    return next((step for step in (1, 2, 5, 10, 20, 50, 100) if last / step <= 12), 200)


def _lines(points: Sequence[Point], places: Sequence[float]) -> list[Line]:
    ends = {name: _y(getattr(points[-1], name)) for name in LINES}
    labels = _spread(ends)
    return [
        Line(
            name=name,
            path=" ".join(
                f"{x},{_y(getattr(point, name))}" for x, point in zip(places, points, strict=True)
            ),
            label=(places[-1] + 8, labels[name]),
        )
        for name in LINES
    ]


def _spread(ends: dict[str, float]) -> dict[str, float]:
    """Heights of the names, moved apart where they would lie on one another."""
    placed: dict[str, float] = {}
    lowest = -APART
    for name, height in sorted(ends.items(), key=lambda pair: pair[1]):
        lowest = max(height, lowest + APART)
        placed[name] = round(lowest, 1)
    return placed


def _signs(points: Sequence[Point], places: Sequence[float]) -> list[Sign]:
    return [
        Sign(mark, SIGNS[mark], x, _y(point.engagement), point.utterance or 0)
        for point, x in zip(points, places, strict=True)
        for mark in point.marks
        if mark in SIGNS
    ]
