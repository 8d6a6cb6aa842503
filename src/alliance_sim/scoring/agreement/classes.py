"""Figures of a decision between classes: accuracy, F1, Cohen's kappa, with intervals."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from alliance_sim.scoring.agreement.bootstrap import (
    RESAMPLES,
    Array,
    Estimate,
    draws,
    estimate,
    numbered,
)


@dataclass(frozen=True)
class ClassFigures:
    """How far the program's classes are the coders' classes."""

    count: int
    groups: int
    classes: tuple[str, ...]
    accuracy: Estimate
    macro_f1: Estimate
    """Mean F1 over the classes that occur among the labels or the answers."""
    kappa: Estimate
    """Cohen 1960."""
    f1: Mapping[str, Estimate]
    precision: Mapping[str, float | None]
    recall: Mapping[str, float | None]
    support: Mapping[str, int]
    """Labels of each class."""
    confusion: tuple[tuple[int, ...], ...]
    """Rows: what people said; columns: what the program said."""
    majority: str
    """The most frequent class, and what always answering it would reach."""
    majority_accuracy: float
    majority_macro_f1: float


def class_figures(
    truth: Sequence[str],
    said: Sequence[str],
    groups: Sequence[str],
    classes: Sequence[str],
    *,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> ClassFigures:
    """Compare two codings of the same rows, of equal length and at least one.

    `groups`: rows of one conversation share a name and are drawn together.
    """
    tables, count = _tables(truth, said, groups, classes)
    whole = tables.sum(0)
    drawn = np.tensordot(draws(count, seed, resamples), tables, axes=1)
    accuracy, f1, kappa = _figures(whole[None])
    accuracies, f1s, kappas = _figures(drawn)
    with np.errstate(invalid="ignore"):
        precision = np.diag(whole) / whole.sum(0)
        recall = np.diag(whole) / whole.sum(1)
    support = Counter(truth)
    majority = max(classes, key=lambda name: support[name])
    always = _always(whole, list(classes).index(majority))
    return ClassFigures(
        count=len(truth),
        groups=count,
        classes=tuple(classes),
        accuracy=estimate(accuracy[0], accuracies, count),
        macro_f1=estimate(_macro(f1)[0], _macro(f1s), count),
        kappa=estimate(kappa[0], kappas, count),
        f1={n: estimate(f1[0, k], f1s[:, k], count) for k, n in enumerate(classes)},
        precision=_named(classes, precision),
        recall=_named(classes, recall),
        support={name: support[name] for name in classes},
        confusion=tuple(tuple(int(cell) for cell in row) for row in whole),
        majority=majority,
        majority_accuracy=always[0],
        majority_macro_f1=always[1],
    )


def _tables(
    truth: Sequence[str], said: Sequence[str], groups: Sequence[str], classes: Sequence[str]
) -> tuple[Array, int]:
    """Counts by group, label and answer."""
    place = {name: number for number, name in enumerate(classes)}
    which, count = numbered(groups)
    tables = np.zeros((count, len(classes), len(classes)), dtype=int)
    rows = np.array([place[name] for name in truth], dtype=int)
    columns = np.array([place[name] for name in said], dtype=int)
    np.add.at(tables, (which, rows, columns), 1)
    return tables, count


def _figures(tables: Array) -> tuple[Array, Array, Array]:
    """Accuracy, F1 by class (NaN where a class does not occur), kappa, for each table."""
    total = tables.sum((1, 2))
    right = np.diagonal(tables, axis1=1, axis2=2)
    given, answered = tables.sum(2), tables.sum(1)
    with np.errstate(invalid="ignore", divide="ignore"):
        accuracy = right.sum(1) / total
        f1 = 2 * right / (given + answered)
        chance = (given * answered).sum(1) / total.astype(float) ** 2
        kappa = (accuracy - chance) / (1 - chance)
    return accuracy, f1, np.where(chance < 1, kappa, np.nan)


def _macro(f1: Array) -> Array:
    there = np.isfinite(f1)
    with np.errstate(invalid="ignore"):
        made: Array = np.where(there, f1, 0).sum(1) / there.sum(1)
    return made


def _always(table: Array, place: int) -> tuple[float, float]:
    """Accuracy and macro-F1 of one answer for everything."""
    made = np.zeros_like(table)
    made[:, place] = table.sum(1)
    accuracy, f1, _ = _figures(made[None])
    return round(float(accuracy[0]), 4), round(float(_macro(f1)[0]), 4)


def _named(names: Sequence[str], values: Array) -> dict[str, float | None]:
    return {
        name: round(float(value), 4) if np.isfinite(value) else None
        for name, value in zip(names, values, strict=True)
    }
