"""The two scorers, as a worker asks them: rules in processes of their own, or a model."""

import asyncio
import multiprocessing
import os
import pickle
import random
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from socket import gethostname
from typing import TYPE_CHECKING, Protocol

from alliance_sim.domain.batch import Batch
from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.scorecard import Scorecard
from alliance_sim.domain.transcript import Transcript
from alliance_sim.llm.endpoint import Endpoint
from alliance_sim.runtime.batches.limits import LimitedBackend, Limits

if TYPE_CHECKING:
    from alliance_sim.llm.openai_backend import OpenAIBackend
    from alliance_sim.scoring.judge import Judge

KEPT = 16
"""Sets of rubrics that a process keeps read."""


class Scorer(Protocol):
    async def card(
        self, batch: Batch, /, transcript: Transcript, rubrics: Sequence[Rubric]
    ) -> Scorecard:
        """The scores of one session. Raises ModelProblem."""
        ...

    async def close(self) -> None: ...


class OfflineScorer:
    """Rules and small models, in so many processes; one: a thread of this one."""

    def __init__(self, processes: int) -> None:
        self._processes = processes
        self._pool: ProcessPoolExecutor | None = None
        self._alone = asyncio.Lock()

    async def card(
        self, _batch: Batch, /, transcript: Transcript, rubrics: Sequence[Rubric]
    ) -> Scorecard:
        if self._processes == 1:
            async with self._alone:
                return await asyncio.to_thread(_scored, transcript, rubrics)
        loop = asyncio.get_running_loop()
        packed = pickle.dumps(transcript), pickle.dumps(tuple(rubrics))
        made: bytes = await loop.run_in_executor(self._opened(), _score, *packed)
        card: Scorecard = pickle.loads(made)  # noqa: S301 - from a process of our own
        return card

    async def close(self) -> None:
        if self._pool is not None:
            await asyncio.to_thread(self._pool.shutdown, wait=True, cancel_futures=True)

    def _opened(self) -> ProcessPoolExecutor:
        if self._pool is None:
            # Spawned, not forked: this process has threads and connections.
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self._processes, context, initializer=_follow_parent)
        return self._pool


def _follow_parent() -> None:
    """A signal to the whole group is the parent's to answer; when it is gone, so is this one."""
    import signal  # noqa: PLC0415 - only in the process

    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@lru_cache(KEPT)
def _unpacked(rubrics: bytes) -> tuple[Rubric, ...]:
    found: tuple[Rubric, ...] = pickle.loads(rubrics)  # noqa: S301 - from the parent process
    return found


def _score(transcript: bytes, rubrics: bytes) -> bytes:
    found: Transcript = pickle.loads(transcript)  # noqa: S301 - from the parent process
    return pickle.dumps(_scored(found, _unpacked(rubrics)))


def _scored(transcript: Transcript, rubrics: Sequence[Rubric]) -> Scorecard:
    from alliance_sim.scoring.rules import score  # noqa: PLC0415 - only where it is done

    return score(transcript, rubrics)


class JudgeScorer:
    """Language models, each by the name that a batch has for it."""

    def __init__(self, open_model: "Callable[[str], OpenAIBackend]", limits: Limits) -> None:
        """`open_model` gives the backend of a model; it may take its time."""
        self._open = open_model
        self._limits = limits
        self._opening = asyncio.Lock()
        self._backends: dict[str, LimitedBackend] = {}
        self._judges: dict[tuple[str, ...], Judge] = {}

    async def card(
        self, batch: Batch, /, transcript: Transcript, rubrics: Sequence[Rubric]
    ) -> Scorecard:
        judge = await self._judge(batch, rubrics)
        return await judge.card(transcript)

    async def close(self) -> None:
        for backend in self._backends.values():
            await backend.close()
        await self._limits.close()

    async def _judge(self, batch: Batch, rubrics: Sequence[Rubric]) -> "Judge":
        from alliance_sim.scoring.judge import Judge, Judging  # noqa: PLC0415 - only where asked

        key = (batch.id, *(rubric.id for rubric in rubrics))
        async with self._opening:
            if key not in self._judges:
                backend = await self._backend(batch.model)
                judging = Judging(votes=batch.votes)
                self._judges[key] = Judge(rubrics, backend, random.SystemRandom(), judging)
            return self._judges[key]

    async def _backend(self, model: str) -> LimitedBackend:
        if model not in self._backends:
            opened = await asyncio.to_thread(self._open, model)
            name = endpoint_name(opened.endpoint)
            self._backends[model] = LimitedBackend(opened, name, self._limits)
        return self._backends[model]


def endpoint_name(endpoint: Endpoint) -> str:
    """What bounds are kept by: address and model; a server on this machine is another elsewhere."""
    where = f"{gethostname()} " if endpoint.local else ""
    return f"{where}{endpoint.base_url} {endpoint.model}"
