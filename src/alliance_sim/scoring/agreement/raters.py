"""Agreement of raters on an ordered scale: weighted kappa, ICC, Krippendorff's alpha."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import krippendorff
import numpy as np

from alliance_sim.scoring.agreement.bootstrap import RESAMPLES, Array, Estimate, by_rows

LEVELS = 5
"""Whole levels of the scale, 0–4."""


@dataclass(frozen=True)
class RaterFigures:
    """How far raters agree."""

    count: int
    """Rows that at least two of them rated."""
    kappa: Estimate
    """Quadratic weights (Cohen 1968), on whole levels; of several raters the mean over pairs."""
    icc: Estimate
    """ICC(A,1): one rater, absolute agreement, two-way (Shrout & Fleiss 1979; McGraw & Wong 1996).
    On the rows that all raters rated."""
    alpha: Estimate
    """Krippendorff's alpha, ordinal, on whole levels; gaps are allowed."""


def rater_figures(
    ratings: Sequence[Sequence[float | None]],
    groups: Sequence[str],
    *,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> RaterFigures:
    """Compare raters.

    Args:
        ratings: A row an item, a column a rater, 0–4; None where a rater gave none.
        groups: Items of one conversation share a name and are drawn together.
        seed: Of the resamples.
        resamples: How many.
    """
    table = np.array([[np.nan if v is None else v for v in row] for row in ratings], dtype=float)
    table = table.reshape(len(ratings), -1)
    kept = np.isfinite(table).sum(1) >= 2
    table, names = table[kept], [name for name, keep in zip(groups, kept, strict=True) if keep]

    def over(figure: Callable[[Array], float]) -> Estimate:
        return by_rows(lambda rows: figure(table[rows]), names, seed, resamples)

    return RaterFigures(len(table), over(mean_kappa), over(icc), over(alpha))


def mean_kappa(table: Array) -> float:
    """Mean over the pairs of raters, each on the rows that both rated; NaN where there is none."""
    found = []
    for first in range(table.shape[1]):
        for second in range(first + 1, table.shape[1]):
            pair = table[:, [first, second]]
            pair = pair[np.isfinite(pair).all(1)]
            if len(pair):
                found.append(weighted_kappa(pair[:, 0], pair[:, 1]))
    kept = [value for value in found if np.isfinite(value)]
    return float(np.mean(kept)) if kept else float("nan")


def weighted_kappa(ours: Array, theirs: Array) -> float:
    """Kappa with quadratic weights on whole levels; NaN where neither side varies."""
    first, second = whole(ours), whole(theirs)
    seen = ((first - second) ** 2).mean()
    chance = ((first[:, None] - second[None, :]) ** 2).mean()
    return float(1 - seen / chance) if chance else float("nan")


def icc(table: Array) -> float:
    """ICC(A,1) on complete rows; NaN with fewer than two rows or raters, or without variation."""
    table = table[np.isfinite(table).all(1)]
    rows, raters = table.shape
    if rows < 2 or raters < 2:
        return float("nan")
    centre = table.mean()
    between_rows = raters * ((table.mean(1) - centre) ** 2).sum() / (rows - 1)
    between_raters = rows * ((table.mean(0) - centre) ** 2).sum() / (raters - 1)
    rest = table - table.mean(1, keepdims=True) - table.mean(0, keepdims=True) + centre
    error = (rest**2).sum() / ((rows - 1) * (raters - 1))
    below = between_rows + (raters - 1) * error + raters * (between_raters - error) / rows
    return float((between_rows - error) / below) if below else float("nan")


def alpha(table: Array) -> float:
    """Krippendorff's alpha for ordered levels; NaN where it is not defined."""
    levels = np.where(np.isfinite(table), whole(table), np.nan)
    if len(np.unique(levels[np.isfinite(levels)])) < 2:
        return float("nan")
    counts = np.stack([(levels == level).sum(1) for level in range(LEVELS)], axis=1)
    counts = counts[counts.sum(1) >= 2]
    if not len(counts) or (counts.sum(0) > 0).sum() < 2:
        return float("nan")
    found = krippendorff.alpha(
        value_counts=counts, value_domain=list(range(LEVELS)), level_of_measurement="ordinal"
    )
    return float(found)


def whole(levels: Array) -> Array:
    """Levels rounded to whole ones; halves go up, the same way at every level."""
    made: Array = np.floor(np.asarray(levels, dtype=float) + 0.5)
    return made


def confusion(ours: Sequence[float], theirs: Sequence[float]) -> tuple[tuple[int, ...], ...]:
    """Counts of whole levels; rows are theirs, columns ours."""
    table = np.zeros((LEVELS, LEVELS), dtype=int)
    np.add.at(table, (whole(np.array(theirs)).astype(int), whole(np.array(ours)).astype(int)), 1)
    return tuple(tuple(int(cell) for cell in row) for row in table)


def by_name(ratings: Mapping[str, float | None], names: Sequence[str]) -> list[float | None]:
    """A row of `rater_figures`: the ratings in the order of the raters' names."""
    return [ratings.get(name) for name in names]
