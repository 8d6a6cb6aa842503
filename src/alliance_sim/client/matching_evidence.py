"""What the words of a scenario say about its topics: cues, names and lines, each with a weight.

Cues that someone wrote for a topic are heavy, what the client happens to say on it is light: a
line mentions many things, but a question names the one it is about.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from alliance_sim.client.matching_cues import OPENERS, Cue, CueTable, Lexicon, Subject, cues_of
from alliance_sim.client.stems import stem, stems, word_set, words
from alliance_sim.domain.scenario import Scenario, Topic
from alliance_sim.domain.speech import spoken

OWN_CUE = 3.0
SUBJECT_CUE = 2.2
TITLE_WORD = 2.0
NAME = 2.4
WEAK_CUE = 1.0
TITLED_CUE = 2.0
"""A subject that shares the topic of another, as its title says."""
NEARBY_CUE = (1.3, 0.9, 0.7, 0.6, 0.5)
"""A subject without a topic of its own, answered by those close to it, the closest first."""
LINE_WORD = 1.2
"""At most, for a word that only one topic's lines have."""
ONCE = 0.33
"""Factor of a word said in one line only: by itself it must not capture a question."""
TOGETHER = 0.5
"""Factor of the further rare words of one line that are heard together."""
LONGER = 0.2
"""Added for each further telling word of a phrase, as a share of its weight."""
WORDIER = 0.05
"""Added for each further word that tells nothing by itself."""
VAGUE = (0.5, 0.8)
"""Factor of a cue without a telling word: of two words ("open up"), of more ("come here today")."""
LOOSE = 0.5
"""Factor of a cue that could open any question ("what brings you", "what do you do when")."""
FAINT = 0.6
"""Factor of a cue that is one faint word."""

_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]{2,}\b")
_FIRST = re.compile(r"(?<![a-z,;] )\b[A-Z][a-z]{2,}\b")
_LOWER = re.compile(r"\b[a-z]+\b")
_CALENDAR = word_set(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may "
    "june july august september october november december christmas easter thanksgiving god "
    "english spanish french american"
)


def cue_table(scenario: Scenario, lexicon: Lexicon) -> CueTable:
    """Cues, title words and names of every topic, with the subject cues they inherit."""
    nothing = lexicon.never | lexicon.general
    own = {topic.id: cues_of(topic.cues, nothing) for topic in scenario.topics}
    present = {topic.subject for topic in scenario.topics}
    shared = [s.cues + s.weak for name, s in lexicon.subjects.items() if name in present]
    single = {cue[0] for cues in (*own.values(), *shared) for cue in cues if len(cue) == 1}
    single.update(word for topic in scenario.topics for word in stems(topic.title))
    table = CueTable(empty=lexicon.never | (lexicon.general - single))
    called = set(stems(scenario.client.name))
    for topic in scenario.topics:
        _add(table, topic.id, own[topic.id], OWN_CUE, lexicon)
        title = [(w,) for w in stems(topic.title) if w not in table.empty | called]
        _add(table, topic.id, title, TITLE_WORD, lexicon)
        if topic.subject is not None and topic.subject in lexicon.subjects:
            _add_subject(table, topic.id, topic.subject, SUBJECT_CUE, lexicon)
    for name, subject in lexicon.subjects.items():
        if name not in present:
            for topic_id, weight in _answering(scenario, name, subject):
                _add_subject(table, topic_id, name, weight, lexicon)
    _add_names(table, scenario)
    table.settle()
    return table


def _answering(scenario: Scenario, name: str, subject: Subject) -> list[tuple[str, float]]:
    """Topics that answer for a subject without a topic of its own, and the weight of its cues.

    First those that have it in their id or title ("Mood and crying"), then those close to it.
    """
    alone = {cue[0] for cue in subject.cues if len(cue) == 1}
    titled = [
        (topic.id, TITLED_CUE)
        for topic in scenario.topics
        if topic.id == name or alone & set(stems(topic.title))
    ]
    near = [t.id for s in subject.nearby for t in scenario.topics if t.subject == s]
    return titled + list(zip(near, NEARBY_CUE, strict=False))


def _add_subject(table: CueTable, topic: str, name: str, weight: float, lexicon: Lexicon) -> None:
    subject = lexicon.subjects[name]
    if subject.urgent:
        table.urgent.update(cue for cue in subject.cues if len(cue) > 1)
    table.whole.update(subject.whole)
    _add(table, topic, (*subject.whole, *subject.cues), weight, lexicon)
    _add(table, topic, subject.weak, weight * WEAK_CUE / SUBJECT_CUE, lexicon)


def _add(table: CueTable, topic: str, cues: Iterable[Cue], weight: float, lexicon: Lexicon) -> None:
    for cue in cues:
        if len(cue) == 1 and cue[0] in lexicon.never:
            continue
        table.add(cue, topic, weight * _factor(cue, table, lexicon.faint))


def _factor(cue: Cue, table: CueTable, faint: frozenset[str]) -> float:
    """What a cue's words make of its weight."""
    stands = cue in table.urgent or cue in table.whole
    telling = [word for word in cue if stands or word not in table.empty]
    clear = [word for word in telling if word not in faint]
    factor = 1 + LONGER * max(0, len(telling) - 1) + WORDIER * (len(cue) - len(telling))
    if not telling and cue[0] in OPENERS:
        return LOOSE * factor
    if not telling:
        return VAGUE[len(cue) > 2] * factor
    return factor if clear or len(cue) > 1 else FAINT * factor


def _add_names(table: CueTable, scenario: Scenario) -> None:
    """A name that the client speaks points to the topics where it is spoken most."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    never = _CALENDAR.union(words(scenario.client.name))
    lines = [(topic, spoken(line)) for topic, line in topic_lines(scenario)]
    ordinary = {word for _, line in lines for word in _LOWER.findall(line)}
    inside = {name for _, line in lines for name in _NAME.findall(line)}
    for topic, line in lines:
        for name in _NAME.findall(line) + _FIRST.findall(line):
            if name.lower() not in never | ordinary:
                seen[stem(name.lower())][topic] += 1
    certain = {stem(name.lower()) for name in inside}
    for name, counts in seen.items():
        if (name,) in table.weights or not (name in certain or sum(counts.values()) > 1):
            continue
        most = max(counts.values())
        for topic, count in counts.items():
            if 2 * count > most:
                table.add((name,), topic, NAME * count / most)


@dataclass(frozen=True)
class Spoken:
    """What the lines of a scenario, and the words that its author wrote for its topics, say."""

    weights: Mapping[str, Mapping[str, float]]
    """For each telling stem, the topics that use it, with weights up to LINE_WORD."""
    places: Mapping[str, Set[int]]
    """For each telling stem, the numbers of the lines that have it."""
    topics: Sequence[str]
    """The topic of each line."""

    def together(self, heard: Iterable[str]) -> dict[str, float]:
        """By topic, the weight of the words of one line that are heard together, the first left
        out: several rare ones describe what is meant though no cue names it."""
        found: dict[int, list[float]] = defaultdict(list)
        for word in set(heard):
            for line in self.places.get(word, ()):
                found[line].append(self._rarity(word))
        best: dict[str, float] = defaultdict(float)
        for line, rarities in found.items():
            if len(rarities) > 1:
                beside = TOGETHER * (sum(rarities) - max(rarities))
                best[self.topics[line]] = max(best[self.topics[line]], beside)
        return best

    def _rarity(self, word: str) -> float:
        return 1 / len(self.weights[word])


def spoken_of(scenario: Scenario, empty: frozenset[str]) -> Spoken:
    """The telling stems of a scenario's lines, titles and cues.

    `empty`: stems that tell nothing.
    """
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    places: dict[str, set[int]] = defaultdict(set)
    lines = (*topic_lines(scenario), *_written(scenario))
    for place, (topic, line) in enumerate(lines):
        for word in set(stems(line)) - empty:
            counts[word][topic] += 1
            places[word].add(place)
    weights = _line_weights(counts, len(scenario.topics))
    return Spoken(weights, dict(places), [topic for topic, _ in lines])


def _line_weights(counts: Mapping[str, Counter[str]], topics: int) -> dict[str, dict[str, float]]:
    rarest = math.log(1 + topics)
    weights = {}
    for word, by_topic in counts.items():
        rarity = math.log(1 + topics / len(by_topic)) / rarest
        total = sum(by_topic.values())
        rarity *= ONCE if total == 1 else 1.0
        weights[word] = {t: LINE_WORD * rarity * n / total for t, n in by_topic.items()}
    return weights


def _written(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """(topic id, text) for what its author wrote about a topic: its title, and every cue.

    The words of a cue that is not found whole still speak for its topic.
    """
    for topic in scenario.topics:
        for text in (topic.title, *topic.cues):
            yield topic.id, text


def topic_lines(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """(topic id, line) for everything the client may say on a topic, disclosures included."""
    yield scenario.opening.topic, scenario.opening.text
    for topic in scenario.topics:
        for line in _said(topic):
            yield topic.id, line
    for told in scenario.disclosures:
        for line in (told.fact, *told.lines, *told.follow_up):
            yield told.topics[0], line


def _said(topic: Topic) -> tuple[str, ...]:
    return topic.lines.guarded + topic.lines.opening + topic.lines.open
