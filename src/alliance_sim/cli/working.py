"""A worker on the command line: what it works with, how it is told to stop, what it shows."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from types import FrameType
from typing import TYPE_CHECKING

from alliance_sim.cli.models import model_setup
from alliance_sim.cli.patience import patient
from alliance_sim.cli.wiring import narrate, open_store
from alliance_sim.domain.scorecard import JUDGE
from alliance_sim.errors import AllianceError, EndpointProblem, Exit
from alliance_sim.runtime.batches.limits import Bounds
from alliance_sim.runtime.batches.working import Means, work
from alliance_sim.runtime.clock import SystemClock
from alliance_sim.store import batches

if TYPE_CHECKING:
    from alliance_sim.llm.openai_backend import OpenAIBackend
    from alliance_sim.runtime.batches.desk import Desk, Tally
    from alliance_sim.store.repository import Store

SHOWN_EVERY = 1.0
"""Seconds from one look at how far the work is to the next."""


@dataclass(frozen=True)
class Hands:
    """What the command line says of a worker."""

    jobs: int | None = None
    limit: int | None = None
    per_minute: float | None = None
    grace: float = 30.0
    once: bool = False
    batch: str | None = None
    """The one that is worked off, instead of whatever waits."""


def run(given: str | None, hands: Hands) -> int:
    """Work until told to stop, or until nothing waits; gives the exit code."""
    with open_store(given) as store:
        return work_on(store, hands)


def work_on(store: "Store", hands: Hands) -> int:
    """As `run`, on a store that is open."""
    # The driver of PostgreSQL cannot use what is the default on Windows.
    factory = asyncio.SelectorEventLoop if sys.platform == "win32" else None
    with asyncio.Runner(loop_factory=factory) as runner:
        return runner.run(_run(store, hands))


async def _run(store: "Store", hands: Hands) -> int:
    stopping = asyncio.Event()
    means = _means(store, hands)
    tellers: set[asyncio.Task[None]] = set()

    def watch(desk: "Desk") -> None:
        tellers.add(asyncio.create_task(_show(store, desk, means)))

    if not hands.once:
        narrate(f"working, {means.room} session(s) at a time; Ctrl-C or SIGTERM ends it in order")
    with _listening(stopping) as told:
        try:
            desk = await work(store, SystemClock(), means, stopping, once=hands.once, watch=watch)
        finally:
            for teller in tellers:
                teller.cancel()
            await asyncio.gather(*tellers, return_exceptions=True)
    return _ended(desk.tally, told)


def _ended(tally: "Tally", told: list[int]) -> int:
    narrate(f"{tally.done} scored, {tally.skipped} skipped, {tally.failed} failed")
    if tally.failed:
        narrate(f"the last failed because {tally.latest}")
        narrate("alliance-sim worker status tells more; worker retry BATCH takes them up again")
    if signal.SIGINT in told:
        return Exit.INTERRUPTED
    return Exit.ENDPOINT if tally.failed and tally.endpoint and not tally.done else Exit.DONE


@contextmanager
def _listening(stopping: asyncio.Event) -> Iterator[list[int]]:
    """Stop in order at the first signal, and at once at the second; gives those that came."""
    told: list[int] = []
    loop = asyncio.get_running_loop()

    def tell(number: int, _frame: FrameType | None) -> None:
        told.append(number)
        if len(told) > 1:
            # Nothing is lost: what was under way is handed out again.
            os._exit(Exit.INTERRUPTED)
        narrate("stopping: what is under way is finished or given back; once more ends it at once")
        loop.call_soon_threadsafe(stopping.set)

    before = {number: signal.signal(number, tell) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _means(store: "Store", hands: Hands) -> Means:
    setup = model_setup()
    endpoint = setup.settings() if setup.configured() else None
    if endpoint is None:
        _without_model(store, hands)
    most = 1 if endpoint is None or endpoint.gguf else endpoint.endpoint().max_concurrent
    requests = hands.jobs or most
    cores = os.cpu_count() or 1
    return Means(
        processes=min(hands.jobs or cores, cores),
        requests=requests,
        open_model=None if endpoint is None else _opener(requests),
        bounds=Bounds(hands.limit, hands.per_minute),
        grace=hands.grace,
        batch=hands.batch,
    )


def _without_model(store: "Store", hands: Hands) -> None:
    with store.reading() as connection:
        judged = batches.any_waiting(connection, (JUDGE,), batch=hands.batch)
    if judged and hands.once:
        raise EndpointProblem(
            "a batch waits for a judge, and no model endpoint is configured here: set "
            "OPENAI_BASE_URL or OPENAI_API_KEY; alliance-sim config show tells what is set"
        )
    if hands.batch is None:
        narrate("no model endpoint is configured: batches for a judge are left to other workers")


def _opener(requests: int) -> "Callable[[str], OpenAIBackend]":
    """What opens a model by the name that a batch has for it; a model file is what it is."""

    def open_model(name: str) -> "OpenAIBackend":
        from alliance_sim.llm.opening import open_endpoint

        setup = model_setup(model=name or None)
        backend = patient(setup.open())
        if setup.at_hand().gguf is not None:
            return backend
        return open_endpoint(replace(backend.endpoint, max_concurrent=requests))

    return open_model


async def _show(store: "Store", desk: "Desk", means: Means) -> None:
    """How far the batch is, or all that go on, where stderr is a terminal."""
    if not sys.stderr.isatty():
        return
    with _bar() as step, suppress(AllianceError):
        while True:
            settled, total = await asyncio.to_thread(_progress, store, means)
            step(settled, total, desk.tally.failed)
            await asyncio.sleep(SHOWN_EVERY)


def _progress(store: "Store", means: Means) -> tuple[int, int]:
    with store.reading() as connection:
        waiting = batches.waiting(connection, means.scorers)
        if means.batch is not None:
            waiting = {means.batch: waiting.get(means.batch, 0)}
        going_on = [batches.get(connection, batch) for batch in waiting]
    total = sum(batch.total for batch in going_on if batch)
    return total - sum(waiting.values()), total


@contextmanager
def _bar() -> "Iterator[Callable[[int, int, int], None]]":
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("scoring", total=None)

        def step(settled: int, total: int, failed: int) -> None:
            words = f"scoring, {failed} failed here" if failed else "scoring"
            bar.update(task, completed=settled, total=total or None, description=words)

        yield step
