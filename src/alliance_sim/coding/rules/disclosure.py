"""The trainee's own life: a short disclosure that serves the client, or the stage taken."""

from collections.abc import Sequence

from alliance_sim.coding.features import Features
from alliance_sim.coding.rules.listed import span, standing
from alliance_sim.coding.rules.settled import Spans
from alliance_sim.domain.codes import Code, CodedReply, Mark

MOST_SENTENCES = 2
"""Sentences about oneself that a purposeful disclosure takes at most (domain rubric B)."""
MOST_WORDS = 45

_OWN = frozenset(("i", "my", "me", "myself"))
_CLIENT = frozenset(("you", "your", "yours"))


def disclosure(
    features: Features, spans: Spans, _marks: frozenset[Mark], _previous: Sequence[CodedReply]
) -> None:
    """Tell self-disclosure from self-focus by length and by whom the last sentence is about."""
    hits = standing(features, "self_personal")
    if not hits or not spans.keys().isdisjoint(
        {Code.SELF_FOCUS, Code.BOUNDARY_HOLD, Code.OWN_PART}
    ):
        return
    own = [sentence for sentence in features.sentences if not _OWN.isdisjoint(sentence.words)]
    brief = len(own) <= MOST_SENTENCES and sum(len(s.words) for s in own) <= MOST_WORDS
    returns = not _CLIENT.isdisjoint(features.sentences[-1].words)
    if brief and returns:
        spans[Code.SELF_DISCLOSURE] = span(features, Code.SELF_DISCLOSURE, hits[0], 0.8)
    else:
        spans[Code.SELF_FOCUS] = span(features, Code.SELF_FOCUS, hits[0], 0.75)
