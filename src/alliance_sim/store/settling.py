"""Writing what came of a session, where many workers do so at the same time."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError

from alliance_sim.store import batches
from alliance_sim.store.again import again
from alliance_sim.store.batches import Moved, Result
from alliance_sim.store.postgres_problems import server_is_away, state_of
from alliance_sim.store.problems import plain_problems
from alliance_sim.store.repository import Store

PATIENCE = 20.0
"""Seconds to try again while the server is away, as in a restart."""

MET = ("40001", "40P01")
"""SQLSTATEs of one that had to give way to another: serialization failure, deadlock."""


class Results:
    """Where workers write. Safe to use from several threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        with store.reading() as connection:
            self._engine = connection.engine

    def settle(
        self, batch_id: str, session_id: str, result: Result, *, at: datetime, worker: str
    ) -> bool:
        """`batches.settle` in a transaction of its own. Raises Moved, and StoreProblem.

        On a server it is not a serializable one: those that write to the same tables would be
        taken for one another's rivals, and most be undone. What must not happen twice is guarded by
        the lock on the item and by the number of the event, which is unique. If the answer to a
        commit never came, it may be done again: then the item does not wait any more.
        """

        def work(connection: Connection) -> bool:
            try:
                return batches.settle(
                    connection, batch_id, session_id, result, at=at, worker=worker
                )
            except IntegrityError as problem:
                raise Moved from problem  # another program has taken the number of the event

        if self._engine.dialect.name == "sqlite":
            return self._store.transact(work)
        with plain_problems("the store"):
            return again(lambda: self._once(work), _passing, PATIENCE)

    def _once(self, work: Callable[[Connection], bool]) -> bool:
        with self._engine.connect() as connection:
            plain = connection.execution_options(isolation_level="READ COMMITTED")
            with plain.begin():
                return work(plain)


def _passing(problem: BaseException) -> bool:
    if state_of(problem) in MET or server_is_away(problem):
        return True
    return isinstance(problem, DBAPIError) and problem.connection_invalidated
