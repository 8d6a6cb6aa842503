"""What a model's judgement adds to the scores-out lines."""

from typing import Any

from alliance_sim.domain.judgement import Agreement, CriterionScore
from alliance_sim.domain.scorecard import RubricScore, Scorecard


def rubric_fields(score: RubricScore) -> dict[str, Any]:
    """What stands behind a judged score; nothing for one that was made offline."""
    judged = score.judged
    if judged is None:
        return {}
    return {
        "unscored": judged.unscored,
        "rationale": judged.rationale,
        **_agreement(judged.agreement),
        "flagged_for_human": judged.flagged_for_human,
        "criteria": [_criterion(criterion) for criterion in judged.criteria],
    }


def card_fields(card: Scorecard) -> dict[str, Any]:
    """What the judge was, and what it was asked with; nothing where there was none."""
    return {"judged_by": card.judged_by.model_dump(mode="json")} if card.judged_by else {}


def _criterion(score: CriterionScore) -> dict[str, Any]:
    return {
        "criterion": score.criterion,
        "indicator": score.indicator,
        "level": score.level,
        "why_null": score.why_null,
        "unscored": score.unscored,
        "evidence": [item.model_dump(mode="json") for item in score.evidence],
        "rationale": score.rationale,
        **_agreement(score.agreement),
    }


def _agreement(agreement: Agreement | None) -> dict[str, Any]:
    if agreement is None:
        return {}
    return {"votes": list(agreement.votes), "agreement": round(agreement.share, 3)}
