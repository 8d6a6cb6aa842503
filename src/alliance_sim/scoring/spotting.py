"""Lists of patterns, each tried only on texts that hold the words it cannot be found without."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from alliance_sim.coding.needed import Needed, places
from alliance_sim.scoring.needs import choices, held

TEXTS = 4096
"""Texts of which it is remembered what was found in them."""

Seen = dict[str, int]
"""Of one text, under `LIKELY` the choices that it may meet, a bit each; and by category whether it
meets one, where that is known. Numbers alone, so that the garbage collector has nothing to follow.
"""

LIKELY = ""


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
        self._sources: list[str] = []
        """Of each choice."""
        self._masks: dict[str, int] = {}
        """By category its choices, a bit each."""
        self._sufficed = 0
        """The choices to which there is no more than what they need."""
        needs = []
        for category, source in patterns.items():
            self._masks[category] = 0
            for choice in choices(source):
                bit = 1 << len(self._sources)
                self._masks[category] |= bit
                self._sufficed |= bit if choice.suffices else 0
                self._sources.append(choice.source)
                needs.append(choice.needs)
        self._needed = Needed(needs)
        self._tests: dict[int, Callable[[str], object]] = {}
        self._whole: dict[str, re.Pattern[str]] = {}
        self._seen = lru_cache(maxsize=TEXTS)(self._read)

    def __iter__(self) -> Iterator[str]:
        return iter(self._patterns)

    def has(self, category: str, text: str) -> bool:
        """Whether a pattern of a category is found in a text.

        Raises:
            KeyError: there is no such category.
        """
        seen = self._seen(text)
        likely = seen[LIKELY] & self._masks[category]
        if not likely:
            return False
        met = seen.get(category)
        if met is None:
            met = seen[category] = self._meets(likely, text)
        return bool(met)

    def found(self, text: str) -> list[str]:
        """The categories of which a pattern is found in a text, in their order."""
        likely = self._seen(text)[LIKELY]
        if not likely:
            return []
        near = [category for category, mask in self._masks.items() if likely & mask]
        return [category for category in near if self.has(category, text)]

    def whole(self, category: str) -> re.Pattern[str]:
        """The patterns of a category as one, for what `has` does not tell.

        Raises:
            KeyError: there is no such category.
        """
        if category not in self._whole:
            self._whole[category] = re.compile(_between_words(self._patterns[category]))
        return self._whole[category]

    def _read(self, text: str) -> Seen:
        return {LIKELY: self._needed.bits(held(self._normal(text)))}

    def _meets(self, likely: int, text: str) -> bool:
        """Whether a text meets one of the choices, a bit each, that hold what they need in it."""
        if likely & self._sufficed:
            return True
        words = self._normal(text)
        for place in places(likely):
            test = self._tests.get(place) or self._compiled(place)
            if test(words) is not None:
                return True
        return False

    def _compiled(self, place: int) -> Callable[[str], object]:
        source = self._sources[place]
        pattern = re.compile(_between_words(source))
        test = pattern.match if source.startswith("^") else pattern.search
        self._tests[place] = test
        return test


def _between_words(source: str) -> str:
    return rf"(?<![\w'])(?:{source})(?![\w'])"
