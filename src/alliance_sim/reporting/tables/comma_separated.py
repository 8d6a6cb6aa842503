"""Rows as CSV: UTF-8, commas, a header, one line end everywhere."""

import csv
from collections.abc import Callable, Iterable, Sequence
from io import TextIOWrapper
from typing import BinaryIO

from alliance_sim.reporting.tables.cells import harmless
from alliance_sim.reporting.tables.columns import Column, Kind, Row


def write_csv(rows: Iterable[Row], columns: Sequence[Column], out: BinaryIO) -> None:
    """Write rows. Nothing that stands in a cell begins a formula."""
    text = TextIOWrapper(out, "utf-8", newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.name for column in columns])
    cells = [(column.name, _CELLS.get(column.kind)) for column in columns]
    writer.writerows(
        [cell(row[name]) if cell and row[name] is not None else row[name] for name, cell in cells]
        for row in rows
    )
    text.flush()
    text.detach()


def _text(value: object) -> str:
    return harmless(str(value))


def _flag(value: object) -> str:
    return "true" if value else "false"


_CELLS: dict[Kind, Callable[[object], str]] = {Kind.TEXT: _text, Kind.FLAG: _flag}
"""How the values of a kind are written; all others as they are, None as an empty cell."""
