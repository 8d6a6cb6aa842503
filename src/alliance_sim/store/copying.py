"""A whole store into another one, whatever the engines: every row, and the proof that it is there.

The rows of `erasures` are never copied: there are none between transactions.
"""

import hashlib
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, text

from alliance_sim.errors import StoreProblem
from alliance_sim.store.repository import Store
from alliance_sim.store.tables import erasures, metadata

AT_ONCE = 2000
"""Rows that are read and written together."""

TABLES = tuple(table for table in metadata.sorted_tables if table is not erasures)


def count_rows(connection: Connection) -> dict[str, int]:
    """How many rows each table has, by its name."""
    return {
        table.name: connection.scalar(select(func.count()).select_from(table)) or 0
        for table in TABLES
    }


def copy_store(
    source: Store, target: Store, told: Callable[[int], object] = lambda _rows: None
) -> dict[str, int]:
    """Copy every row into an empty store, and compare both; how many a table, by its name.

    `told` is called with the number of rows so far. One moment of the source is copied, and all of
    it or nothing: raises StoreProblem where the target holds something already, where one of the
    two fails, or what was read back is not what was copied.
    """
    with source.reading() as reader, target.alone() as writer:
        return _copy(reader, writer, told)


def _copy(source: Connection, target: Connection, told: Callable[[int], object]) -> dict[str, int]:
    held = {name: rows for name, rows in count_rows(target).items() if rows}
    if held:
        there = ", ".join(f"{rows} {name}" for name, rows in held.items())
        raise StoreProblem(f"the target is not empty ({there}); give a new store")
    counts: dict[str, int] = {}
    done = 0
    for table in TABLES:
        counts[table.name] = 0
        rows = _rows(source, table)
        while some := list(islice(rows, AT_ONCE)):
            target.execute(insert(table), some)
            counts[table.name] += len(some)
            done += len(some)
            told(done)
    _count_on(target)
    for table in TABLES:
        if digest(source, table) != digest(target, table):
            raise StoreProblem(f"{table.name}: what was copied is not what was read back")
    return counts


def digest(connection: Connection, table: Table) -> str:
    """SHA-256 of all rows in the order of their keys: the same where the rows are the same."""
    made = hashlib.sha256()
    for row in _rows(connection, table):
        made.update(repr(list(row.values())).encode())
    return made.hexdigest()


def _rows(connection: Connection, table: Table) -> Iterator[dict[str, Any]]:
    query = select(table).order_by(*table.primary_key.columns)
    found = connection.execute(query.execution_options(yield_per=AT_ONCE))
    return (dict(row._mapping) for row in found)


def _count_on(target: Connection) -> None:
    """A server numbers the rows of some tables itself: it is told where to go on."""
    if target.dialect.name != "postgresql":
        return
    asked = text("SELECT setval(pg_get_serial_sequence(:table, :column), :last)")
    for table in TABLES:
        column = table.autoincrement_column
        last = None if column is None else target.scalar(select(func.max(column)))
        if column is not None and last:
            words = {"table": table.name, "column": column.name, "last": last}
            target.execute(asked, words)
