"""Puts one part of a conversation to a model, and once more what cannot be used of its answer."""

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from alliance_sim.llm.port import Backend, Fault, ModelProblem, Reply, Usage
from alliance_sim.scoring.judging.checking import Checked, check, remark
from alliance_sim.scoring.judging.data import Part
from alliance_sim.scoring.judging.merging import Answer
from alliance_sim.scoring.judging.prompt import Brief


@dataclass(frozen=True)
class Asked:
    """What came of asking about one part."""

    answer: Answer
    usage: Usage = field(default_factory=Usage)
    model: str = ""
    problem: ModelProblem | None = None
    """Set where there is no answer."""


class TooMuch(Exception):
    """The request, or the answer to it, is longer than the model can hold."""

    def __init__(self, problem: ModelProblem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(frozen=True)
class Asking:
    """How a model is asked."""

    backend: Backend
    randomness: random.Random
    temperature: float
    looking: asyncio.Lock = field(default_factory=asyncio.Lock)
    """One answer is looked at in a turn of the loop: where many come at once, the requests that
    wait for their places go out first."""

    async def settle(self, brief: Brief, part: Part, seed: int) -> Asked:
        """What is settled about one part.

        Raises TooMuch, for smaller parts may serve; any other problem is part of the result.
        """
        try:
            reply = await self._ask(brief, part, seed)
        except ModelProblem as problem:
            if problem.fault is Fault.CONTEXT or problem.cut:
                raise TooMuch(problem) from problem
            unanswered = Answer({}, {}, len(part.replies), remark(str(problem)))
            return Asked(unanswered, Usage(calls=problem.calls), problem=problem)
        async with self.looking:
            await _turn_of_the_loop()
            first = check(reply.data, brief.wanted, part.replies)
        second, usage = await self._again(brief, part, seed, first)
        wholes = (second.wholes if second else {}) | first.wholes
        answer = Answer(first.settled(second), wholes, len(part.replies))
        return Asked(answer, reply.usage + usage, reply.model)

    async def _again(
        self, brief: Brief, part: Part, seed: int, first: Checked
    ) -> tuple[Checked | None, Usage]:
        """The answer about what was refused. Without one the first stands: what it lacks is
        unscored for the reason it had.
        """
        if not first.refused:
            return None, Usage()
        wanted = first.wanted_again()
        try:
            reply = await self._ask(brief.only(wanted), part, seed, first.refusals())
        except ModelProblem as problem:
            return None, Usage(calls=problem.calls)
        return check(reply.data, wanted, part.replies), reply.usage

    async def _ask(
        self, brief: Brief, part: Part, seed: int, refused: Sequence[Mapping[str, object]] = ()
    ) -> Reply:
        request = brief.request(
            part, self.randomness, temperature=self.temperature, seed=seed, refused=refused
        )
        return await self.backend.complete(request)


async def _turn_of_the_loop() -> None:
    """Wait until everything that could go on at once has done so; `asyncio.sleep(0)` does not make
    unyielding work wait.
    """
    loop = asyncio.get_running_loop()
    turn = loop.create_future()
    loop.call_soon(turn.set_result, None)
    await turn
