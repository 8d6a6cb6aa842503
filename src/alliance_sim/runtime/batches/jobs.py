"""The queue of a store on PostgreSQL: procrastinate hands sessions to workers on any machine."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from alliance_sim.errors import AllianceError, StoreProblem
from alliance_sim.runtime.batches.desk import Desk, GivenBack
from alliance_sim.runtime.batches.queues import BEAT, LOOK, QUIET, Handle, Workload
from alliance_sim.store import batches, job_queue
from alliance_sim.store.postgres_problems import reason

if TYPE_CHECKING:
    from procrastinate import App

RESCUE = 2.0
"""Seconds from one look for jobs of workers that have died to the next."""

REPAIR = 10.0
"""Seconds from one look for waiting sessions that the queue has lost to the next."""


class Jobs:
    """A Queue on procrastinate's tables, which must be there."""

    def __init__(self, desk: Desk, load: Workload) -> None:
        self._desk = desk
        self._load = load

    async def run(self, handle: Handle, *, once: bool) -> None:
        from procrastinate import exceptions  # noqa: PLC0415 - an extra

        _keep_quiet()
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(_unless_taken_away)
        app = self._app(handle)
        await self._repair()
        try:
            async with app.open_async():
                aside = [
                    asyncio.create_task(self._every(RESCUE, lambda: self._rescue(app))),
                    asyncio.create_task(self._every(REPAIR, self._repair)),
                ]
                try:
                    await self._work(app, once=once)
                finally:
                    for task in aside:
                        task.cancel()
                    await asyncio.gather(*aside, return_exceptions=True)
        except exceptions.ConnectorException as problem:
            cause = problem.__cause__ or problem
            why = reason(cause) or "it cannot be reached"
            raise StoreProblem(f"the queue of the store: {why}") from problem

    def _app(self, handle: Handle) -> "App":
        from procrastinate import (  # noqa: PLC0415 - an extra
            App,
            BaseRetryStrategy,
            PsycopgConnector,
            RetryDecision,
        )

        class AtOnce(BaseRetryStrategy):
            """What a worker gives back is there for the next one."""

            def get_retry_decision(self, *, exception: BaseException, job: Any) -> RetryDecision:  # noqa: ARG002
                return RetryDecision(retry_at=datetime.now(UTC))

        with self._desk.store.reading() as connection:
            parameters = job_queue.parameters(connection)
        connector = PsycopgConnector(kwargs=parameters, min_size=1, max_size=3)
        app = App(connector=connector)

        @app.task(name=job_queue.TASK, retry=AtOnce())
        async def score_again(batch: str, session: str) -> None:
            await handle(batch, session)

        return app

    async def _work(self, app: "App", *, once: bool) -> None:
        """Until told to stop; `once`: until nothing waits, if only for a worker that has died."""
        over = asyncio.create_task(self._over(once=once))
        try:
            while not over.done():
                await self._hired(app, over)
            await over
        finally:
            over.cancel()

    async def _over(self, *, once: bool) -> None:
        while not self._desk.stopping.is_set():
            if once and not await self._desk.aside(self._waiting):
                return
            with suppress(TimeoutError):
                timeout = LOOK if once else None
                await asyncio.wait_for(self._desk.stopping.wait(), timeout)

    async def _hired(self, app: "App", over: "asyncio.Task[None]") -> None:
        """Work until it is over, or until taken for dead."""
        from procrastinate import exceptions  # noqa: PLC0415 - an extra

        worker = asyncio.create_task(
            app.run_worker_async(
                queues=[job_queue.QUEUE.format(scorer=scorer) for scorer in self._load.scorers],
                name=self._desk.worker,
                concurrency=self._load.room,
                fetch_job_polling_interval=LOOK,
                listen_notify=False,
                delete_jobs="always",
                install_signal_handlers=False,
                update_heartbeat_interval=BEAT,
                stalled_worker_timeout=QUIET,
                shutdown_graceful_timeout=self._load.grace,
            )
        )
        await asyncio.wait({worker, over}, return_when=asyncio.FIRST_COMPLETED)
        if not worker.done():
            worker.cancel()  # procrastinate takes this for a request to end in good order
        try:
            await worker
        except asyncio.CancelledError:
            if not over.done():
                raise
        except exceptions.ConnectorException as problem:
            if not _taken_for_dead(problem):
                raise

    async def _every(self, seconds: float, call: Callable[[], Awaitable[None]]) -> None:
        while True:
            await asyncio.sleep(seconds)
            try:
                await call()
            except AllianceError as problem:
                self._desk.give_up(problem)
                return

    async def _rescue(self, app: "App") -> None:
        """Hand out again what workers had that have given no sign of life."""
        from procrastinate import exceptions  # noqa: PLC0415 - an extra

        # What cannot be asked now is asked again; another worker may be quicker.
        with suppress(exceptions.ConnectorException):
            await app.job_manager.prune_stalled_workers(QUIET)
            for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=QUIET):
                if job.task_name == job_queue.TASK:
                    with suppress(exceptions.ConnectorException):
                        await app.job_manager.retry_job(job)

    async def _repair(self) -> None:
        """Give the queue the sessions that wait in batches of which it knows nothing any more."""

        def look() -> list[str]:
            with self._desk.store.reading() as connection:
                open_ = batches.waiting(connection, self._load.scorers)
                return [each for each in open_ if not job_queue.has_jobs(connection, each)]

        for batch_id in await self._desk.aside(look):
            await self._desk.aside(self._desk.store.transact, _put_back(batch_id))

    def _waiting(self) -> bool:
        with self._desk.store.reading() as connection:
            return batches.any_waiting(connection, self._load.scorers, batch=self._load.batch)


def _put_back(batch_id: str) -> Callable[[Connection], None]:
    def work(connection: Connection) -> None:
        job_queue.alone(connection)
        batch = batches.get(connection, batch_id)
        if batch is None or batch.stopped_at or job_queue.has_jobs(connection, batch_id):
            return
        sessions = batches.waiting_in(connection, batch_id)
        job_queue.add(connection, batch_id, batch.scorer, sessions)

    return work


def _taken_for_dead(problem: BaseException) -> bool:
    """Whether others have struck this worker off, as after a laptop's sleep."""
    return getattr(problem.__cause__, "sqlstate", None) == "23503"


def _keep_quiet() -> None:
    """What procrastinate logs, a traceback for each job given back among it, is for nobody."""
    for name in ("procrastinate", "psycopg.pool"):
        logger = logging.getLogger(name)
        logger.addHandler(logging.NullHandler())
        logger.propagate = False


def _unless_taken_away(loop: asyncio.AbstractEventLoop, context: Mapping[str, Any]) -> None:
    """A job that another worker has taken over meanwhile cannot be closed here; that is all."""
    from procrastinate import exceptions  # noqa: PLC0415 - an extra

    problem = context.get("exception")
    if not isinstance(problem, exceptions.ConnectorException | GivenBack):
        loop.default_exception_handler(dict(context))
