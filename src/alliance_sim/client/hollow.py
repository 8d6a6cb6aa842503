"""Replies that are about no one in particular: kind words that any helper could say to anyone.

Practised phrases build no trust: what repeats itself, or fits every client, is taken kindly once.
"""

from functools import cache, lru_cache

from alliance_sim.client.memory import Memory, fold_words
from alliance_sim.client.stems import stems
from alliance_sim.coding.anyone import anyone_words
from alliance_sim.coding.features import FUNCTION_WORDS

KIND_MOVES = frozenset({"reflect_simple", "reflect_complex", "validate", "affirm"})
"""Moves that must be about this client to move them more than once."""


def unmoved_by(text: str, memory: Memory) -> frozenset[str]:
    """The moves of a reply that do nothing to the client this time.

    `memory` has the reply folded in already: its `said` are the replies before it.
    """
    if fold_words(text) in memory.said:
        return KIND_MOVES
    if hollow(text) and any(hollow(earlier) for earlier in memory.said):
        return KIND_MOVES
    return frozenset()


@lru_cache(maxsize=2048)
def hollow(text: str) -> bool:
    """Whether a reply holds words, and none that is about somebody in particular."""
    said = stems(text)
    return bool(said) and not set(said) - _anyone()


@cache
def _anyone() -> frozenset[str]:
    return frozenset(stems(" ".join(anyone_words() | FUNCTION_WORDS)))
