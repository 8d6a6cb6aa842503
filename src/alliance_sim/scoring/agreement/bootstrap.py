"""Intervals by drawing whole groups again: replies of one conversation are not independent."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]

RESAMPLES = 1000
LEVEL = 95.0
"""Per cent of the resamples between the two ends of an interval."""


class Estimate(NamedTuple):
    """A figure with its percentile interval (Efron & Tibshirani 1993)."""

    value: float | None
    """None where it is not defined: nothing to divide by, or no variation."""
    low: float | None = None
    high: float | None = None
    """None where there are too few groups to draw from, or the value is not defined."""


def numbered(groups: Sequence[str]) -> tuple[Array, int]:
    """The place of each row's group, in the order of first appearance, and how many there are."""
    places: dict[str, int] = {}
    rows = [places.setdefault(group, len(places)) for group in groups]
    return np.array(rows, dtype=int), len(places)


def draws(groups: int, seed: int, resamples: int = RESAMPLES) -> Array:
    """How often each group is drawn: `resamples` × `groups`, every row sums to `groups`."""
    if groups == 0:
        return np.zeros((0, 0), dtype=int)
    chances = np.full(groups, 1 / groups)
    return np.random.default_rng(seed).multinomial(groups, chances, size=resamples)


def estimate(value: float, resampled: Array | Sequence[float], groups: int) -> Estimate:
    """A figure with its interval from the figures of the resamples; NaN is none."""
    if not np.isfinite(value):
        return Estimate(None)
    found = np.asarray(resampled, dtype=float)
    found = found[np.isfinite(found)]
    if groups < 2 or len(found) < 2:
        return Estimate(round(float(value), 4))
    tail = (100.0 - LEVEL) / 2
    low, high = np.percentile(found, [tail, 100.0 - tail])
    return Estimate(round(float(value), 4), round(float(low), 4), round(float(high), 4))


def by_rows(
    figure: Callable[[Array], float], groups: Sequence[str], seed: int, resamples: int = RESAMPLES
) -> Estimate:
    """As `estimate`, for a figure that is worked out from the places of the rows drawn."""
    which, count = numbered(groups)
    members = [np.flatnonzero(which == group) for group in range(count)]
    everything = np.arange(len(which))
    value = figure(everything) if len(which) else float("nan")
    if count < 2:
        return estimate(value, [], count)
    made = []
    for drawn in draws(count, seed, resamples):
        picked = [members[g] for g in np.flatnonzero(drawn) for _ in range(drawn[g])]
        made.append(figure(np.concatenate(picked)))
    return estimate(value, made, count)
