"""All rules together: the codes that phrases, word order and relations give an utterance."""

from collections.abc import Iterable, Sequence

from alliance_sim.coding.features import Features
from alliance_sim.coding.rules.accusations import accusations
from alliance_sim.coding.rules.listed import listed
from alliance_sim.coding.rules.questions import questions
from alliance_sim.coding.rules.reflections import reflections
from alliance_sim.coding.rules.relations import settle
from alliance_sim.coding.rules.settled import Spans
from alliance_sim.domain.codes import Code, CodedReply, CodedSpan, Mark


def ruled(features: Features, marks: frozenset[Mark], previous: Sequence[CodedReply]) -> Spans:
    """The surest span of each code, after the relations between codes are weighed."""
    found = [
        *listed(features).values(),
        *questions(features),
        *reflections(features),
        *accusations(features),
    ]
    return settle(features, _surest(found), marks, previous)


def _surest(spans: Iterable[CodedSpan]) -> dict[Code, CodedSpan]:
    found: dict[Code, CodedSpan] = {}
    for span in spans:
        if span.code not in found or span.p > found[span.code].p:
            found[span.code] = span
    return found
