"""Which topic of a scenario an utterance is about.

The last question decides; a question without content, and a statement that names nothing, stay
on the topic that is being spoken of; a question about something that has no place in this
client's life is about no topic. Works by words alone: no model, no network.
"""

from collections import defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass

from alliance_sim.client.matching_lines import best_line
from alliance_sim.client.matching_reading import NAMED, STAYING, Evidence, Reader, Reading
from alliance_sim.domain.scenario import Scenario

HINTED = (0.1, 0.4)
"""Evidence from lines alone from which a question may be about a topic: where all its words are
of this client's life, and where some are not."""
DESCRIBED = 0.5
"""Evidence from lines alone from which a question with "that" or "he" in it leaves a topic."""
CLEARLY = 1.2
"""How much stronger it must be than that of any other topic."""
STATED = 1.6
"""Evidence from which a statement changes the topic."""
FEELING = 0.4
"""Factor for feelings in a statement: a reflection names them without changing the topic."""
OUTWEIGHS = 2.5
"""How much stronger a topic named just before must be to be what a question is about."""
FAR_OUTWEIGHS = 5.0
"""The same for a question without a word such as "that" or "he"."""
ECHOES = 2
"""Words of a topic's lines from which a reflection takes them up."""
QUOTED = 0.5
"""Evidence from lines alone from which a reflection takes them up."""
WHOLE = 3
"""Words from which a question that could be about anything is one ("how have you been")."""
BESIDE = 3
"""Other words with which one that asks for a wish is about the thing wished for, spoken of before
("what would you want kept out?")."""
WISHES = frozenset({"want", "like", "wish"})
MEANT = 1.6
"""Factor for a person named beside a "he" or "she" that fits."""
MEANT_BEFORE = 3.0
"""The same for one named in the sentences before the question."""
FRAME = 0.1
"""Factor for the sessions themselves in a statement: to explain them changes no topic."""
EARLY = 3
"""Words at the start of a statement among which stands what it is about."""
POINTING = {("i", "notic"), ("i", "see")}
"""How a statement begins that points at something."""
LATE = 0.5
"""Factor for a single word further on in a statement."""
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
        self._opening = scenario.opening.topic

    def match(self, text: str, current: str | None = None) -> TopicMatch:
        """The topic of an utterance, given the topic being spoken of (None at the start)."""
        readings = self._reader.read(text)
        asks = [place for place, reading in enumerate(readings) if reading.sentence.asks]
        for place in reversed(asks):
            named = self._named(readings[:place], readings[place].sentence.persons)
            found = self._asked(readings[place], current, named)
            if found is not None:
                return found
            if named is not None:
                return named
        if not asks:
            return _stated(readings, current)
        quoted = _quoted(readings[: asks[-1]])
        return quoted or _goes_on(current or self._at_hand(readings[asks[-1]]))

    def _at_hand(self, reading: Reading) -> str:
        """What a question may be about that names nothing, before anything was spoken of."""
        meant = [self._reader.persons.closest.get(p) for p in sorted(reading.sentence.persons)]
        return next((topic for topic in meant if topic), self._opening)

    def _asked(
        self, reading: Reading, current: str | None, named: TopicMatch | None
    ) -> TopicMatch | None:
        """What a question is about; None when it follows up on what came before.

        `named`: what the same utterance has named before it.
        """
        context = named.topic if named else current
        ranked = self._in_person(reading.ranked(context), reading.sentence.persons)
        if ranked and ranked[0][0].cues >= NAMED:
            best, score = ranked[0]
            if context not in (None, best.topic) and _serves(best, reading, named):
                return None
            return None if named and _outweighed(named, score, reading) else _match(ranked)
        if not reading.content or named is not None:
            return None
        if reading.sentence.refers and not _described(ranked):
            return None
        if ranked and (ranked[0][1] >= HINTED[reading.unheard] or ranked[0][0].topic == context):
            return _match(ranked)
        return NOTHING if reading.strange or ranked else None

    def _in_person(
        self, ranked: Sequence[tuple[Evidence, float]], meant: Set[str], gain: float = MEANT
    ) -> list[tuple[Evidence, float]]:
        """Evidence again, with more weight for people named by a cue whom "he" or "she" fits."""
        about = self._reader.persons.about
        weighed = [
            (item, score * gain if item.cues and about.get(item.topic) in meant else score)
            for item, score in ranked
        ]
        return sorted(weighed, key=lambda pair: -pair[1])

    def _named(self, readings: Sequence[Reading], meant: Set[str]) -> TopicMatch | None:
        """What the sentences before a question put on the table, for it to be about."""
        ranked = self._in_person(_strongest(readings, strict=False), meant, MEANT_BEFORE)
        return _match(ranked) if ranked and ranked[0][1] >= NAMED else None


def _described(ranked: Sequence[tuple[Evidence, float]]) -> bool:
    """Whether a question tells in several words what the client said only of one topic."""
    if not ranked or ranked[0][0].echoes < ECHOES:
        return False
    second = ranked[1][1] if len(ranked) > 1 else 0.0
    return ranked[0][1] >= DESCRIBED and ranked[0][1] >= CLEARLY * second


def _quoted(readings: Sequence[Reading]) -> TopicMatch | None:
    """The topic whose lines a reflection takes up in several of their own words."""
    total: dict[str, float] = defaultdict(float)
    telling: dict[str, Evidence] = {}
    for reading in readings:
        for item in reading.evidence:
            if item.echoes >= ECHOES:
                total[item.topic] += item.lines
                telling[item.topic] = item
    ranked = sorted(total.items(), key=lambda pair: -pair[1])
    if not ranked or ranked[0][1] < QUOTED:
        return None
    return _match([(telling[topic], score) for topic, score in ranked])


def _outweighed(named: TopicMatch, score: float, reading: Reading) -> bool:
    """Whether a question is rather about what was named just before it."""
    return named.score >= (OUTWEIGHS if reading.sentence.refers else FAR_OUTWEIGHS) * score


def _serves(best: Evidence, reading: Reading, named: TopicMatch | None) -> bool:
    """Whether the cues of a question serve only to ask on about something else."""
    sentence = reading.sentence
    if (
        best.in_passing
        or (named and best.aside)
        or (named and sentence.refers and best.cues < OWN_WORD)
    ):
        return True
    wish = not WISHES.isdisjoint(best.words)
    beside = len(sentence.stems) - len(best.at) if wish else 0
    if best.loose and not sentence.refers and len(best.at) >= WHOLE and beside < BESIDE:
        return False
    short = len(sentence.stems) <= 2
    long = len(best.at) >= WHOLE and beside >= BESIDE
    return best.loose and (named is not None or bool(sentence.points_at) or short or long)


def _stated(readings: Sequence[Reading], current: str | None) -> TopicMatch:
    """What a statement is about: the strongest topic that it clearly names, else the same."""
    ranked = _strongest(readings, strict=True)
    if not ranked or ranked[0][1] < STATED:
        return _goes_on(current)
    stays = sum(
        item.cues for reading in readings for item in reading.evidence if item.topic == current
    )
    return _goes_on(current) if ranked[0][1] <= STAYING * stays else _match(ranked)


def _strongest(readings: Sequence[Reading], *, strict: bool) -> list[tuple[Evidence, float]]:
    """Topics by their evidence over several sentences, bare lines left out.

    `strict`: leave out all cues that are vague, not only the loose ones, and believe less of what
    the trainee says of themselves and of the sessions.
    """
    total: dict[str, float] = defaultdict(float)
    telling: dict[str, Evidence] = {}
    for reading in readings:
        for item, score in reading.ranked(None):
            if item.cues and not (item.vague if strict else item.loose):
                total[item.topic] += score * _belief(item, reading, strict=strict)
                telling[item.topic] = item
    ranked = sorted(total.items(), key=lambda pair: -pair[1])
    return [(telling[topic], score) for topic, score in ranked]


def _early(reading: Reading) -> int:
    """How far the start of a statement goes: all the way where it points at something."""
    stems = reading.sentence.stems
    return len(stems) if stems[:2] in POINTING else EARLY


def _belief(item: Evidence, reading: Reading, *, strict: bool) -> float:
    """How much of its weight evidence has in a statement."""
    factor = COMMENT if reading.sentence.comments and len(item.at) == 1 else 1.0
    if not strict:
        return factor
    factor *= LATE if len(item.at) == 1 and min(item.at) >= _early(reading) else 1.0
    factor *= FEELING if item.feeling else 1.0
    factor *= FRAME if item.frame else 1.0
    return factor * (OF_SELF if reading.sentence.spoken_of_self else 1.0)


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
