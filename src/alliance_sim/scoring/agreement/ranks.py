"""Figures of an order: the area under the ROC curve, and Spearman's correlation."""

from collections.abc import Sequence

import numpy as np

from alliance_sim.scoring.agreement.bootstrap import (
    RESAMPLES,
    Array,
    Estimate,
    by_rows,
    draws,
    estimate,
    numbered,
)

BATCH = 50
"""Resamples worked out at once; memory is this many times the number of rows."""


def auc(
    scores: Sequence[float],
    positive: Sequence[bool],
    groups: Sequence[str],
    *,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> Estimate:
    """How often a positive row stands above a negative one; a tie counts half (Hanley 1982)."""
    which, count = numbered(groups)
    values = np.asarray(scores, dtype=float)
    order = np.argsort(values, kind="stable")
    starts = np.flatnonzero(np.diff(values[order], prepend=np.nan) != 0)
    is_positive = np.asarray(positive, dtype=bool)[order]
    whole = _areas(np.ones((1, len(order))), is_positive, starts)
    batches = np.array_split(draws(count, seed, resamples), max(1, resamples // BATCH))
    made = [_areas(drawn[:, which[order]], is_positive, starts) for drawn in batches if len(drawn)]
    return estimate(float(whole[0]), np.concatenate(made) if made else [], count)


def _areas(weights: Array, positive: Array, starts: Array) -> Array:
    """Areas for rows of weights; `starts` are where the runs of equal scores begin."""
    if not len(positive):
        return np.full(len(weights), np.nan)
    wins = np.add.reduceat(weights * positive, starts, axis=1)
    losses = np.add.reduceat(weights * ~positive, starts, axis=1)
    below = np.cumsum(losses, axis=1) - losses
    with np.errstate(invalid="ignore", divide="ignore"):
        made: Array = (wins * (below + losses / 2)).sum(1) / (wins.sum(1) * losses.sum(1))
    return made


def spearman(
    ours: Sequence[float],
    theirs: Sequence[float],
    groups: Sequence[str],
    *,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> Estimate:
    """Rank correlation, ties at their mean rank; none where one side does not vary."""
    first, second = np.asarray(ours, dtype=float), np.asarray(theirs, dtype=float)
    return by_rows(lambda rows: rho(first[rows], second[rows]), groups, seed, resamples)


def rho(ours: Array, theirs: Array) -> float:
    """Spearman's correlation alone; NaN where one side does not vary."""
    if len(ours) < 3:
        return float("nan")
    first, second = ranks(ours), ranks(theirs)
    first, second = first - first.mean(), second - second.mean()
    spread = float(np.sqrt((first**2).sum() * (second**2).sum()))
    return float((first * second).sum() / spread) if spread else float("nan")


def ranks(values: Array) -> Array:
    """Ranks from 1; equal values share the mean of theirs."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    made: Array = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    return made
