"""What words give away at once: how a reply stands to the client, what a client's turn calls for.

The phrases are in `lexicon/cues/`: `stance.yaml` (replies) and `moment.yaml` (clients), in the
language of the coder's lexicon, and are matched in one pass. Captions without punctuation are read
alike: a hit needs no sentence around it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import yaml

from alliance_sim.coding.lexicon import Hit, Lexicon, build
from alliance_sim.coding.words import read

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

REACH = 120
"""Letters before a hit within which it may be the client's view that is being said."""

_VOICED = re.compile(
    r" (?:you (?:\w+ )?(?:feel|felt|think|thought|believe|said|say|told|mentioned|are (?:feeling|"
    r"saying|thinking|wondering|told)|know|wish|worry|hear|heard|see)|feels?|felt|sounds?|seems?|"
    r"part of|as if|as though|afraid|worried|scared|tired of|sense|like|told|tell|tells|says|"
    r"saying|do|does|did|if|what|whether|why|when|how|who|rule|voice|nobody|not|no) "
    r"(?:[^ .?]+ ){0,6}$"
)
_STEERED = re.compile(
    r" (?:i (?:think|feel|believe|know|guess)|so|but|because|just) (?:[^ .?]+ )?$"
)
_DENIED = re.compile(
    r" (?:no|not|never|without|nothing|nobody|rather than|instead of) (?:[^ .?]+ ){0,2}$"
)


@dataclass(frozen=True, slots=True)
class Cues:
    """What was found in one text."""

    found: Mapping[str, tuple[str, ...]]
    """The words found, verbatim, by label."""
    words: int
    """Words of the text."""

    def has(self, *labels: str) -> bool:
        """Whether any of the labels was found."""
        return not self.found.keys().isdisjoint(labels)

    def count(self, *labels: str) -> int:
        """How many places the labels were found at."""
        return sum([len(self.found.get(label, ())) for label in labels])

    def quote(self, *labels: str) -> str:
        """The first words found of the first label that was; empty where none was."""
        return next((self.found[label][0] for label in labels if label in self.found), "")


@cache
def _lexicon(name: str) -> Lexicon:
    text = (files(__package__) / "lexicon" / "cues" / f"{name}.yaml").read_text("utf-8")
    raw = yaml.load(text, Loader=_LOADER)  # noqa: S506 - a safe loader
    return build({}, [{label: list(found) for label, found in raw.items()}])


@lru_cache(maxsize=2048)
def stance(text: str) -> Cues:
    """How a reply stands to the client's say and pace. Never raises; linear in its length."""
    return _cues("stance", text)


@lru_cache(maxsize=2048)
def moment(text: str) -> Cues:
    """What a client's turn calls for. Never raises; linear in its length."""
    return _cues("moment", text)


def _cues(name: str, text: str) -> Cues:
    words = read(text)
    places: dict[str, list[tuple[int, int]]] = {}
    for hit in _lexicon(name).hits(words):
        if any(_dropped(words.line, hit, guard) for guard in hit.guards):
            continue
        spans = places.setdefault(hit.label, [])
        if all(hit.end <= start or end <= hit.start for start, end in spans):
            spans.append((hit.start, hit.end))
    found = {
        label: tuple(words.verbatim(start, end) for start, end in sorted(spans))
        for label, spans in places.items()
    }
    return Cues(found, sum(1 for item in words.items if item not in ".?"))


def _dropped(line: str, hit: Hit, guard: str) -> bool:
    if guard == "voiced":
        return _voiced(line, hit.start)
    if guard == "denied":
        return _DENIED.search(line[max(0, hit.start - REACH) : hit.start]) is not None
    last = line[hit.start : hit.end].rsplit(maxsplit=1)[-1]
    return last in guard.split()[1:]


def _voiced(line: str, start: int) -> bool:
    """Whether what stands before a place makes it the client's view, asked for or said back."""
    before = line[max(0, start - REACH) : start]
    before = before[max(before.rfind(" . "), before.rfind(" ? "), 0) :]
    if not before.endswith(" "):
        before += " "
    return _VOICED.search(before) is not None and _STEERED.search(before) is None
