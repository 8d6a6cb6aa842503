"""The learned coder at run time: linear models over hashed signals, in plain Python.

All models share one table: a row of 8-bit weights a bucket, a column a class. Rows are widened to
integers of one lane a column, so that a single addition adds a row for all classes at once.
"""

import json
import sys
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp
from typing import Any, NamedTuple

from alliance_sim.coding.signals import BLOCKS, NORMED, SCALES

MAGIC = b"alliance-sim weights 1\n"
LANE = 4
"""Bytes of a lane; sums of 2**24 rows fit."""
ZERO = 128
"""Stored for a weight of nothing: weights are stored as unsigned bytes."""
EVEN = 0.5
"""Probability from which a code counts as given (design: asserted at p >= .5)."""
DOUBT = 0.01
"""How far below `EVEN` a verdict of no stays at least."""


@dataclass(frozen=True)
class Task:
    """One decision: its classes, where its columns start, and how sums become probabilities."""

    name: str
    classes: tuple[str, ...]
    """One class: a yes-or-no model of it. More: exactly one of them holds."""
    column: int
    biases: tuple[float, ...]
    steps: tuple[float, ...]
    """What one step of the 8-bit weights is worth, by class."""
    slope: float
    shifts: tuple[float, ...]
    """Calibration, fitted on replies held out: p follows from slope × sum + shift."""
    favours: tuple[float, ...]
    """Added to the sums for the decision, which weighs rare classes as much as common ones."""


class Outcome(NamedTuple):
    """What one task says of one reply."""

    task: Task
    sums: tuple[float, ...]

    @property
    def probabilities(self) -> dict[str, float]:
        """Calibrated, by class; of several classes they sum to 1."""
        task = self.task
        if len(self.sums) == 1:
            return {task.classes[0]: _odds(task.slope * self.sums[0] + task.shifts[0])}
        scores = [task.slope * x + shift for x, shift in zip(self.sums, task.shifts, strict=True)]
        return _shared_out(task.classes, scores)

    @property
    def balanced(self) -> dict[str, float]:
        """As if every class were as common as the others: what the decision goes by."""
        task = self.task
        if len(self.sums) == 1:
            return {task.classes[0]: _odds(self.sums[0] + task.favours[0])}
        scores = [x + f for x, f in zip(self.sums, task.favours, strict=True)]
        return _shared_out(task.classes, scores)

    @property
    def decided(self) -> str | None:
        """The class decided on; None where a yes-or-no model says no."""
        shares = self.balanced
        best = max(shares, key=shares.__getitem__)
        return best if len(shares) > 1 or shares[best] >= 0.5 else None

    @property
    def verdict(self) -> float:
        """Probability of yes, moved to `EVEN` where the decision would be on the other side.

        Rare classes are decided for at less than even odds; such a yes is given even odds.

        Raises:
            ValueError: the task has several classes.
        """
        (p,) = self.probabilities.values()
        return max(EVEN, p) if self.decided else min(EVEN - DOUBT, p)


def _odds(score: float) -> float:
    """Probability of yes."""
    return 1 / (1 + exp(-max(-30.0, min(30.0, score))))


def _shared_out(classes: Sequence[str], scores: Sequence[float]) -> dict[str, float]:
    top = max(scores)
    weights = [exp(score - top) for score in scores]
    total = sum(weights)
    return {name: weight / total for name, weight in zip(classes, weights, strict=True)}


class Model:
    """Weights in memory, a wide integer a bucket; nothing grows while they are used."""

    def __init__(self, tasks: Sequence[Task], buckets: Sequence[int], table: bytes) -> None:
        """The rows of `table` follow one another in the order of `buckets`."""
        self.tasks = {task.name: task for task in tasks}
        self._width = width = sum(len(task.classes) for task in tasks)
        lanes = bytearray(len(table) * LANE)
        lanes[::LANE] = table
        step = width * LANE
        widen = int.from_bytes
        wide = [widen(lanes[at : at + step], "little") for at in range(0, len(lanes), step)]
        self._rows = dict(zip(buckets, wide, strict=True))

    @property
    def rows(self) -> int:
        """Buckets that have weights."""
        return len(self._rows)

    def read(self, blocks: Sequence[frozenset[int]]) -> "Sums":
        """Judge the signals of a reply."""
        row = self._rows.get
        columns: list[Sequence[int]] = []
        worths: list[float] = []
        none = 0.0
        for block, scale, normed in zip(blocks, SCALES, NORMED, strict=True):
            found = [*filter(None, map(row, block))]
            worth = scale / len(block) ** 0.5 if normed and block else scale
            columns.append(_numbers(sum(found).to_bytes(self._width * LANE, "little")))
            worths.append(worth)
            none += worth * ZERO * len(found)
        words, skeleton, observed = worths
        totals = [
            words * w + skeleton * s + observed * o - none for w, s, o in zip(*columns, strict=True)
        ]
        return Sums(self.tasks, totals)

    def weight(self, bucket: int, task: str, place: int) -> float:
        """Weight of a bucket for the class at `place` of a task; 0 if it is not known."""
        row = self._rows.get(bucket)
        if row is None:
            return 0.0
        found = self.tasks[task]
        lane = row >> (8 * LANE * (found.column + place))
        return ((lane & 0xFF) - ZERO) * found.steps[place]


class Sums:
    """What all models make of one reply; a task is worked out when it is asked for."""

    def __init__(self, tasks: Mapping[str, Task], totals: Sequence[float]) -> None:
        self._tasks = tasks
        self._totals = totals

    def __getitem__(self, name: str) -> Outcome:
        """Outcome of a task.

        Raises:
            KeyError: there is no such task.
        """
        task = self._tasks[name]
        if len(task.classes) == 1:
            total = self._totals[task.column]
            return Outcome(task, (task.biases[0] + task.steps[0] * total,))
        mine = self._totals[task.column : task.column + len(task.classes)]
        sums = [b + s * x for b, s, x in zip(task.biases, task.steps, mine, strict=True)]
        return Outcome(task, tuple(sums))


def _numbers(raw: bytes) -> "array[int]":
    """Little-endian numbers of four bytes."""
    numbers = array("I", raw)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def parse(raw: bytes) -> Model:
    """Read weights: the magic line, a line of JSON, the buckets (4 bytes each), the rows.

    Raises:
        ValueError: the bytes are no weights, or weights of other signals.
    """
    if not raw.startswith(MAGIC):
        raise ValueError("not weights of this program")
    end = raw.index(b"\n", len(MAGIC))
    header: Mapping[str, Any] = json.loads(raw[len(MAGIC) : end])
    if tuple(header["blocks"]) != BLOCKS:
        raise ValueError(f"weights of the blocks {header['blocks']}, not of {list(BLOCKS)}")
    count = header["rows"]
    buckets = _numbers(raw[end + 1 : end + 1 + LANE * count])
    tasks = [_task(entry) for entry in header["tasks"]]
    return Model(tasks, buckets, raw[end + 1 + LANE * count :])


def _task(entry: Mapping[str, Any]) -> Task:
    lists = {k: tuple(v) for k, v in entry.items() if isinstance(v, list)}
    return Task(name=entry["name"], column=entry["column"], slope=entry["slope"], **lists)


@cache
def model() -> Model:
    """The weights that ship with the program."""
    return parse((files(__package__) / "weights.bin").read_bytes())
