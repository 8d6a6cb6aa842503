"""Lists of patterns, each tried only on texts that hold the words it cannot be found without."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from alliance_sim.scoring.needs import Choice, Keys, choices, held

TEXTS = 4096
"""Texts of which it is remembered what was found in them."""


class _Spotted:
    """What is known of one text."""

    __slots__ = ("held", "known", "likely", "text")

    def __init__(self, text: str, keys: Keys, likely: int) -> None:
        self.text = text
        self.held = keys
        self.likely = likely
        """The choices that it may meet, one bit each."""
        self.known: dict[str, bool] = {}
        """By category, whether it has been found."""


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
        self._of: dict[str, int] = {}
        """The choices of each category, one bit each."""
        self._by_key: dict[str, tuple[int, int]] = {}
        """The choices that need a key most of all, and those that need it next."""
        self._most = self._next = 0
        """The choices that need no key, and those that need no second one."""
        for category, source in patterns.items():
            self._of[category] = sum(map(self._added, choices(source)))
        self._keys = frozenset(self._by_key)
        self._tests: dict[int, Callable[[str], object]] = {}
        self._whole: dict[str, re.Pattern[str]] = {}
        self._spotted = lru_cache(maxsize=TEXTS)(self._read)

    def __iter__(self) -> Iterator[str]:
        return iter(self._of)

    def has(self, category: str, text: str) -> bool:
        """Whether a pattern of a category is found in a text.

        Raises:
            KeyError: there is no such category.
        """
        spotted = self._spotted(text)
        found = spotted.known.get(category)
        if found is None:
            found = spotted.known[category] = self._found(category, spotted)
        return found

    def found(self, text: str) -> list[str]:
        """The categories of which a pattern is found in a text, in their order."""
        likely = self._spotted(text).likely
        return [name for name, bits in self._of.items() if likely & bits and self.has(name, text)]

    def whole(self, category: str) -> re.Pattern[str]:
        """The patterns of a category as one, for what `has` does not tell.

        Raises:
            KeyError: there is no such category.
        """
        if category not in self._whole:
            self._whole[category] = re.compile(_between_words(self._patterns[category]))
        return self._whole[category]

    def _added(self, choice: Choice) -> int:
        bit = 1 << len(self._choices)
        self._choices.append(choice)
        first, second = (*choice.needs[:2], None, None)[:2]
        for key in first or ():
            most, next_ = self._by_key.get(key, (0, 0))
            self._by_key[key] = most | bit, next_
        for key in second or ():
            most, next_ = self._by_key.get(key, (0, 0))
            self._by_key[key] = most, next_ | bit
        self._most |= 0 if first else bit
        self._next |= 0 if second else bit
        return bit

    def _read(self, text: str) -> _Spotted:
        words = self._normal(text)
        keys = held(words)
        most, next_ = self._most, self._next
        for key in keys & self._keys:
            needing_most, needing_next = self._by_key[key]
            most |= needing_most
            next_ |= needing_next
        return _Spotted(words, keys, most & next_)

    def _found(self, category: str, spotted: _Spotted) -> bool:
        left = spotted.likely & self._of[category]
        while left:
            place = left.bit_length() - 1
            if self._met(place, spotted):
                return True
            left ^= 1 << place
        return False

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


def _between_words(source: str) -> str:
    return rf"(?<![\w'])(?:{source})(?![\w'])"
