"""Cues: words and phrases that point to topics, and how they are found in an utterance.

A cue is a tuple of stems. Its words may stand a little apart in the utterance ("trouble with
your sleeping" has the cue "trouble sleeping"), and are found by their rarest word, so that
thousands of cues cost no more than the few that could match.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from alliance_sim.client.stems import all_stems, stems, word_set, words

ALONE = word_set("how what be here today do have")
"""Two words that tell nothing, the first of these, are a cue only if they are all there is."""
OPENERS = ALONE | {"bring", "who"}
"""Words that a loose cue begins with."""

Cue = tuple[str, ...]


@dataclass(frozen=True)
class Subject:
    """A subject that clients have in common, and what trainees say when they ask about it."""

    cues: tuple[Cue, ...]
    weak: tuple[Cue, ...]
    """Cues that count less, as they are as often about something else."""
    whole: tuple[Cue, ...]
    """Cues only where they are all that is asked ("what helps")."""
    nearby: tuple[str, ...]
    """Subjects that answer for this one where a scenario has no topic on it."""
    feeling: bool
    """A feeling or a way of being: naming it in a reflection does not change the subject."""
    urgent: bool
    """Never outweighed by small talk around it."""
    person: bool = False
    """Someone close to the client, whom "he" or "she" may stand for."""
    frame: bool = False
    """About the sessions themselves: to explain it does not change the subject."""


@dataclass(frozen=True)
class Lexicon:
    """What is known of trainees' talk in general."""

    subjects: Mapping[str, Subject]
    idioms: Mapping[str, Sequence[Cue]]
    """Phrases whose words mean something else ("how do you sleep at night knowing")."""
    never: frozenset[str]
    """Stems that say nothing about a topic, whoever lists them."""
    general: frozenset[str]
    """Stems of therapists' talk, which say nothing unless a topic's own cues have them."""
    faint: frozenset[str]
    """Stems that are in company more often than the point ("home", "night")."""
    prompts: Mapping[str, Sequence[Cue]]
    """Beginnings that ask without a question mark ("tell me about")."""
    alike: Mapping[str, Sequence[str]]
    """For a stem, those that may be meant by it where only they are known."""
    words: frozenset[str]
    """All words of the cues as they are spelt."""
    spelt: frozenset[str]
    """Words that are one letter from a cue and yet spelt as meant."""


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The shared lists of `subjects.yaml`, read once a process."""
    source = files("alliance_sim").joinpath("client", "subjects.yaml").read_text("utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    raw: dict[str, Any] = yaml.load(source, Loader=loader)  # noqa: S506  both are safe loaders
    never, general = _listed(raw["never"]), _listed(raw["general"])
    return Lexicon(
        subjects={
            name: _subject(subject, never | general) for name, subject in raw["subjects"].items()
        },
        idioms=anchored(tuple(all_stems(phrase)) for phrase in raw["idioms"]),
        never=never,
        general=general,
        faint=_listed(raw["faint"]),
        prompts=anchored(cues_of(raw["prompts"])),
        alike=_alike(raw["alike"]),
        words=frozenset(
            word
            for subject in raw["subjects"].values()
            for phrase in (*subject["cues"], *subject.get("weak", ()))
            for word in words(phrase)
        ),
        spelt=frozenset(word for phrase in raw["spelt"] for word in phrase.split()),
    )


def _subject(raw: Mapping[str, Any], nothing: frozenset[str]) -> Subject:
    weak = cues_of(raw.get("weak", ()), nothing)
    return Subject(
        cues=tuple(cue for cue in cues_of(raw["cues"], nothing) if cue not in weak),
        weak=weak,
        whole=cues_of(raw.get("whole", ())),
        nearby=tuple(raw.get("nearby", ())),
        feeling=bool(raw.get("feeling", False)),
        urgent=bool(raw.get("urgent", False)),
        person=bool(raw.get("person", False)),
        frame=bool(raw.get("frame", False)),
    )


def _alike(groups: Iterable[str]) -> dict[str, list[str]]:
    others: dict[str, list[str]] = defaultdict(list)
    for group in groups:
        listed = list(dict.fromkeys(stems(group)))
        for word in listed:
            others[word].extend(other for other in listed if other != word)
    return dict(others)


def _listed(lines: Iterable[str]) -> frozenset[str]:
    return frozenset(word for line in lines for word in stems(line))


def cues_of(phrases: Iterable[str], nothing: frozenset[str] = frozenset()) -> tuple[Cue, ...]:
    """Phrases as cues, each once, those without any word left out.

    `nothing`: stems that tell nothing; a phrase that comes to one of them ("this hour") is left
    out, as its small words made it telling.
    """
    made = {tuple(stems(phrase)): phrase for phrase in phrases}
    return tuple(
        cue
        for cue, phrase in made.items()
        if cue and not (len(cue) == 1 and cue[0] in nothing and len(words(phrase)) > 1)
    )


@dataclass(frozen=True)
class Hit:
    """A cue found in a sentence."""

    cue: Cue
    at: tuple[int, ...]
    """Positions of its words, rising."""


@dataclass
class CueTable:
    """Cues with a weight for each topic they point to."""

    weights: dict[Cue, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))
    empty: frozenset[str] = frozenset()
    """Stems that tell nothing by themselves; a cue made of them may not be stretched."""
    urgent: set[Cue] = field(default_factory=set)
    """Cues that count in full whatever their words ("end your life")."""
    whole: set[Cue] = field(default_factory=set)
    """Cues that are found only where they are all there is, and then count in full."""
    _anchored: dict[str, list[Cue]] = field(default_factory=dict)

    def add(self, cue: Cue, topic: str, weight: float) -> None:
        """Let a cue point to a topic; of several weights the highest holds."""
        self.weights[cue][topic] = max(weight, self.weights[cue].get(topic, 0.0))

    def settle(self) -> None:
        """Share each cue out among its topics and make it findable. Call when all are added."""
        common = Counter(word for cue in self.weights for word in set(cue))
        anchored = defaultdict(list)
        for cue in self.weights:
            anchored[min(cue, key=lambda word: common[word])].append(cue)
        self._anchored = dict(anchored)

    @property
    def stems(self) -> frozenset[str]:
        """All stems of all cues."""
        return frozenset(word for cue in self.weights for word in cue)

    def hits(self, sentence: Sequence[str], length: int) -> list[Hit]:
        """Every cue in a sentence of stems, `length` of which are not part of an idiom.

        A cue of two words that could open any question ("how are") must be all there is.
        """
        return [
            hit
            for hit in find(self._anchored, sentence, self.empty)
            if not self._alone(hit.cue) or length == len(hit.cue)
        ]

    def _alone(self, cue: Cue) -> bool:
        return cue in self.whole or (len(cue) < 3 and cue[0] in ALONE and not self.tells(cue))

    def loose(self, cue: Cue) -> bool:
        """Whether a cue could open any question."""
        return cue[0] in OPENERS and not self.tells(cue)

    def tells(self, cue: Cue) -> bool:
        """Whether a cue has a word that says something by itself, or must not be missed."""
        return (
            cue in self.urgent or cue in self.whole or any(word not in self.empty for word in cue)
        )


def anchored(cues: Iterable[Cue]) -> dict[str, list[Cue]]:
    """Cues by their first word, for `find`."""
    table: dict[str, list[Cue]] = defaultdict(list)
    for cue in cues:
        table[cue[0]].append(cue)
    return dict(table)


def find(
    table: Mapping[str, Sequence[Cue]],
    sentence: Sequence[str],
    empty: frozenset[str] | None = None,
) -> list[Hit]:
    """Every cue of a table (by any one of its words) that occurs in a sentence of stems.

    `empty`: stems that tell nothing; where None, no cue may be stretched.
    """
    places: dict[str, list[int]] = defaultdict(list)
    for position, word in enumerate(sentence):
        places[word].append(position)
    found = []
    for word in places:
        for cue in table.get(word, ()):
            if all(part in places for part in cue):
                at = _in_order(cue, places, 0 if empty is None else _gap(cue, empty))
                if at:
                    found.append(Hit(cue, at))
    return found


def _gap(cue: Cue, empty: frozenset[str]) -> int:
    """How many words may stand between two words of a cue: more, the more it tells."""
    telling = sum(part not in empty for part in cue)
    if telling < 2:
        return 1 if len(cue) > 2 and (telling or cue[0] not in OPENERS) else 0
    return 2


def _in_order(cue: Cue, places: Mapping[str, list[int]], gap: int) -> tuple[int, ...]:
    """The first positions at which a cue's words follow each other closely enough, else ()."""
    for start in places[cue[0]]:
        at = [start]
        for word in cue[1:]:
            step = next((p for p in places[word] if 0 < p - at[-1] <= gap + 1), None)
            if step is None:
                break
            at.append(step)
        else:
            return tuple(at)
    return ()
