"""What a database says when it fails, in one plain line for the person at the keyboard."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from alliance_sim.errors import StoreProblem
from alliance_sim.store import postgres_problems

_PLAIN = {
    "SQLITE_FULL": "the disk is full; free some space and try again",
    "SQLITE_READONLY": "it is read-only; make it and its folder writable, or name another store",
    "SQLITE_PERM": "permission is denied; name another store",
    "SQLITE_AUTH": "permission is denied; name another store",
    "SQLITE_CANTOPEN": "it cannot be opened; the file and its folder must be readable and writable",
    "SQLITE_CORRUPT": "the file is damaged; put a backup in its place, or name another store",
    "SQLITE_NOTADB": "the file is not a store of this program; name another",
    "SQLITE_BUSY": "another program is using it; close that one and try again",
    "SQLITE_LOCKED": "another program is using it; close that one and try again",
    "SQLITE_IOERR": "the disk cannot be read or written; check it, or name another store",
    "SQLITE_TOOBIG": "one entry is too large to be stored",
}
"""By the beginning of SQLite's result code (https://www.sqlite.org/rescode.html)."""


@contextmanager
def plain_problems(where: str) -> Iterator[None]:
    """Turn a failure of the database `where` (path or URL, no password) into a StoreProblem."""
    try:
        yield
    except PoolTimeout as problem:
        raise StoreProblem(f"{where}: this program asks too much of it at once") from problem
    except (SQLAlchemyError, sqlite3.Error) as problem:
        raise StoreProblem(f"{where}: {_reason(problem)}") from problem


def _reason(problem: Exception) -> str:
    cause = problem.orig if isinstance(problem, DBAPIError) and problem.orig else problem
    name = str(getattr(cause, "sqlite_errorname", ""))
    for prefix, plain in _PLAIN.items():
        if name.startswith(prefix):
            return plain
    plain_words = postgres_problems.reason(cause)
    return plain_words or f"the store cannot be used: {postgres_problems.first_words(cause)}"
