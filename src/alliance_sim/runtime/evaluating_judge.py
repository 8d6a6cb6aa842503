"""Labelled sets with a judge's scores: what is asked, and what it means when no answer comes."""

from collections.abc import Callable, Sequence

from alliance_sim.authoring.datasets import Labelled
from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.scorecard import Scorecard
from alliance_sim.errors import EndpointProblem
from alliance_sim.runtime.evaluating import needed
from alliance_sim.runtime.judged import judged
from alliance_sim.scoring.agreement.measures import Measures
from alliance_sim.scoring.judge import Judge
from alliance_sim.scoring.judging.utterances import with_utterances
from alliance_sim.scoring.rules import score

Scored = list[tuple[Labelled, Scorecard]]


async def with_judge(
    items: Sequence[Labelled],
    plan: Measures,
    rubrics: Sequence[Rubric],
    judge: Judge,
    limit: int,
    progress: Callable[[int], None] = lambda _done: None,
) -> tuple[Scored, int]:
    """Every item with its card, and how many transcripts could not be judged.

    Only items whose labels are about scores are asked about; codes are the offline coder's. At most
    `limit` requests are under way. Raises EndpointProblem where no transcript could be judged.
    """
    wanted = [item for item in items if needed(item, plan, rubrics)]
    cards: dict[int, Scorecard] = {}
    failed, latest = 0, None
    done = 0
    async for outcome in judged((item.transcript for item in wanted), judge, limit):
        cards[id(wanted[done])] = with_utterances(outcome.card, outcome.transcript)
        failed, latest = failed + bool(outcome.problem), outcome.problem or latest
        done += 1
        progress(done)
    if wanted and failed == len(wanted):
        raise EndpointProblem(f"no transcript could be judged: {latest}")
    scored = [
        (item, cards[id(item)] if id(item) in cards else score(item.transcript, ()))
        for item in items
    ]
    return scored, failed
