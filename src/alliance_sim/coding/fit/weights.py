"""Writes fitted decisions as the weights that ship: 8 bits each, a row a bucket."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from alliance_sim.coding.fit.tasks import Spec
from alliance_sim.coding.fit.training import Array, Fitted
from alliance_sim.coding.model import MAGIC, ZERO
from alliance_sim.coding.signals import BLOCKS

STEPS = 127
"""Steps on each side of nothing."""
LEAST = 3
"""Rows in which no weight is this many steps from nothing are dropped."""


@dataclass(frozen=True)
class Column:
    """A fitted decision and what turns its sums into probabilities and a verdict."""

    spec: Spec
    fitted: Fitted
    slope: float
    shifts: Array
    favours: Array


def packed(columns: Sequence[Column], buckets: Array) -> bytes:
    """The weights as `model.parse` reads them; rows that round to nothing are dropped."""
    weights = np.vstack([column.fitted.weights for column in columns])
    steps = np.maximum(np.abs(weights).max(1), 1e-9) / STEPS
    rows = np.rint(weights / steps[:, None]).T.astype(int) + ZERO
    kept = (np.abs(rows - ZERO) >= LEAST).any(1)
    header: Mapping[str, Any] = {
        "blocks": BLOCKS,
        "rows": int(kept.sum()),
        "tasks": _tasks(columns, steps),
    }
    table: bytes = rows[kept].astype(np.uint8).tobytes()
    numbers: bytes = buckets[kept].astype("<u4").tobytes()
    return MAGIC + json.dumps(header, separators=(",", ":")).encode() + b"\n" + numbers + table


def _tasks(columns: Sequence[Column], steps: Array) -> list[dict[str, Any]]:
    found, place = [], 0
    for column in columns:
        width = len(column.spec.classes)
        found.append({
            "name": column.spec.name,
            "classes": list(column.spec.classes),
            "column": place,
            "biases": _rounded(column.fitted.biases),
            "steps": [float(f"{step:.6g}") for step in steps[place : place + width]],
            "slope": round(column.slope, 4),
            "shifts": _rounded(column.shifts),
            "favours": _rounded(column.favours),
        })  # fmt: skip
        place += width
    return found


def _rounded(values: Array) -> list[float]:
    return [round(float(value), 4) for value in values]
