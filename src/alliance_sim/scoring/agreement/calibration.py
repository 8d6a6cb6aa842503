"""Whether probabilities can be taken at their word."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

BINS = 10


@dataclass(frozen=True)
class Bin:
    """The rows whose probability lies between two tenths."""

    low: float
    high: float
    count: int
    said: float | None
    """Mean probability; None for an empty bin."""
    seen: float | None
    """Share that was right."""


@dataclass(frozen=True)
class Calibration:
    """A reliability diagram in numbers (Niculescu-Mizil & Caruana 2005)."""

    bins: tuple[Bin, ...]
    error: float
    """Mean gap between probability and share, weighed by the size of the bins (ECE)."""
    brier: float
    """Mean squared gap between probability and outcome; 0 is best."""


def calibration(probabilities: Sequence[float], right: Sequence[bool]) -> Calibration | None:
    """Ten equal bins from 0 to 1; None without rows."""
    if not probabilities:
        return None
    p = np.asarray(probabilities, dtype=float)
    hit = np.asarray(right, dtype=float)
    place = np.minimum((p * BINS).astype(int), BINS - 1)
    bins, error = [], 0.0
    for number in range(BINS):
        mine = place == number
        count = int(mine.sum())
        said = float(p[mine].mean()) if count else None
        seen = float(hit[mine].mean()) if count else None
        if said is not None and seen is not None:
            error += abs(said - seen) * count / len(p)
        low, high = number / BINS, (number + 1) / BINS
        bins.append(Bin(low, high, count, _rounded(said), _rounded(seen)))
    return Calibration(tuple(bins), round(error, 4), round(float(((p - hit) ** 2).mean()), 4))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
