"""The offline scorer: a transcript and rubrics in, a scorecard out. No network, no chance."""

from collections.abc import Mapping, Sequence
from statistics import fmean

from alliance_sim.domain.codes import CodedReply
from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.scorecard import Evidence, Instead, RubricScore, Scorecard, UtteranceScore
from alliance_sim.domain.transcript import Transcript
from alliance_sim.scoring import boundaries, empathy, floor, i_statements, interruptions, session
from alliance_sim.scoring.exchange import Exchange, exchanges
from alliance_sim.scoring.finding import Finding, Sign
from alliance_sim.scoring.instead import Given, suggest
from alliance_sim.scoring.metrics import metrics
from alliance_sim.scoring.opportunities import boundary_tested, owning_due

PASS = 2.5
"""The overall score from which a session passes, if no blocking rubric stands at 0."""

STRONGEST, WEAKEST = 2, 3
"""How many replies a rubric's score quotes."""

OFFLINE = frozenset({"empathy", "i_statements", "interruptions", "boundaries"})
"""Rubrics that have rules here; any other needs a judge."""

Findings = list[Finding | None]


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
    levels = {rubric.id: _levels(replies, transcript, rubric) for rubric in rubrics}
    given = Given()
    scores = tuple(
        _rubric_score(transcript, replies, levels[rubric.id], rubric, given) for rubric in rubrics
    )
    overall = _overall(scores, rubrics)
    blocked = _blocked(scores, rubrics)
    return Scorecard(
        transcript_id=transcript.transcript_id,
        scenario=transcript.scenario,
        utterances=_utterances(replies, levels, rubrics),
        rubrics=scores,
        overall=overall,
        passed=None if overall is None else overall >= PASS and not blocked,
        blocked_by=blocked,
        metrics=metrics(transcript, replies),
    )


def _levels(replies: Sequence[Exchange], transcript: Transcript, rubric: Rubric) -> Findings:
    if rubric.id == "empathy":
        memory = empathy.Memory()
        return [empathy.level(reply, rubric, memory) for reply in replies]
    if rubric.id == "boundaries":
        return [boundaries.level(reply, rubric) for reply in replies]
    if rubric.id == "i_statements":
        return [i_statements.level(reply, rubric) for reply in replies]
    if rubric.id == "interruptions" and floor.observed(transcript) is None:
        return interruptions.levels(replies, rubric)
    return [None] * len(replies)


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


def _rubric_score(
    transcript: Transcript,
    replies: Sequence[Exchange],
    levels: Findings,
    rubric: Rubric,
    given: Given,
) -> RubricScore:
    found = _counted(replies, levels, rubric)
    why = _unobserved(transcript, replies, found, rubric)
    figures = _figures(replies, found, rubric) if found else {}
    value = None if why else round(_session(found, rubric, figures), 2)
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


def _counted(replies: Sequence[Exchange], levels: Findings, rubric: Rubric) -> list[session.Found]:
    """The levels that a session counts: those of moments that were surely opportunities."""
    pairs = zip(replies, levels, strict=True)
    found = [(reply, level) for reply, level in pairs if level is not None]
    if rubric.id == "i_statements":
        return [p for p in found if Sign.UNCOUNTED not in p[1].signs or owning_due(p[0])]
    return [pair for pair in found if Sign.UNCOUNTED not in pair[1].signs]


def _session(found: Sequence[session.Found], rubric: Rubric, figures: Mapping[str, float]) -> float:
    if rubric.id == "interruptions":
        return interruptions.table(rubric, figures)
    if rubric.id == "boundaries":
        return session.boundaries(found, rubric)
    if rubric.id == "i_statements":
        return session.i_statements(found, rubric)
    return session.empathy(found, rubric)


def _figures(
    replies: Sequence[Exchange],
    found: Sequence[session.Found],
    rubric: Rubric,
) -> dict[str, float]:
    figures = {"opportunities": float(_opportunities(replies, found, rubric))}
    if rubric.id == "interruptions":
        turns = len({reply.index for reply in replies if reply.client is not None})
        figures |= interruptions.counts(replies, rubric, turns)
    return figures


def _opportunities(
    replies: Sequence[Exchange], found: Sequence[session.Found], rubric: Rubric
) -> int:
    turns = {reply.index for reply, _ in found}
    if rubric.id == "i_statements":
        turns |= {r.index for r in replies if owning_due(r) or boundary_tested(r)}
    return len(turns)


def _unobserved(
    transcript: Transcript,
    replies: Sequence[Exchange],
    found: Sequence[session.Found],
    rubric: Rubric,
) -> str | None:
    """Why there is no score for the session, in plain words; None where there is one."""
    if rubric.id not in OFFLINE:
        return "The offline scorer has no rules for this rubric; it needs a judge."
    if not replies:
        return "The trainee says nothing in this transcript."
    if not any(reply.readable for reply in replies):
        return "The replies could not be read: they are not English, or not sentences."
    if rubric.id == "interruptions" and (untimed := floor.observed(transcript)):
        return untimed
    if all(reply.client is None for reply in replies) and not found:
        return "The client says nothing before the trainee's replies."
    moments = _opportunities(replies, found, rubric)
    if moments < rubric.minimum or not found:
        sentence = next(iter(rubric.phrases.get("why_null", ())), "There was no opportunity.")
        return f"{sentence} ({moments} found, {rubric.minimum} needed.)"
    return None


def _evidence(found: Sequence[session.Found], rubric: Rubric) -> tuple[Evidence, ...]:
    """The strongest replies, then the weakest, weakest first; no reply twice."""
    ranked = sorted(found, key=lambda pair: (-pair[1].level, pair[0].reply.turn))
    strong = ranked[:STRONGEST]
    weak = [pair for pair in reversed(ranked) if pair not in strong][:WEAKEST]
    return tuple(finding.evidence(reply.reply, rubric) for reply, finding in [*strong, *weak])


def _instead(found: Sequence[session.Found], rubric: Rubric, given: Given) -> tuple[Instead, ...]:
    weak = [pair for pair in found if pair[1].level < rubric.threshold.fair]
    weak.sort(key=lambda pair: (pair[1].level, pair[0].reply.turn))
    made = (suggest(reply, finding, rubric, given) for reply, finding in weak)
    return tuple(suggestion for suggestion in made if suggestion is not None)


def _overall(scores: Sequence[RubricScore], rubrics: Sequence[Rubric]) -> float | None:
    """Weighted mean of the observed rubrics: the weight of the others is shared out."""
    seen = [
        (value.score, rubric.weight)
        for value, rubric in zip(scores, rubrics, strict=True)
        if value.score is not None
    ]
    if not seen:
        return None
    return round(fmean([value for value, _ in seen], weights=[weight for _, weight in seen]), 2)


def _blocked(scores: Sequence[RubricScore], rubrics: Sequence[Rubric]) -> tuple[str, ...]:
    pairs = zip(scores, rubrics, strict=True)
    return tuple(rubric.id for value, rubric in pairs if rubric.blocks_pass and value.score == 0)
