"""The evidence of one sentence for each topic of a scenario."""

import math
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

from alliance_sim.client.matching_cues import Cue, Hit, lexicon
from alliance_sim.client.matching_evidence import cue_table, spoken_of
from alliance_sim.client.matching_persons import Persons, persons
from alliance_sim.client.matching_sentences import ASIDE_LOSS, Sentence, sentences
from alliance_sim.client.matching_spelling import first_letters, mended
from alliance_sim.client.stems import forms, stem, words
from alliance_sim.domain.scenario import Scenario

NAMED = 0.6
"""Evidence of cues from which a question is about a topic."""
SHADOWED = 0.35
"""Factor for a word inside a phrase that points elsewhere ("lost" in "lost your job")."""
STAYING = 1.2
"""Factor for the topic being spoken of, where it has evidence at all."""
CIRCUMSTANCE = 0.7
"""Factor for what only says when or where, in company of what is asked about."""
SPOKEN = 0.5
"""Evidence of lines from which they are such company."""
OWNED = 0.8
"""Share of the highest weight of a cue from which it is another topic's too."""
FELT = 0.65
"""Factor for a feeling in company of what it is about ("worried about money")."""
HEDGES = frozenset(map(stem, "mostly generally overall lately recently otherwise though".split()))
"""Words that a whole question ("how have you been") may have besides."""
LONG = 7
"""Letters from which a word of the shared cues is mended even if it tells nothing by itself."""
OUTDONE = 0.3
"""Factor for words that could open any question, in company of some that tell."""
VAGUE = 0.6
"""Factor for other words that tell nothing by themselves, in such company."""


@dataclass(frozen=True)
class Evidence:
    """What speaks for one topic."""

    topic: str
    cues: float
    lines: float
    echoes: int
    """Words that only the client's lines account for."""
    words: tuple[str, ...]
    """The stems it goes by."""
    loose: bool
    """Its cues could open any question ("what's going on")."""
    vague: bool
    """No word of its cues tells anything by itself ("deal with")."""
    feeling: bool
    """The topic is a feeling or a way of being, or is named by nothing but such words."""
    frame: bool
    """The topic is about the sessions themselves."""
    at: frozenset[int]
    """Where the words of its cues stand."""
    in_passing: bool
    """A feeling named in a question about something else ("did that scare you")."""

    aside: bool
    """Its cues say only when or where ("when you come off shift", "at night")."""

    @property
    def telling(self) -> bool:
        """Whether it would do by itself, and is about something other than a feeling."""
        return self.cues >= NAMED and not self.vague


@dataclass(frozen=True)
class Reading:
    """A sentence and its evidence."""

    sentence: Sentence
    evidence: tuple[Evidence, ...]
    content: tuple[str, ...]
    """Stems that say something, known or not."""
    unheard: bool
    """Some of them neither the client nor a cue has."""

    @property
    def strange(self) -> bool:
        """It speaks of something, and of nothing that this client's life has to do with."""
        return self.unheard and not self.evidence

    def ranked(self, context: str | None) -> list[tuple[Evidence, float]]:
        """Evidence with its weight in company, highest first; ties in the scenario's order.

        `context`: the topic being spoken of, which has a small advantage.
        """
        telling = [item for item in self.evidence if item.telling]
        scored = []
        for item in self.evidence:
            score = item.cues + item.lines
            if item.vague and any(other is not item for other in telling):
                score *= OUTDONE if item.loose else VAGUE
            if _has_object(item, telling):
                score *= FELT
            if item.aside and any(_meant(other) for other in self.evidence):
                score *= CIRCUMSTANCE
            scored.append((item, score * STAYING if item.topic == context else score))
        return sorted(scored, key=lambda pair: -pair[1])


def _meant(item: Evidence) -> bool:
    """Whether evidence of cues or of lines says more than when or where."""
    return not item.aside and (item.telling or item.lines >= SPOKEN)


def _has_object(item: Evidence, telling: Sequence[Evidence]) -> bool:
    """Whether a feeling, named by one word, stands beside what it is about."""
    if not item.feeling or len(item.at) != 1:
        return False
    return any(not other.feeling and item.at.isdisjoint(other.at) for other in telling)


class Reader:
    """Reads utterances for one scenario. Immutable once built."""

    def __init__(self, scenario: Scenario) -> None:
        self._lexicon = lexicon()
        self._order = [topic.id for topic in scenario.topics]
        self._table = cue_table(scenario, self._lexicon)
        name = {stem(word) for word in words(scenario.client.name)}
        self._nothing = self._table.empty | name
        self._spoken = spoken_of(scenario, self._nothing)
        self._lines = self._spoken.weights
        feelings = {name for name, s in self._lexicon.subjects.items() if s.feeling}
        self._feeling = {t.id for t in scenario.topics if t.subject in feelings}
        frames = {name for name, s in self._lexicon.subjects.items() if s.frame}
        self._frame = {t.id for t in scenario.topics if t.subject in frames}
        self.persons: Persons = persons(scenario, self._lexicon)
        self._cued = self._table.stems
        self._about = self._cued | self._lines.keys()
        telling = self._cued - self._table.empty
        self._spelling = _spellings(scenario, telling, self._lexicon.words)

    def read(self, text: str) -> list[Reading]:
        """The sentences of an utterance in order, each with its evidence."""
        return [self._read(self._respelt(s)) for s in sentences(text, self._lexicon)]

    def _read(self, sentence: Sentence) -> Reading:
        masked = sentence.masked
        hedges = sum(word in HEDGES for word in sentence.stems)
        open_to = len(sentence.stems) - len(masked) - hedges
        found_at = self._table.hits(sentence.stems, open_to)
        hits = [h for h in found_at if not masked & set(h.at)]
        touched = {topic for hit in hits for topic in self._table.weights[hit.cue]}
        touched.update(topic for word in sentence.stems for topic in self._lines.get(word, ()))
        together = self._spoken.together(
            word for place, word in enumerate(sentence.stems) if place not in masked
        )
        evidence = (
            self._weigh(topic, sentence, hits, masked, together.get(topic, 0.0))
            for topic in self._order
            if topic in touched
        )
        content = tuple(
            word
            for place, word in enumerate(sentence.stems)
            if place not in masked and word not in self._nothing
        )
        found = tuple(item for item in evidence if item.words)
        return Reading(
            sentence=sentence,
            evidence=found,
            content=content,
            unheard=not self._about.issuperset(content),
        )

    def _weigh(
        self,
        topic: str,
        sentence: Sentence,
        hits: Sequence[Hit],
        masked: Set[int],
        together: float,
    ) -> Evidence:
        """Evidence of a topic's cues, no word counted twice, then of its lines."""
        mine = [
            (self._weight(topic, hit, sentence, hits), hit)
            for hit in hits
            if topic in self._table.weights[hit.cue]
        ]
        cues, taken, used = 0.0, set[int](), list[Hit]()
        for weight, hit in sorted(mine, key=lambda pair: (-pair[0], pair[1].at)):
            if taken.isdisjoint(hit.at):
                cues += weight
                taken |= set(hit.at)
                used.append(hit)
        light = self._light(topic, sentence, masked | taken)
        feeling = topic in self._feeling or (bool(used) and all(map(self._felt, used)))
        return Evidence(
            topic=topic,
            cues=cues,
            lines=sum(light.values()) + (together if light else 0.0),
            echoes=len(light),
            words=tuple(sentence.stems[place] for place in sorted(taken | light.keys())),
            loose=all(self._table.loose(hit.cue) for hit in used),
            vague=not any(self._clear(hit.cue) for hit in used),
            feeling=feeling,
            frame=topic in self._frame,
            at=frozenset(taken),
            aside=bool(used)
            and all(sentence.emphasis[p] <= ASIDE_LOSS for hit in used for p in hit.at),
            in_passing=feeling and bool(taken) and bool(sentence.points_at - taken),
        )

    def _felt(self, hit: Hit) -> bool:
        return not self._feeling.isdisjoint(self._table.weights[hit.cue])

    def _clear(self, cue: Cue) -> bool:
        faint = len(cue) == 1 and cue[0] in self._lexicon.faint
        return self._table.tells(cue) and not faint

    def _weight(self, topic: str, hit: Hit, sentence: Sentence, hits: Sequence[Hit]) -> float:
        shares = self._table.weights[hit.cue]
        weight = shares[topic] * max(sentence.emphasis[p] for p in hit.at)
        highest = max(shares.values())
        weight *= highest / math.hypot(*(s for s in shares.values() if s >= OWNED * highest))
        inside = any(
            len(other.cue) > len(hit.cue)
            and self._foreign(topic, other.cue)
            and set(hit.at) <= set(other.at)
            for other in hits
        )
        return weight * SHADOWED if inside else weight

    def _foreign(self, topic: str, cue: Cue) -> bool:
        """Whether a cue points elsewhere far more than to a topic."""
        shares = self._table.weights[cue]
        return shares.get(topic, 0.0) < max(shares.values()) / 2

    def _light(self, topic: str, sentence: Sentence, taken: Set[int]) -> dict[int, float]:
        """Evidence of a topic's lines, by position, for words that no cue accounts for."""
        return {
            place: self._lines[word][topic] * sentence.emphasis[place]
            for place, word in enumerate(sentence.stems)
            if place not in taken and topic in self._lines.get(word, ())
        }

    def _respelt(self, sentence: Sentence) -> Sentence:
        pairs = zip(sentence.words, sentence.stems, strict=True)
        changed = tuple(self._mended(word, known, sentence.names) for word, known in pairs)
        return sentence if changed == sentence.stems else replace(sentence, stems=changed)

    def _mended(self, word: str, stemmed: str, names: Set[str]) -> str:
        if stemmed in self._cued or stemmed in self._nothing:
            return stemmed
        alike = () if word in names else self._lexicon.alike.get(stemmed, ())
        named = next((other for other in alike if (other,) in self._table.weights), None)
        if named is not None or stemmed in self._about:
            return named or stemmed
        if word in names or word in self._lexicon.spelt:
            return stemmed
        said = next((other for other in alike if other in self._about), None)
        meant = None if said else mended(word, self._spelling)
        return said or (stem(meant) if meant else stemmed)


def _spellings(scenario: Scenario, cues: Set[str], shared: Set[str]) -> dict[str, list[str]]:
    """The words that a misspelt one may stand for: those of the cues, with irregular forms."""
    own = {word for topic in scenario.topics for cue in topic.cues for word in words(cue)}
    spelt = own | {word for word in shared if stem(word) in cues}
    spelt |= {word for word in shared if len(word) >= LONG}
    irregular = {form for stemmed in cues for form in forms(stemmed)}
    return first_letters(sorted(spelt | irregular))
