"""Judging from the command line: the model is opened, asked, and closed; scores go out in order."""

import asyncio
import os
import random
import sys
from collections.abc import Iterable, Iterator
from contextlib import AsyncExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from alliance_sim.cli.models import loading, model_setup, prices
from alliance_sim.cli.patience import patient
from alliance_sim.cli.wiring import narrate, open_store
from alliance_sim.domain.clean import printable
from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.scorecard import Scorecard
from alliance_sim.domain.transcript import Transcript
from alliance_sim.errors import EndpointProblem
from alliance_sim.llm.port import ModelProblem, Usage
from alliance_sim.plain.score_output import ScoreOutput, Scores
from alliance_sim.runtime.clock import SystemClock
from alliance_sim.runtime.journal import Journal
from alliance_sim.runtime.judge_pool import JudgePool, processes_for
from alliance_sim.runtime.judged import Judges, Outcome, judged, keep
from alliance_sim.scoring.judge import Judge, Judging
from alliance_sim.scoring.judging.utterances import with_utterances
from alliance_sim.scoring.rules import score as score_offline

if TYPE_CHECKING:
    from alliance_sim.llm.openai_backend import OpenAIBackend

MOST_HELD = 100
"""Failures with which a run begins before it is given up."""


class JudgingRun:
    """One run of `score` with a judge."""

    def __init__(
        self,
        rubrics: list[Rubric],
        output: ScoreOutput,
        *,
        both: bool,
        votes: int,
        resume: Path | None,
    ) -> None:
        self._rubrics = rubrics
        self._output = output
        self._both = both
        self._judging = Judging(votes=votes)
        self._resume = resume
        self._held: list[Outcome] = []
        self._latest: Scorecard | None = None
        self._judged = 0
        self._problem: ModelProblem | None = None
        self._failed = 0
        self._flagged = 0
        self._useless = 0
        self._usage = Usage()
        self._model = ""

    def go(self, transcripts: Iterable[Transcript], *, gguf: Path | None) -> None:
        """Judge everything. Raises EndpointProblem where no transcript could be judged."""
        backend = _open(gguf)
        asyncio.run(self._run(transcripts, backend))
        self._end()

    def keep(self, session_id: str, store: str | None) -> None:
        """Keep the judgement of a stored session among its events."""
        if self._latest is None:
            return
        with open_store(store) as opened:
            kept = keep(opened, session_id, self._latest, SystemClock())
        if not kept:
            narrate("the session has not ended, so the judge's scores are not kept with it")

    async def _run(self, transcripts: Iterable[Transcript], backend: "OpenAIBackend") -> None:
        try:
            judge = Judge(self._rubrics, backend, random.SystemRandom(), self._judging)
            limit = backend.endpoint.max_concurrent
            journal = Journal(self._resume, judge.key()) if self._resume else nullcontext()
            processes = processes_for(limit, os.cpu_count() or 1)
            with journal as opened, _bar() as bar:
                async with AsyncExitStack() as stack:
                    asked: Judges = judge
                    if processes > 1:
                        pool = JudgePool(self._rubrics, backend.endpoint, self._judging, processes)
                        asked = await stack.enter_async_context(pool)
                    async for outcome in judged(transcripts, asked, limit, opened):
                        self._take(outcome)
                        bar.step(self._judged, self._failed)
        finally:
            await backend.close()

    def _take(self, outcome: Outcome) -> None:
        """Print an outcome, or hold it while it is not sure that any will be a judgement."""
        self._count(outcome)
        self._held.append(outcome)
        if self._judged:
            self._flush()
        elif self._problem and self._failed >= MOST_HELD:
            raise self._problem

    def _count(self, outcome: Outcome) -> None:
        if outcome.problem:
            self._failed += 1
            self._problem = self._problem or outcome.problem
            return
        self._judged += 1
        self._useless += outcome.useless
        self._flagged += any(
            score.judged.flagged_for_human for score in outcome.card.rubrics if score.judged
        )
        if outcome.asked and (by := outcome.card.judged_by):
            self._model = by.model
            self._usage += Usage(by.calls, 0, by.prompt_tokens, by.completion_tokens, by.estimated)

    def _flush(self) -> None:
        for outcome in self._held:
            offline = score_offline(outcome.transcript, self._rubrics) if self._both else None
            coded = {reply.turn: reply.coded for reply in offline.utterances} if offline else None
            card = with_utterances(outcome.card, outcome.transcript, coded)
            self._output.take(Scores(offline, card))
            if not (outcome.problem or outcome.useless):
                self._latest = card
        self._held.clear()

    def _end(self) -> None:
        if self._problem and not self._judged:
            if self._both:
                self._flush()
                self._output.close()
            raise self._problem
        self._flush()
        self._output.close()
        for remark in self._remarks():
            narrate(remark)

    def _remarks(self) -> Iterator[str]:
        yield f"{self._judged} transcript(s) judged" + self._spent()
        if self._problem:
            yield f"{self._failed} could not be judged: {self._problem}"
        if self._useless:
            yield f"{self._useless} without a single answer that could be used: all unscored"
        if self._flagged:
            yield f"{self._flagged} with votes more than a level apart: a human should look"

    def _spent(self) -> str:
        used = self._usage
        if not used.calls:
            return ""
        about = "about " if used.estimated else ""
        tokens = f"{about}{used.prompt_tokens:,} + {used.completion_tokens:,} tokens"
        table = prices()
        cost = table.cost(used, self._model)
        money = f", {table.currency} {cost:.4f}" if cost else ""
        return (
            f" by {printable(self._model, lines=False)} in {used.calls} request(s), {tokens}{money}"
        )


def _open(gguf: Path | None) -> "OpenAIBackend":
    """The configured model, given the time that a judgement takes."""
    setup = model_setup(gguf=gguf)
    if not setup.configured():
        raise EndpointProblem(
            "a judge needs a model endpoint, and none is configured: set OPENAI_BASE_URL or "
            "OPENAI_API_KEY, and ALLIANCE_SIM_MODEL, or give --gguf FILE; --scorer offline needs "
            "none"
        )
    with loading() as progress:
        backend = setup.open(progress)
    return patient(backend)


class _Bar:
    """How far the run is, on stderr."""

    def step(self, judged: int, failed: int) -> None:
        """So many are done."""


@contextmanager
def _bar() -> Iterator[_Bar]:
    """A line that counts, where stderr is a terminal; else nothing."""
    if not sys.stderr.isatty():
        yield _Bar()
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("asking the judge", total=None)

        class Shown(_Bar):
            def step(self, judged: int, failed: int) -> None:
                more = f", {failed} failed" if failed else ""
                progress.update(task, description=f"{judged} judged{more}")

        yield Shown()
