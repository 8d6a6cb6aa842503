"""What codes mean beside one another, and after what the client said."""

from collections.abc import Sequence

from alliance_sim.coding.features import Features
from alliance_sim.coding.rules.boundaries import boundaries
from alliance_sim.coding.rules.disclosure import disclosure
from alliance_sim.coding.rules.safety import safety
from alliance_sim.coding.rules.settled import Spans
from alliance_sim.coding.rules.telling import telling
from alliance_sim.domain.codes import Code, CodedReply, CodedSpan, Mark

_SHORTEST_TO_LONGEST = 3
_DOUBTED = 0.4
"""Probability left to a code whose words another code explains better."""

_EXPLAINED_BY = {
    Code.REFLECTION_SIMPLE: (
        Code.BLAME, Code.ADVICE, Code.PERSUADE, Code.CONFRONT, Code.EMPHASIZE_AUTONOMY,
        Code.MINIMISE, Code.STEREOTYPE, Code.BOUNDARY_BREAK, Code.PRESS_DETAIL, Code.AFFIRM,
        Code.OWN_PART, Code.GROUND, Code.SECRECY_PROMISE, Code.LIMITS_STATED,
    ),
    Code.ADVICE: (
        Code.PERSUADE, Code.MINIMISE, Code.GROUND, Code.PRESS_DETAIL, Code.OWN_PART, Code.AFFIRM,
    ),
    Code.INFORMATION: (Code.STEREOTYPE, Code.ASK_THEN_TELL),
    Code.AGREE_GOAL: (Code.STEREOTYPE,),
    Code.CULTURE_ASK: (Code.STEREOTYPE,),
    Code.SELF_DISCLOSURE: (Code.SELF_FOCUS,),
    Code.BOUNDARY_BREAK: (Code.ASK_THEN_TELL,),
    Code.SEEK_COLLABORATION: (Code.ASK_THEN_TELL,),
}  # fmt: skip
_EXPLAINED_BY[Code.REFLECTION_COMPLEX] = _EXPLAINED_BY[Code.REFLECTION_SIMPLE]


def settle(
    features: Features, spans: Spans, marks: frozenset[Mark], previous: Sequence[CodedReply]
) -> Spans:
    """Codes after the relations between them are weighed."""
    if Mark.NONSENSE in marks or Mark.NOT_ENGLISH in marks:
        return {}
    settled = dict(spans)
    for weigh in (boundaries, disclosure, telling, safety):
        weigh(features, settled, marks, previous)
    _explain(settled)
    if _backchannel(features) and Code.BOUNDARY_BREAK not in settled:
        return _only_backchannel(features, settled)
    if Mark.HOSTILE in marks:
        settled.setdefault(Code.BLAME, CodedSpan(code=Code.BLAME, p=0.7, words=""))
    return settled


def _only_backchannel(features: Features, settled: Spans) -> Spans:
    kept = {Code.BOUNDARY_HOLD, Code.SECRECY_PROMISE} & settled.keys()
    if kept:
        return {code: settled[code] for code in kept}
    words = features.words.verbatim(features.sentences[0].start + 1, features.sentences[-1].end)
    return {Code.BACKCHANNEL: CodedSpan(code=Code.BACKCHANNEL, p=0.95, words=words)}


def _backchannel(features: Features) -> bool:
    """At most three words, all of the list, nothing asked."""
    if not 0 < features.length <= _SHORTEST_TO_LONGEST:
        return False
    if any(sentence.asked for sentence in features.sentences):
        return False
    hits = features.hits.get("backchannel", ())
    covered = {
        position for hit in hits for position in range(hit.start, hit.end) if position is not None
    }
    words = (
        len(features.line)
        - features.line.count(" ")
        - sum(features.line.count(mark) for mark in ".?")
    )
    spaces = sum(features.line[position] == " " for position in covered)
    return len(covered) - spaces >= words


def _explain(settled: Spans) -> None:
    """Lower a code whose words hold, or lie within, those of a code that explains them."""
    for code, others in _EXPLAINED_BY.items():
        found = settled.get(code)
        if found is None or not found.words:
            continue
        if any(_same_words(found, settled[other]) for other in others if other in settled):
            p = min(found.p, _DOUBTED)
            settled[code] = CodedSpan(code=code, p=p, words=found.words)


def _same_words(one: CodedSpan, other: CodedSpan) -> bool:
    return other.p >= one.p - 0.2 and (other.words in one.words or one.words in other.words)
