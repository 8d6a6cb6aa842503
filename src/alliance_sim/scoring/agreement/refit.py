"""From the program's levels to a rater's, by maps that never turn the order.

Three maps are tried: all levels shifted, a straight line, and a bent line through the five whole
levels that is drawn towards leaving them as they are. The best is kept only if it is better than
none on conversations that it was not fitted on, by more than chance would make it, and by enough
to matter.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from alliance_sim.scoring.agreement.bootstrap import Array, numbered

Knots: TypeAlias = tuple[float, float, float, float, float]

ENOUGH = 40
"""Rated moments from which a re-fit is tried."""
ENOUGH_GROUPS = 5
"""Conversations among them."""
FOLDS = 10
SURE = 2.0
"""Standard errors of the difference by which a map must be better."""
MATTERS = 0.05
"""Of a level: how much closer to the raters a map must bring the program."""
PULL = 4.0
"""How many ratings at a level weigh as much as leaving that level as it is."""
HIGHEST = 4
WHOLE = np.arange(HIGHEST + 1, dtype=float)


@dataclass(frozen=True)
class Refit:
    """What came of trying."""

    count: int
    groups: int
    error_before: float
    """Root of the mean squared distance to the raters, held out."""
    error_after: float
    """The same with the best map, fitted on the other conversations."""
    name: str
    """Of the best map: `shift`, `line` or `bend`."""
    knots: Knots
    """What levels 0–4 become, fitted on all ratings."""
    better: bool
    """Better by more than `SURE` standard errors and at least `MATTERS`."""


def refit(
    ours: Sequence[float], theirs: Sequence[float], groups: Sequence[str], *, seed: int = 0
) -> Refit | None:
    """Try the maps; None where there are too few ratings or conversations to try.

    Args:
        ours: The program's levels, 0–4, without any earlier map.
        theirs: The raters' mean levels of the same moments.
        groups: The conversation of each moment; a fold holds whole conversations.
        seed: Of the folds.
    """
    which, count = numbered(groups)
    if len(ours) < ENOUGH or count < ENOUGH_GROUPS:
        return None
    levels, ratings = np.asarray(ours, dtype=float), np.asarray(theirs, dtype=float)
    folds = np.random.default_rng(seed).permutation(count)[which] % min(FOLDS, count)
    errors = {name: _held_out(levels, ratings, folds, fitted) for name, fitted in MAPS.items()}
    before = (levels - ratings) ** 2
    name = min(errors, key=lambda each: float(errors[each].mean()))
    gain = _by_group(before - errors[name], which, count)
    spread = float(gain.std(ddof=1) / np.sqrt(count))
    sure = float(gain.mean()) > SURE * spread
    return Refit(
        count=len(levels),
        groups=count,
        error_before=_root(before),
        error_after=_root(errors[name]),
        name=name,
        knots=_knots(MAPS[name](levels, ratings)),
        better=sure and _root(before) - _root(errors[name]) >= MATTERS,
    )


def _held_out(
    levels: Array, ratings: Array, folds: Array, fitted: Callable[[Array, Array], Array]
) -> Array:
    """Squared errors, each by a map that was fitted on the other folds."""
    errors = np.zeros(len(levels))
    for fold in np.unique(folds):
        mine = folds == fold
        knots = fitted(levels[~mine], ratings[~mine])
        errors[mine] = (np.interp(levels[mine], WHOLE, knots) - ratings[mine]) ** 2
    return errors


def _by_group(gains: Array, which: Array, count: int) -> Array:
    return np.array([gains[which == group].mean() for group in range(count)])


def _shift(levels: Array, ratings: Array) -> Array:
    return _within(WHOLE + (ratings - levels).mean())


def _line(levels: Array, ratings: Array) -> Array:
    spread = float(((levels - levels.mean()) ** 2).sum())
    together = float(((levels - levels.mean()) * (ratings - ratings.mean())).sum())
    slope = max(0.0, together / spread) if spread else 1.0
    return _within(ratings.mean() + slope * (WHOLE - levels.mean()))


def _bend(levels: Array, ratings: Array) -> Array:
    """Least squares over the two whole levels around each level, pulled towards no change."""
    lower = np.minimum(levels.astype(int), HIGHEST - 1)
    share = levels - lower
    weights = np.zeros((len(levels), HIGHEST + 1))
    weights[np.arange(len(levels)), lower] = 1 - share
    weights[np.arange(len(levels)), lower + 1] = share
    square = weights.T @ weights + PULL * np.eye(HIGHEST + 1)
    return _within(_rising(np.linalg.solve(square, weights.T @ ratings + PULL * WHOLE)))


def _rising(values: Array) -> Array:
    """The nearest values that never fall: neighbours in the wrong order share their mean."""
    blocks: list[tuple[float, int]] = []
    for value in values:
        blocks.append((float(value), 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (later, m), (earlier, n) = blocks.pop(), blocks.pop()
            blocks.append(((earlier * n + later * m) / (n + m), n + m))
    return np.array([value for value, size in blocks for _ in range(size)])


MAPS: Mapping[str, Callable[[Array, Array], Array]] = {
    "shift": _shift,
    "line": _line,
    "bend": _bend,
}


def _within(values: Array) -> Array:
    made: Array = np.clip(values, 0.0, float(HIGHEST))
    return made


def _knots(values: Array) -> Knots:
    first, second, third, fourth, fifth = (round(float(value), 2) for value in values)
    return (first, second, third, fourth, fifth)


def _root(errors: Array) -> float:
    return round(float(np.sqrt(errors.mean())), 4)
