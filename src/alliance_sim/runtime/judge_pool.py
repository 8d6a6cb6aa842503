"""A judge in several processes, for many transcripts: asking and checking take a core's whole time
long before a large server is busy.

Each process has its share of the requests that may be under way. To whoever asks it is a judge like
any other: `rubrics` and `card`.
"""

import asyncio
import gc
import multiprocessing
import pickle
import random
import threading
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.scorecard import Scorecard
from alliance_sim.domain.transcript import Transcript
from alliance_sim.llm.endpoint import Endpoint
from alliance_sim.llm.port import Fault, ModelProblem
from alliance_sim.runtime.collecting import seldom_collected
from alliance_sim.runtime.unyielding import Unyielding
from alliance_sim.scoring.judge import Judge, Judging

LEAST_EACH = 16
"""Requests under way from which a process of its own pays."""

LEAVING = 5.0
"""Seconds that closing waits for a process before it is ended."""

_ENDED = "a judging process ended unexpectedly; score again with --resume to go on"


def processes_for(limit: int, cores: int) -> int:
    """How many processes a limit of requests under way is worth, at most one a core."""
    return max(1, min(cores, limit // LEAST_EACH))


@dataclass(frozen=True)
class _Task:
    number: int
    transcript: Transcript


@dataclass(frozen=True)
class _Done:
    number: int
    card: str | None = None
    """In JSON: to pickle its many parts takes several times as long."""
    problem: tuple[str, Fault, int | None, str] | None = None


class JudgePool:
    """Judges transcripts in processes. Belongs to one event loop; use it in `async with`."""

    def __init__(
        self, rubrics: Sequence[Rubric], endpoint: Endpoint, judging: Judging, processes: int
    ) -> None:
        """`endpoint.max_concurrent` is shared out among the processes."""
        self.rubrics = tuple(rubrics)
        share = replace(endpoint, max_concurrent=max(1, endpoint.max_concurrent // processes))
        self._asked = (self.rubrics, share, judging)
        self._number = processes
        self._workers: list[_Worker] = []
        self._next = 0

    async def __aenter__(self) -> "JudgePool":
        self._workers = [_Worker(self._asked) for _ in range(self._number)]
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.gather(*(asyncio.to_thread(worker.close) for worker in self._workers))

    async def card(self, transcript: Transcript) -> Scorecard:
        """See Judge: a scorecard without its utterances. Raises ModelProblem."""
        self._next += 1
        worker = min(self._workers, key=lambda each: len(each.waiting))
        return await worker.ask(_Task(self._next, transcript))


class _Worker:
    """One process, seen from here."""

    def __init__(self, asked: tuple[tuple[Rubric, ...], Endpoint, Judging]) -> None:
        # Spawned, not forked: a copy of this process's threads and connections would be of no use.
        context = multiprocessing.get_context("spawn")
        self._here, there = context.Pipe()
        self._process: SpawnProcess = context.Process(
            target=_work, args=(there, *asked), daemon=True
        )
        self._process.start()
        there.close()
        self.waiting: dict[int, asyncio.Future[Scorecard]] = {}
        self._loop = asyncio.get_running_loop()
        self._reader = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()

    async def ask(self, task: _Task) -> Scorecard:
        future: asyncio.Future[Scorecard] = self._loop.create_future()
        self.waiting[task.number] = future
        try:
            self._here.send(task)
            return await future
        except (BrokenPipeError, OSError):
            raise ModelProblem(_ENDED, Fault.UNREACHABLE) from None
        finally:
            self.waiting.pop(task.number, None)

    def close(self) -> None:
        """Let the process end by itself, or end it."""
        with suppress(OSError):  # it may have ended already
            self._here.send(None)
        self._process.join(LEAVING)
        if self._process.is_alive():
            self._process.terminate()
            self._process.join()
        self._reader.join()
        self._here.close()

    def _listen(self) -> None:
        while True:
            try:
                done = self._here.recv()
            except (EOFError, OSError, pickle.UnpicklingError):
                self._tell(self._lost)
                return
            self._tell(self._settle, done)

    def _tell(self, what: Callable[..., None], *args: object) -> None:
        try:
            self._loop.call_soon_threadsafe(what, *args)
        except RuntimeError:
            return  # the loop is closed: nobody waits any more

    def _settle(self, done: _Done) -> None:
        future = self.waiting.get(done.number)
        if future is None or future.done():
            return
        if done.card is not None:
            future.set_result(Scorecard.model_validate_json(done.card))
        elif done.problem:
            message, fault, status, body = done.problem
            future.set_exception(ModelProblem(message, fault, status=status, body=body))

    def _lost(self) -> None:
        for future in self.waiting.values():
            if not future.done():
                future.set_exception(ModelProblem(_ENDED, Fault.UNREACHABLE))


def _work(there: Connection, rubrics: tuple[Rubric, ...], at: Endpoint, judging: Judging) -> None:
    """What a process does: judges what it is sent, until it is told to end or left alone."""
    import signal  # noqa: PLC0415 - only in the process

    # An interrupt reaches the whole group; the process that asked decides what becomes of this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asyncio.run(_judge(there, rubrics, at, judging))


async def _judge(
    there: Connection, rubrics: tuple[Rubric, ...], at: Endpoint, judging: Judging
) -> None:
    from alliance_sim.llm.openai_backend import OpenAIBackend  # noqa: PLC0415 - slow to import

    backend = OpenAIBackend(at)
    judge = Judge(rubrics, backend, random.SystemRandom(), judging)
    gc.freeze()  # what is loaded by now stays: no garbage is to be looked for in it
    waiting: asyncio.Queue[_Task] = asyncio.Queue()

    async def work() -> None:
        while True:
            there.send(await _done(judge, await waiting.get()))

    # More than there may be requests under way: where an answer has come the next is asked at once.
    workers = [asyncio.create_task(_unyielding(work())) for _ in range(2 * at.max_concurrent)]
    try:
        with seldom_collected():
            await asyncio.to_thread(_receive, there, asyncio.get_running_loop(), waiting.put_nowait)
    finally:
        for worker in workers:
            worker.cancel()
        await backend.close()


async def _unyielding(work: Coroutine[Any, Any, None]) -> None:
    await Unyielding(work)


async def _done(judge: Judge, task: _Task) -> _Done:
    try:
        card = await judge.card(task.transcript)
        return _Done(task.number, card.model_dump_json())
    except ModelProblem as problem:
        told = (str(problem), problem.fault, problem.status, problem.body)
        return _Done(task.number, problem=told)
    except Exception as problem:
        # A fault of the program: whoever waits for this one must not wait for ever.
        told = (f"could not be judged: {problem!r}", Fault.REQUEST, None, "")
        return _Done(task.number, problem=told)


def _receive(
    there: Connection, loop: asyncio.AbstractEventLoop, take: Callable[[_Task], None]
) -> None:
    """Hand on what comes, until there is nobody to send any more."""
    while True:
        try:
            task = there.recv()
        except (EOFError, OSError):
            return
        if task is None:
            return
        loop.call_soon_threadsafe(take, task)
