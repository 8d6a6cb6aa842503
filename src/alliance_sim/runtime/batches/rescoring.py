"""From a session's events and fresh scores to the event that is stored.

A session keeps every score it has: rubrics that were not scored now stand as they stood, in the
same scorecard, so that the debrief, the exports and the overall still have them.
"""

from collections.abc import Iterable, Mapping, Sequence

from alliance_sim.domain.events import Event, Overridden, Revised, Scored
from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.scorecard import JUDGE, RubricScore, Scorecard, UtteranceScore
from alliance_sim.runtime.overriding import with_overrides
from alliance_sim.scoring.overall import blocked, overall, passes


def missing(
    events: Iterable[Event], rubrics: Sequence[Rubric], scorer: str, model: str = ""
) -> list[Rubric]:
    """The rubrics of which a session has no score yet by this scorer, in their present version.

    Offline the scores that stand now count; of a judge all that it ever gave.
    """
    cards = [event.scorecard for event in events if isinstance(event, Scored)]
    cards = [card for card in cards if card.scorer == scorer]
    if scorer == JUDGE:
        cards = [card for card in cards if card.judged_by and card.judged_by.model == model]
    else:
        cards = cards[-1:]
    have = {(score.rubric, score.rubric_version) for card in cards for score in card.rubrics}
    return [rubric for rubric in rubrics if (rubric.id, rubric.version) not in have]


def rescored(
    fresh: Scorecard,
    stood: Scorecard | None,
    overrides: Sequence[Overridden],
    rubrics: Mapping[str, Rubric],
) -> Scored:
    """The event of offline scores: `fresh` ones in place of those that `stood`, beside the rest.

    `rubrics`: those that weigh; a score by any other stands without weight. What instructors
    changed still holds: it is in the overall that `revised` gives.
    """
    card = fresh if stood is None else merged(stood, fresh, rubrics)
    if not overrides:
        return Scored(scorecard=card)
    weighed = [rubrics[score.rubric] for score in card.rubrics if score.rubric in rubrics]
    changed = with_overrides(card, overrides, weighed)
    return Scored(scorecard=card, revised=Revised(overall=changed.overall))


def merged(stood: Scorecard, fresh: Scorecard, rubrics: Mapping[str, Rubric]) -> Scorecard:
    """The fresh scores in the places of those that stood, new ones after them."""
    replaced = [fresh.rubric(score.rubric) or score for score in stood.rubrics]
    added = [score for score in fresh.rubrics if stood.rubric(score.rubric) is None]
    scores = (*replaced, *added)
    weighed = [score for score in scores if score.rubric in rubrics]
    weights = [rubrics[score.rubric] for score in weighed]
    value, blocking = overall(weighed, weights), blocked(weighed, weights)
    return fresh.model_copy(
        update={
            "rubrics": scores,
            "utterances": _utterances(stood, fresh, scores),
            "overall": value,
            "passed": passes(value, blocking),
            "blocked_by": blocking,
        }
    )


def _utterances(
    stood: Scorecard, fresh: Scorecard, scores: Iterable[RubricScore]
) -> tuple[UtteranceScore, ...]:
    """Each reply with the codes it has now, and its levels on all rubrics."""
    order = [score.rubric for score in scores]
    before = {reply.turn: reply for reply in stood.utterances}
    return tuple(_reply(before.get(reply.turn), reply, order) for reply in fresh.utterances)


def _reply(
    stood: UtteranceScore | None, fresh: UtteranceScore, order: Sequence[str]
) -> UtteranceScore:
    if stood is None:
        return fresh
    levels = {**stood.rubrics, **fresh.rubrics}
    kept = {key: given for key, given in stood.evidence.items() if key not in fresh.rubrics}
    evidence = {**kept, **fresh.evidence}
    return fresh.model_copy(
        update={
            "rubrics": {name: levels[name] for name in order if name in levels},
            "evidence": {name: evidence[name] for name in order if name in evidence},
        }
    )
