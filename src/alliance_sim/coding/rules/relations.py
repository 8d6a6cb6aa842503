"""What codes mean beside one another and after what the client said."""

import re
from collections.abc import Sequence

from alliance_sim.coding.features import Features
from alliance_sim.coding.rules.listed import span, standing
from alliance_sim.coding.rules.settled import Spans
from alliance_sim.domain.codes import Code, CodedReply, CodedSpan, Mark


_NOT_REFLECTION = (
    Code.BLAME, Code.ADVICE, Code.PERSUADE, Code.CONFRONT, Code.EMPHASIZE_AUTONOMY, Code.MINIMISE,
    Code.STEREOTYPE, Code.BOUNDARY_BREAK, Code.PRESS_DETAIL, Code.AFFIRM,
)  # fmt: skip


def settle(
    features: Features, spans: Spans, marks: frozenset[Mark], previous: Sequence[CodedReply]
) -> tuple[Spans, frozenset[Mark]]:
    """Codes after the relations between them are weighed, and marks that follow."""
    settled = dict(spans)
    if Mark.NONSENSE in marks or Mark.NOT_ENGLISH in marks:
        return {}, frozenset()
    if _backchannel(features):
        return {
            Code.BACKCHANNEL: CodedSpan(
                code=Code.BACKCHANNEL, p=0.95, words=features.words.text.strip()
            )
        }, frozenset()
    _boundaries(features, settled)
    _disclosure(features, settled)
    _risk(features, settled)
    _insisting(features, settled)
    _reflection(features, settled)
    more = set()
    if _cold(features, settled):
        more.add(Mark.COLD)
    if Mark.HOSTILE in marks:
        settled.setdefault(Code.BLAME, CodedSpan(code=Code.BLAME, p=0.7, words=""))
    return settled, frozenset(more)


def _backchannel(features: Features) -> bool:
    if not 0 < features.length <= 3 or any(sentence.asked for sentence in features.sentences):
        return False
    hits = features.hits.get("backchannel", ())
    return sum(len(features.line[hit.start : hit.end].split()) for hit in hits) >= features.length


def _boundaries(features: Features, settled: Spans) -> None:
    if not features.client_has("bait"):
        return
    declined = features.has("boundary_decline")
    agreed = standing(features, "boundary_agree")
    if agreed and not declined and Code.LIMITS_STATED not in settled:
        settled[Code.BOUNDARY_BREAK] = span(features, Code.BOUNDARY_BREAK, agreed[0], 0.8)
    elif declined and Code.BOUNDARY_BREAK not in settled and not agreed:
        hit = features.hits["boundary_decline"][0]
        settled.setdefault(Code.BOUNDARY_HOLD, span(features, Code.BOUNDARY_HOLD, hit, 0.75))


def _cold(features: Features, settled: Spans) -> bool:
    if Code.BOUNDARY_HOLD not in settled:
        return False
    if features.has("cold_tone") and features.length < 25:
        return not features.has("warmth")
    return not features.has("warmth")


def _disclosure(features: Features, settled: Spans) -> None:
    hits = standing(features, "self_personal")
    if not hits or Code.SELF_FOCUS in settled or Code.BOUNDARY_HOLD in settled:
        return
    own = [s for s in features.sentences if not {"i", "my", "me"}.isdisjoint(s.words)]
    last = features.sentences[-1]
    returns = not {"you", "your"}.isdisjoint(last.words)
    length = sum(len(s.words) for s in own)
    if len(own) <= 2 and length <= 45 and returns:
        settled[Code.SELF_DISCLOSURE] = span(features, Code.SELF_DISCLOSURE, hits[0], 0.8)
    else:
        settled[Code.SELF_FOCUS] = span(features, Code.SELF_FOCUS, hits[0], 0.75)


def _risk(features: Features, settled: Spans) -> None:
    hits = features.hits.get("minimise_risk", ())
    if hits:
        settled[Code.MINIMISE] = span(features, Code.MINIMISE, hits[0])
        settled.pop(Code.RISK_QUESTION, None)


def _insisting(features: Features, settled: Spans) -> None:
    refused = features.client_has("refusal")
    if (
        refused
        and re.search(r" (?:but|just|still|need|must|have to) ", features.line)
        and (Code.QUESTION_OPEN in settled or Code.QUESTION_CLOSED in settled)
    ):
        question = settled.get(Code.QUESTION_OPEN) or settled[Code.QUESTION_CLOSED]
        settled.setdefault(
            Code.PRESS_DETAIL, CodedSpan(code=Code.PRESS_DETAIL, p=0.6, words=question.words)
        )


def _reflection(features: Features, settled: Spans) -> None:
    for code in (Code.REFLECTION_SIMPLE, Code.REFLECTION_COMPLEX):
        found = settled.get(code)
        if found is None:
            continue
        if any(
            found.words and settled[other].words in found.words
            for other in _NOT_REFLECTION
            if other in settled
        ):
            settled[code] = CodedSpan(code=code, p=min(found.p, 0.4), words=found.words)
