"""The offline scores and a model's judgement side by side, as scores-out lines."""

from collections.abc import Iterator
from statistics import fmean
from typing import Any

from alliance_sim.domain.scorecard import Scorecard
from alliance_sim.plain.judged_records import card_fields
from alliance_sim.plain.records import score_records

BOTH = "both"


def both_records(offline: Scorecard, judge: Scorecard) -> Iterator[dict[str, Any]]:
    """The offline scores-out lines of a transcript, with the judge's beside each of them.

    `judge` is the judge's part and `difference` its score less the offline one, None where either
    has observed nothing. The judge's card needs no utterances; its evidence levels the replies.
    """
    levels = _levels(judge)
    nothing: dict[str, float | None] = dict.fromkeys(score.rubric for score in judge.rubrics)
    for record in score_records(offline):
        if record["kind"] == "utterance":
            yield record | {"judge": {"rubrics": nothing | levels.get(record["turn"], {})}}
        else:
            yield _session(record, offline, judge)


def difference(offline: float | None, judge: float | None) -> float | None:
    """The judge's score less the offline one; None where either is None."""
    return None if offline is None or judge is None else round(judge - offline, 2)


def _session(record: dict[str, Any], offline: Scorecard, judge: Scorecard) -> dict[str, Any]:
    *_, own = score_records(judge)
    rubrics = {
        key: fields
        | {
            "judge": own["rubrics"][key],
            "difference": difference(fields["score"], own["rubrics"][key]["score"]),
        }
        for key, fields in record["rubrics"].items()
    }
    whole = {key: own[key] for key in ("overall", "passed", "blocked_by")}
    return record | {
        "scorer": BOTH,
        "rubrics": rubrics,
        "judge": whole | card_fields(judge),
        "difference": difference(offline.overall, judge.overall),
    }


def _levels(judge: Scorecard) -> dict[int, dict[str, float | None]]:
    """The judge's levels of replies, by turn and rubric: the mean of what it quoted there."""
    quoted: dict[int, dict[str, list[float]]] = {}
    for score in judge.rubrics:
        for item in score.evidence:
            quoted.setdefault(item.turn, {}).setdefault(score.rubric, []).append(item.level)
    return {
        turn: {key: fmean(levels) for key, levels in found.items()}
        for turn, found in quoted.items()
    }
