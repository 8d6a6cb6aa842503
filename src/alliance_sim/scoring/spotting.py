"""Lists of patterns, each tried only on texts that hold the words it cannot be found without."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from alliance_sim.coding.needed import Needed
from alliance_sim.scoring.needs import Choice, choices, held

TEXTS = 4096
"""Texts of which it is remembered what was found in them."""

Likely = dict[str, list[int] | bool]
"""Of one text, by category: the places of the choices that it may meet, or whether it meets one.
The categories of which it can meet none are left out."""


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
        for category, source in patterns.items():
            found = choices(source)
            self._choices += found
            self._categories += [category] * len(found)
        self._needed = Needed(choice.needs for choice in self._choices)
        self._tests: dict[int, Callable[[str], object]] = {}
        self._whole: dict[str, re.Pattern[str]] = {}
        self._likely = lru_cache(maxsize=TEXTS)(self._read)

    def __iter__(self) -> Iterator[str]:
        return iter(self._patterns)

    def has(self, category: str, text: str) -> bool:
        """Whether a pattern of a category is found in a text.

        Raises:
            KeyError: there is no such category.
        """
        likely = self._likely(text)
        found = likely.get(category)
        if found is None:
            if category not in self._patterns:
                raise KeyError(category)
            return False
        if found is True or found is False:
            return found
        words = self._normal(text)
        met = likely[category] = any(self._met(self._choices[n], n, words) for n in found)
        return met

    def found(self, text: str) -> list[str]:
        """The categories of which a pattern is found in a text, in their order."""
        return [category for category in self._likely(text) if self.has(category, text)]

    def whole(self, category: str) -> re.Pattern[str]:
        """The patterns of a category as one, for what `has` does not tell.

        Raises:
            KeyError: there is no such category.
        """
        if category not in self._whole:
            self._whole[category] = re.compile(_between_words(self._patterns[category]))
        return self._whole[category]

    def _read(self, text: str) -> Likely:
        likely: dict[str, list[int]] = {}
        for place in self._needed.places(held(self._normal(text))):
            likely.setdefault(self._categories[place], []).append(place)
        return dict(likely)

    def _met(self, choice: Choice, place: int, words: str) -> bool:
        if choice.suffices:
            return True
        test = self._tests.get(place)
        if test is None:
            pattern = re.compile(_between_words(choice.source))
            test = pattern.match if choice.source.startswith("^") else pattern.search
            self._tests[place] = test
        return test(words) is not None


def _between_words(source: str) -> str:
    return rf"(?<![\w'])(?:{source})(?![\w'])"
