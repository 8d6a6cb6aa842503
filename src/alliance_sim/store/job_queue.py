"""The queue of a store on PostgreSQL: procrastinate's tables, in the same database.

The queue only carries sessions to workers. What is to be done stands in `batch_items`, and jobs
are added in the transaction that changes it; so all jobs can be lost, and made again from there.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from alliance_sim.store.repository import Store

TASK = "alliance_sim.score_again"
QUEUE = "alliance-sim-{scorer}"
"""Workers listen to the scorers that they have."""

PREPARATION = 0x616C_6C69_6A6F_6273
"""Key of the advisory lock under which the queue's tables are made, and what is lost put back."""

FIRST = 1
"""Priority of jobs that come before those that wait already, which have 0."""

AT_ONCE = 1000
"""Jobs in one statement."""

PACE = """
    CREATE TABLE IF NOT EXISTS request_pace (
        endpoint text PRIMARY KEY, free_at timestamptz NOT NULL)
"""
"""For each endpoint, when it may be asked next (see `request_limits`)."""

_THERE = text(
    "SELECT to_regclass('procrastinate_jobs') IS NOT NULL "
    "AND to_regclass('request_pace') IS NOT NULL"
)
_ALONE = text("SELECT pg_advisory_xact_lock(:key)").bindparams(key=PREPARATION)
_HAS_JOBS = text(
    "SELECT EXISTS (SELECT 1 FROM procrastinate_jobs WHERE task_name = :task "
    "AND status IN ('todo', 'doing') AND args->>'batch' = :batch)"
)
_DROP = text(
    "DELETE FROM procrastinate_jobs WHERE task_name = :task "
    "AND status = 'todo' AND args->>'batch' = :batch"
)


def is_server(connection: Connection) -> bool:
    """Whether the store has such a queue: it is on PostgreSQL."""
    return connection.dialect.name == "postgresql"


def prepare(store: Store) -> bool:
    """Make the queue's tables where they are missing; False for a store that has no queue."""
    with store.reading() as connection:
        if not is_server(connection):
            return False
        if connection.scalar(_THERE):
            return True
    store.transact(_make)
    return True


def add(
    connection: Connection,
    batch_id: str,
    scorer: str,
    sessions: Sequence[str],
    *,
    first: bool = False,
) -> None:
    """Add a job a session, in the transaction of `connection`; `first`: before all others."""
    from procrastinate import App, SyncPsycopgConnector, exceptions  # noqa: PLC0415 - an extra

    # Never opened: the jobs go over the connection that is given.
    app = App(connector=SyncPsycopgConnector())
    raw = connection.connection.driver_connection
    queue, priority = QUEUE.format(scorer=scorer), FIRST if first else 0
    task = app.configure_task(TASK, queue=queue, priority=priority, connection=raw)
    for at in range(0, len(sessions), AT_ONCE):
        some = sessions[at : at + AT_ONCE]
        named: list[dict[str, Any]] = [{"batch": batch_id, "session": each} for each in some]
        try:
            task.batch_defer(*named)
        except exceptions.ConnectorException as problem:
            # As any other statement of the transaction would have failed.
            cause = problem.__cause__ or problem
            raise DBAPIError(None, None, cause) from cause


def drop(connection: Connection, batch_id: str) -> None:
    """Take out the jobs of a batch that no worker has yet."""
    connection.execute(_DROP, {"task": TASK, "batch": batch_id})


def alone(connection: Connection) -> None:
    """Be the only one, until the transaction ends, to put back what the queue has lost."""
    connection.execute(_ALONE)


def has_jobs(connection: Connection, batch_id: str) -> bool:
    """Whether any job of a batch waits or is under way."""
    return bool(connection.scalar(_HAS_JOBS, {"task": TASK, "batch": batch_id}))


def parameters(connection: Connection) -> dict[str, Any]:
    """How to connect to the same database with the driver alone; may hold a password."""
    url = connection.engine.url
    return {**url.translate_connect_args(username="user", database="dbname"), **url.query}


def _make(connection: Connection) -> None:
    from procrastinate.schema import SchemaManager  # noqa: PLC0415 - an extra

    connection.execute(_ALONE)
    if not connection.scalar(text("SELECT to_regclass('procrastinate_jobs') IS NOT NULL")):
        # Several statements, in which a % is nothing but itself.
        whole = connection.execution_options(no_parameters=True)
        whole.exec_driver_sql(SchemaManager.get_schema())
    connection.execute(text(PACE))
