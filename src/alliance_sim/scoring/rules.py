"""The offline scorer: a transcript and rubrics in, a scorecard out. No network, no chance."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from alliance_sim.domain.codes import CodedReply
from alliance_sim.domain.rubric import Rubric, Scope, calibrated
from alliance_sim.domain.scorecard import Evidence, Instead, RubricScore, Scorecard, UtteranceScore
from alliance_sim.domain.transcript import Transcript
from alliance_sim.scoring import overall, session
from alliance_sim.scoring.bare import bare, lower
from alliance_sim.scoring.exchange import Exchange, Replies, exchanges
from alliance_sim.scoring.instead import Given, suggest
from alliance_sim.scoring.metrics import metrics
from alliance_sim.scoring.perhaps import guarded, perhaps
from alliance_sim.scoring.presence import presence
from alliance_sim.scoring.rulesets import RULESETS, Findings, Rules
from alliance_sim.scoring.sounding import moved
from alliance_sim.scoring.unmarked import unmarked

STRONGEST, WEAKEST = 2, 3
"""How many replies a rubric's score quotes."""


class _Said(NamedTuple):
    """What all rubrics look at."""

    transcript: Transcript
    replies: Replies
    captions: bool
    """Whether the transcript comes without punctuation."""


def score(
    transcript: Transcript,
    rubrics: Sequence[Rubric],
    *,
    coded: Mapping[int, CodedReply] | None = None,
) -> Scorecard:
    """Score a transcript. Pure and deterministic; linear in the number of utterances.

    Args:
        transcript: What was said, with times or marks of the floor where there are any.
        rubrics: What to score; their order is kept.
        coded: Codes already known, by the turn of the therapist's utterance.

    Raises:
        InputProblem: a rubric lacks a number that its rules need.
    """
    replies = exchanges(transcript, coded)
    without = replies if unmarked(transcript) else bare(replies)
    levels = {rubric.id: _levels(replies, without, transcript, rubric) for rubric in rubrics}
    given = Given()
    said = _Said(transcript, without, unmarked(transcript))
    scores = tuple(_rubric_score(said, levels[rubric.id], rubric, given) for rubric in rubrics)
    value = overall.overall(scores, rubrics)
    blocked = overall.blocked(scores, rubrics)
    return Scorecard(
        transcript_id=transcript.transcript_id,
        scenario=transcript.scenario,
        utterances=_utterances(replies, levels, rubrics),
        rubrics=scores,
        overall=value,
        passed=overall.passes(value, blocked),
        blocked_by=blocked,
        metrics=metrics(transcript, replies),
    )


def _levels(replies: Replies, without: Replies, transcript: Transcript, rubric: Rubric) -> Findings:
    """The level of each reply: no higher than without its padding."""
    rules = RULESETS.get(rubric.id)
    if rules is None:
        return [None] * len(replies)
    found = _found(rules, replies, transcript, rubric)
    if without is not replies:
        rest = _found(rules, without, transcript, rubric)
        padded = [whole is not left for whole, left in zip(replies, without, strict=True)]
        found = [
            lower(*pair) if is_padded else pair[0]
            for is_padded, *pair in zip(padded, found, rest, strict=True)
        ]
    knots = rubric.calibration.replies if rubric.calibration else None
    if knots is None:
        return found
    return [f and replace(f, level=calibrated(f.level, knots)) for f in found]


def _found(rules: Rules, replies: Replies, transcript: Transcript, rubric: Rubric) -> Findings:
    """What the rules find, moved by what the replies sound like; and what may be a moment."""
    found = rules.levels(replies, transcript, rubric)
    if not unmarked(transcript):
        # What was learned from is written with marks.
        found = [
            finding and moved(finding, reply, rubric)
            for finding, reply in zip(found, replies, strict=True)
        ]
        if transcript.scenario is None:
            pairs = zip(found, replies, strict=True)
            found = [finding or perhaps(reply, rubric) for finding, reply in pairs]
    if rubric.scope is Scope.EVENT:
        return [finding and guarded(finding) for finding in found]
    return found


def _utterances(
    replies: Sequence[Exchange], levels: Mapping[str, Findings], rubrics: Sequence[Rubric]
) -> tuple[UtteranceScore, ...]:
    made = []
    for position, reply in enumerate(replies):
        found = {rubric.id: levels[rubric.id][position] for rubric in rubrics}
        evidence = {
            rubric.id: finding.evidence(reply.reply, rubric)
            for rubric in rubrics
            if (finding := found[rubric.id]) is not None
        }
        made.append(
            UtteranceScore(
                turn=reply.reply.turn,
                coded=reply.coded,
                rubrics={key: finding.level if finding else None for key, finding in found.items()},
                evidence=evidence,
            )
        )
    return tuple(made)


def _rubric_score(said: _Said, levels: Findings, rubric: Rubric, given: Given) -> RubricScore:
    rules, replies = RULESETS.get(rubric.id), said.replies
    found = _counted(said, levels, rubric, rules) if rules else []
    why = _unobserved(said.transcript, replies, found, rubric)
    figures = _figures(replies, found, rubric, rules) if found and rules else {}
    there = presence(replies) if rules and rules.of_the_whole else 1.0
    value = None if why or rules is None else _value(rules, found, rubric, figures, there)
    return RubricScore(
        rubric=rubric.id,
        rubric_version=rubric.version,
        score=value,
        why_null=why,
        grade=None if value is None else session.grade(value, rubric),
        evidence=_evidence(found, rubric),
        instead=_instead(found, rubric, given),
        metrics=figures,
    )


def _counted(said: _Said, levels: Findings, rubric: Rubric, rules: Rules) -> list[session.Found]:
    """What the session counts: the moments that were surely ones."""
    found = rules.counted(said.replies, levels)
    return [pair for pair in found if rules.sure(pair[0], rubric, captions=said.captions)]


def _value(
    rules: Rules,
    found: Sequence[session.Found],
    rubric: Rubric,
    figures: Mapping[str, float],
    there: float,
) -> float:
    knots = rubric.calibration.session if rubric.calibration else None
    return round(calibrated(there * rules.session(found, rubric, figures), knots), 2)


def _figures(
    replies: Sequence[Exchange], found: Sequence[session.Found], rubric: Rubric, rules: Rules
) -> dict[str, float]:
    moments = float(rules.opportunities(replies, found))
    return {"opportunities": moments} | rules.figures(replies, found, rubric)


def _unobserved(
    transcript: Transcript,
    replies: Sequence[Exchange],
    found: Sequence[session.Found],
    rubric: Rubric,
) -> str | None:
    """Why there is no score for the session, in plain words; None where there is one."""
    rules = RULESETS.get(rubric.id)
    if rules is None:
        return "The offline scorer has no rules for this rubric; it needs a judge."
    if not replies:
        return "The trainee says nothing in this transcript."
    if not any(reply.readable for reply in replies):
        return "The replies could not be read: they are not English, or not sentences."
    if why := rules.not_observable(transcript):
        return why
    if all(reply.client is None for reply in replies) and not found:
        return "The client says nothing before the trainee's replies."
    moments = rules.opportunities(replies, found) if found else 0
    if moments < rubric.minimum or not found:
        sentence = next(iter(rubric.phrases.get("why_null", ())), "There was no opportunity.")
        return f"{sentence} ({moments} found, {rubric.minimum} needed.)"
    return None


def _evidence(found: Sequence[session.Found], rubric: Rubric) -> tuple[Evidence, ...]:
    """The strongest replies, then the weakest, weakest first; no reply twice."""
    ranked = sorted(found, key=lambda pair: (-pair[1].level, pair[0].reply.turn))
    strong = ranked[:STRONGEST]
    weak = ranked[STRONGEST:][: -WEAKEST - 1 : -1]
    return tuple(finding.evidence(reply.reply, rubric) for reply, finding in [*strong, *weak])


def _instead(found: Sequence[session.Found], rubric: Rubric, given: Given) -> tuple[Instead, ...]:
    weak = [pair for pair in found if pair[1].level < rubric.threshold.fair]
    weak.sort(key=lambda pair: (pair[1].level, pair[0].reply.turn))
    made = (suggest(reply, finding, rubric, given) for reply, finding in weak)
    return tuple(suggestion for suggestion in made if suggestion is not None)
