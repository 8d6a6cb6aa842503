"""The judging scorer: a transcript and rubrics in, a language model's scorecard out.

One structured request a transcript, in several parts where that is longer than `Limits` allow; an
answer counts as far as its quotes stand in their turns, and what does not count is asked once more.
"""

import asyncio
import random
from collections.abc import Awaitable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from alliance_sim.domain.judgement import JudgedBy
from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.scorecard import RubricScore, Scorecard
from alliance_sim.domain.transcript import Transcript
from alliance_sim.llm.port import Backend, ModelProblem, Usage
from alliance_sim.scoring.judging.asking import Asking, TooMuch
from alliance_sim.scoring.judging.card import rubric_score, scorecard, unasked
from alliance_sim.scoring.judging.checking import remark
from alliance_sim.scoring.judging.data import Part, parts
from alliance_sim.scoring.judging.merging import RubricVerdict, merge
from alliance_sim.scoring.judging.prompt import Brief, Limits, briefs, prompt_hash
from alliance_sim.scoring.judging.utterances import with_utterances
from alliance_sim.scoring.rulesets import RULESETS

T = TypeVar("T")

__all__ = ["Judge", "Judging", "Limits", "judge", "unjudged"]

STEADY, VARIED = 0.0, 0.7
"""Temperature of a single vote, and of several, which would else say the same thing twice."""

SMALLEST = Limits(prompt=1_500, reply=500)
"""A prompt's and an answer's room below which nothing sensible can be asked."""


@dataclass(frozen=True)
class Judging:
    """How a judge is asked."""

    votes: int = 1
    """At least 1."""
    seed: int = 0
    """Of the first vote; each further vote has the next."""
    temperature: float | None = None
    """None: 0 for one vote, 0.7 for several."""
    limits: Limits = field(default_factory=Limits)

    @property
    def seeds(self) -> tuple[int, ...]:
        return tuple(range(self.seed, self.seed + self.votes))

    @property
    def heat(self) -> float:
        """The temperature that is asked for."""
        if self.temperature is not None:
            return self.temperature
        return STEADY if self.votes == 1 else VARIED


@dataclass(frozen=True)
class _Vote:
    verdicts: dict[str, RubricVerdict]
    usage: Usage
    model: str
    prompt_hash: str


class Judge:
    """Judges transcripts by the same rubrics. Safe to use from many tasks of one event loop."""

    def __init__(
        self,
        rubrics: Sequence[Rubric],
        backend: Backend,
        randomness: random.Random,
        judging: Judging | None = None,
    ) -> None:
        """`randomness` draws the markers around the data: give it one nobody can foresee."""
        self.rubrics = tuple(rubrics)
        self._backend = backend
        self._judging = judging or Judging()
        self._asking = Asking(backend, randomness, self._judging.heat)
        self._limits = self._judging.limits
        self._asked: dict[tuple[str, ...], tuple[tuple[Brief, ...], str]] = {}

    async def card(self, transcript: Transcript) -> Scorecard:
        """The scorecard, without its utterances (`with_utterances` adds them).

        Raises ModelProblem where no vote gave any answer.
        """
        silent = _silence(transcript)
        scores: dict[str, RubricScore] = {}
        open_: list[Rubric] = []
        for rubric in self.rubrics:
            if why := silent or _unobservable(transcript, rubric):
                scores[rubric.id] = unasked(rubric, why, unscored=False)
            else:
                open_.append(rubric)
        votes = await self._votes(transcript, tuple(open_)) if open_ else []
        for rubric in open_:
            scores[rubric.id] = rubric_score(rubric, [vote.verdicts[rubric.id] for vote in votes])
        ordered = [scores[rubric.id] for rubric in self.rubrics]
        return scorecard(transcript, self.rubrics, ordered, self._judged_by(votes))

    def key(self) -> str:
        """What the judgement of a transcript depends on besides it: the same for the same asking.

        It changes with the rubrics, the prompts, the model's name, votes, seeds and temperature.
        """
        _, hashed = self._briefs(self.rubrics, self._judging.limits)
        judging = self._judging
        return f"{self._backend.model} {hashed} {judging.votes} {judging.seed} {judging.heat}"

    async def _votes(self, transcript: Transcript, rubrics: tuple[Rubric, ...]) -> list[_Vote]:
        cast = (_caught(self._vote(transcript, rubrics, seed)) for seed in self._judging.seeds)
        votes = await all_or_none(cast)
        found = [vote for vote in votes if isinstance(vote, _Vote)]
        if not found:
            raise next(vote for vote in votes if isinstance(vote, ModelProblem))
        return found

    async def _vote(self, transcript: Transcript, rubrics: tuple[Rubric, ...], seed: int) -> _Vote:
        """One vote; in smaller parts where a request turns out longer than the model takes."""
        while True:
            limits = self._limits
            try:
                return await self._pass(transcript, rubrics, seed, limits)
            except TooMuch as much:
                smaller = limits.halved()
                if smaller.prompt < SMALLEST.prompt or smaller.reply < SMALLEST.reply:
                    raise much.problem from None
                # Another task may have found the same, and halved already.
                self._limits = min(self._limits, smaller, key=lambda each: each.prompt)

    async def _pass(
        self, transcript: Transcript, rubrics: tuple[Rubric, ...], seed: int, limits: Limits
    ) -> _Vote:
        """One vote within limits. Raises TooMuch, or ModelProblem where nothing was answered."""
        made, hashed = self._briefs(rubrics, limits)
        calls = [(brief, part) for brief in made for part in self._parts(transcript, brief, limits)]
        asked = await all_or_none(self._asking.settle(brief, part, seed) for brief, part in calls)
        problems = [each.problem for each in asked if each.problem]
        if len(problems) == len(asked):
            raise problems[0]
        answers = [(brief, each.answer) for (brief, _), each in zip(calls, asked, strict=True)]
        verdicts = {
            rubric.id: merge(rubric, [answer for about, answer in answers if about is brief])
            for brief in made
            for rubric in brief.rubrics
        }
        usage = sum((each.usage for each in asked), Usage())
        model = next(each.model for each in asked if not each.problem)
        return _Vote(verdicts, usage, model, hashed)

    def _briefs(self, rubrics: tuple[Rubric, ...], limits: Limits) -> tuple[tuple[Brief, ...], str]:
        """The briefs for rubrics, and their hash; made once, for they are the same for each."""
        key = (str(limits), *(rubric.id for rubric in rubrics))
        if key not in self._asked:
            made = briefs(rubrics, limits, self._backend.count)
            self._asked[key] = made, prompt_hash(made)
        return self._asked[key]

    def _parts(self, transcript: Transcript, brief: Brief, limits: Limits) -> tuple[Part, ...]:
        room = max(limits.prompt - brief.system_tokens, limits.prompt // 4)
        return parts(transcript, room, self._backend.count)

    def _judged_by(self, votes: Sequence[_Vote]) -> JudgedBy | None:
        if not votes:
            return None
        usage = sum((vote.usage for vote in votes), Usage())
        return JudgedBy(
            model=remark(votes[0].model) or self._backend.model,
            prompt_hash=votes[0].prompt_hash,
            votes=len(votes),
            asked=self._judging.votes,
            temperature=self._judging.heat,
            seeds=self._judging.seeds,
            calls=usage.calls,
            prompt_tokens=usage.prompt_tokens,
            completion_tokens=usage.completion_tokens,
            estimated=usage.estimated,
        )


async def judge(
    transcript: Transcript,
    rubrics: Sequence[Rubric],
    backend: Backend,
    randomness: random.Random,
    judging: Judging | None = None,
) -> Scorecard:
    """Judge one transcript. For many by the same rubrics make one `Judge`.

    Raises ModelProblem where no vote gave any answer.
    """
    made = await Judge(rubrics, backend, randomness, judging).card(transcript)
    return with_utterances(made, transcript)


def unjudged(transcript: Transcript, rubrics: Sequence[Rubric], why: str) -> Scorecard:
    """The card of a transcript that could not be judged: every rubric unscored, for this reason."""
    said = f"Unscored: {remark(why)}"
    scores = [unasked(rubric, said, unscored=True) for rubric in rubrics]
    return scorecard(transcript, rubrics, scores, None)


async def all_or_none(work: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """All results, in order. With the first failure the rest is cancelled."""
    waiting = list(work)
    if len(waiting) == 1:  # a task of its own would have to wait for its turn
        return [await waiting[0]]
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(each) for each in waiting]
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return [task.result() for task in tasks]


async def _caught(vote: Awaitable[_Vote]) -> _Vote | ModelProblem:
    try:
        return await vote
    except ModelProblem as problem:
        return problem


def _silence(transcript: Transcript) -> str | None:
    said = any(u.speaker == "therapist" and u.text.strip() for u in transcript.utterances)
    return None if said else "The trainee says nothing in this transcript."


def _unobservable(transcript: Transcript, rubric: Rubric) -> str | None:
    """What rules out a rubric whatever was said, such as interruptions in an untimed session."""
    rules = RULESETS.get(rubric.id)
    return rules.not_observable(transcript) if rules else None
