"""The phrase lists, read once from `lexicon/*.yaml`, and the search for their phrases.

A file maps a label (a code, a mark or a cue that rules use) to entries
`{p: 0–1, guards: [...], phrases: one a line}`; `words.yaml` holds the named word lists. Patterns
are compiled when a word that they need first turns up, so that loading stays short.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from itertools import chain, islice
from typing import Any, NamedTuple

import yaml

from alliance_sim.coding.needed import Needed
from alliance_sim.coding.phrases import STEM, Phrase, parse
from alliance_sim.coding.words import Words
from alliance_sim.domain.codes import Main

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MOST_HITS = 8
"""Hits of one phrase in one utterance that are kept."""


class Hit(NamedTuple):
    """A phrase that was found: `line[start:end]` of the words it was found in."""

    label: str
    p: float
    guards: tuple[str, ...]
    start: int
    end: int


@dataclass
class _Entry:
    label: str
    p: float
    guards: tuple[str, ...]
    phrase: Phrase
    compiled: re.Pattern[str] | None = None

    def regex(self) -> re.Pattern[str]:
        if self.compiled is None:
            self.compiled = re.compile(self.phrase.pattern)
        return self.compiled


@dataclass
class Lexicon:
    """Phrases by the words that give them away."""

    lists: Mapping[str, frozenset[str]]
    phrases: list[_Entry] = field(default_factory=list)
    """Every phrase, in the order of the files."""

    @cached_property
    def known(self) -> frozenset[str]:
        """Every word that gives some phrase away."""
        keys = frozenset[str]().union(*(entry.phrase.keys for entry in self.phrases))
        return frozenset(key for key in keys if not key.endswith("~"))

    @cached_property
    def _ways(self) -> list[int]:
        """The numbers of the phrases, each as often as there are ways to say it."""
        return [n for n, entry in enumerate(self.phrases) for _ in entry.phrase.ways]

    @cached_property
    def _needed(self) -> Needed:
        return Needed(way for entry in self.phrases for way in entry.phrase.ways)

    def hits(self, words: Words) -> Iterator[Hit]:
        """Every phrase found, in the order of the files."""
        line = words.line
        places = self._needed.places(frozenset(chain(words.items, map(_stem, words.items))))
        for number in dict.fromkeys(map(self._ways.__getitem__, places)):
            entry = self.phrases[number]
            pattern = entry.regex()
            if not pattern.search(line):
                continue
            for match in islice(pattern.finditer(line), MOST_HITS):
                yield Hit(entry.label, entry.p, entry.guards, match.start(1) + 1, match.end(1))


@lru_cache(maxsize=16_384)
def _stem(word: str) -> str:
    return word[:STEM] + "~"


FAMILIES = (
    "boundaries", "collaboration", "conversation", "empathy", "epitome", "input", "repair",
    "safety",
)  # fmt: skip


def _read(name: str) -> Any:
    text = (files(__package__) / "lexicon" / name).read_text("utf-8")
    return yaml.load(text, Loader=_LOADER)  # noqa: S506 - a safe loader


@cache
def lexicon() -> Lexicon:
    """The shipped lexicon."""
    return build(_read("words.yaml"), [_read(f"{family}.yaml") for family in FAMILIES])


def build(lists: Mapping[str, list[str]], families: Iterable[Any]) -> Lexicon:
    """Build a lexicon from parsed files: named lists, and labels by family.

    Raises:
        KeyError: a phrase names a list that is not there.
        ValueError: a phrase has no word that must be there.
    """
    made = Lexicon({name: frozenset(items) for name, items in lists.items()})
    for family in families:
        for label, entries in family.items():
            for entry in entries:
                guards = tuple(entry.get("guards", ()))
                for phrase in filter(None, entry["phrases"].splitlines()):
                    parsed = parse(phrase, lists)
                    p = float(entry.get("p", 0.8))
                    made.phrases.append(_Entry(label, p, guards, parsed))
    return made


@dataclass(frozen=True)
class MainWeights:
    """What each observation counts for the main behaviours."""

    says: Mapping[str, frozenset[str]]
    """Observations that hold where one of the words is said."""
    counts: Mapping[str, Mapping[Main, float]]


@cache
def main_weights() -> MainWeights:
    """The weights of `lexicon/main.yaml`."""
    raw = _read("main.yaml")
    says = {name: frozenset(entry.pop("words")) for name, entry in raw["says"].items()}
    counts = {**raw["says"], **raw["observed"]}
    return MainWeights(
        says,
        {
            name: {Main(main): weight for main, weight in entry.items()}
            for name, entry in counts.items()
        },
    )
