"""Rows as JSON lines: an object a row, with the columns in their order."""

import json
from collections.abc import Iterable, Sequence
from typing import BinaryIO

from alliance_sim.reporting.tables.columns import Column, Row


def write_jsonl(rows: Iterable[Row], columns: Sequence[Column], out: BinaryIO) -> None:
    """Write rows."""
    names = [column.name for column in columns]
    encode = json.JSONEncoder(ensure_ascii=False).encode
    for row in rows:
        out.write(f"{encode({name: row[name] for name in names})}\n".encode())
