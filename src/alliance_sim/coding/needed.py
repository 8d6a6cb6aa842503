"""Phrases by the words they cannot do without: of thousands, the few that a text may hold."""

from collections.abc import Iterable, Iterator, Sequence, Set
from functools import cached_property, reduce
from operator import or_

MOST = 3
"""Sets of keys of a phrase that are looked at."""

_NONE: frozenset[str] = frozenset()


class Needed:
    """What each of a row of phrases needs. All are looked up at once, one bit each."""

    def __init__(self, needs: Iterable[Sequence[Set[str]]]) -> None:
        """`needs`: of each phrase the sets of keys of each of which a text must hold one."""
        self._needs = [[*needed[:MOST], *[_NONE] * (MOST - len(needed))] for needed in needs]

    def places(self, keys: Set[str]) -> Iterator[int]:
        """The places of the phrases that a text with these keys may hold, in order."""
        bits_of, known, none = self._index
        found = reduce(or_, map(bits_of.__getitem__, known.intersection(keys)), none)
        left = (1 << len(self._needs)) - 1
        for turn in range(MOST):
            left &= found >> (turn * len(self._needs))
        while left:
            lowest = left & -left
            yield lowest.bit_length() - 1
            left ^= lowest

    @cached_property
    def _index(self) -> tuple[dict[str, int], frozenset[str], int]:
        """By key, the phrases that need it first, and (higher up) second and so on; all the keys;
        the phrases that need none first, second and so on.
        """
        bits: dict[str, int] = {}
        none = 0
        for place, needs in enumerate(self._needs):
            for turn, keys in enumerate(needs):
                bit = 1 << (place + turn * len(self._needs))
                none |= 0 if keys else bit
                for key in keys:
                    bits[key] = bits.get(key, 0) | bit
        return bits, frozenset(bits), none
