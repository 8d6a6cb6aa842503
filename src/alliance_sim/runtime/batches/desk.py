"""One worker's handling of one session after another: read, score, write, each exactly once."""

import asyncio
import random
import traceback
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from alliance_sim.domain.batch import ItemState
from alliance_sim.domain.scorecard import Scorecard
from alliance_sim.errors import AllianceError
from alliance_sim.llm.port import ModelProblem
from alliance_sim.runtime.batches.patience import Trials, of_all, patiently
from alliance_sim.runtime.batches.preparing import Prepared, concluded, prepare, prepared
from alliance_sim.runtime.batches.scorers import Scorer
from alliance_sim.runtime.batches.terms import OpenBatch
from alliance_sim.runtime.clock import Clock
from alliance_sim.store import batches
from alliance_sim.store.batches import Moved, Result
from alliance_sim.store.importing import stored_events
from alliance_sim.store.repository import Store
from alliance_sim.store.settling import Results

T = TypeVar("T")

FRESH = timedelta(seconds=1)
"""How long it goes unseen that a batch was stopped."""

THREADS = 4
"""That read and write the store beside one another."""


class GivenBack(Exception):
    """A session that was taken up and is to be handed out again."""


@dataclass
class Tally:
    """What a worker has settled."""

    done: int = 0
    skipped: int = 0
    failed: int = 0
    latest: str = ""
    """Why the last one failed."""
    endpoint: bool = False
    """The endpoint failed some."""

    def count(self, result: Result) -> None:
        if result.state is ItemState.DONE:
            self.done += 1
        elif result.state is ItemState.SKIPPED:
            self.skipped += 1
        else:
            self.failed += 1
            self.latest = result.why or ""


@dataclass
class Desk:
    """Belongs to one event loop. `scorers` are by the name that a batch has for them."""

    store: Store
    clock: Clock
    worker: str
    scorers: Mapping[str, Scorer]
    trials: Trials
    chance: Callable[[], float] = random.random
    tally: Tally = field(default_factory=Tally)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    """Set: nothing more is taken up."""
    fatal: AllianceError | None = None
    """What made further work useless."""

    def __post_init__(self) -> None:
        self._results = Results(self.store)
        self._threads = ThreadPoolExecutor(THREADS, "store")
        self._batches: dict[str, tuple[float, OpenBatch | None]] = {}
        self._names: dict[str, str] = {}
        """What a model calls itself, by the name that it is asked under."""

    async def handle(self, batch_id: str, session_id: str) -> None:
        """Settle a session; done at once where it does not wait.

        Raises GivenBack where it could not be: the worker is stopping, or something is wrong that
        is not the session's.
        """
        if self.stopping.is_set():
            raise GivenBack
        try:
            try:
                await self._handle(batch_id, session_id)
            except (AllianceError, GivenBack):
                raise
            except Exception as problem:
                # Handed out again it would fail again, and so for ever.
                await self._settle(batch_id, session_id, _fault(problem))
        except AllianceError as problem:
            self.give_up(problem)
            raise GivenBack from problem

    def give_up(self, problem: AllianceError) -> None:
        """Take up nothing more, for this reason."""
        self.fatal = self.fatal or problem
        self.stopping.set()

    async def close(self) -> None:
        for scorer in self.scorers.values():
            await scorer.close()
        self._threads.shutdown()

    async def aside(self, work: Callable[..., T], *words: object) -> T:
        """Do what blocks in a thread."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *words)

    async def _handle(self, batch_id: str, session_id: str) -> None:
        opened = await self._batch(batch_id)
        if opened is None:
            return
        ready = await self.aside(self._prepare, opened, session_id)
        if ready is None:
            return
        if isinstance(ready, Result):
            await self._settle(opened.batch.id, session_id, ready)
            return
        card = await self._scored(opened, ready)
        if isinstance(card, Result):
            await self._settle(opened.batch.id, session_id, card)
            return
        if card.judged_by:
            self._names[opened.batch.model] = card.judged_by.model
        await self._conclude(opened, ready, card)

    async def _scored(self, opened: OpenBatch, ready: Prepared) -> Scorecard | Result:
        """The scores, or what to write where there are none. Raises ModelProblem for all."""
        scorer = self.scorers[opened.batch.scorer]

        def ask() -> Awaitable[Scorecard]:
            return scorer.card(opened.batch, ready.transcript, ready.rubrics)

        try:
            card = await patiently(ask, self._pause, self.chance)
        except ModelProblem as problem:
            if of_all(problem):
                raise
            self.tally.endpoint = True
            if self.trials.failed(problem):
                self.give_up(problem)
            return Result(ItemState.FAILED, str(problem))
        self.trials.succeeded()
        return card

    async def _pause(self, seconds: float) -> None:
        """Wait, but no longer than the worker goes on."""
        try:
            async with asyncio.timeout(seconds):
                await self.stopping.wait()
        except TimeoutError:
            return
        raise GivenBack

    async def _conclude(self, opened: OpenBatch, ready: Prepared, card: Scorecard) -> None:
        session_id = ready.transcript.transcript_id
        while True:
            # Its utterances are gone through once more: in a thread, for others wait.
            result = await self.aside(concluded, ready, card, opened)
            try:
                await self._settle(opened.batch.id, session_id, result)
            except Moved:
                # The session has grown: what stands beside the fresh scores may have changed.
                again = await self.aside(self._read_again, opened, session_id)
                if isinstance(again, Result):
                    await self._settle(opened.batch.id, session_id, again)
                    return
                ready = again
            else:
                return

    async def _settle(self, batch_id: str, session_id: str, result: Result) -> None:
        now = self.clock.now()

        def write() -> bool:
            return self._results.settle(batch_id, session_id, result, at=now, worker=self.worker)

        if await self.aside(write):
            self.tally.count(result)

    async def _batch(self, batch_id: str) -> OpenBatch | None:
        """A batch that goes on, as it was a moment ago."""
        known = self._batches.get(batch_id)
        now = self.clock.monotonic()
        if known is None or now - known[0] > FRESH.total_seconds():
            before = known[1] if known else None
            known = now, await self.aside(self._open, batch_id, before)
            self._batches[batch_id] = known
        return known[1]

    def _open(self, batch_id: str, before: OpenBatch | None) -> OpenBatch | None:
        with self.store.reading() as connection:
            found = batches.get(connection, batch_id)
        if found is None or found.stopped_at is not None:
            return None
        return before if before is not None and before.batch == found else OpenBatch(found)

    def _prepare(self, opened: OpenBatch, session_id: str) -> Prepared | Result | None:
        name = self._names.get(opened.batch.model, opened.batch.model)
        with self.store.reading() as connection:
            return prepare(connection, opened, session_id, name)

    def _read_again(self, opened: OpenBatch, session_id: str) -> Prepared | Result:
        name = self._names.get(opened.batch.model, opened.batch.model)
        with self.store.reading() as connection:
            return prepared(stored_events(connection, session_id), opened, session_id, name)


def _fault(problem: Exception) -> Result:
    """Where the program failed, without the words that it failed on."""
    last = traceback.extract_tb(problem.__traceback__)[-1]
    where = f"{type(problem).__name__} in {Path(last.filename).name}, line {last.lineno}"
    return Result(ItemState.FAILED, f"a fault of the program ({where}); please report it")
