"""Tables of weights over the same signals side by side: one pass over the signals adds all up.

A bucket's weights lie in one wide integer, a lane a column, so that a single addition adds them for
all columns at once (as in `coding.model`). A weight below nothing borrows from the lane above it;
half a lane, added to each before they are parted, pays that back.
"""

import sys
from array import array
from collections.abc import Mapping, Sequence

Signals = Mapping[float, frozenset[int]]
"""Buckets of signals by the weight of their kind; no bucket is there twice."""

LANE = 4
"""Bytes of a lane; sums of 2**24 rows fit."""
_BITS = 8 * LANE
_HALF = 1 << (_BITS - 1)

Row = tuple[int, ...]


def weighed(found: Signals) -> dict[int, float]:
    """The weight of its kind for each bucket."""
    return {number: worth for worth, numbers in found.items() for number in numbers}


class Lanes:
    """Columns of 8-bit weights by bucket; nothing grows while they are used."""

    def __init__(self, tables: Sequence[Mapping[int, Row]], widths: Sequence[int]) -> None:
        """The columns of each table follow those of the one before; `widths`: how many it has."""
        self._rows: dict[int, int] = {}
        self._bytes = LANE * sum(widths)
        self._half = sum(_HALF << (_BITS * column) for column in range(sum(widths)))
        known, first = self._rows, 0
        for table, width in zip(tables, widths, strict=True):
            for number, row in table.items():
                known[number] = known.get(number, 0) + (_side_by_side(row) << first)
            first += _BITS * width

    def sums(self, found: Signals) -> list[float]:
        """For each column the weights of the signals, each times the weight of its kind."""
        row = self._rows.get
        parts = [
            (worth, self._parted(sum(filter(None, map(row, numbers)))))
            for worth, numbers in found.items()
        ]
        if not parts:
            return [0.0] * (self._bytes // LANE)
        columns = zip(*([worth * n for n in numbers] for worth, numbers in parts), strict=True)
        return [*map(sum, columns)]

    def _parted(self, total: int) -> list[int]:
        numbers = array("I", (total + self._half).to_bytes(self._bytes, "little"))
        if sys.byteorder == "big":
            numbers.byteswap()
        return [number - _HALF for number in numbers]


def _side_by_side(row: Row) -> int:
    wide = 0
    for weight in reversed(row):
        wide = (wide << _BITS) + weight
    return wide
