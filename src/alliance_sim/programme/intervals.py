"""Intervals of means and shares, from counts and sums alone."""

from dataclasses import dataclass
from math import sqrt

STUDENT = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
    2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
    2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
)  # fmt: skip
"""Student's t for 95 % between both ends, 1 to 30 degrees of freedom (NIST/SEMATECH e-Handbook of
Statistical Methods, 1.3.6.7.2)."""

FURTHER = ((40, 2.021), (60, 2.000), (120, 1.980))
"""Degrees of freedom from which a value holds."""

NORMAL = 1.960
"""The value for very many degrees of freedom."""


@dataclass(frozen=True)
class Interval:
    """A figure with the ends of its 95 % interval."""

    value: float
    low: float | None = None
    high: float | None = None
    """None: too few to tell."""


def student(freedom: int) -> float:
    """Student's t for 95 %, two-sided; between two rows of the table that of the fewer."""
    if freedom < 1:
        raise ValueError("an interval needs at least two values")
    if freedom <= len(STUDENT):
        return STUDENT[freedom - 1]
    if freedom > 1000:
        return NORMAL
    return next((value for at, value in reversed(FURTHER) if freedom >= at), STUDENT[-1])


def mean_interval(
    count: int,
    total: float,
    squares: float,
    *,
    least: int = 3,
    bounds: tuple[float, float] = (0.0, 4.0),
) -> Interval | None:
    """The mean of numbers with its t-interval, cut at `bounds`; None of no numbers.

    `total` and `squares` are the sums of the numbers and of their squares; with fewer than `least`
    numbers there is no interval.
    """
    if count < 1:
        return None
    mean = total / count
    if count < max(2, least):
        return Interval(mean)
    # Sums of squares may fall below zero by rounding alone.
    variance = max(0.0, (squares - count * mean * mean) / (count - 1))
    reach = student(count - 1) * sqrt(variance / count)
    low, high = bounds
    return Interval(mean, max(low, mean - reach), min(high, mean + reach))


def share_interval(part: int, whole: int) -> Interval | None:
    """A share, 0–1, with Wilson's interval (Wilson 1927); None of nothing."""
    if whole < 1:
        return None
    share, z = part / whole, NORMAL
    below = 1 + z * z / whole
    centre = (share + z * z / (2 * whole)) / below
    reach = z * sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole)) / below
    return Interval(share, max(0.0, centre - reach), min(1.0, centre + reach))
