"""How well a decision is taken on examples held out: the figures of the model card."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.metrics import f1_score

from alliance_sim.coding.fit.tasks import LEVELS, Spec
from alliance_sim.coding.fit.training import Array, HeldOut, calibrate, probabilities

STEPS = np.arange(-1.2, 1.21, 0.1)
"""What is tried as a favour."""


@dataclass(frozen=True)
class Figures:
    """Figures of one decision on one copy."""

    macro: float
    """Macro-F1; of a yes-or-no decision the F1 of yes."""
    each: tuple[float, ...]
    calibration_error: float
    """Mean gap between probability and frequency over ten equal bins, weighed by their size."""
    count: int
    any: float | None
    """Of levels: macro-F1 of none against any."""


def decide(totals: Array, favours: Array) -> Array:
    """As `model.Outcome.decided`, for many rows."""
    if totals.shape[1] == 1:
        return np.asarray((totals[:, 0] + favours[0] >= 0).astype(int))
    return np.asarray((totals + favours).argmax(1))


def score(truth: Array, said: Array, width: int) -> tuple[float, tuple[float, ...]]:
    """Macro-F1 and the F1 of each class; of a yes-or-no decision the F1 of yes."""
    if width == 1:
        found = float(f1_score(truth, said, zero_division=0.0))
        return found, (found,)
    each = f1_score(truth, said, labels=range(width), average=None, zero_division=0.0)
    return float(np.mean(each)), tuple(float(value) for value in each)


def favours(copies: Sequence[Array], truth: Array) -> Array:
    """What added to the sums decides best, over all copies."""
    width = copies[0].shape[1]
    best = np.zeros(width)
    for _ in range(1 if width == 1 else 2):
        for place in range(width):
            tried = [_tried(copies, truth, best, place, float(step)) for step in STEPS]
            best[place] += max(tried)[2]
    return best


def _tried(
    copies: Sequence[Array], truth: Array, best: Array, place: int, step: float
) -> tuple[float, float, float]:
    moved = best.copy()
    moved[place] += step
    width = copies[0].shape[1]
    found = [score(truth, decide(copy, moved), width)[0] for copy in copies]
    return round(float(np.mean(found)), 3), -abs(step), step


def measure(spec: Spec, held: HeldOut) -> tuple[Figures, ...]:
    """Figures for each copy; favours and calibration come from the other folds."""
    width = len(spec.classes)
    said = [np.zeros(len(held.truth), dtype=int) for _ in held.copies]
    p = [np.zeros((len(held.truth), width)) for _ in held.copies]
    for fold in np.unique(held.folds):
        rest, mine = held.folds != fold, held.folds == fold
        others = [copy[rest] for copy in held.copies]
        shift = favours(others, held.truth[rest]) if spec.tuned else np.zeros(width)
        slope, shifts = calibrate(np.vstack(others), np.tile(held.truth[rest], len(others)))
        for place, copy in enumerate(held.copies):
            said[place][mine] = decide(copy[mine], shift)
            p[place][mine] = probabilities(copy[mine], slope, shifts)
    return tuple(
        Figures(
            *score(held.truth, said[place], width),
            calibration_error(p[place], held.truth),
            len(held.truth),
            _any(held.truth, said[place]) if spec.classes == LEVELS else None,
        )
        for place in range(len(held.copies))
    )


def _any(truth: Array, said: Array) -> float:
    return score((truth > 0).astype(int), (said > 0).astype(int), 2)[0]


def calibration_error(p: Array, truth: Array) -> float:
    """Expected calibration error of the surest class, or of yes."""
    if p.shape[1] == 1:
        sure, right = p[:, 0], truth == 1
    else:
        sure, right = p.max(1), p.argmax(1) == truth
    bins: Any = np.minimum((sure * 10).astype(int), 9)
    gaps = [
        abs(sure[bins == place].mean() - right[bins == place].mean()) * (bins == place).mean()
        for place in np.unique(bins)
    ]
    return float(sum(gaps))
