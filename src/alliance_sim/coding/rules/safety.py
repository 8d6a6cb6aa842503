"""Risk and detail, as the conversation makes them: follow-ups, leading questions, insisting."""

import re
from collections.abc import Sequence

from alliance_sim.coding.features import Features
from alliance_sim.coding.rules.listed import span, standing
from alliance_sim.coding.rules.settled import Spans
from alliance_sim.domain.codes import Code, CodedReply, CodedSpan, Mark

_INSISTS = re.compile(
    r"^\W*(?:but|just|come on|please|why not|well)\b"
    r"| (?:i (?:still )?need|(?:have|need) to (?:tell|know|hear|say)|must (?:tell|know|say)) "
)
_QUESTIONS = (Code.QUESTION_OPEN, Code.QUESTION_CLOSED)


def safety(
    features: Features, spans: Spans, marks: frozenset[Mark], previous: Sequence[CodedReply]
) -> None:
    """Weigh questions about risk and about detail by what was said before."""
    _risk(features, spans, previous)
    if Mark.OWN_RISK in marks:
        spans.pop(Code.RISK_QUESTION, None)
    _insisting(features, spans)


def _risk(features: Features, spans: Spans, previous: Sequence[CodedReply]) -> None:
    leading = features.hits.get("minimise_risk", ())
    if leading:
        spans[Code.MINIMISE] = span(features, Code.MINIMISE, leading[0])
        return
    asked_before = bool(previous) and Code.RISK_QUESTION in previous[-1].asserted()
    if not (asked_before or features.client_has("risk_cue") or Code.RISK_QUESTION in spans):
        return
    follow_ups = standing(features, "risk_follow_up")
    if follow_ups and not spans.keys().isdisjoint(_QUESTIONS):
        spans.setdefault(Code.RISK_QUESTION, span(features, Code.RISK_QUESTION, follow_ups[0]))


def _insisting(features: Features, spans: Spans) -> None:
    """Asking on after the client said no."""
    if not features.client_has("refusal") or not _INSISTS.search(features.line):
        return
    for code in _QUESTIONS:
        if code in spans and Code.EMPHASIZE_AUTONOMY not in spans:
            words = spans[code].words
            spans.setdefault(
                Code.PRESS_DETAIL, CodedSpan(code=Code.PRESS_DETAIL, p=0.65, words=words)
            )
