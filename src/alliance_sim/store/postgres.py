"""The connection to a PostgreSQL server, with the settings that the store's promises rest on."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from alliance_sim.store.again import again
from alliance_sim.store.postgres_problems import server_is_busy, state_of

POOL = 3
"""Connections that a program keeps once it has needed them at the same time. A trainee's needs one;
a server has some hundred in all."""

POOL_AT_MOST = 12
"""Connections that a program has at the same time: more jobs than that wait for one another."""

OPENING = {
    "application_name": "alliance-sim",
    "client_encoding": "utf8",
    "connect_timeout": 10,
    # A peer that is gone without a word (a laptop that sleeps) is noticed within a minute.
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""Parameters of a connection, where the address has none of its own
(https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS)."""

SETTINGS = {
    "lock_timeout": "{patience}ms",
    # What a program that was stopped in mid-transaction holds is let go in the end.
    "idle_in_transaction_session_timeout": "1h",
    "tcp_keepalives_idle": "30s",
    "tcp_keepalives_interval": "10s",
    "tcp_keepalives_count": "3",
}
"""Settings of the server for a connection, in milliseconds where none other is said."""

PREPARATION = 0x616C_6C69_616E_6365
"""Key of the advisory lock under which a schema is prepared."""

PREPARING = 120_000
"""Milliseconds to wait while another program prepares the schema."""


def connect(url: URL, *, patience: float) -> Engine:
    """An engine for a server; `patience` is how many seconds to wait for locks, and for a server
    that is starting or has no connection to spare.

    Reading sees one moment of the database from its first question on. A transaction that writes
    is serializable, as if no other ran beside it; so what a piece of work read still holds when it
    writes, on this engine as on SQLite. The price is that the server may refuse one of two that
    meet, which is then done again (`transactions`).
    """
    engine = create_engine(
        url,
        isolation_level="REPEATABLE READ",
        pool_size=POOL,
        max_overflow=POOL_AT_MOST - POOL,
        pool_use_lifo=True,
        pool_pre_ping=True,
        connect_args={name: given for name, given in OPENING.items() if name not in url.query},
    )
    # What the driver notes of a statement that failed is told by the failure itself.
    logging.getLogger("psycopg").addHandler(logging.NullHandler())
    _wait_for_a_place(engine, patience)
    _set_up(engine, patience)
    return engine


def writer(connection: Connection) -> Connection:
    """The connection, about to write; it must not be in a transaction yet."""
    return connection.execution_options(isolation_level="SERIALIZABLE")


def wait_to_prepare(connection: Connection) -> None:
    """Wait until this transaction alone may change the schema, and nobody writes sessions.

    Reads committed: what was done while it waited is seen.
    """
    connection.execute(text(f"SET LOCAL lock_timeout = {PREPARING}"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": PREPARATION})
    if connection.scalar(text("SELECT to_regclass('sessions') IS NOT NULL")):
        # In the order in which an append takes them.
        connection.execute(text("LOCK TABLE sessions, events IN EXCLUSIVE MODE"))


INVALID_VALUE = "22023"
_STARTED = "CAST(extract(epoch FROM pg_postmaster_start_time()) AS text)"


@dataclass(frozen=True, slots=True)
class Mark:
    """What a server knows a transaction by that has written something."""

    number: str
    server_started: str


class Fate(Enum):
    """What became of a transaction."""

    DONE = auto()
    UNDONE = auto()
    OPEN = auto()
    """The server has not noticed yet that its client is gone, or still writes."""
    UNSURE = auto()
    """The server has started again since, and may have given the number to another one."""


def mark_of(connection: Connection) -> Mark | None:
    """What the server will know this transaction by; None if it has written nothing yet."""
    asked = f"SELECT CAST(pg_current_xact_id_if_assigned() AS text), {_STARTED}"
    number, started = connection.execute(text(asked)).one()
    return None if number is None else Mark(number, started)


def fate_of(connection: Connection, mark: Mark) -> Fate:
    """What became of a transaction whose answer was lost."""
    asked = f"SELECT pg_xact_status(CAST(CAST(:number AS text) AS xid8)), {_STARTED}"
    try:
        status, started = connection.execute(text(asked), {"number": mark.number}).one()
    except DBAPIError as problem:
        if state_of(problem) == INVALID_VALUE:
            # A number that the server has not given yet: it broke down and lost the transaction.
            return Fate.UNDONE
        raise
    if status == "aborted":
        return Fate.UNDONE
    if status == "in progress":
        return Fate.OPEN
    return Fate.DONE if status == "committed" and started == mark.server_started else Fate.UNSURE


def hold_any_text(connection: Connection, tables: Sequence[str]) -> None:
    """Make text columns of any length, sorted by code point: as SQLite has them.

    Ids then come in the same order on both engines, and what fits into one fits into the other.
    """
    found = connection.execute(
        text(
            "SELECT table_name, column_name FROM information_schema.columns "
            "WHERE table_schema = current_schema() AND table_name = ANY(:tables) "
            "AND data_type IN ('character varying', 'text') "
            "AND (data_type <> 'text' OR collation_name IS DISTINCT FROM 'C') "
            "ORDER BY table_name, ordinal_position"
        ),
        {"tables": list(tables)},
    ).all()
    quote = connection.dialect.identifier_preparer.quote
    for table, column in found:
        change = f'ALTER COLUMN {quote(column)} TYPE text COLLATE "C"'
        connection.execute(text(f"ALTER TABLE {quote(table)} {change}"))


def _set_up(engine: Engine, patience: float) -> None:
    chosen = [
        f"SET {name} = '{value.format(patience=max(1, round(patience * 1000)))}'"
        for name, value in SETTINGS.items()
    ]

    @event.listens_for(engine, "connect")
    def _settings(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        cursor.execute("; ".join(chosen))
        cursor.close()
        connection.commit()


def _wait_for_a_place(engine: Engine, patience: float) -> None:
    @event.listens_for(engine, "do_connect")
    def _connect(
        dialect: Dialect, _record: ConnectionPoolEntry, words: Any, parameters: Any
    ) -> DBAPIConnection:
        return again(dialect.connect, server_is_busy, patience, *words, **parameters)
