"""Marks: what the engine must notice that is not a therapist behaviour."""

import re
from functools import cache, lru_cache

from alliance_sim.coding.features import FUNCTION_WORDS, Features
from alliance_sim.coding.lexicon import lexicon
from alliance_sim.coding.rules.listed import standing
from alliance_sim.domain.codes import Mark

_BY_PHRASE = (
    Mark.GREETING, Mark.CLOSING, Mark.HANDOVER, Mark.TIME_FLAG, Mark.APOLOGY, Mark.OWN_RISK,
    Mark.HOSTILE, Mark.STOCK,
)  # fmt: skip

_CODE = re.compile(
    r"[{\[]\s{0,20}\"[^\"\n]{1,60}\"\s{0,20}[:,\]]|</?[a-zA-Z]{1,20}[ >]|"
    r"\b(?:def|function) \w{1,40}\(|"
    r"^[ \t]{0,20}(?:import|from) \w{1,40}(?: import|$)|\bSELECT\s\S{1,60}\sFROM\b|=>|"
    r"\b\w{1,30}\([\"']|\w\(\)[ \t]{0,9}[;{:]|^[ \t]{0,20}(?:SYSTEM|ASSISTANT|USER) ?:|```",
    re.MULTILINE,
)
_MAY_BE_CODE = re.compile(r"[{\[<(=:`]|import|from|SELECT")
"""Without any of this nothing is code."""
_MASHED = re.compile(
    r"([^\W\d_])\1{4,}|[bcdfghjklmnpqrstvwxz]{6,}|(\w{2,3})\2{3,}|"
    r"asdf|sdfg|dfgh|fghj|ghjk|hjkl|jklq|qwer|wert|zxcv|xcvb"
)
_DRAWN_OUT = re.compile(
    r"(?:h+m+|m+h*m*|n+o+|y+e+s+|y+e+a+h*|s+o+|o+h+|a+w+|w+o+w+|a+h+|u+m*|e+r*m*|o+k+a*y*|"
    r"r+e+a+l+y+|p+l+e+a+s+e+|w+h+a+t+|h+e+y+|h+i+|s+h+|a+r+g+h+|g+r+|l+o+n+g+|v+e+r+y+|w+e+l+|"
    r"(?:h+a+)+h*)"
)
_SYMBOLS = re.compile(r"[!?#$%^&*@=+<>\\/|~_-]")
KNOWN_LEAST = 4
"""Words from which an utterance without a single known English word says nothing."""

_BEYOND_LATIN = "\u024f"


def marks(features: Features) -> frozenset[Mark]:
    """Every mark of the utterance but those that depend on its codes."""
    found = {mark for mark in _BY_PHRASE if mark in features.hits and standing(features, mark)}
    if _foreign(features):
        found.add(Mark.NOT_ENGLISH)
    elif features.has("machine"):
        found |= {Mark.NONSENSE, Mark.MACHINE}
    elif _nonsense(features):
        found.add(Mark.NONSENSE)
    return frozenset(found)


def _nonsense(features: Features) -> bool:
    text = features.words.text
    if _MAY_BE_CODE.search(text) and _CODE.search(text):
        return True
    words = [word for sentence in features.sentences for word in sentence.words]
    if not any(word.isalpha() for word in words):
        return sum(map(str.isdigit, text)) >= 5 or len(_SYMBOLS.findall(text)) >= 4
    mashed = sum(map(_mashed, words))
    if mashed * 2 >= len(words):
        return True
    return len(words) >= KNOWN_LEAST and _known().isdisjoint(words)


@lru_cache(maxsize=16_384)
def _mashed(word: str) -> bool:
    return _MASHED.search(word) is not None and _DRAWN_OUT.fullmatch(word) is None


@cache
def _known() -> frozenset[str]:
    return FUNCTION_WORDS | lexicon().known


def _foreign(features: Features) -> bool:
    text, lists = features.words.text, lexicon().lists
    if text.isascii() and features.vocabulary.isdisjoint(lists["foreign"]):
        return False
    words = [word for sentence in features.sentences for word in sentence.words]
    letters = [letter for letter in text if letter.isalpha()]
    beyond = sum(letter > _BEYOND_LATIN for letter in letters)
    if beyond * 2 > len(letters):
        return True
    if len(words) < 3:
        return False
    foreign = sum(word in lists["foreign"] or _accented(word, lists["loaned"]) for word in words)
    english = sum(word in lists["english"] and word not in lists["foreign"] for word in words)
    return foreign >= 2 and foreign > english and foreign * 5 >= len(words)


def _accented(word: str, loaned: frozenset[str]) -> bool:
    return not word.isascii() and word not in loaned
