"""From the scores of the rubrics to the session: the overall score, and whether it passes."""

from collections.abc import Sequence
from statistics import fmean

from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.scorecard import RubricScore

PASS = 2.5
"""The overall score from which a session passes, if no blocking rubric stands at 0."""


def overall(scores: Sequence[RubricScore], rubrics: Sequence[Rubric]) -> float | None:
    """Weighted mean of the observed rubrics, 0–4: the weight of the others is shared out.

    `scores` and `rubrics` go in pairs. None where nothing was observed.
    """
    seen = [
        (value.score, rubric.weight)
        for value, rubric in zip(scores, rubrics, strict=True)
        if value.score is not None
    ]
    if not seen:
        return None
    return round(fmean([value for value, _ in seen], weights=[weight for _, weight in seen]), 2)


def blocked(scores: Sequence[RubricScore], rubrics: Sequence[Rubric]) -> tuple[str, ...]:
    """Ids of the rubrics that stand at 0 and block a pass by it."""
    pairs = zip(scores, rubrics, strict=True)
    return tuple(rubric.id for value, rubric in pairs if rubric.blocks_pass and value.score == 0)


def passes(value: float | None, blocked_by: Sequence[str]) -> bool | None:
    """Whether an overall is a pass; None where there is no overall."""
    return None if value is None else value >= PASS and not blocked_by
