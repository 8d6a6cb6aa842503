"""Codes and main behaviour must agree: a reflection is coded as one, a question as one."""

from collections.abc import Mapping

from alliance_sim.coding.features import Features
from alliance_sim.coding.rules.reflections import kind
from alliance_sim.coding.rules.settled import Spans
from alliance_sim.domain.codes import ASSERTED, Code, CodedSpan, Main

_MEMBERS = {
    Main.REFLECTION: (Code.REFLECTION_SIMPLE, Code.REFLECTION_COMPLEX),
    Main.QUESTION: (Code.QUESTION_OPEN, Code.QUESTION_CLOSED, Code.RISK_QUESTION),
    Main.INPUT: (
        Code.INFORMATION, Code.ADVICE, Code.ASK_THEN_TELL, Code.PERSUADE, Code.LIMITS_STATED,
        Code.ORIENT, Code.CONFRONT, Code.MINIMISE,
    ),
}  # fmt: skip


def agree(features: Features, spans: Spans, which: Main, shares: Mapping[Main, float]) -> None:
    """Add the code that the main behaviour implies where no code of its kind is asserted."""
    if which not in _MEMBERS or _asserted(spans, _MEMBERS[which]):
        return
    code = {
        Main.REFLECTION: kind(features),
        Main.QUESTION: Code.QUESTION_CLOSED,
        Main.INPUT: Code.INFORMATION,
    }[Main(which)]
    p = round(max(ASSERTED, min(0.9, shares[which])), 2)
    words = spans[code].words if code in spans else ""
    spans[code] = CodedSpan(code=code, p=p, words=words)


def _asserted(spans: Spans, codes: tuple[Code, ...]) -> bool:
    return any(code in spans and spans[code].p >= ASSERTED for code in codes)
