"""Dimensions of a supportive conversation on which people rate it, from the codes of its replies.

They are the dimensions of experts' ratings (Kumar and others 2025). Each is a mean over the
replies, so that length earns nothing; the codes' probabilities enter as they are. How much the
therapist speaks of themselves is a share of the words: one aside is little, a tale is much.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from statistics import fmean

from alliance_sim.coding.coder import surest
from alliance_sim.domain.codes import Code, CodedReply
from alliance_sim.scoring.exchange import Exchange
from alliance_sim.scoring.words import plain, sentences

SELF_ORIENTED = "self_oriented"

STRONG = 2
"""The highest level of a mechanism of empathy."""


_FIRST_PERSON = re.compile(r"\b(?:i|i'm|i've|i'd|i'll|me|my|mine|myself|we|we're|we've|us|our)\b")
"""Without one of these a sentence tells nothing of who says it."""


def dimensions(replies: Sequence[Exchange]) -> dict[str, float | None]:
    """Each 0–1 by name; None without replies.

    `validating`: the feeling is named as fair, reacted to and made sense of, each a third: the code
    alone also has stock phrases. `elaborating`: the client is asked to
    say more. `advising`: advice, with or without leave. `self_oriented`: share of the words in
    which the therapist speaks of themselves. `passing_over`: no reaction to the feeling and no
    interest in it, or it is
    minimised. `reacting`, `interpreting`, `exploring`: EPITOME's mechanisms as shares of their
    highest level.
    """
    if not replies:
        return dict.fromkeys([*_MEASURES, SELF_ORIENTED])
    means: dict[str, float | None] = {
        name: fmean(measure(reply.coded) for reply in replies)
        for name, measure in _MEASURES.items()
    }
    return means | {SELF_ORIENTED: _self_oriented(replies)}


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


def _self_oriented(replies: Sequence[Exchange]) -> float:
    """Sentence by sentence, for a tale of one's own is lost in the code of a long reply."""
    words = sum(len(reply.text.split()) for reply in replies)
    own = sum(
        len(sentence.split()) * _of_self(sentence, reply.before)
        for reply in replies
        for sentence in sentences(reply.text)
    )
    return own / words if words else 0.0


@lru_cache(maxsize=1024)
def _of_self(sentence: str, before: str) -> float:
    if not _FIRST_PERSON.search(plain(sentence)):
        return 0.0
    return surest(sentence, before, (Code.SELF_DISCLOSURE, Code.SELF_FOCUS))


def _passing_over(reply: CodedReply) -> float:
    levels = reply.empathy
    if not levels.emotional_reaction and not levels.exploration:
        return 1.0
    return _surest(reply, Code.MINIMISE, Code.CONFRONT, Code.BLAME)


_MEASURES: Mapping[str, Callable[[CodedReply], float]] = {
    "validating": _validating,
    "elaborating": _elaborating,
    "advising": _advising,
    "passing_over": _passing_over,
    "reacting": lambda reply: reply.empathy.emotional_reaction / STRONG,
    "interpreting": lambda reply: reply.empathy.interpretation / STRONG,
    "exploring": lambda reply: reply.empathy.exploration / STRONG,
}
