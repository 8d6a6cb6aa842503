"""What can be observed in an utterance, before anything is made of it."""

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from alliance_sim.coding.lazy import lazy
from alliance_sim.coding.lexicon import Hit, lexicon
from alliance_sim.coding.words import Words, read

CLIENT_WORDS = 120
"""Last words of the client that a reply is compared with; more than a listener holds verbatim."""

_MARKS = (".", "?")
FUNCTION_WORDS = frozenset(
    "a about after again all also am an and any are as at be been before being but by can could"
    " did do does doing done for from get go going got had has have he her here him his how i if in"
    " into is it just know like maybe me mean more much my no not now of off oh okay on one only or"
    " our out over really right say see she should so some something than that the their them then"
    " there they thing things think this those to too um up us very want was way we well were what"
    " when where which who why will with would yeah yes you your".split()
)
OPENERS = frozenset(
    "so okay and but well yeah right oh mm hmm then all because or yes no sure great good wow huh"
    " now like really just also exactly absolutely".split()
)
"""Words that open a sentence, or stand alone, without saying anything about the client."""


class Sentence(NamedTuple):
    """A stretch of the line between two marks."""

    start: int
    """Position in the line of the space before the first word."""
    end: int
    """Position of the space before the mark that ends it."""
    words: tuple[str, ...]
    asked: bool
    """Written with a question mark."""

    def bare(self) -> tuple[str, ...]:
        """Its words after the openers."""
        first = 0
        while first < len(self.words) and self.words[first] in OPENERS:
            first += 1
        return self.words[first:]


@dataclass(frozen=True)
class Features:
    """One utterance, read once; all rules look at this."""

    words: Words
    sentences: tuple[Sentence, ...]
    hits: Mapping[str, tuple[Hit, ...]]
    """Phrases found, by label, in order of the lexicon."""
    client: "Features | None"
    """What the client said just before; None where nothing is known."""

    @property
    def line(self) -> str:
        return self.words.line

    @lazy
    def length(self) -> int:
        """Words, marks not counted."""
        return sum(len(sentence.words) for sentence in self.sentences)

    @lazy
    def vocabulary(self) -> frozenset[str]:
        return frozenset(self.words.items)

    @lazy
    def content(self) -> frozenset[str]:
        """Stems of the words that carry content."""
        return frozenset(
            _stem(word) for word in self.vocabulary - FUNCTION_WORDS if word not in _MARKS
        )

    @lazy
    def overlap(self) -> float:
        """Share of content words that the client used just before, 0–1."""
        if self.client is None or not self.content:
            return 0.0
        return len(self.content & self.client.content) / len(self.content)

    @lazy
    def emotions(self) -> frozenset[str]:
        """Words for feelings."""
        said = self.vocabulary & _feelings()
        return said | {
            self.line[hit.start : hit.end] for hit in self.hits.get("feeling_phrase", ())
        }

    def has(self, label: str) -> bool:
        return label in self.hits

    def client_has(self, label: str) -> bool:
        return self.client is not None and label in self.client.hits

    def sentence_at(self, position: int) -> Sentence:
        """The sentence that holds a position of the line."""
        place = bisect_left(self._ends, position)
        return self.sentences[min(place, len(self.sentences) - 1)]

    @lazy
    def _ends(self) -> list[int]:
        return [sentence.end for sentence in self.sentences]


@cache
def _feelings() -> frozenset[str]:
    lists = lexicon().lists
    return lists["feeling"] | lists["feeling_noun"]


@lru_cache(maxsize=16_384)
def _stem(word: str) -> str:
    for ending in ("ing", "ed", "es", "s", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def observe(text: str, client_before: str = "") -> Features:
    """Read an utterance, and the client's words before it (its last words where it is long)."""
    client = _client(client_before) if client_before.strip() else None
    return _features(text, client)


@lru_cache(maxsize=64)
def _client(text: str) -> Features:
    return _features(" ".join(text.split()[-CLIENT_WORDS:]), None)


def _features(text: str, client: Features | None) -> Features:
    words = read(text)
    found: dict[str, list[Hit]] = {}
    for hit in lexicon().hits(words):
        found.setdefault(hit.label, []).append(hit)
    hits = {label: tuple(listed) for label, listed in found.items()}
    return Features(words, _sentences(words.line), hits, client)


_SENTENCE = re.compile(r"((?: [^ .?]+)+)(?: ([.?]))")


def _sentences(line: str) -> tuple[Sentence, ...]:
    found = tuple(
        Sentence(match.start(1), match.end(1), tuple(match[1].split()), match[2] == "?")
        for match in _SENTENCE.finditer(line)
    )
    return found or (Sentence(0, len(line), (), False),)
