"""Phrases by the words they cannot do without: of thousands, the few that a text may hold."""

from collections.abc import Iterable, Iterator, Set
from functools import cached_property, reduce
from operator import or_


class Needed:
    """What each of a row of phrases needs. All are looked up at once, one bit each."""

    def __init__(self, needs: Iterable[tuple[Iterable[str], Iterable[str]]]) -> None:
        """`needs`: of each phrase the keys one of which a text must hold, twice; none: nothing is
        known.
        """
        self._needs = [(frozenset(first), frozenset(second)) for first, second in needs]

    def places(self, keys: Set[str]) -> Iterator[int]:
        """The places of the phrases that a text with these keys may hold, in order."""
        bits_of, known, none = self._index
        found = reduce(or_, map(bits_of.__getitem__, known.intersection(keys)), none)
        left = found & (found >> len(self._needs)) & ((1 << len(self._needs)) - 1)
        while left:
            lowest = left & -left
            yield lowest.bit_length() - 1
            left ^= lowest

    @cached_property
    def _index(self) -> tuple[dict[str, int], frozenset[str], int]:
        """By key, the phrases that need it first, and (higher up) those that need it second; all
        the keys; the phrases that need none.
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
