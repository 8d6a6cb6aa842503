"""A worker from its start to its end."""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from socket import gethostname
from typing import TYPE_CHECKING

from alliance_sim.domain.scorecard import JUDGE, OFFLINE
from alliance_sim.runtime.batches.claiming import Claims
from alliance_sim.runtime.batches.desk import Desk
from alliance_sim.runtime.batches.jobs import Jobs
from alliance_sim.runtime.batches.limits import Bounds, Limits, OwnLimits
from alliance_sim.runtime.batches.patience import Trials
from alliance_sim.runtime.batches.queues import Queue, Workload
from alliance_sim.runtime.batches.scorers import JudgeScorer, OfflineScorer, Scorer
from alliance_sim.runtime.clock import Clock
from alliance_sim.store import job_queue
from alliance_sim.store.ids import ALPHABET
from alliance_sim.store.repository import Store
from alliance_sim.store.request_limits import SharedLimits

if TYPE_CHECKING:
    from alliance_sim.llm.openai_backend import OpenAIBackend

GRACE = 30.0
"""Seconds that sessions under way have when a worker is to stop."""


@dataclass(frozen=True)
class Means:
    """What a worker works with."""

    processes: int
    """Of the offline scorer; at least 1."""
    requests: int
    """Under way at a time, of this worker; at least 1."""
    open_model: "Callable[[str], OpenAIBackend] | None" = None
    """The backend of a model by its name; None: batches for a judge are left to others."""
    bounds: Bounds = field(default_factory=Bounds)
    grace: float = GRACE
    batch: str | None = None
    """The one that is worked off; None: whatever waits. On a server others may be helped with."""

    @property
    def scorers(self) -> tuple[str, ...]:
        return (OFFLINE,) if self.open_model is None else (OFFLINE, JUDGE)

    @property
    def room(self) -> int:
        """Sessions taken up at a time: while some are scored, the next are read."""
        most = self.processes if self.open_model is None else max(self.processes, self.requests)
        return most + max(4, most)


async def work(
    store: Store,
    clock: Clock,
    means: Means,
    stopping: asyncio.Event,
    *,
    once: bool,
    watch: Callable[[Desk], None] = lambda _desk: None,
) -> Desk:
    """Score what waits, until `stopping` is set; `once`: until nothing waits (of `means.batch`).

    Gives the desk with its tally. Raises an AllianceError where further work is useless: the store
    is gone, the endpoint refuses the key, a batch cannot be read. Nothing is lost by that, nor by
    the death of the worker at any moment. `watch` is given the desk before work begins.
    """
    served = job_queue.prepare(store)
    limits = _limits(store, clock, means.bounds, served=served)
    scorers: dict[str, Scorer] = {OFFLINE: OfflineScorer(means.processes)}
    if means.open_model is not None:
        scorers[JUDGE] = JudgeScorer(means.open_model, limits)
    trials = Trials(means.requests)
    desk = Desk(store, clock, _name(), scorers, trials, stopping=stopping)
    watch(desk)
    load = Workload(means.scorers, means.room, means.grace, means.batch)
    queue: Queue = Jobs(desk, load) if served else Claims(desk, load)
    try:
        await queue.run(desk.handle, once=once)
    finally:
        await desk.close()
    if desk.fatal is not None:
        raise desk.fatal
    return desk


def _limits(store: Store, clock: Clock, bounds: Bounds, *, served: bool) -> Limits:
    if not served:
        return OwnLimits(bounds, clock.monotonic)
    with store.reading() as connection:
        parameters = job_queue.parameters(connection)
    return SharedLimits(parameters, under_way=bounds.under_way, interval=bounds.interval)


def _name() -> str:
    """Of this worker, for the record: the machine, the process, and what sets it apart."""
    tail = "".join(Random().choices(ALPHABET, k=4))  # noqa: S311 - a name
    return f"{gethostname()}:{os.getpid()}:{tail}"
