"""Codes and marks that a phrase of the lexicon gives away by itself."""

from alliance_sim.coding.features import Features
from alliance_sim.coding.lexicon import Hit
from alliance_sim.coding.rules.guards import dropped
from alliance_sim.domain.codes import Code, CodedSpan

BY_PHRASE = (
    Code.AFFIRM, Code.VALIDATE, Code.SEEK_COLLABORATION, Code.EMPHASIZE_AUTONOMY,
    Code.AGREE_GOAL, Code.ORIENT, Code.LIMITS_STATED, Code.INFORMATION, Code.ASK_THEN_TELL,
    Code.ADVICE, Code.PERSUADE, Code.CONFRONT, Code.MINIMISE, Code.PRESS_DETAIL, Code.STEREOTYPE,
    Code.SELF_FOCUS, Code.BOUNDARY_HOLD, Code.BOUNDARY_BREAK, Code.OWN_PART, Code.IMMEDIACY,
    Code.GROUND, Code.CULTURE_ASK, Code.RISK_QUESTION, Code.SECRECY_PROMISE, Code.BLAME,
)  # fmt: skip


def standing(features: Features, label: str) -> list[Hit]:
    """Hits of a label that no guard drops."""
    return [hit for hit in features.hits.get(label, ()) if not dropped(features, hit)]


def span(features: Features, code: Code, hit: Hit, p: float | None = None) -> CodedSpan:
    """A hit as a span of a code, its words verbatim."""
    words = features.words.verbatim(hit.start, hit.end)
    return CodedSpan(code=code, p=hit.p if p is None else p, words=words)


def listed(features: Features) -> dict[Code, CodedSpan]:
    """The surest span of each code that phrases give away."""
    found: dict[Code, CodedSpan] = {}
    for code in BY_PHRASE:
        hits = standing(features, code) if code in features.hits else []
        if hits:
            found[code] = span(features, code, max(hits, key=lambda hit: hit.p))
    return found
