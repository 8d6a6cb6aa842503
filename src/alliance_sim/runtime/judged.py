"""Judging many transcripts, and keeping what was judged: in a session's events, or in a journal."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from typing import Protocol

from alliance_sim.domain.events import Scored
from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.scorecard import Scorecard
from alliance_sim.domain.transcript import Transcript
from alliance_sim.llm.port import ModelProblem
from alliance_sim.runtime.batch import in_order
from alliance_sim.runtime.clock import Clock
from alliance_sim.runtime.collecting import seldom_collected
from alliance_sim.runtime.journal import Journal
from alliance_sim.runtime.replay import standing_of
from alliance_sim.scoring.judge import unjudged
from alliance_sim.store.repository import Store

PATIENCE = 5
"""Failures in a row after which no further transcript is tried, if so many are not under way."""

READY = 100
"""Transcripts beyond the bound, in percent, that wait for their turn: as many answers may come at
one moment, and each makes room for one."""


class Judges(Protocol):
    """A judge, in this process or in several."""

    @property
    def rubrics(self) -> tuple[Rubric, ...]: ...

    async def card(self, transcript: Transcript) -> Scorecard:
        """See `scoring.judge.Judge.card`."""
        ...


@dataclass(frozen=True)
class Outcome:
    """What came of one transcript."""

    transcript: Transcript
    card: Scorecard
    """Without utterances; every rubric unscored where there is a problem."""
    problem: ModelProblem | None = None
    asked: bool = True
    """False: it was in the journal."""

    @property
    def useless(self) -> bool:
        """The model answered, and nothing of it could be used."""
        unscored = [score for score in self.card.rubrics if score.judged and score.judged.unscored]
        return bool(unscored) and all(score.score is None for score in self.card.rubrics)


class _Trials:
    """How the endpoint has done so far."""

    def __init__(self, limit: int) -> None:
        self._patience = max(limit, PATIENCE)
        self._in_vain = 0
        self._latest: ModelProblem | None = None

    @property
    def given_up(self) -> ModelProblem | None:
        """The problem for which no more is asked; None while there is hope."""
        return self._latest if self._in_vain >= self._patience else None

    def count(self, problem: ModelProblem | None) -> None:
        self._in_vain = self._in_vain + 1 if problem else 0
        self._latest = problem


async def judged(
    transcripts: Iterable[Transcript], judge: Judges, limit: int, journal: Journal | None = None
) -> AsyncIterator[Outcome]:
    """Judge transcripts; outcomes come in the order of the transcripts.

    `limit`: the requests that the backend has under way at a time.

    A transcript that cannot be judged is unscored with the reason, and the next one is tried. After
    as many failures in a row as there are transcripts under way (at least `PATIENCE`) the endpoint
    is taken for lost: the rest is unscored without being asked. What is in the journal is not asked
    again, and what is judged is added to it.
    """
    trials = _Trials(limit)

    async def one(transcript: Transcript) -> Outcome:
        if journal is not None and (known := journal.get(transcript)):
            return Outcome(transcript, known, asked=False)
        if problem := trials.given_up:
            return Outcome(transcript, unjudged(transcript, judge.rubrics, str(problem)), problem)
        try:
            card = await judge.card(transcript)
        except ModelProblem as problem:
            trials.count(problem)
            return Outcome(transcript, unjudged(transcript, judge.rubrics, str(problem)), problem)
        trials.count(None)
        if journal is not None:
            journal.add(transcript, card)
        return Outcome(transcript, card)

    with seldom_collected():
        # More than the model takes at a time, so that there is always one to go on with.
        async for outcome in in_order(transcripts, one, limit + READY * limit // 100):
            yield outcome


def keep(store: Store, session_id: str, card: Scorecard, clock: Clock) -> bool:
    """Append a judgement to the events of a session; whether that was done.

    It is not while the session goes on, for then it would be of another hour.
    """
    if not standing_of(stored.event for stored in store.events(session_id)).ended:
        return False
    store.append(session_id, [Scored(scorecard=card)], at=clock.now())
    return True


def changed_since(stored: Scorecard, made: Scorecard) -> tuple[str, ...]:
    """The offline scores that were stored and are others when they are made again, in words."""
    changes = []
    for before in stored.rubrics:
        after = made.rubric(before.rubric)
        own = after.override.original if after and after.override else after and after.score
        if after is None or own != before.score:
            score = "not observed" if before.score is None else f"{before.score:.2f}"
            changes.append(f"{before.rubric} {score} (rubric {before.rubric_version})")
    return tuple(changes)
