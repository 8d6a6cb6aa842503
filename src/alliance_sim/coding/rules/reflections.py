"""Reflections: the client's meaning said back, alone or with meaning added."""

import re

from alliance_sim.coding.features import Features, Sentence
from alliance_sim.coding.rules.listed import standing
from alliance_sim.domain.codes import Code, CodedSpan

_OWN_WORDS = 0.3
"""Share of the client's content words up to which a reflection is in own words."""
_LONG_TURN = 25
"""Words of the client from which saying the gist is more than saying it again."""
_NOT_SAID_BACK = frozenset("i what how we do are can let thank thanks please if my".split())
_CLIENT = frozenset(("you", "your", "yours"))
_TRAINEE = frozenset(("i", "we", "us", "me", "my"))
_YOU_VERB = re.compile(
    r"you (?:(?:really|also|just|still|kind of|sort of|actually|have|were|are|had|do|did) )?"
    r"(?!know |can |could |should |might |must |mentioned |guys )[a-z']+"
)


def reflections(features: Features) -> list[CodedSpan]:
    """At most one span each of the two kinds; the likelier kind is the surer."""
    best: tuple[float, int, int] = (0.0, 0, 0)
    for hit in standing(features, "reflection_stem"):
        best = max(best, (hit.p, hit.start, features.sentence_at(hit.start).end))
    for sentence in features.sentences:
        best = max(best, (_said_back(features, sentence), sentence.start + 1, sentence.end))
    p, start, end = best
    if p < 0.3:
        return []
    words = features.words.verbatim(start, end)
    return [CodedSpan(code=kind(features), p=p, words=words)]


def kind(features: Features) -> Code:
    """Simple, or complex where meaning is added."""
    return Code.REFLECTION_COMPLEX if _adds(features) else Code.REFLECTION_SIMPLE


def _said_back(features: Features, sentence: Sentence) -> float:
    """How likely a sentence says back what the client said, by form and by shared words."""
    words = sentence.bare()
    if len(words) < 2:
        return 0.0
    about = words[0] == "your" or bool(_YOU_VERB.match(" ".join(words[:5]) + " "))
    if features.client is None:
        return 0.6 if about and words[0] == "you" and len(words) > 3 else 0.0
    if about:
        return 0.72 + 0.15 * features.overlap
    if words[0] in _NOT_SAID_BACK or sentence.asked:
        return 0.0
    if features.overlap >= 0.5:
        return 0.6
    return 0.45 if not _CLIENT.isdisjoint(words) and _TRAINEE.isdisjoint(words) else 0.0


def _adds(features: Features) -> bool:
    """Whether meaning is added: a phrase that does, a new feeling, much in few words."""
    if features.has("meaning") or features.emotions - _client_emotions(features):
        return True
    client = features.client
    if client is None or features.length < 8 or features.overlap > _OWN_WORDS:
        return False
    return client.length > _LONG_TURN or (features.has("reflection_stem") and features.length > 9)


def _client_emotions(features: Features) -> frozenset[str]:
    return features.client.emotions if features.client else frozenset()
