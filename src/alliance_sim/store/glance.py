"""The list of sessions at a glance, without the libraries that take longer to load than it to read.

Whatever is out of the ordinary (no store yet, an older one, rights to be mended, a failure) is left
to the store itself: the answer is then None.
"""

import os
import sqlite3
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alliance_sim.store.migrations import VERSION_TABLE, VERSIONS

OTHERS = 0o077
"""Rights of others at a file."""

SECONDS = 2
"""To wait for a server; the store waits longer."""

LIST = f"""
    SELECT version_num, (SELECT count(*) FROM sessions {{where}}), s.*
    FROM {VERSION_TABLE} LEFT JOIN (
        SELECT id, scenario, turns, ending, overall, opened_at FROM sessions {{where}}
        ORDER BY opened_at DESC, id DESC LIMIT {{mark}}
    ) AS s ON true
    ORDER BY s.opened_at DESC, s.id DESC
"""  # noqa: S608 - constants
"""One question: to a server a second one would be another way there and back. Its answer has one
row, without a session, where there are none."""


@dataclass(frozen=True, slots=True)
class Line:
    """What the list shows of a session; see `summary.SessionSummary`."""

    id: str
    scenario: str
    turns: int
    ending: str | None
    overall: float | None


def glance(address: str, *, limit: int, scenario: str | None) -> tuple[list[Line], int] | None:
    """The newest sessions, at most `limit`, and how many there are; of one scenario, or of all.

    `address` is a path or a URL, as for the store. None: the store is to be asked.
    """
    if address.startswith(("postgresql://", "postgres://")):
        return _on_server(address, limit, scenario)
    return None if "://" in address else _in_file(address, limit, scenario)


def _in_file(address: str, limit: int, scenario: str | None) -> tuple[list[Line], int] | None:
    try:
        path = os.path.realpath(os.path.expanduser(address))
        if os.name == "posix" and stat.S_IMODE(os.stat(path).st_mode) & OTHERS:
            return None
        # Opened for writing, for the log beside it may have to be made; but never created.
        connection = sqlite3.connect(f"{Path(path).as_uri()}?mode=rw", uri=True)
        try:
            return _read(connection, "?", limit, scenario)
        finally:
            connection.close()
    except (OSError, ValueError, sqlite3.Error):
        return None


def _on_server(address: str, limit: int, scenario: str | None) -> tuple[list[Line], int] | None:
    try:
        import psycopg  # noqa: PLC0415 - an extra, and only for a server
    except ImportError:
        return None
    try:
        with psycopg.connect(address, connect_timeout=SECONDS, autocommit=True) as connection:
            return _read(connection, "%s", limit, scenario)
    except (ValueError, psycopg.Error):
        return None


def _read(
    connection: Any, mark: str, limit: int, scenario: str | None
) -> tuple[list[Line], int] | None:
    where, chosen = ("", ()) if scenario is None else (f"WHERE scenario = {mark}", (scenario,))
    values: Sequence[object] = (*chosen, *chosen, limit)
    rows = list(connection.execute(LIST.format(where=where, mark=mark), values))
    if not rows or rows[0][0] != VERSIONS[-1]:
        return None
    return [Line(*row[2:7]) for row in rows if row[2] is not None], rows[0][1]
