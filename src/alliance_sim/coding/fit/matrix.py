"""Examples as rows of numbers: the signals of `signals.py`, as read and as captions have them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from alliance_sim.coding.features import observe
from alliance_sim.coding.fit.sources import Example, stripped
from alliance_sim.coding.ruled import ruled
from alliance_sim.coding.rules.marks import marks
from alliance_sim.coding.signals import NORMED, SCALES, signals
from alliance_sim.domain.codes import Main

Matrix = Any
"""A scipy CSR matrix (scipy ships no types)."""
FEWEST_EXAMPLES = 3
FEWEST_GROUPS = 2
"""A bucket is kept if so many examples and groups have it: what one person said is not stored."""

COPIES: tuple[Callable[[str], str], ...] = (str, stripped)
"""How each example is shown: as it is, and without marks and capitals."""


@dataclass(frozen=True)
class Table:
    """One row an example, for each copy; columns are the kept buckets."""

    copies: tuple[Matrix, ...]
    buckets: np.ndarray[Any, Any]


def table(examples: Sequence[Example], before: Sequence[tuple[Main, ...]]) -> Table:
    """Signals of all examples; `before` holds the trainee's last behaviours for each."""
    rows = [
        [_blocks(example, known, copy) for example, known in zip(examples, before, strict=True)]
        for copy in COPIES
    ]
    buckets = _kept(rows, [example.group for example in examples])
    return Table(tuple(_matrix(copy, buckets) for copy in rows), buckets)


def _blocks(
    example: Example, before: tuple[Main, ...], copy: Callable[[str], str]
) -> tuple[frozenset[int], ...]:
    features = observe(copy(example.text), copy(example.client))
    spans = ruled(features, marks(features), ())
    return signals(features, spans, before).blocks


def _kept(
    copies: list[list[tuple[frozenset[int], ...]]], groups: Sequence[str]
) -> np.ndarray[Any, Any]:
    seen: dict[int, int] = {}
    last: dict[int, set[str]] = {}
    for place, group in enumerate(groups):
        for bucket in frozenset().union(*(block for copy in copies for block in copy[place])):
            seen[bucket] = seen.get(bucket, 0) + 1
            last.setdefault(bucket, set()).add(group)
    kept = [
        bucket
        for bucket, count in seen.items()
        if count >= FEWEST_EXAMPLES and len(last[bucket]) >= FEWEST_GROUPS
    ]
    return np.array(sorted(kept), dtype=np.uint32)


def _matrix(rows: list[tuple[frozenset[int], ...]], buckets: np.ndarray[Any, Any]) -> Matrix:
    column = {int(bucket): place for place, bucket in enumerate(buckets)}
    places: list[int] = []
    values: list[float] = []
    ends = [0]
    for row in rows:
        for block, scale, normed in zip(row, SCALES, NORMED, strict=True):
            known = [column[bucket] for bucket in sorted(block) if bucket in column]
            places += known
            values += [scale / max(1, len(block)) ** 0.5 if normed else scale] * len(known)
        ends.append(len(places))
    shape = (len(rows), len(buckets))
    made = sparse.csr_matrix((values, places, ends), shape=shape)
    made.sum_duplicates()
    return made
