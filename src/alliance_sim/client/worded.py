"""The voice of a model: words one turn of the client's, clause by clause, guarded.

The directive has been decided and its authored wording stands ready. One request asks a model to
say the same in its own words. Each clause passes the guard before it is given out; a turn that is
there to tell something is read whole first, and without that the authored words are spoken. One
that begins as an earlier turn did is held until it goes on otherwise. Where
a draft trips the guard otherwise, before anything of it was given out, it is corrected once; after
that, and where the model cannot be asked, the authored words are spoken. Once something was given
out, a turn that goes wrong simply ends there.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass

from alliance_sim.client.guard import Guard, Trip
from alliance_sim.client.locked import KeptBack
from alliance_sim.client.prompting import Brief, Prompt, compose
from alliance_sim.client.prompting_history import Count
from alliance_sim.client.spoken import BROKEN_OFF, stands_alone
from alliance_sim.domain.clean import printable
from alliance_sim.domain.events import Worded
from alliance_sim.domain.speech import Clause, clauses
from alliance_sim.llm.port import (
    Backend,
    Delta,
    Fault,
    Finish,
    Finished,
    ModelProblem,
    Request,
    Usage,
)

DRAFTS = 2
"""A draft and its correction."""

TOKENS_A_WORD = 2
TOKENS_BESIDE = 16
"""Tokens that a reply may have, by the words it may have."""

AGAIN = {Fault.REPLY: Trip.EMPTY}
"""Faults that a second draft may mend, as the trip they amount to."""


@dataclass(frozen=True)
class Sampling:
    """How a model is asked; None leaves a setting to the endpoint's configuration."""

    temperature: float | None = None
    seed: int | None = None
    patience: float = 45.0
    """Seconds without a new word after which it is not waited for: behind the endpoint's own
    limits, which say better what was wrong."""


class TurnWording:
    """The wording of one turn. `run` once; `record` may be read at any time."""

    def __init__(
        self,
        brief: Brief,
        kept: KeptBack,
        backend: Backend,
        sampling: Sampling,
        give: Callable[[Clause], None],
        *,
        given: int = 0,
        count: Count | None = None,
    ) -> None:
        """`give` takes each clause that may be heard; `given`: clauses of the authored lead-in
        that were given out in an earlier sitting; `count`: tokens of a text, else the backend's."""
        self.turn = brief.planned.turn
        self.problem: ModelProblem | None = None
        """Why the model could not be asked to the end; None where it could."""
        self._brief = brief
        self._kept = kept
        self._backend = backend
        self._count = count or backend.count
        self._sampling = sampling
        self._give = give
        self._guard = Guard(brief, kept)
        self._lead_given = given
        self._said: list[Clause] = []
        self._trips: list[Trip] = []
        self._usage = Usage()
        self._under_way: Prompt | None = None
        self._text = ""
        self._digest = ""
        self._model = backend.model
        self._fallen_back = False

    async def run(self) -> Worded:
        """Word the turn. Raises nothing that a model can do wrong."""
        self._lead_in()
        for _ in range(DRAFTS):
            if await self._draft() or self._said or not self._mendable:
                break
        self._fallen_back = not self._said
        if self._said and not stands_alone(tuple(self._said)):
            self._say(BROKEN_OFF)
        return self.record()

    def record(self) -> Worded:
        """How it has gone so far, and what it took: tokens of a call under way are counted here."""
        usage = self._usage + self._estimate()
        problem = self.problem
        return Worded(
            turn=self.turn,
            voice="fallback" if self._fallen_back else "model",
            trips=tuple(str(trip) for trip in self._trips),
            fault=str(problem.fault) if problem else None,
            model=self._model,
            prompt=self._digest,
            temperature=self._sampling.temperature,
            seed=self._sampling.seed,
            calls=usage.calls,
            retries=usage.retries,
            prompt_tokens=usage.prompt_tokens,
            completion_tokens=usage.completion_tokens,
            estimated=usage.estimated,
        )

    # ---- one draft -------------------------------------------------------------------------

    @property
    def _mendable(self) -> bool:
        """Whether a second draft may be better than the first."""
        if self.problem:
            return self.problem.fault in AGAIN
        return self._trips[-1] is not Trip.UNTOLD

    async def _draft(self) -> bool:
        """Ask once; whether the turn is said as it should be."""
        prompt = compose(self._brief, self._kept, self._count, corrections=self._trips)
        self._digest, self._text, self.problem = prompt.digest, "", None
        request = Request(
            messages=prompt.messages,
            max_tokens=self._brief.limit * TOKENS_A_WORD + TOKENS_BESIDE,
            temperature=self._sampling.temperature,
            seed=self._sampling.seed,
        )
        self._under_way = prompt
        try:
            tripped = await self._read(request)
        except (ModelProblem, TimeoutError) as problem:
            self.problem = self._told_late() if isinstance(problem, TimeoutError) else problem
            tripped = AGAIN.get(self.problem.fault)
        finally:
            self._spend(self._estimate())
        if tripped:
            self._trips.append(tripped)
        return tripped is None and self.problem is None

    def _told_late(self) -> ModelProblem:
        waited = f"nothing more came within {self._sampling.patience:g} seconds"
        return ModelProblem(f"{self._backend.model}: {waited}", Fault.TIMEOUT)

    async def _read(self, request: Request) -> Trip | None:
        """Read a reply to its end, or to where it trips the guard."""
        held: list[Clause] = []
        finish: Finish = "other"
        stream = self._backend.stream(request)
        try:
            while (item := await self._next(stream)) is not None:
                if isinstance(item, Finished):
                    finish, self._model = item.finish, item.model or self._model
                    self._spend(item.usage)
                    break
                self._text += item.text
                tripped = self._take(held, self._clauses()[:-1])
                if tripped:
                    return tripped
        finally:
            await _close(stream)
        return self._take_rest(held, finish)

    async def _next(self, stream: AsyncIterator[Delta | Finished]) -> Delta | Finished | None:
        async with asyncio.timeout(self._sampling.patience):
            return await anext(stream, None)

    def _clauses(self) -> tuple[Clause, ...]:
        """The reply so far, cut; every clause but the last is as it will stay."""
        made = clauses(_unquoted(printable(self._text, lines=False)))
        return tuple(clause.model_copy(update={"complete": False}) for clause in made)

    def _take(self, held: list[Clause], known: tuple[Clause, ...]) -> Trip | None:
        """Read the clauses that are new; give them out, or hold them while the turn has a point,
        or may turn out to be an earlier one again.
        """
        for place in range(len(held) + len(self._said), len(known)):
            text = self._upto(known[: place + 1])
            tripped = self._guard.check(text)
            if tripped:
                return tripped
            held.append(known[place])
            if not (self._guard.pointed or self._guard.undecided(text)):
                self._release(held)
        return None

    def _take_rest(self, held: list[Clause], finish: Finish) -> Trip | None:
        """Read the end of a reply, then the whole of it."""
        known = self._clauses()
        broken = finish == "length" and not stands_alone(known)
        if known and not broken:
            known = (*known[:-1], known[-1].model_copy(update={"complete": True}))
        tripped = self._take(held, known[:-1] if broken else known)
        if tripped is None:
            begun = bool(self._said)
            tripped = Trip.BROKEN if broken else self._guard.check_whole(self._text, begun=begun)
        if tripped:
            return tripped
        if self._guard.pointed:
            telling = self._telling(held)
            held = [
                clause.model_copy(update={"tells": place == telling})
                for place, clause in enumerate(held)
            ]
        self._release(held)
        return None

    def _release(self, held: list[Clause]) -> None:
        """Give out what was held."""
        for clause in held:
            self._say(clause)
        held.clear()

    def _upto(self, known: tuple[Clause, ...]) -> str:
        """The reply up to the end of these clauses, with its line ends."""
        raw = _unquoted(printable(self._text))
        wanted = sum(not letter.isspace() for clause in known for letter in clause.text)
        for place, letter in enumerate(raw):
            wanted -= not letter.isspace()
            if wanted <= 0:
                return raw[: place + 1]
        return raw

    def _telling(self, held: list[Clause]) -> int | None:
        """The place of the clause with which the point of the turn is out."""
        for place in range(len(held)):
            if self._guard.told(" ".join(clause.text for clause in held[: place + 1])):
                return place
        return None

    # ---- giving out --------------------------------------------------------------------------

    def _lead_in(self) -> None:
        """Stage directions before the first word are the author's in either voice."""
        for place, clause in enumerate(self._brief.script):
            if not clause.stage:
                break
            if place >= self._lead_given:
                self._give(clause)

    def _say(self, clause: Clause) -> None:
        self._said.append(clause)
        self._give(clause)

    # ---- usage -----------------------------------------------------------------------------

    def _spend(self, usage: Usage) -> None:
        self._usage += usage
        self._under_way = None

    def _estimate(self) -> Usage:
        """What a call has taken that told no figures."""
        if self._under_way is None:
            return Usage()
        calls = max(1, self.problem.calls) if self.problem else 1
        answered = bool(self._text) or self.problem is None
        asked = self._under_way.tokens if answered else 0
        return Usage(calls, calls - 1, asked, self._count(self._text), estimated=answered)


def _unquoted(text: str) -> str:
    """A reply without the quotation marks that are around all of it."""
    text = text.strip()
    if text[:1] not in {'"', "“"}:
        return text
    return text[1:-1] if len(text) > 1 and text[-1] in {'"', "”"} else text[1:]


async def _close(stream: AsyncIterator[Delta | Finished]) -> None:
    """End a call at once, rather than when its iterator happens to be collected."""
    if isinstance(stream, AsyncGenerator):
        await stream.aclose()
