"""Whom "he" and "she" stand for: the people a scenario's topics are about, by its own lines."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from alliance_sim.client.matching_cues import Lexicon
from alliance_sim.client.matching_evidence import topic_lines
from alliance_sim.client.stems import word_set, words
from alliance_sim.domain.scenario import Scenario
from alliance_sim.domain.speech import spoken

FORMS = {"he": word_set("he him his himself"), "she": word_set("she her hers herself")}
SHARE = 0.6
"""Of a topic's lines that speak of a "she", from which the topic is about her."""


@dataclass(frozen=True)
class Persons:
    """The people in a client's life."""

    about: Mapping[str, str]
    """For each topic that is about one person, "he" or "she"."""
    closest: Mapping[str, str]
    """For "he" and "she", the topic of the family member or friend most spoken of."""


def pronouns(plain: list[str]) -> frozenset[str]:
    """Which of "he" and "she" some words have, in any form."""
    heard = set(plain)
    return frozenset(pronoun for pronoun, forms in FORMS.items() if heard & forms)


def persons(scenario: Scenario, lexicon: Lexicon) -> Persons:
    """Whom a scenario's topics are about."""
    total: Counter[str] = Counter()
    spoken_of: dict[str, Counter[str]] = defaultdict(Counter)
    for topic, line in topic_lines(scenario):
        total[topic] += 1
        spoken_of[topic].update(pronouns(words(spoken(line))))
    about = {}
    for topic, counts in spoken_of.items():
        pronoun, lines = max(counts.items(), key=lambda pair: pair[1], default=("", 0))
        if lines >= SHARE * total[topic]:
            about[topic] = pronoun
    close = {name for name, subject in lexicon.subjects.items() if subject.person}
    kin = [t.id for t in scenario.topics if t.subject in close and not t.hidden]
    closest = {}
    for pronoun in FORMS:
        candidates = [topic for topic in kin if about.get(topic) == pronoun]
        if candidates:
            closest[pronoun] = max(candidates, key=lambda topic: spoken_of[topic][pronoun])
    return Persons(about, closest)
