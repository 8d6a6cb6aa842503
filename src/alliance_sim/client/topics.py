"""Which topic of a scenario an utterance is about.

The last question decides; a question without content, and a statement that names nothing, stay
on the topic that is being spoken of; a question about something that has no place in this
client's life is about no topic. Works by words alone: no model, no network.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace

from alliance_sim.client.matching_cues import Hit, find, lexicon
from alliance_sim.client.matching_evidence import cue_table, line_weights
from alliance_sim.client.matching_lines import best_line
from alliance_sim.client.matching_sentences import Sentence, sentences
from alliance_sim.client.matching_spelling import first_letters, mended
from alliance_sim.client.stems import NOISE, stem, words
from alliance_sim.domain.scenario import Scenario

NAMED = 0.75
"""Evidence from which a question is about a topic."""
HINTED = 0.3
"""Evidence from lines alone from which a question may be about a topic."""
STATED = 1.8
"""Evidence from which a statement changes the topic."""
SHADOWED = 0.35
"""Factor for a word inside a phrase that points elsewhere ("lost" in "lost your job")."""
FEELING = 0.4
"""Factor for feelings in a statement: a reflection names them without changing the topic."""
STAYING = 1.2
"""Factor for the topic being spoken of, where it has evidence at all."""


@dataclass(frozen=True)
class TopicMatch:
    """What an utterance is about."""

    topic: str | None
    """None: nothing in this client's life, or a statement before any topic."""
    score: float
    """Evidence for it, from 0; 0 when the topic only goes on."""
    confidence: float
    """0–1: its share of the evidence against the runner-up; .5 when the topic only goes on."""
    words: tuple[str, ...]
    """The stems that decided."""
    runner_up: str | None


@dataclass(frozen=True)
class _Reading:
    """The evidence of one sentence."""

    sentence: Sentence
    scores: Mapping[str, float]
    words: Mapping[str, tuple[str, ...]]
    cued: frozenset[str]
    """Topics with evidence from more than lines."""
    feeling: frozenset[str]
    """Topics on a feeling or a way of being."""
    pointing: frozenset[str]
    """Those of them that are named in a question about something else ("did that scare you")."""
    vague: frozenset[str]
    """Topics with cues that have no telling word ("what's going on")."""
    content: tuple[str, ...]
    strange: bool
    """It has a telling word, and none that this client's life has anything to do with."""

    def ranked(self, current: str | None = None) -> list[tuple[str, float]]:
        """Topics by evidence, highest first; equal ones in the order of the scenario."""
        stay = {t: s * (STAYING if t == current else 1) for t, s in self.scores.items()}
        return sorted(stay.items(), key=lambda item: -item[1])


class TopicIndex:
    """The topics of one scenario, ready to be matched. Immutable once built."""

    def __init__(self, scenario: Scenario) -> None:
        self._lexicon = lexicon()
        self._order = [topic.id for topic in scenario.topics]
        self._table = cue_table(scenario, self._lexicon)
        self._lines = line_weights(scenario, self._table.empty)
        self._name = frozenset(stem(word) for word in words(scenario.client.name))
        feelings = {name for name, s in self._lexicon.subjects.items() if s.feeling}
        self._feeling = {t.id for t in scenario.topics if t.subject in feelings}
        self._known = self._table.stems | self._lines.keys() | self._table.empty | self._name
        self._spelling = first_letters(self._table.stems - self._table.empty)

    def match(self, text: str, current: str | None = None) -> TopicMatch:
        """The topic of an utterance, given the topic being spoken of (None at the start)."""
        readings = [self._read(sentence) for sentence in sentences(text, self._lexicon)]
        asks = [place for place, reading in enumerate(readings) if reading.sentence.asks]
        for place in reversed(asks):
            named = self._stated(readings[:place], None)
            found = self._asked(readings[place], current, named.topic)
            if found is not None:
                return found
            if named.topic is not None:
                return named
        return _goes_on(current) if asks else self._stated(readings, current)

    def _asked(
        self, reading: _Reading, current: str | None, named: str | None
    ) -> TopicMatch | None:
        """What a question is about; None when it follows up on what came before.

        `named`: the topic that the same utterance has named before it.
        """
        ranked = reading.ranked(named or current)
        best, score = ranked[0] if ranked else (None, 0.0)
        if best in reading.cued and score >= NAMED:
            follows = self._follows(reading, best, current, named)
            return None if follows else _match(reading, ranked)
        if reading.sentence.refers or not reading.content or named is not None:
            return None
        if reading.strange:
            return TopicMatch(topic=None, score=0, confidence=0.5, words=(), runner_up=None)
        return _match(reading, ranked) if score >= HINTED else None

    def _follows(
        self, reading: _Reading, best: str, current: str | None, named: str | None
    ) -> bool:
        """Whether the cues of a question serve only to ask on about something else."""
        if best in reading.vague and (named or (current and reading.sentence.points_at)):
            return True
        return best in reading.pointing and (named or current) not in (None, best)

    def _stated(self, readings: Sequence[_Reading], current: str | None) -> TopicMatch:
        """What a statement is about: the strongest topic that it clearly names, else the same."""
        total: dict[str, float] = defaultdict(float)
        for reading in readings:
            for topic in reading.cued:
                factor = FEELING if topic in reading.feeling else 1.0
                factor *= 0.5 if reading.sentence.spoken_of_self else 1.0
                total[topic] += factor * reading.scores[topic]
        if not total:
            return _goes_on(current)
        best = max(total, key=lambda topic: total[topic])
        if total[best] < STATED or total[best] <= STAYING * total.get(current or "", 0.0):
            return _goes_on(current)
        telling = max(readings, key=lambda reading: reading.scores.get(best, 0.0))
        ranked = sorted(total.items(), key=lambda item: -item[1])
        return _match(telling, ranked)

    def _read(self, sentence: Sentence) -> _Reading:
        sentence = self._respelt(sentence)
        masked = {p for hit in find(self._lexicon.idioms, sentence.stems) for p in hit.at}
        hits = [h for h in self._table.hits(sentence.stems) if not masked & set(h.at)]
        scores: dict[str, float] = {}
        deciding: dict[str, tuple[str, ...]] = {}
        cued, pointing, vague = set(), set(), set()
        for topic in self._order:
            score, places = self._weigh(topic, sentence, hits)
            if places:
                cued.add(topic)
                if not self._table.tells([sentence.stems[p] for p in places]):
                    vague.add(topic)
                if topic in self._feeling and sentence.points_at - places:
                    pointing.add(topic)
            light = self._light(topic, sentence, masked | places)
            if score or light:
                scores[topic] = score + sum(light.values())
                deciding[topic] = tuple(sentence.stems[p] for p in sorted(places | light.keys()))
        content = self._content(sentence, masked)
        return _Reading(
            sentence=sentence,
            scores=scores,
            words=deciding,
            cued=frozenset(cued),
            feeling=frozenset(cued & self._feeling),
            pointing=frozenset(pointing),
            vague=frozenset(vague),
            content=content,
            strange=bool(content) and not any(self._about(word) for word in content),
        )

    def _content(self, sentence: Sentence, masked: Set[int]) -> tuple[str, ...]:
        nothing = self._table.empty | self._name
        return tuple(
            word
            for place, word in enumerate(sentence.stems)
            if place not in masked and word not in nothing
        )

    def _light(self, topic: str, sentence: Sentence, taken: Set[int]) -> dict[int, float]:
        """Evidence of a topic's lines, by position, for words that no cue accounts for."""
        return {
            place: self._lines[word][topic] * sentence.emphasis[place]
            for place, word in enumerate(sentence.stems)
            if place not in taken and topic in self._lines.get(word, ())
        }

    def _about(self, word: str) -> bool:
        return word in self._table.stems or word in self._lines

    def _weigh(self, topic: str, sentence: Sentence, hits: Sequence[Hit]) -> tuple[float, set[int]]:
        """Evidence of a topic's cues, no word counted twice, and where its words stand."""
        mine = []
        for hit in hits:
            shares = self._table.weights[hit.cue]
            if topic not in shares:
                continue
            emphasis = max(sentence.emphasis[p] for p in hit.at)
            weight = shares[topic] * emphasis / len(shares) ** 0.5
            if any(
                _inside(hit, other) and topic not in self._table.weights[other.cue]
                for other in hits
            ):
                weight *= SHADOWED
            mine.append((weight, hit))
        score, taken = 0.0, set[int]()
        for weight, hit in sorted(mine, key=lambda pair: (-pair[0], pair[1].at)):
            if not taken & set(hit.at):
                score += weight
                taken |= set(hit.at)
        return score, taken

    def _respelt(self, sentence: Sentence) -> Sentence:
        changed = tuple(
            word
            if word in self._known or word in self._lexicon.spelt or word in NOISE
            else stem(mended(word, self._spelling) or word)
            for word in sentence.stems
        )
        return sentence if changed == sentence.stems else replace(sentence, stems=changed)


def _inside(hit: Hit, other: Hit) -> bool:
    return len(other.cue) > len(hit.cue) and set(hit.at) <= set(other.at)


def _goes_on(current: str | None) -> TopicMatch:
    return TopicMatch(topic=current, score=0.0, confidence=0.5, words=(), runner_up=None)


def _match(reading: _Reading, ranked: Sequence[tuple[str, float]]) -> TopicMatch:
    (best, score), *rest = ranked
    second = rest[0][1] if rest else 0.0
    return TopicMatch(
        topic=best,
        score=score,
        confidence=score / (score + second),
        words=reading.words.get(best, ()),
        runner_up=rest[0][0] if rest else None,
    )


__all__ = ["TopicIndex", "TopicMatch", "best_line"]
