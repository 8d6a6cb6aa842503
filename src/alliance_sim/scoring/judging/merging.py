"""From the parts of a long conversation to the whole of it, the same way every time.

A level over several parts is their mean, weighed by the therapist's utterances in each; parts
without an opportunity do not count. Where a 0 blocks a pass, the lowest part stands instead: a
breach of the frame is not made good by the length of the hour.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from alliance_sim.domain.rubric import Rubric
from alliance_sim.scoring.judging.checking import Key, Verdict, Whole


@dataclass(frozen=True)
class Answer:
    """What was settled about one part, or about the whole."""

    verdicts: Mapping[Key, Verdict]
    wholes: Mapping[str, Whole]
    weight: int = 1
    """The therapist's utterances in it."""
    problem: str | None = None
    """Why there is no answer; None where there is one."""


@dataclass(frozen=True)
class RubricVerdict:
    """One vote on one rubric."""

    level: float | None
    why_null: str | None
    criteria: Mapping[str, Verdict]
    rationale: str = ""
    unscored: bool = False


def merge(rubric: Rubric, answers: Sequence[Answer]) -> RubricVerdict:
    """One vote on a rubric from the answers about all parts, in order.

    The rubric's level is the judge's, held within the range of its criteria's levels: no level
    without evidence, and none beyond it.
    """
    if problem := next((answer.problem for answer in answers if answer.problem), None):
        # Part of the conversation was not judged: a level from the rest would be of another one.
        missing = Verdict(None, f"Unscored: {problem}", unscored=True)
        criteria = {criterion.id: missing for criterion in rubric.criteria}
        return RubricVerdict(None, missing.why_null, criteria, unscored=True)
    criteria = {
        criterion.id: _criterion(rubric, criterion.id, answers) for criterion in rubric.criteria
    }
    wholes = [
        (answer.wholes[rubric.id], answer.weight)
        for answer in answers
        if rubric.id in answer.wholes
    ]
    return _rubric(rubric, criteria, wholes)


def _criterion(rubric: Rubric, criterion: str, answers: Sequence[Answer]) -> Verdict:
    found = [(answer.verdicts[rubric.id, criterion], answer.weight) for answer in answers]
    if len(found) == 1:
        return found[0][0]
    levelled = [(v, v.level, weight) for v, weight in found if v.level is not None]
    if not levelled:
        unscored = [verdict for verdict, _ in found if verdict.unscored]
        return (unscored or [verdict for verdict, _ in found])[0]
    level = _level(rubric, [(level, weight) for _, level, weight in levelled])
    evidence = tuple(quote for verdict, *_ in levelled for quote in verdict.evidence)
    return Verdict(level, None, evidence, _said([verdict.rationale for verdict, *_ in levelled]))


def _level(rubric: Rubric, levels: Sequence[tuple[float, int]]) -> float:
    if len(levels) == 1:
        return levels[0][0]
    if rubric.blocks_pass:
        return min(level for level, _ in levels)
    return fmean([level for level, _ in levels], weights=[weight for _, weight in levels])


def _rubric(
    rubric: Rubric, criteria: Mapping[str, Verdict], wholes: Sequence[tuple[Whole, int]]
) -> RubricVerdict:
    rationale = _said([whole.rationale for whole, _ in wholes])
    levels = [verdict.level for verdict in criteria.values() if verdict.level is not None]
    unscored = [verdict for verdict in criteria.values() if verdict.unscored]
    if not levels:
        reasons = [whole.why_null for whole, _ in wholes if whole.why_null]
        reasons += [verdict.why_null for verdict in criteria.values() if verdict.why_null]
        why = unscored[0].why_null if unscored else next(iter(reasons), "Not observed.")
        return RubricVerdict(None, why, criteria, rationale, unscored=bool(unscored))
    judged = [(whole.level, weight) for whole, weight in wholes if whole.level is not None]
    nulls = [whole.why_null for whole, _ in wholes if whole.level is None and whole.why_null]
    if not judged and nulls:
        return RubricVerdict(None, nulls[0], criteria, rationale)
    level = _level(rubric, judged) if judged else median(levels)
    held = min(max(level, min(levels)), max(levels))
    return RubricVerdict(held, None, criteria, rationale)


def _said(remarks: Sequence[str]) -> str:
    return " ".join(dict.fromkeys(remark for remark in remarks if remark))
