"""From votes to a scorecard."""

from collections.abc import Mapping, Sequence
from typing import Any

from alliance_sim.domain.judgement import CriterionScore, JudgedBy, JudgedRubric
from alliance_sim.domain.rubric import Criterion, Rubric
from alliance_sim.domain.scorecard import JUDGE, RubricScore, Scorecard
from alliance_sim.domain.transcript import Transcript
from alliance_sim.scoring.judging.checking import Verdict
from alliance_sim.scoring.judging.merging import RubricVerdict
from alliance_sim.scoring.judging.voting import agreement, nearest, settled
from alliance_sim.scoring.overall import blocked, overall, passes
from alliance_sim.scoring.session import grade


def scorecard(
    transcript: Transcript,
    rubrics: Sequence[Rubric],
    scores: Sequence[RubricScore],
    judged_by: JudgedBy | None,
) -> Scorecard:
    """The scorecard of judged rubrics, in pairs with the rubrics; it has no utterances yet."""
    value = overall(scores, rubrics)
    blocked_by = blocked(scores, rubrics)
    return Scorecard(
        transcript_id=transcript.transcript_id,
        scenario=transcript.scenario,
        rubrics=tuple(scores),
        overall=value,
        passed=passes(value, blocked_by),
        blocked_by=blocked_by,
        scorer=JUDGE,
        judged_by=judged_by,
    )


def rubric_score(rubric: Rubric, votes: Sequence[RubricVerdict]) -> RubricScore:
    """One rubric's score from at least one vote: the median, with the ground of a vote near it."""
    usable = [vote for vote in votes if not vote.unscored]
    levels = [vote.level for vote in usable]
    level = settled(levels)
    shown = usable[nearest(levels, level)] if usable else votes[0]
    criteria = [_criterion(criterion, votes) for criterion in rubric.criteria]
    value = None if level is None else round(level, 2)
    # All of it is checked and made at once: one by one, its many parts take twice as long.
    return RubricScore.model_validate(
        {
            "rubric": rubric.id,
            "rubric_version": rubric.version,
            "score": value,
            "why_null": None if value is not None else shown.why_null or "The votes are split.",
            "grade": None if value is None else grade(value, rubric),
            "evidence": _evidence(criteria),
            "judged": {
                "criteria": criteria,
                "rationale": shown.rationale,
                "unscored": not usable,
                "agreement": agreement(levels),
            },
        }
    )


def unasked(rubric: Rubric, why: str, *, unscored: bool) -> RubricScore:
    """A rubric that was not put to the judge, or to no avail: no score, and why."""
    criteria = tuple(
        CriterionScore(
            criterion=criterion.id, indicator=criterion.indicator, why_null=why, unscored=unscored
        )
        for criterion in rubric.criteria
    )
    return RubricScore(
        rubric=rubric.id,
        rubric_version=rubric.version,
        why_null=why,
        judged=JudgedRubric(criteria=criteria, unscored=unscored),
    )


def _criterion(criterion: Criterion, votes: Sequence[RubricVerdict]) -> dict[str, Any]:
    """The fields of a CriterionScore."""
    cast = [vote.criteria[criterion.id] for vote in votes]
    usable = [verdict for verdict in cast if not verdict.unscored]
    levels = [verdict.level for verdict in usable]
    level = settled(levels)
    shown: Verdict = usable[nearest(levels, level)] if usable else cast[0]
    return {
        "criterion": criterion.id,
        "indicator": criterion.indicator,
        "level": level,
        "why_null": None if level is not None else shown.why_null or "The votes are split.",
        "unscored": not usable,
        "evidence": shown.evidence if level is not None else (),
        "rationale": shown.rationale,
        "agreement": agreement(levels),
    }


def _evidence(criteria: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What the criteria quote, the strongest first; the same words once for each criterion."""
    found = [
        {**quoted, "indicator": criterion["indicator"]}
        for criterion in criteria
        for quoted in criterion["evidence"]
    ]
    found.sort(key=lambda item: (-item["level"], item["turn"]))
    return found
