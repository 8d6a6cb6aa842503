"""Bounds on the requests of all workers together, kept by the PostgreSQL server.

A request under way holds one of as many advisory locks as are allowed at a time, on a connection
of the worker's own: when the worker dies, the server lets them go. A worker keeps a lock for its
next request, so that most requests ask nobody. The pace is one row an endpoint: the moment from
which the next request may begin, moved on by each.
"""

import asyncio
import random
import zlib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

from alliance_sim.errors import StoreProblem

if TYPE_CHECKING:
    from psycopg import AsyncConnection

LINGER = 0.25
"""Seconds that a place is kept for a next request of the same worker."""

LOOK = 0.05, 0.15
"""Seconds, from and to, after which a worker that found no place looks again."""

_LOCK = """
    SELECT slot FROM generate_series(1, %(slots)s) AS slot
    WHERE CASE WHEN slot = ANY(%(mine)s::int[]) THEN false
        ELSE pg_try_advisory_lock(%(key)s, slot) END LIMIT 1
"""
"""The server would give a lock to the same connection again and again."""

_UNLOCK = "SELECT pg_advisory_unlock(%(key)s, %(slot)s)"
_TURN = """
    INSERT INTO request_pace AS pace (endpoint, free_at)
    VALUES (%(endpoint)s, clock_timestamp() + %(interval)s * interval '1 second')
    ON CONFLICT (endpoint) DO UPDATE SET free_at =
        greatest(pace.free_at, clock_timestamp()) + %(interval)s * interval '1 second'
    RETURNING extract(epoch FROM free_at - clock_timestamp())::float8 - %(interval)s::float8
"""


class SharedLimits:
    """Belongs to one event loop. Raises StoreProblem where the server cannot be asked."""

    def __init__(
        self,
        parameters: Mapping[str, Any],
        *,
        under_way: int | None,
        interval: float,
        chance: Callable[[float, float], float] = random.uniform,
    ) -> None:
        """`parameters` of a connection; `under_way` requests at a time (None: any number),
        `interval` seconds from the beginning of one to that of the next.
        """
        self._parameters = dict(parameters)
        self._under_way = under_way
        self._interval = interval
        self._chance = chance
        self._connecting = asyncio.Lock()
        self._finding = asyncio.Lock()
        self._connection: AsyncConnection | None = None
        self._mine: dict[str, set[int]] = {}
        self._kept: dict[str, list[int]] = {}
        """Of those, the ones that no request holds."""
        self._given = asyncio.Condition()
        self._waiting = 0
        self._letting_go: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def request(self, endpoint: str) -> AsyncIterator[None]:
        """Waits until the endpoint may be asked, and holds a place until the answer is there."""
        slot = await self._place(endpoint)
        try:
            if self._interval:
                await self._turn(endpoint)
            yield
        finally:
            if slot is not None:
                await asyncio.shield(self._put_back(endpoint, slot))

    async def close(self) -> None:
        """Give back every place."""
        for task in self._letting_go:
            task.cancel()
        if self._connection is not None:
            await self._connection.close()

    async def _place(self, endpoint: str) -> int | None:
        if self._under_way is None:
            return None
        kept = self._kept.setdefault(endpoint, [])
        while not kept:
            found = await self._find(endpoint, self._under_way)
            if found is not None:
                return found
            await self._look_again()
        return kept.pop()

    async def _find(self, endpoint: str, slots: int) -> int | None:
        mine = self._mine.setdefault(endpoint, set())
        async with self._finding:
            found: int | None = await self._asked(
                _LOCK, key=_key(endpoint), slots=slots, mine=list(mine)
            )
            if found is not None:
                mine.add(found)
        return found

    async def _look_again(self) -> None:
        """After a moment, or as soon as a request of this worker is over."""
        self._waiting += 1
        try:
            async with asyncio.timeout(self._chance(*LOOK)), self._given:
                await self._given.wait()
        except TimeoutError:
            return
        finally:
            self._waiting -= 1

    async def _put_back(self, endpoint: str, slot: int) -> None:
        self._kept[endpoint].append(slot)
        async with self._given:
            self._given.notify()
        task = asyncio.create_task(self._let_go(endpoint))
        self._letting_go.add(task)
        task.add_done_callback(self._letting_go.discard)

    async def _let_go(self, endpoint: str) -> None:
        """Give back a place that nobody here has wanted for a while."""
        await asyncio.sleep(LINGER)
        kept = self._kept[endpoint]
        if kept and not self._waiting:
            slot = kept.pop(0)
            # Where the server is gone so is the lock; the next request tells of it.
            async with self._finding:
                with suppress(StoreProblem):
                    await self._asked(_UNLOCK, key=_key(endpoint), slot=slot)
                self._mine[endpoint].discard(slot)

    async def _turn(self, endpoint: str) -> None:
        wait = await self._asked(_TURN, endpoint=endpoint, interval=self._interval)
        if wait is not None and wait > 0:
            await asyncio.sleep(float(wait))

    async def _asked(self, query: str, **values: object) -> Any:
        import psycopg  # noqa: PLC0415 - an extra

        try:
            connection = await self._connected()
            cursor = await connection.execute(query.encode(), values)
            row = await cursor.fetchone()
        except psycopg.Error as problem:
            raise StoreProblem(
                "the connection to the store that keeps the workers' limits is lost"
            ) from problem
        return None if row is None else row[0]

    async def _connected(self) -> "AsyncConnection":
        from psycopg import AsyncConnection  # noqa: PLC0415 - an extra

        async with self._connecting:
            if self._connection is None:
                self._connection = await AsyncConnection.connect(
                    **self._parameters, autocommit=True
                )
                # A turn that is lost in a crash of the server is none of anybody's data.
                await self._connection.execute("SET synchronous_commit = off")
            return self._connection


def _key(endpoint: str) -> int:
    """A signed 32-bit number of an endpoint."""
    return zlib.crc32(endpoint.encode()) - 2**31
