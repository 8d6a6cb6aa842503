"""Replies that are about no one in particular: statements that any helper could make to anyone.

Practised phrases build no alliance. The first is taken kindly; after that they say nothing back.
"""

from functools import cache, lru_cache

from alliance_sim.coding.anyone import anyone_words
from alliance_sim.scoring.asking import asks
from alliance_sim.scoring.words import content, sentences, stem, tokens

FEWEST = 3
"""Words from which a statement says something; below it is a murmur ("Okay.")."""


@lru_cache(maxsize=4096)
def fits_anyone(text: str) -> bool:
    """Whether a text makes statements, and none of them is about somebody in particular. Questions
    are left out: the plainest of them may be the best.
    """
    stated = [part for part in sentences(text) if not _is_question(part)]
    return any(map(hollow, stated)) and all(map(_says_nothing_else, stated))


@lru_cache(maxsize=4096)
def hollow(statement: str) -> bool:
    """Whether one statement holds words, and none that is about somebody in particular."""
    return len(tokens(statement)) >= FEWEST and not content(statement) - _anyone()


def _says_nothing_else(statement: str) -> bool:
    return not content(statement) - _anyone()


def _is_question(sentence: str) -> bool:
    return sentence.rstrip("\"')").endswith("?") or asks(sentence)


@cache
def _anyone() -> frozenset[str]:
    return frozenset(map(stem, anyone_words()))
