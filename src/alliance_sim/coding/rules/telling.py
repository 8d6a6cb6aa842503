"""Telling with and without leave: answers to a request, and menus that end in a question."""

from collections.abc import Sequence

from alliance_sim.coding.features import Features
from alliance_sim.coding.rules.listed import span
from alliance_sim.coding.rules.settled import Spans
from alliance_sim.domain.codes import Code, CodedReply, CodedSpan, Mark

_QUESTIONS = frozenset((Code.QUESTION_OPEN, Code.QUESTION_CLOSED, Code.SEEK_COLLABORATION))


def telling(
    features: Features, spans: Spans, _marks: frozenset[Mark], _previous: Sequence[CodedReply]
) -> None:
    """Advice that the client asked for is information; a menu with a question asks first."""
    menu = features.hits.get("menu", ())
    if menu and Code.ADVICE not in spans and not _QUESTIONS.isdisjoint(spans):
        asked = [
            s for s in features.sentences if s.asked or not {"you", "your"}.isdisjoint(s.words)
        ]
        if asked and asked[-1].start > menu[0].start:
            spans.setdefault(Code.ASK_THEN_TELL, span(features, Code.ASK_THEN_TELL, menu[0], 0.7))
    if features.client_has("advice_request") and Code.ADVICE in spans:
        given = spans.pop(Code.ADVICE)
        spans[Code.INFORMATION] = CodedSpan(code=Code.INFORMATION, p=given.p, words=given.words)
