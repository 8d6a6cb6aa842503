"""Whether a reply is an earlier turn again, nearly word for word.

Two texts are nearly the same where twice the words that they share, in the same order, make up at
least `NEAR` of the words of both together (`difflib`'s ratio): one word in five may be another, or
half as many again may be added.
"""

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

NEAR = 0.8


class Earlier:
    """Turns as lists of folded words."""

    def __init__(self, turns: Iterable[Sequence[str]], *, least: int) -> None:
        """`least`: words from which a turn counts."""
        self._turns = [turn for turn in turns if len(turn) >= least]

    def again(self, said: Sequence[str]) -> bool:
        """Whether these words, as a whole, are nearly those of a turn."""
        return any(_near(turn, said) for turn in self._turns)

    def undecided(self, said: Sequence[str]) -> bool:
        """Whether words that are the beginning of a reply may come to be nearly a turn's."""
        return any(_near(turn[: len(said)], said) for turn in self._turns)


def _near(one: Sequence[str], other: Sequence[str]) -> bool:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    # The first two are upper bounds that are found sooner.
    found = (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)
    return all(ratio() >= NEAR for ratio in found)
