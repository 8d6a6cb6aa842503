"""One write transaction: all of it or nothing, done again where the server could not decide."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from alliance_sim.errors import StoreProblem
from alliance_sim.store import postgres
from alliance_sim.store.again import again
from alliance_sim.store.engine import WRITES
from alliance_sim.store.postgres_problems import server_is_away, state_of

T = TypeVar("T")

REFUSED = ("40001", "40P01")
"""Serialization failure and deadlock: of two transactions that met, this one was undone."""


class FateUnknown(StoreProblem):
    """The connection was lost while a transaction was being committed, and nobody can say yet
    whether it was. Doing the work again could do it twice."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"{where}: the connection to the server was lost while something was being saved; look "
            "whether it was before you do it again"
        )


class Undone(StoreProblem):
    """The connection was lost while a transaction was being committed, and it was not."""

    def __init__(self, where: str) -> None:
        super().__init__(f"{where}: the connection to the server was lost, and nothing was saved")


def transact(
    engine: Engine,
    work: Callable[[Connection], T],
    *,
    where: str,
    patience: float,
    was_done: Callable[[Connection], bool] | None = None,
) -> T:
    """Do `work` in one write transaction and give back what it gives.

    On a server the work may be done several times, of which one counts: when it met another
    program's, and when the connection was lost before the commit. So it changes nothing but the
    database. A commit whose answer never came is looked up on the server, where `was_done` can
    tell it by what is stored. This goes on for some `patience` seconds; then raises what went wrong
    last, FateUnknown if the look-up failed too. `where` begins the message.
    """
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            writer = connection.execution_options(**{WRITES: True})
            with writer.begin():
                return work(writer)

    def attempt() -> T:
        with engine.connect() as connection:
            writer = postgres.writer(connection)
            with writer.begin() as transaction:
                result = work(writer)
                mark = postgres.mark_of(writer)
                try:
                    transaction.commit()
                except DBAPIError as problem:
                    if mark is None or not _lost(problem):
                        raise
                    if not _was_committed(engine, mark, where, patience, was_done):
                        raise Undone(where) from problem
        return result

    return again(attempt, _may_be_done_again, patience)


@contextmanager
def alone(engine: Engine) -> Iterator[Connection]:
    """One transaction for a change of the schema, while no other program makes one.

    It sees what another program did before it; so whether it is needed is to be looked at again.
    """
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            with connection.execution_options(**{WRITES: True}).begin():
                yield connection
        else:
            with connection.execution_options(isolation_level="READ COMMITTED").begin():
                postgres.wait_to_prepare(connection)
                yield connection


def _was_committed(
    engine: Engine,
    mark: postgres.Mark,
    where: str,
    patience: float,
    was_done: Callable[[Connection], bool] | None,
) -> bool:
    def ask() -> bool:
        with engine.connect() as connection:
            fate = postgres.fate_of(connection, mark)
            if fate is postgres.Fate.UNDONE:
                return False
            if fate is not postgres.Fate.OPEN and was_done:
                return was_done(connection)
        if fate is postgres.Fate.DONE:
            return True
        raise FateUnknown(where)

    try:
        return again(ask, _tells_later, patience)
    except DBAPIError as problem:
        raise FateUnknown(where) from problem


def _tells_later(problem: BaseException) -> bool:
    return isinstance(problem, FateUnknown) or _lost(problem) or server_is_away(problem)


def _may_be_done_again(problem: BaseException) -> bool:
    if isinstance(problem, Undone) or state_of(problem) in REFUSED:
        return True
    return _lost(problem) or server_is_away(problem)


def _lost(problem: BaseException) -> bool:
    """Whether the connection is gone; nothing is committed then unless a commit was under way."""
    return isinstance(problem, DBAPIError) and problem.connection_invalidated
