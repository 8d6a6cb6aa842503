"""A worker whose judge is replaced, and sessions for it; import the fixtures that you use."""

import asyncio
import random
from datetime import UTC, datetime
from time import monotonic

import pytest
from tests.held_sessions import judged_by

from alliance_sim.domain.judgement import JudgedRubric
from alliance_sim.domain.scorecard import JUDGE, Evidence, RubricScore, Scorecard
from alliance_sim.runtime.batches import patience, working
from alliance_sim.runtime.batches.enqueueing import Order, enqueue
from alliance_sim.runtime.batches.working import Means, work
from alliance_sim.store import batches
from alliance_sim.store.batches import Choice


class Now:
    """The machine's own clock: workers of one store go by it."""

    def now(self):
        return datetime.now(UTC)

    def monotonic(self):
        return monotonic()

    def sleep(self, seconds):
        raise NotImplementedError


NOW = Now()


@pytest.fixture
def quick(monkeypatch):
    """What fails is tried again at once."""
    monkeypatch.setattr(patience, "PAUSES", (0.0, 0.0))


class Judges:
    """Judges every session alike; `script` holds what else is to happen, call by call."""

    def __init__(self, *script, level=3.0):
        self.script = list(script)
        self.level = level
        self.asked = []
        self.before = None

    async def card(self, batch, /, transcript, rubrics):
        self.asked.append((batch.id, transcript.transcript_id, [r.id for r in rubrics]))
        if self.script and (item := self.script.pop(0)) is not None:
            raise item
        if self.before:
            await self.before(transcript.transcript_id)
        scores = tuple(self.score(rubric, transcript) for rubric in rubrics)
        return Scorecard(
            transcript_id=transcript.transcript_id,
            rubrics=scores,
            overall=self.level,
            scorer=JUDGE,
            judged_by=judged_by("served"),
        )

    def score(self, rubric, transcript):
        said = next(u for u in transcript.utterances if u.speaker == "therapist")
        quote = Evidence(turn=said.turn, quote=said.text, indicator="x", level=self.level)
        judged = JudgedRubric(criteria=(), rationale="r", unscored=False, agreement=None)
        return RubricScore(
            rubric=rubric.id,
            rubric_version=rubric.version,
            score=self.level,
            evidence=(quote,),
            judged=judged,
        )

    async def close(self):
        pass


@pytest.fixture
def judges(monkeypatch):
    """Takes the place of every judge."""
    made = Judges()
    monkeypatch.setattr(working, "JudgeScorer", lambda *_: made)
    return made


def order(*sessions, **changes):
    return Order(Choice(sessions=sessions or None), **changes)


def judged(*sessions, rubrics=("empathy",), **changes):
    return order(*sessions, scorer="judge", model="asked", rubrics=rubrics, **changes)


def enqueued(store, library, what):
    return enqueue(store, library, what, who="ana", clock=NOW, randomness=random.Random())


async def worked(store, stopping=None, **changes):
    values = {"processes": 1, "requests": 2, "open_model": lambda _name: None, "grace": 5.0}
    means = Means(**{**values, **changes})
    desk = await work(store, NOW, means, stopping or asyncio.Event(), once=stopping is None)
    return desk.tally


def counts(store, batch):
    with store.reading() as connection:
        return {
            str(state): number
            for state, number in batches.counts(connection, batch.id).items()
            if number
        }


def address_of(store):
    with store.reading() as connection:
        url = connection.engine.url
    return url.database if url.get_backend_name() == "sqlite" else url.render_as_string(False)
