"""Phrases by the words they cannot do without: of thousands, the few that a text may hold."""

from collections.abc import Iterable, Iterator, Sequence, Set
from functools import cached_property, reduce
from operator import or_

MOST = 3
"""Sets of keys of a phrase that are looked at."""


class Needed:
    """What each of a row of phrases needs. All are looked up at once, one bit each."""

    def __init__(self, needs: Iterable[Sequence[Set[str]]]) -> None:
        """`needs`: of each phrase the sets of keys of each of which a text must hold one."""
        self._needs: tuple[Sequence[Set[str]], ...] = tuple(needs)
        self._count = len(self._needs)

    def bits(self, keys: Iterable[str]) -> int:
        """The phrases that a text with these keys may hold: a bit at the place of each."""
        bits_of, known, none = self._index
        found = reduce(or_, map(bits_of.__getitem__, known.intersection(keys)), none)
        left = (1 << self._count) - 1
        for turn in range(MOST):
            left &= found >> (turn * self._count)
        return left

    def places(self, keys: Set[str]) -> Iterator[int]:
        """The places of the phrases that a text with these keys may hold, in order."""
        return places(self.bits(keys))

    @cached_property
    def _index(self) -> tuple[dict[str, int], frozenset[str], int]:
        """By key, the phrases that need it first, and (higher up) second and so on; all the keys;
        the phrases that need none first, second and so on.
        """
        bits: dict[str, int] = {}
        none = 0
        for place, needs in enumerate(self._needs):
            for turn in range(MOST):
                bit = 1 << (place + turn * self._count)
                keys = needs[turn] if turn < len(needs) else ()
                none |= 0 if keys else bit
                for key in keys:
                    bits[key] = bits.get(key, 0) | bit
        # Tens of thousands of small sets: every pass of the garbage collector would look at them.
        self._needs = ()
        return bits, frozenset(bits), none


def places(bits: int) -> Iterator[int]:
    """Where the bits are that are set, from the lowest."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
