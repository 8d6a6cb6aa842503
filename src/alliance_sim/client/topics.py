"""Which topic of a scenario an utterance is about.

The last question decides; a question without content, and a statement that names nothing, stay
on the topic that is being spoken of; a question about something that has no place in this
client's life is about no topic. Works by words alone: no model, no network.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from alliance_sim.client.matching_lines import best_line
from alliance_sim.client.matching_reading import NAMED, STAYING, Evidence, Reader, Reading
from alliance_sim.domain.scenario import Scenario

HINTED = 0.3
"""Evidence from lines alone from which a question may be about a topic."""
STATED = 1.6
"""Evidence from which a statement changes the topic."""
FEELING = 0.4
"""Factor for feelings in a statement: a reflection names them without changing the topic."""
OUTWEIGHS = 2.5
"""How much stronger a topic named just before must be to be what a question is about."""
OWN_WORD = 2.5
"""Evidence that a question with "that" or "he" in it needs to leave what was named just before."""
COMMENT = 0.5
"""Factor for one word in a remark on what was said ("that sounds painful")."""
OF_SELF = 0.5
"""Factor for a statement that the trainee makes about themselves."""


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


NOTHING = TopicMatch(topic=None, score=0.0, confidence=0.5, words=(), runner_up=None)


class TopicIndex:
    """The topics of one scenario, ready to be matched. Immutable once built."""

    def __init__(self, scenario: Scenario) -> None:
        self._reader = Reader(scenario)

    def match(self, text: str, current: str | None = None) -> TopicMatch:
        """The topic of an utterance, given the topic being spoken of (None at the start)."""
        readings = self._reader.read(text)
        asks = [place for place, reading in enumerate(readings) if reading.sentence.asks]
        for place in reversed(asks):
            named = _named(readings[:place])
            found = _asked(readings[place], current, named)
            if found is not None:
                return found
            if named is not None:
                return named
        return _goes_on(current) if asks else _stated(readings, current)


def _asked(reading: Reading, current: str | None, named: TopicMatch | None) -> TopicMatch | None:
    """What a question is about; None when it follows up on what came before.

    `named`: what the same utterance has named before it.
    """
    context = named.topic if named else current
    ranked = reading.ranked(context)
    if ranked and ranked[0][0].cues >= NAMED:
        best = ranked[0][0]
        if context not in (None, best.topic) and _serves(best, reading, named):
            return None
        return None if named and named.score >= OUTWEIGHS * ranked[0][1] else _match(ranked)
    if reading.sentence.refers or not reading.content or named is not None:
        return None
    if reading.strange:
        return NOTHING
    return _match(ranked) if ranked and ranked[0][1] >= HINTED else None


def _serves(best: Evidence, reading: Reading, named: TopicMatch | None) -> bool:
    """Whether the cues of a question serve only to ask on about something else."""
    sentence = reading.sentence
    if best.in_passing or (named and sentence.refers and best.cues < OWN_WORD):
        return True
    short = len(sentence.stems) <= 2
    return best.loose and (named is not None or bool(sentence.points_at) or short)


def _named(readings: Sequence[Reading]) -> TopicMatch | None:
    """What the sentences before a question put on the table, for it to be about."""
    found = _strongest(readings, strict=False)
    return found if found is not None and found.score >= NAMED else None


def _stated(readings: Sequence[Reading], current: str | None) -> TopicMatch:
    """What a statement is about: the strongest topic that it clearly names, else the same."""
    found = _strongest(readings, strict=True)
    if found is None or found.score < STATED:
        return _goes_on(current)
    stays = sum(
        item.cues for reading in readings for item in reading.evidence if item.topic == current
    )
    return _goes_on(current) if found.score <= STAYING * stays else found


def _strongest(readings: Sequence[Reading], *, strict: bool) -> TopicMatch | None:
    """The topic with most evidence over several sentences, bare lines left out.

    `strict`: leave out all cues that are vague, not only the loose ones, and believe less of what
    the trainee says of themselves.
    """
    total: dict[str, float] = defaultdict(float)
    telling: dict[str, Evidence] = {}
    for reading in readings:
        for item, score in reading.ranked(None):
            if item.cues and not (item.vague if strict else item.loose):
                factor = FEELING if strict and item.feeling else 1.0
                factor *= OF_SELF if strict and reading.sentence.spoken_of_self else 1.0
                factor *= COMMENT if reading.sentence.comments and len(item.at) == 1 else 1.0
                total[item.topic] += factor * score
                telling[item.topic] = item
    ranked = sorted(total.items(), key=lambda pair: -pair[1])
    return _match([(telling[topic], score) for topic, score in ranked]) if ranked else None


def _goes_on(current: str | None) -> TopicMatch:
    return TopicMatch(topic=current, score=0.0, confidence=0.5, words=(), runner_up=None)


def _match(ranked: Sequence[tuple[Evidence, float]]) -> TopicMatch:
    (best, score), *rest = ranked
    second = rest[0][1] if rest else 0.0
    return TopicMatch(
        topic=best.topic,
        score=score,
        confidence=score / (score + second),
        words=best.words,
        runner_up=rest[0][0].topic if rest else None,
    )


__all__ = ["TopicIndex", "TopicMatch", "best_line"]
