"""How values from 0 to 4 are spread, from counts by hundredths."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

BINS = 16
"""Of the histogram: quarters of a level."""

FULL = 400
"""The highest value, in hundredths."""


@dataclass(frozen=True)
class Spread:
    """Where the values lie."""

    count: int
    mean: float
    deviation: float
    """Standard deviation; 0 of one value."""
    lowest: float
    tenth: float
    quarter: float
    median: float
    three_quarters: float
    ninetieth: float
    highest: float
    bins: tuple[int, ...]
    """Values by quarter of a level from 0; 4 itself is in the last."""


def spread(counts: Iterable[tuple[int, int]]) -> Spread | None:
    """The spread of values given as (hundredths, how often); None where there are none."""
    by_value: dict[int, int] = {}
    for value, count in counts:
        if count > 0:
            by_value[value] = by_value.get(value, 0) + count
    if not by_value:
        return None
    ordered = sorted(by_value.items())
    number = sum(by_value.values())
    mean = sum(value * count for value, count in ordered) / number
    squares = sum(count * (value - mean) ** 2 for value, count in ordered)
    bins = [0] * BINS
    for value, count in ordered:
        bins[min(BINS - 1, max(0, value) * BINS // FULL)] += count

    def at(share: float) -> float:
        return quantile(ordered, number, share) / 100

    return Spread(
        count=number,
        mean=mean / 100,
        deviation=sqrt(squares / (number - 1)) / 100 if number > 1 else 0.0,
        lowest=ordered[0][0] / 100,
        tenth=at(0.1),
        quarter=at(0.25),
        median=at(0.5),
        three_quarters=at(0.75),
        ninetieth=at(0.9),
        highest=ordered[-1][0] / 100,
        bins=tuple(bins),
    )


def quantile(ordered: list[tuple[int, int]], number: int, share: float) -> float:
    """The value below which `share` of `number` ordered values lie, by linear interpolation."""
    place = share * (number - 1)
    below = int(place)
    low, high = _nth(ordered, below), _nth(ordered, min(below + 1, number - 1))
    return low + (high - low) * (place - below)


def _nth(ordered: list[tuple[int, int]], place: int) -> int:
    passed = 0
    for value, count in ordered:
        passed += count
        if place < passed:
            return value
    return ordered[-1][0]
