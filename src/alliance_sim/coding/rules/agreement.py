"""Codes and main behaviour must agree: a reflection is coded as one, a question as one."""

from collections.abc import Mapping

from alliance_sim.coding.features import Features
from alliance_sim.coding.rules.reflections import kind
from alliance_sim.coding.rules.settled import Spans
from alliance_sim.domain.codes import ASSERTED, Code, CodedSpan, Main

_MEMBERS = {
    Main.REFLECTION: {Code.REFLECTION_SIMPLE, Code.REFLECTION_COMPLEX},
    Main.QUESTION: {Code.QUESTION_OPEN, Code.QUESTION_CLOSED, Code.RISK_QUESTION},
    Main.INPUT: {
        Code.INFORMATION, Code.ADVICE, Code.ASK_THEN_TELL, Code.PERSUADE, Code.LIMITS_STATED,
        Code.ORIENT, Code.CONFRONT,
    },
}  # fmt: skip


_NOT_TOLD = {
    Code.VALIDATE, Code.AFFIRM, Code.BLAME, Code.GROUND, Code.OWN_PART, Code.IMMEDIACY,
    Code.SECRECY_PROMISE, Code.BOUNDARY_BREAK, Code.BOUNDARY_HOLD, Code.MINIMISE, Code.STEREOTYPE,
    Code.SELF_FOCUS, Code.EMPHASIZE_AUTONOMY, Code.SELF_DISCLOSURE,
}  # fmt: skip
BRIEF = 16
"""Words up to which a reply does one thing; what another code names is then not information."""


def agree(
    features: Features, spans: Spans, which: Main, shares: Mapping[Main, float]
) -> tuple[Main, Spans]:
    """The main behaviour and the codes, made to agree.

    Where no code of the behaviour's kind is asserted, the one it implies is added; a brief reply
    that another code names (a validation, say) is not information and counts as other.
    """
    asserted = {code for code, span in spans.items() if span.p >= ASSERTED}
    if which not in _MEMBERS or asserted & _MEMBERS[which]:
        return which, spans
    if which is Main.INPUT and asserted & _NOT_TOLD and features.length <= BRIEF:
        return Main.OTHER, spans
    code = {
        Main.REFLECTION: kind(features),
        Main.QUESTION: Code.QUESTION_CLOSED,
        Main.INPUT: Code.INFORMATION,
    }[which]
    p = round(max(ASSERTED, min(0.9, shares[which])), 2)
    words = spans[code].words if code in spans else ""
    return which, {**spans, code: CodedSpan(code=code, p=p, words=words)}
