"""The queue of a store in a file: workers of one machine claim sessions for a short time."""

import asyncio
from contextlib import suppress
from datetime import timedelta

from sqlalchemy import Connection

from alliance_sim.errors import AllianceError, StoreProblem
from alliance_sim.runtime.batches.desk import Desk, GivenBack
from alliance_sim.runtime.batches.queues import BEAT, LOOK, QUIET, Handle, Workload
from alliance_sim.store import batches


class Claims:
    """A Queue on the batch tables alone."""

    def __init__(self, desk: Desk, load: Workload) -> None:
        self._desk = desk
        self._load = load
        self._under_way: set[asyncio.Task[None]] = set()

    async def run(self, handle: Handle, *, once: bool) -> None:
        beat = asyncio.create_task(self._beat())
        try:
            while not self._desk.stopping.is_set():
                claimed = await self._claim(self._load.room - len(self._under_way))
                for batch, session in claimed:
                    self._begin(handle, batch, session)
                if once and not (claimed or self._under_way) and not await self._left():
                    break
                await self._wait(idle=not claimed)
            if self._under_way:
                await asyncio.wait(self._under_way, timeout=self._load.grace)
        finally:
            beat.cancel()
            for task in self._under_way:
                task.cancel()
            await asyncio.gather(beat, *self._under_way, return_exceptions=True)
            # Where the store is gone, others take them up in a while.
            with suppress(StoreProblem):
                await self._desk.aside(self._release)

    def _begin(self, handle: Handle, batch: str, session: str) -> None:
        task = asyncio.create_task(self._one(handle, batch, session))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _one(self, handle: Handle, batch: str, session: str) -> None:
        try:
            await handle(batch, session)
        except GivenBack:
            return  # it stays claimed until this worker ends, and is released then

    async def _wait(self, *, idle: bool) -> None:
        """Until something ends, or it is time to look again, or to stop."""
        stop = asyncio.create_task(self._desk.stopping.wait())
        first = asyncio.FIRST_COMPLETED
        full = len(self._under_way) >= self._load.room
        timeout = None if full else LOOK if idle else 0
        await asyncio.wait({stop, *self._under_way}, timeout=timeout, return_when=first)
        stop.cancel()

    async def _claim(self, limit: int) -> list[tuple[str, str]]:
        if limit < 1:
            return []
        now = self._desk.clock.now()

        def work(connection: Connection) -> list[tuple[str, str]]:
            return batches.claim(
                connection,
                self._desk.worker,
                now=now,
                stale=now - timedelta(seconds=QUIET),
                scorers=self._load.scorers,
                limit=limit,
                batch=self._load.batch,
            )

        return await self._desk.aside(self._desk.store.transact, work)

    async def _left(self) -> bool:
        """Whether any session waits, if only for a worker that has died."""
        return await self._desk.aside(self._waiting)

    def _waiting(self) -> bool:
        with self._desk.store.reading() as connection:
            return batches.any_waiting(connection, self._load.scorers, batch=self._load.batch)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT)
            try:
                await self._desk.aside(self._renew)
            except AllianceError as problem:
                self._desk.give_up(problem)
                return

    def _renew(self) -> None:
        desk, now = self._desk, self._desk.clock.now()
        desk.store.transact(lambda connection: batches.renew(connection, desk.worker, now))

    def _release(self) -> None:
        desk = self._desk
        desk.store.transact(lambda connection: batches.release(connection, desk.worker))
