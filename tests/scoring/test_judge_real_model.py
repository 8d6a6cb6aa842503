"""A real small model judges a session over the real wire. It is weak: the wire and the records are
what is tested, and nothing of what it thinks.
"""

import random
import warnings
from dataclasses import replace

import pytest
from tests.llm.misbehaving import loopback
from tests.llm.small_model import small_model

from alliance_sim.domain.scorecard import JUDGE
from alliance_sim.llm.endpoint import Timeouts
from alliance_sim.llm.openai_backend import OpenAIBackend
from alliance_sim.runtime.judged import judged
from alliance_sim.scoring.judge import Judge, Judging, Limits

__all__ = ["loopback", "small_model"]

pytestmark = pytest.mark.llm

SMALL = Limits(prompt=4_000, reply=500)
PATIENT = Timeouts(first=120.0, between=60.0, whole=240.0)


async def test_a_real_model_judges_a_session_in_the_shape_that_was_asked(request, rubrics, talk):
    server = request.getfixturevalue("small_model")
    request.getfixturevalue("loopback")
    hour = talk(
        "They moved me to nights. Nobody asked.",
        "No say in any of it, and found out from a wall.",
        "Yes. From a wall.",
        "What is it like, lying there?",
    )
    full = rubrics["empathy"]
    rubric = full.model_copy(update={"criteria": full.criteria[:1]})
    backend = OpenAIBackend(replace(server.endpoint, timeouts=PATIENT, max_concurrent=1))
    judge = Judge(
        [rubric], backend, random.Random(1), Judging(votes=2, temperature=0.9, limits=SMALL)
    )
    try:
        (outcome,) = [outcome async for outcome in judged([hour], judge, 1)]
    finally:
        await backend.close()
    (score,) = outcome.card.rubrics
    assert outcome.card.scorer == JUDGE
    assert (score.score is None) == bool(score.why_null)
    (criterion,) = score.judged.criteria
    assert (criterion.level is None) == bool(criterion.why_null)
    assert (criterion.level is not None) == bool(criterion.evidence)
    said = {u.turn: u.text for u in hour.utterances}
    assert all(item.quote in said[item.turn] for item in criterion.evidence)
    if outcome.problem is None:
        assert outcome.card.judged_by.completion_tokens > 0
        assert len(outcome.card.judged_by.prompt_hash) == 16
    else:
        assert criterion.unscored
    told = str(outcome.problem or criterion.why_null or f"level {criterion.level}")
    warnings.warn(f"the small model as a judge: {told}", stacklevel=1)
