"""The connection to the database, with the settings that the store's promises rest on."""

import sqlite3

from sqlalchemy import Connection, Engine, create_engine, event

from alliance_sim.store import postgres
from alliance_sim.store.place import Place

WRITES = "alliance_writes"
"""Execution option of a connection that is going to write."""

_TRIES = 20
"""At changing the journal of a new store while other programs are about to do the same."""


def connect(place: Place, *, patience: float) -> Engine:
    """An engine for a store; `patience` is how many seconds to wait while another one writes."""
    if place.path is None:
        return postgres.connect(place.url, patience=patience)
    engine = create_engine(place.url)
    _tune_sqlite(engine, patience)
    return engine


def _tune_sqlite(engine: Engine, patience: float) -> None:
    @event.listens_for(engine, "connect")
    def _settings(connection: sqlite3.Connection, _record: object) -> None:
        # None: the driver begins no transaction of its own accord; `_begin` does.
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout = {round(patience * 1000)}",
            # In WAL mode a commit outlives the death of the process; NORMAL risks the last
            # commits, and no damage, only when the machine itself loses power.
            "synchronous = NORMAL",
            "foreign_keys = ON",
            # Deleted words are overwritten with zeros.
            "secure_delete = ON",
        ):
            connection.execute(f"PRAGMA {pragma}").close()
        _write_ahead(connection)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A writer takes the lock before it reads, so what it read still holds when it writes.
        writes = connection.get_execution_options().get(WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _write_ahead(connection: sqlite3.Connection) -> None:
    # SQLite gives up at once, whatever the timeout, if the journal is in use when it is to be
    # changed. Taking the write lock does wait; after that, another program has changed it.
    for _ in range(_TRIES):
        try:
            connection.execute("PRAGMA journal_mode = WAL").close()
        except sqlite3.OperationalError as problem:
            if problem.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            connection.execute("BEGIN IMMEDIATE").close()
            connection.execute("ROLLBACK").close()
        else:
            return
