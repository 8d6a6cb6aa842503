"""Fits one decision at a time: linear models, folds that keep groups whole, calibration."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold

from alliance_sim.coding.fit.matrix import Matrix, Table
from alliance_sim.coding.fit.sources import Example
from alliance_sim.coding.fit.tasks import YES, Spec

Array = np.ndarray[Any, Any]
FOLDS = 6
SEED = 1
ROUNDS = 200
TOLERANCE = 1e-3
FEWEST_ROWS = 3
"""Rows (an example has one a copy) in which a signal must occur to count for a decision."""
LEAN = 0.5
"""Weight before fitting of the sums that a decision leans on."""


@dataclass(frozen=True)
class Fitted:
    """Weights of one decision, a row a class."""

    weights: Array
    biases: Array


@dataclass(frozen=True)
class HeldOut:
    """Sums for the examples a decision is measured on, each by a model that never saw its group."""

    rows: Array
    """Places in the list of examples."""
    truth: Array
    """Class numbers; 0 and 1 where there is one class."""
    copies: tuple[Array, ...]
    """Sums, an example a row, a class a column; for each copy."""
    folds: Array
    fits: tuple[Fitted, ...] = ()
    """The model that never saw a fold, by the number of the fold."""


@dataclass(frozen=True)
class Data:
    """What a decision is learned from."""

    spec: Spec
    rows: Array
    truth: Array
    shares: Array
    groups: Array
    sources: Array
    measured: Array
    """Which rows are measured on."""
    folds: Array
    """The fold of each row, the same for all rows of a group in every decision."""


def assign(examples: Sequence[Example], seed: int = SEED) -> dict[str, int]:
    """The fold of every group: 0 to `FOLDS` - 1, labels spread as evenly as groups allow."""
    strata = np.array([example.stratum for example in examples])
    groups = np.array([example.group for example in examples])
    parts = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
    return {
        str(group): number
        for number, (_, rest) in enumerate(parts.split(strata, strata, groups))
        for group in groups[rest]
    }


def data(spec: Spec, examples: Sequence[Example], folds: Mapping[str, int]) -> Data:
    """The labelled examples of a decision; `folds` as `assign` gives them."""
    rows = [
        place for place, example in enumerate(examples)
        if example.source in spec.shares and spec.label(example) is not None
    ]  # fmt: skip
    names = [spec.label(examples[row]) for row in rows]
    order = {name: place for place, name in enumerate(spec.classes)}
    if len(spec.classes) == 1:
        truth = [int(name == YES) for name in names]
    else:
        truth = [order[str(name)] for name in names]
    return Data(
        spec,
        np.array(rows),
        np.array(truth),
        np.array([spec.shares[examples[row].source] for row in rows]),
        np.array([examples[row].group for row in rows]),
        np.array([examples[row].source for row in rows]),
        np.array([examples[row].source == spec.measured for row in rows]),
        np.array([folds[examples[row].group] for row in rows]),
    )


def fit(
    known: Data, table: Table, some: Array | None = None, leans: Sequence[Fitted] = ()
) -> Fitted:
    """Fit on all examples, or on `some` of them (places within the data).

    The sums of `leans` are signals of their own; being linear, they come out as plain weights.
    """
    some = np.arange(len(known.rows)) if some is None else some
    rows = known.rows[some]
    x: Matrix = sparse.vstack([copy[rows] for copy in table.copies]).tocsr()
    used = np.flatnonzero(np.bincount(x.indices, minlength=x.shape[1]) >= FEWEST_ROWS)
    copies = len(table.copies)
    model = LogisticRegression(
        C=known.spec.strength,
        class_weight="balanced",
        max_iter=ROUNDS,
        tol=TOLERANCE,
        solver="lbfgs" if len(known.spec.classes) > 1 else "liblinear",
    )
    helped = [x[:, used], *(sparse.csr_matrix(LEAN * sums(lean, x)) for lean in leans)]
    model.fit(
        sparse.hstack(helped).tocsr(),
        np.tile(known.truth[some], copies),
        sample_weight=np.tile(known.shares[some], copies),
    )
    weights = np.zeros((len(model.coef_), x.shape[1]))
    weights[:, used] = model.coef_[:, : len(used)]
    biases = model.intercept_.copy()
    place = len(used)
    for lean in leans:
        share = LEAN * model.coef_[:, place : place + len(lean.biases)]
        weights += share @ lean.weights
        biases += share @ lean.biases
        place += len(lean.biases)
    return Fitted(weights, biases)


def leaning(known: Data, table: Table, others: Mapping[str, Data]) -> list[Fitted]:
    """The decisions that one leans on, learned without its own source and its own groups."""
    own = np.unique(known.groups[known.measured])
    found = []
    for name in known.spec.leans:
        other = others[name]
        foreign = (other.sources != known.spec.measured) & ~np.isin(other.groups, own)
        some = np.flatnonzero(foreign)
        found.append(fit(other, table, some))
    return found


def sums(fitted: Fitted, x: Matrix) -> Array:
    """Sums of a decision for rows of signals."""
    return np.asarray(x @ fitted.weights.T + fitted.biases)


def held_out(known: Data, table: Table, leans: Sequence[Fitted] = ()) -> HeldOut:
    """Cross-validate by group."""
    found = [np.zeros((len(known.rows), len(known.spec.classes))) for _ in table.copies]
    fits = []
    for number in range(FOLDS):
        rest = known.folds == number
        fits.append(fit(known, table, np.flatnonzero(~rest), leans))
        for copy, x in zip(found, table.copies, strict=True):
            copy[rest] = sums(fits[-1], x[known.rows[rest]])
    mine = known.measured
    return HeldOut(
        known.rows[mine],
        known.truth[mine],
        tuple(copy[mine] for copy in found),
        known.folds[mine],
        tuple(fits),
    )


def all_held_out(known: Data, table: Table) -> Array:
    """Class numbers for every example of a decision, by models that never saw its group."""
    everything = replace(known, measured=np.ones_like(known.measured))
    found = held_out(everything, table)
    return np.asarray(found.copies[0].argmax(1))


def probabilities(totals: Array, slope: float, shifts: Array) -> Array:
    """As `model.Outcome.probabilities`, for many rows."""
    scores = slope * totals + shifts
    if scores.shape[1] == 1:
        return np.asarray(1 / (1 + np.exp(-np.clip(scores, -30, 30))))
    scores = np.exp(scores - scores.max(1, keepdims=True))
    return np.asarray(scores / scores.sum(1, keepdims=True))


def calibrate(totals: Array, truth: Array) -> tuple[float, Array]:
    """Slope and shifts under which the probabilities of held-out examples are likeliest."""
    width = totals.shape[1]

    def surprise(given: Array) -> float:
        p = probabilities(totals, float(np.exp(given[0])), given[1:])
        right = (
            np.where(truth == 1, p[:, 0], 1 - p[:, 0]) if width == 1 else p[range(len(p)), truth]
        )
        return float(-np.log(np.clip(right, 1e-9, 1)).mean() + 1e-4 * (given[1:] ** 2).mean())

    best = minimize(surprise, np.zeros(1 + width), method="L-BFGS-B").x
    return float(np.exp(best[0])), np.asarray(best[1:])
