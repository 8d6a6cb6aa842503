"""Lists of patterns, each tried only on texts that hold the words it cannot be found without."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from alliance_sim.scoring.needs import Choice, Keys, choices, held

TEXTS = 4096
"""Texts of which it is remembered what was found in them."""


class _Spotted(NamedTuple):
    """What is known of one text."""

    text: str
    held: Keys
    likely: dict[str, list[int] | bool]
    """By category the places of the choices that it may meet, or whether it does meet one; the
    categories of which it can meet none are left out."""


class Spotter:
    """Patterns by category; a pattern is found where it stands between the edges of words.

    A text's keys are looked up once for all categories; a pattern is compiled when first tried.
    """

    def __init__(self, patterns: Mapping[str, str], normal: Callable[[str], str] = str) -> None:
        """`patterns`: the source of each category; `normal`: how a text is read.

        Raises:
            ValueError: brackets that do not pair.
        """
        self._patterns = patterns
        self._normal = normal
        self._choices: list[Choice] = []
        self._categories: list[str] = []
        """Of each choice its category, in their order."""
        self._by_key: dict[str, tuple[int, int]] = {}
        """The choices that need a key most of all, and those that need it next, one bit each."""
        self._most = self._next = 0
        """The choices that need no key, and those that need no second one."""
        for category, source in patterns.items():
            for choice in choices(source):
                self._add(category, choice)
        self._keys = frozenset(self._by_key)
        self._tests: dict[int, Callable[[str], object]] = {}
        self._whole: dict[str, re.Pattern[str]] = {}
        self._spotted = lru_cache(maxsize=TEXTS)(self._read)

    def __iter__(self) -> Iterator[str]:
        return iter(self._patterns)

    def has(self, category: str, text: str) -> bool:
        """Whether a pattern of a category is found in a text.

        Raises:
            KeyError: there is no such category.
        """
        spotted = self._spotted(text)
        likely = spotted.likely.get(category, False)
        if likely is False and category not in self._patterns:
            raise KeyError(category)
        if isinstance(likely, bool):
            return likely
        found = spotted.likely[category] = any(self._met(place, spotted) for place in likely)
        return found

    def found(self, text: str) -> list[str]:
        """The categories of which a pattern is found in a text, in their order."""
        likely = self._spotted(text).likely
        return [category for category in likely if self.has(category, text)]

    def whole(self, category: str) -> re.Pattern[str]:
        """The patterns of a category as one, for what `has` does not tell.

        Raises:
            KeyError: there is no such category.
        """
        if category not in self._whole:
            self._whole[category] = re.compile(_between_words(self._patterns[category]))
        return self._whole[category]

    def _add(self, category: str, choice: Choice) -> None:
        bit = 1 << len(self._choices)
        self._choices.append(choice)
        self._categories.append(category)
        first, second = (*choice.needs[:2], None, None)[:2]
        for key in first or ():
            most, next_ = self._by_key.get(key, (0, 0))
            self._by_key[key] = most | bit, next_
        for key in second or ():
            most, next_ = self._by_key.get(key, (0, 0))
            self._by_key[key] = most, next_ | bit
        self._most |= 0 if first else bit
        self._next |= 0 if second else bit

    def _read(self, text: str) -> _Spotted:
        words = self._normal(text)
        keys = held(words)
        most, next_ = self._most, self._next
        for key in keys & self._keys:
            needing_most, needing_next = self._by_key[key]
            most |= needing_most
            next_ |= needing_next
        likely: dict[str, list[int] | bool] = {}
        for place in _places(most & next_):
            places = likely.setdefault(self._categories[place], [])
            if isinstance(places, list):
                places.append(place)
        return _Spotted(words, keys, likely)

    def _met(self, place: int, spotted: _Spotted) -> bool:
        choice = self._choices[place]
        if choice.suffices:
            return True
        if any(need.isdisjoint(spotted.held) for need in choice.needs[2:]):
            return False
        test = self._tests.get(place)
        if test is None:
            pattern = re.compile(_between_words(choice.source))
            test = pattern.match if choice.source.startswith("^") else pattern.search
            self._tests[place] = test
        return test(spotted.text) is not None


def _places(bits: int) -> Iterator[int]:
    """The places of the bits that are set, the lowest first."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def _between_words(source: str) -> str:
    return rf"(?<![\w'])(?:{source})(?![\w'])"
