"""The version of a store's schema: a cheap look at each opening, Alembic only for an upgrade."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from alliance_sim.errors import StoreProblem
from alliance_sim.store import migrations, postgres
from alliance_sim.store.migrations import VERSION_TABLE, VERSIONS
from alliance_sim.store.postgres_problems import NO_RIGHT, state_of
from alliance_sim.store.tables import metadata

_VERSION = text(f"SELECT version_num FROM {VERSION_TABLE}")  # noqa: S608 - a constant

_ALONE = threading.Lock()
"""Alembic keeps the upgrade it is at in a global of its module."""


def needs_upgrade(connection: Connection, where: str) -> bool:
    """Whether the schema is older than this program, or not there yet.

    Raises StoreProblem, beginning with `where`, if it is newer or the database is not a store.
    """
    names = inspect(connection).get_table_names()
    if VERSION_TABLE not in names:
        if names:
            raise StoreProblem(f"{where}: it belongs to another program; name another store")
        return True
    found = connection.execute(_VERSION).scalar()
    if found is not None and found not in VERSIONS:
        raise StoreProblem(
            f"{where}: it was written by a newer version of the program (schema {found}, this one "
            f"knows {VERSIONS[-1]}); upgrade alliance-sim, or name another store"
        )
    return found != VERSIONS[-1]


@contextmanager
def rights_wanted(where: str) -> Iterator[None]:
    """Say who can upgrade, where this login may not. Raises StoreProblem."""
    try:
        yield
    except DBAPIError as problem:
        if state_of(problem) != NO_RIGHT:
            raise
        raise StoreProblem(
            f"{where}: its tables are not there yet, or older than this program, and this login "
            "may not make them; whoever owns the database runs: alliance-sim doctor"
        ) from problem


def upgrade(connection: Connection, to: str = VERSIONS[-1]) -> None:
    """Bring the schema to a version, inside the transaction that `connection` is in."""
    from alembic import command  # noqa: PLC0415 - slow, and seldom needed
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    location = str(Path(migrations.__file__).parent)
    config.set_main_option("script_location", location.replace("%", "%%"))
    config.attributes["connection"] = connection
    with _ALONE:
        command.upgrade(config, to)
    if connection.dialect.name == "postgresql":
        # Other tables may be there too: the queue of jobs has its own.
        postgres.hold_any_text(connection, [*metadata.tables, VERSION_TABLE])
