"""Boundaries after a bait: the same words agree to it, hold against it, or mean nothing."""

from collections.abc import Sequence

from alliance_sim.coding.features import Features
from alliance_sim.coding.lexicon import Hit
from alliance_sim.coding.rules.listed import span, standing
from alliance_sim.coding.rules.settled import Spans
from alliance_sim.domain.codes import Code, CodedReply, Mark

_HEARING = frozenset(("yeah", "yes", "yep", "okay", "all right", "sure", "fine", "of course"))
"""Said as readily to show that one listens."""

_BARE = 2
"""Words of a reply that may say no more than that."""

BRIEF = 6
"""Words up to which agreeing is all that a reply does."""


def boundaries(
    features: Features, spans: Spans, _marks: frozenset[Mark], _previous: Sequence[CodedReply]
) -> None:
    """Read a reply to a bait: agreement breaks the boundary, refusal holds it."""
    if features.client_has("secrecy_bait"):
        _secrecy(features, spans)
    elif features.client_has("bait"):
        _bait(features, spans)


def cold(features: Features, spans: Spans) -> bool:
    """A boundary held without warmth, reason or alternative."""
    return Code.BOUNDARY_HOLD in spans and not features.has("warmth")


def _bait(features: Features, spans: Spans) -> None:
    declined = standing(features, "boundary_decline")
    agreed = features.hits.get("boundary_agree", ())
    commits = features.hits.get("boundary_commit", ())
    if declined and Code.BOUNDARY_BREAK not in spans:
        spans.setdefault(Code.BOUNDARY_HOLD, span(features, Code.BOUNDARY_HOLD, declined[0], 0.75))
    elif not declined and Code.BOUNDARY_HOLD not in spans:
        asks = any(sentence.asked for sentence in features.sentences)
        if commits:
            spans.setdefault(
                Code.BOUNDARY_BREAK, span(features, Code.BOUNDARY_BREAK, commits[0], 0.8)
            )
        elif agreed and features.length <= BRIEF and not asks and _granted(features, agreed):
            spans.setdefault(
                Code.BOUNDARY_BREAK, span(features, Code.BOUNDARY_BREAK, agreed[0], 0.8)
            )


def _granted(features: Features, agreed: Sequence[Hit]) -> bool:
    """Whether agreeing grants anything: a bare "yeah" does only where the client asked."""
    if features.length > _BARE:
        return True
    if features.client is not None and any(s.asked for s in features.client.sentences):
        return True
    return any(features.line[hit.start : hit.end].strip() not in _HEARING for hit in agreed)


def _secrecy(features: Features, spans: Spans) -> None:
    agreed = features.hits.get("secrecy_agree", ())
    open_ended = Code.LIMITS_STATED in spans or features.has("exceptions")
    if not agreed or open_ended or features.length > 2 * BRIEF:
        return
    if features.has("secrecy_promise") or not standing(features, "boundary_decline"):
        hit = agreed[0]
        spans.setdefault(Code.SECRECY_PROMISE, span(features, Code.SECRECY_PROMISE, hit, 0.8))
