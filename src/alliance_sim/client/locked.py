"""What a client keeps back, and how to see that words give it away or tell it.

A tripwire is found as whole words in a row, in any inflection. Beyond tripwires, words that occur
in what is kept back and in nothing else that the client may say are its own: several of them
together are taken for a paraphrase of it.
"""

import math
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from alliance_sim.client.stems import all_stems
from alliance_sim.client.triggers import content
from alliance_sim.domain.scenario import Disclosure, Scenario
from alliance_sim.domain.speech import spoken

OWN_WORDS = 3
"""Words that nothing else of the client's has, from which a text is taken to speak of something."""

OWN_OF_FACT = 2
"""The same for words that are in the one sentence of its fact."""

RETOLD, RETOLD_LEAST = 0.5, 3
"""Share of the content of a fact, rare words weighing more, and how many of its words at least,
from which a text is taken to tell it."""

TOLD, TOLD_LEAST = 0.2, 3
"""The same for what was meant to be told, against its fact and its authored line together."""

NAMED_LEAST = 2
"""Words of it that telling takes beside one of its tripwires."""

HAPPENS, HAPPENS_LEAST = 0.3, 2
"""Share of an event's line, and how many of its words at least, for it to have happened."""

Stems = tuple[str, ...]


def plain(text: str) -> str:
    """A text in which look-alike widths and marks that cannot be seen hide nothing."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(c for c in folded if unicodedata.category(c) != "Cf")


@dataclass(frozen=True)
class Kept:
    """One disclosure, ready to be looked for."""

    id: str
    wires: tuple[Stems, ...]
    own: frozenset[str]
    """Stems that no other speech of this client has."""
    own_of_fact: frozenset[str]

    def wired(self, stems: Stems) -> bool:
        """Whether one of its tripwires is in a text."""
        return any(_within(wire, stems) for wire in self.wires)

    def spoken_of(self, words: frozenset[str]) -> bool:
        """Whether a text has so many of its own words that it must be about it."""
        fact = len(words & self.own_of_fact)
        return fact >= OWN_OF_FACT or len(words & self.own) >= OWN_WORDS


class KeptBack:
    """All disclosures of one scenario. Immutable once built."""

    def __init__(self, scenario: Scenario) -> None:
        lines = [content(line) for line in _speakable(scenario)]
        self._lines = len(lines)
        self._often = Counter(word for line in lines for word in line)
        self._kept = {told.id: _kept(told, self._often) for told in scenario.disclosures}
        self._facts = {told.id: content(told.fact) for told in scenario.disclosures}

    def given_away(self, text: str, told: Collection[str], allowed: str = "") -> str | None:
        """The id of a disclosure that a text gives away, or None.

        `told`: ids that are out, or are to come out in this turn. A tripwire that stands in
        `allowed`, the words meant to be said, gives nothing away.
        """
        stems, words = _read(plain(text))
        meant, meant_words = _read(allowed)
        for kept in self._kept.values():
            if kept.id in told:
                continue
            wired = kept.wired(stems) and not kept.wired(meant)
            new = words - meant_words
            retold = self._covers(new, self._facts[kept.id], RETOLD, RETOLD_LEAST)
            if wired or retold or kept.spoken_of(new):
                return kept.id
        return None

    def without(self, text: str, told: Collection[str]) -> str:
        """The text without sentences that hold a tripwire of what is not told."""
        locked = [kept for kept in self._kept.values() if kept.id not in told]
        sentences = text.replace("\n", " ").split(". ")
        free = [s for s in sentences if not any(k.wired(_read(s)[0]) for k in locked)]
        return ". ".join(free)

    def tells(self, text: str, disclosure: str, line: str) -> bool:
        """Whether a text tells what an authored line of a disclosure tells."""
        said = content(text)
        meant = content(spoken(line)) | self._facts[disclosure]
        if self._kept[disclosure].wired(tuple(all_stems(text))):
            return len(said & meant) >= NAMED_LEAST
        return self._covers(said, meant, TOLD, TOLD_LEAST)

    def comes_across(self, text: str, line: str) -> bool:
        """Whether a text has enough of an authored line for the same thing to happen in it."""
        meant = content(spoken(line))
        return self._covers(content(text), meant, HAPPENS, min(HAPPENS_LEAST, len(meant)))

    def _covers(
        self, said: frozenset[str], meant: frozenset[str], share: float, least: int
    ) -> bool:
        both = said & meant
        whole = sum(map(self._weight, meant))
        return len(both) >= least and sum(map(self._weight, both)) >= share * whole

    def _weight(self, word: str) -> float:
        """Rare words of this client's say more of what a text is about."""
        return math.log((self._lines + 1) / (self._often[word] + 1))


def _kept(told: Disclosure, often: Counter[str]) -> Kept:
    own = content(" ".join((told.fact, *map(spoken, told.lines)))) - set(often)
    return Kept(
        id=told.id,
        wires=tuple(tuple(all_stems(wire)) for wire in told.tripwires),
        own=own,
        own_of_fact=content(told.fact) & own,
    )


def _speakable(scenario: Scenario) -> Iterator[str]:
    """What may be spoken or read without anything having been disclosed."""
    client = scenario.client
    yield from (client.identity, client.referral_source, client.presentation, client.prior_therapy)
    yield from (scenario.arrival.line, scenario.opening.text, *scenario.setting.notices)
    for topic in scenario.topics:
        yield from (*topic.cues, *topic.lines.guarded, *topic.lines.opening, *topic.lines.open)
    for lines in scenario.reactions.values():
        yield from lines
    for event in scenario.events:
        yield event.line
        yield from (*event.responses.met, *event.responses.missed, *event.responses.hurt)
    for group in (scenario.rupture, scenario.endings):
        for name in type(group).model_fields:
            yield from getattr(group, name)
    for told in scenario.disclosures:
        yield from told.brought_up


@lru_cache(maxsize=512)
def _read(text: str) -> tuple[Stems, frozenset[str]]:
    """All stems of a text in order, and those of its content; the same few come again and again."""
    return tuple(all_stems(text)), content(text)


def _within(wire: Stems, stems: Stems) -> bool:
    size = len(wire)
    return bool(wire) and any(
        stems[start : start + size] == wire for start in range(len(stems) - size + 1)
    )
