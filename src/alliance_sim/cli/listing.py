"""Rows on stdout: a table to read, or CSV or JSON for another program."""

import csv
import json
import sys
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Annotated

import typer

from alliance_sim.domain.clean import printable

Cell = str | int | float | bool | None | Sequence[str]


class Form(StrEnum):
    """How rows are written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


FormOption = Annotated[
    Form, typer.Option("--format", help="A table to read, CSV, or one JSON list.")
]


def print_rows(columns: Sequence[str], rows: Iterable[Sequence[Cell]], form: Form) -> int:
    """Print rows under `columns`; how many. A CSV cell that would begin a formula gets a quote."""
    found = [list(row) for row in rows]
    match form:
        case Form.JSON:
            whole = [dict(zip(columns, row, strict=True)) for row in found]
            sys.stdout.write(json.dumps(whole, ensure_ascii=False) + "\n")
        case Form.CSV:
            _print_csv(columns, found)
        case Form.TABLE:
            _print_table(columns, found)
    return len(found)


def _print_table(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    if not rows:
        return
    shown = [list(columns), *([_shown(cell) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
    for row in shown:
        padded = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        sys.stdout.write("  ".join(padded).rstrip() + "\n")


def _shown(cell: Cell) -> str:
    match cell:
        case None | "":
            return "-"
        case bool():
            return "yes" if cell else "no"
        case float():
            return f"{cell:.1f}"
        case str() | int():
            return printable(str(cell), lines=False)
        case _:
            return printable(", ".join(cell), lines=False) or "-"


def _print_csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    from alliance_sim.reporting.tables.cells import harmless

    def written(cell: Cell) -> object:
        if cell is None or isinstance(cell, bool | int | float):
            return cell
        text = cell if isinstance(cell, str) else ", ".join(cell)
        return harmless(printable(text, lines=False))

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([written(cell) for cell in row] for row in rows)
