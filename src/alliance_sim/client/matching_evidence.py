"""What the words of a scenario say about its topics: cues, names and lines, each with a weight.

Cues that someone wrote for a topic are heavy, what the client happens to say on it is light: a
line mentions many things, but a question names the one it is about.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from alliance_sim.client.matching_cues import Cue, CueTable, Lexicon, cues_of
from alliance_sim.client.stems import stem, stems, word_set, words
from alliance_sim.domain.scenario import Scenario, Topic
from alliance_sim.domain.speech import spoken

OWN_CUE = 3.0
SUBJECT_CUE = 2.2
TITLE_WORD = 1.6
NAME = 2.4
NEARBY_CUE = 0.8
"""A subject without a topic of its own, answered by one close to it."""
LINE_WORD = 0.9
"""At most, for a word that only one topic's lines have."""
LONGER = 0.35
"""Added for each further word of a phrase, as a share of its weight."""
VAGUE = 0.3
"""Factor of a one-word cue that says little about a topic."""

_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]{2,}\b")
_CALENDAR = word_set(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may "
    "june july august september october november december christmas easter thanksgiving god "
    "english spanish french american"
)


def cue_table(scenario: Scenario, lexicon: Lexicon) -> CueTable:
    """Cues, title words and names of every topic, with the subject cues they inherit."""
    table = CueTable(empty=lexicon.empty)
    present = {topic.subject for topic in scenario.topics}
    for topic in scenario.topics:
        _add(table, topic.id, cues_of(topic.cues), OWN_CUE, lexicon)
        title = [(word,) for word in stems(topic.title) if word not in lexicon.empty]
        _add(table, topic.id, title, TITLE_WORD, lexicon)
        if topic.subject is not None and topic.subject in lexicon.subjects:
            _add(table, topic.id, lexicon.subjects[topic.subject].cues, SUBJECT_CUE, lexicon)
    for name, subject in lexicon.subjects.items():
        if name not in present:
            for topic_id in _nearest(scenario, subject.nearby):
                _add(table, topic_id, subject.cues, NEARBY_CUE, lexicon)
    _add_names(table, scenario)
    table.settle()
    return table


def _nearest(scenario: Scenario, nearby: Iterable[str]) -> list[str]:
    """Topics of the first nearby subject that the scenario has."""
    for subject in nearby:
        if found := [topic.id for topic in scenario.topics if topic.subject == subject]:
            return found
    return []


def _add(table: CueTable, topic: str, cues: Iterable[Cue], weight: float, lexicon: Lexicon) -> None:
    for cue in cues:
        telling = sum(word not in lexicon.empty for word in cue)
        factor = 1 + LONGER * (len(cue) - 1) if telling or len(cue) > 1 else VAGUE
        table.add(cue, topic, weight * factor)


def _add_names(table: CueTable, scenario: Scenario) -> None:
    """A name that the client speaks points to the topics where it is spoken most."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    own = set(words(scenario.client.name))
    for topic, line in topic_lines(scenario):
        for name in _NAME.findall(spoken(line)):
            if name.lower() not in _CALENDAR | own:
                seen[stem(name.lower())][topic] += 1
    for name, counts in seen.items():
        if (name,) in table.weights:
            continue
        most = max(counts.values())
        for topic, count in counts.items():
            if 2 * count > most:
                table.add((name,), topic, NAME * count / most)


def line_weights(scenario: Scenario, lexicon: Lexicon) -> dict[str, dict[str, float]]:
    """For each telling stem of the lines, the topics that use it, with weights up to LINE_WORD."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for topic, line in topic_lines(scenario):
        for word in set(stems(line)) - lexicon.empty:
            counts[word][topic] += 1
    rarest = math.log(1 + len(scenario.topics))
    weights = {}
    for word, by_topic in counts.items():
        rarity = math.log(1 + len(scenario.topics) / len(by_topic)) / rarest
        total = sum(by_topic.values())
        weights[word] = {t: LINE_WORD * rarity * n / total for t, n in by_topic.items()}
    return weights


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
