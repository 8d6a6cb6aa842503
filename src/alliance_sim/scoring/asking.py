"""One question of a reply: whether it asks about the experience, or about the facts around it."""

import re
from enum import StrEnum
from functools import cache, lru_cache

from alliance_sim.scoring.words import Phrases, phrases_of, plain, replies

_INTRO = r"^(?:(?:so|and|but|well|okay|or|then|um|hmm|now|oh|right)\s+)*"
_WORD_ORDER = re.compile(
    _INTRO
    + r"(?:what|why|when|where|who|which|how|do|does|did|are|is|was|were|have|has|had|can|could|"
    r"will|would|should|shall|may|am|isn't|aren't|don't|didn't|doesn't|haven't|won't|wouldn't)\b"
)
_STATED = re.compile(
    _INTRO + r"(?:when (?!do|did|does|is|was|are|were|will|would)|"
    r"what (?:you|he|she|they|i|we|it|the|your|that)\b|"
    r"how (?:you|he|she|they|much you|hard|long you)\b)"
)
_INVITES = re.compile(
    r"^(?:and |so |please )?(?:tell me|say (?:a|more|some)|help me|walk me|talk me|take me through)"
)
_WONDERS = re.compile(
    _INTRO
    + r"(?:i wonder|i'm wondering|i'm curious|i am curious|i'd (?:like|love) to (?:hear|know|"
    r"understand)|i want to (?:hear|know|understand)|can i ask|may i ask)\b"
)
_YES_NO = re.compile(
    _INTRO + r"(?:do|does|did|are|is|was|were|have|has|had|can|could|will|would|should|shall|may)\b"
)


class Asks(StrEnum):
    """What a question is after."""

    EXPERIENCE = "experience"
    """What it is like, means or costs; or open, and about something in particular."""
    OPEN = "open"
    """Open, and might be put to anyone."""
    FACT = "fact"
    """A count, a name, a yes or no."""


@cache
def _phrases() -> Phrases:
    return phrases_of("asking")


@lru_cache(maxsize=4096)
def opens_as_question(sentence: str) -> bool:
    """Whether a sentence has the word order of a question from its start."""
    return _WORD_ORDER.match(plain(sentence)) is not None


@lru_cache(maxsize=4096)
def asks(sentence: str) -> bool:
    """Whether a sentence asks or invites; captions carry no question mark."""
    words = plain(sentence)
    if sentence.rstrip("\"')").endswith("?"):
        return _WORD_ORDER.match(words) is not None or _phrases().has("open", sentence)
    if _INVITES.match(words) or _WONDERS.match(words):
        return True
    if sentence.rstrip("\"')").endswith((".", "!")) and _STATED.match(words):
        return False
    return _WORD_ORDER.match(words) is not None and len(words.split()) >= 4


def aim(sentence: str, particular: bool) -> Asks:
    """What a question is after. `particular`: it takes up the client's words, or has enough of its
    own to be about something.
    """
    if replies().has("explore", sentence):
        return Asks.EXPERIENCE if particular else Asks.OPEN
    words = plain(sentence)
    if _phrases().has("fact", sentence):
        return Asks.FACT
    if _phrases().has("bare", sentence):
        return Asks.OPEN if words.split()[0] != "why" else Asks.FACT
    if _YES_NO.match(words) or not _phrases().has("open", sentence):
        return Asks.FACT
    return Asks.EXPERIENCE if particular else Asks.OPEN
