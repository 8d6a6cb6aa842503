"""Dimensions of a supportive conversation on which people rate it, from the codes of its replies.

They are the dimensions of experts' ratings (Kumar and others 2025). Each is a mean over the
replies, so that length earns nothing; the codes' probabilities enter as they are.
"""

from collections.abc import Callable, Mapping, Sequence
from statistics import fmean

from alliance_sim.domain.codes import Code, CodedReply

STRONG = 2
"""The highest level of a mechanism of empathy."""


def dimensions(replies: Sequence[CodedReply]) -> dict[str, float | None]:
    """Each 0–1 by name; None without replies.

    `validating`: the feeling is named as fair, reacted to and made sense of, each a third: the code
    alone also has stock phrases. `elaborating`: the client is asked to
    say more. `advising`: advice, with or without leave. `self_oriented`: the therapist speaks of
    themselves. `passing_over`: no reaction to the feeling and no interest in it, or it is
    minimised. `reacting`, `interpreting`, `exploring`: EPITOME's mechanisms as shares of their
    highest level.
    """
    return {
        name: fmean(measure(reply) for reply in replies) if replies else None
        for name, measure in _MEASURES.items()
    }


def _surest(reply: CodedReply, *codes: Code) -> float:
    return max((span.p for span in reply.codes if span.code in codes), default=0.0)


def _validating(reply: CodedReply) -> float:
    levels = reply.empathy
    reacted, made_sense = levels.emotional_reaction / STRONG, levels.interpretation / STRONG
    return fmean((_surest(reply, Code.VALIDATE), reacted, made_sense))


def _elaborating(reply: CodedReply) -> float:
    return max(_surest(reply, Code.QUESTION_OPEN), reply.empathy.exploration / STRONG)


def _advising(reply: CodedReply) -> float:
    return _surest(reply, Code.ADVICE, Code.PERSUADE, Code.ASK_THEN_TELL)


def _self_oriented(reply: CodedReply) -> float:
    return _surest(reply, Code.SELF_DISCLOSURE, Code.SELF_FOCUS)


def _passing_over(reply: CodedReply) -> float:
    levels = reply.empathy
    if not levels.emotional_reaction and not levels.exploration:
        return 1.0
    return _surest(reply, Code.MINIMISE, Code.CONFRONT, Code.BLAME)


_MEASURES: Mapping[str, Callable[[CodedReply], float]] = {
    "validating": _validating,
    "elaborating": _elaborating,
    "advising": _advising,
    "self_oriented": _self_oriented,
    "passing_over": _passing_over,
    "reacting": lambda reply: reply.empathy.emotional_reaction / STRONG,
    "interpreting": lambda reply: reply.empathy.interpretation / STRONG,
    "exploring": lambda reply: reply.empathy.exploration / STRONG,
}
