"""The replies of a judged transcript: codes of the offline coder, levels of the judge's quotes."""

from collections.abc import Mapping
from statistics import fmean

from alliance_sim.domain.codes import CodedReply
from alliance_sim.domain.scorecard import Evidence, Scorecard, UtteranceScore
from alliance_sim.domain.transcript import Transcript
from alliance_sim.scoring.exchange import exchanges
from alliance_sim.scoring.metrics import metrics


def with_utterances(
    card: Scorecard, transcript: Transcript, coded: Mapping[int, CodedReply] | None = None
) -> Scorecard:
    """The card with a score for each therapist utterance, and the session's metrics.

    A reply's level on a rubric is the mean of the levels of what the judge quoted from it; None
    where it quoted nothing. `coded`: codes already known, by turn.
    """
    replies = exchanges(transcript, coded)
    quoted: dict[int, dict[str, list[Evidence]]] = {}
    for score in card.rubrics:
        for item in score.evidence:
            quoted.setdefault(item.turn, {}).setdefault(score.rubric, []).append(item)
    utterances = []
    for reply in replies:
        found = quoted.get(reply.reply.turn, {})
        levels = {key: fmean(item.level for item in items) for key, items in found.items()}
        utterances.append(
            UtteranceScore(
                turn=reply.reply.turn,
                coded=reply.coded,
                rubrics={score.rubric: levels.get(score.rubric) for score in card.rubrics},
                evidence={key: items[0] for key, items in found.items()},
            )
        )
    return card.model_copy(
        update={"utterances": tuple(utterances), "metrics": metrics(transcript, replies)}
    )
