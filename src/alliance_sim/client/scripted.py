"""The authored voice: words a directive from the scenario's own lines, none of them twice."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from alliance_sim.client.directive import Directive, Piece, Pool
from alliance_sim.client.matching_answers import no_feeling_in
from alliance_sim.client.topics import best_line
from alliance_sim.domain.scenario import Disclosure, Reaction, Scenario, Topic
from alliance_sim.domain.speech import Clause, clauses, spoken
from alliance_sim.domain.state import Openness

LEVELS = (Openness.GUARDED, Openness.OPENING, Openness.OPEN)

Keyed = tuple[str, str]
"""The key of an authored line, and its text."""


@dataclass(frozen=True)
class Speech:
    """The words of a turn, and the keys of the lines they came from."""

    clauses: tuple[Clause, ...]
    lines: tuple[str, ...]
    topic: str | None
    """The topic the words ended on; the client may have drifted from the one planned."""


@dataclass
class _Wording:
    """One turn being worded."""

    scenario: Scenario
    directive: Directive
    used: Sequence[str]
    disclosed: Sequence[str]
    shame: float
    answering: tuple[str, ...]
    rng: random.Random
    spent: set[str] = field(init=False)
    topic: str | None = field(init=False)

    def __post_init__(self) -> None:
        self.spent = set(self.used)
        self.topic = self.directive.topic

    def take(self, lines: Sequence[Keyed], *, rank: bool = False) -> Keyed | None:
        """An unused line: the one that answers best, else any by the seed."""
        free = [line for line in lines if line[0] not in self.spent]
        if not free:
            return None
        if rank:
            for words in self.answering:
                free = _best(words, free)
        chosen = self.rng.choice(free)
        self.spent.add(chosen[0])
        return chosen


def _best(words: str, lines: list[Keyed]) -> list[Keyed]:
    """Those of the lines that answer best, or go on best from, some words."""
    if len(lines) < 2:
        return lines
    ranked = best_line(words, lines)
    top = max(score for _, score in ranked)
    best = {key for key, score in ranked if score >= top - 1e-9}
    return [line for line in lines if line[0] in best]


def word(
    scenario: Scenario,
    directive: Directive,
    *,
    used: Sequence[str],
    disclosed: Sequence[str],
    shame: float,
    answering: tuple[str, ...],
    rng: random.Random,
) -> Speech:
    """Word a directive.

    `used`: keys of lines spoken before, oldest first; `disclosed`: ids of what has come out;
    `shame`: 0–100, closes single topics; `answering`: the trainee's words, then what it goes
    on from where several lines answer them alike. Once every line that
    fits has been spoken, the one longest ago comes again.
    """
    wording = _Wording(scenario, directive, used, disclosed, shame, answering, rng)
    chosen: list[Keyed] = []
    leads: set[int] = set()
    for piece in directive.pieces:
        line = _WORDED[piece.pool](wording, piece)
        if line:
            leads |= {len(chosen)} if piece.lead else set()
            chosen.append(line)
    if not chosen:
        chosen.append(_whatever(wording))
    leads -= {len(chosen) - 1}
    spoken = tuple(
        clause
        for place, (_, text) in enumerate(chosen)
        for clause in (_lead_in(text) if place in leads else clauses(text))
    )
    return Speech(clauses=spoken, lines=tuple(key for key, _ in chosen), topic=wording.topic)


def _lead_in(text: str) -> tuple[Clause, ...]:
    """The clauses of a few words before something else: to come in after them is too soon."""
    return tuple(clause.model_copy(update={"complete": False}) for clause in clauses(text))


def _keyed(prefix: str, lines: Sequence[str]) -> list[Keyed]:
    return [(f"{prefix}/{i}", line) for i, line in enumerate(lines)]


def _reaction(wording: _Wording, piece: Piece) -> Keyed | None:
    kind = Reaction(piece.name)
    lines = wording.scenario.reactions.get(kind, ())
    return wording.take(_keyed(f"reaction/{kind}", lines), rank=kind is Reaction.MACHINE)


def _disclosure(wording: _Wording, piece: Piece) -> Keyed | None:
    told = _told(wording.scenario, piece.name)
    if piece.part == "brought_up":
        return wording.take(_keyed(f"brought_up/{told.id}", told.brought_up))
    return wording.take(_keyed(f"disclosure/{told.id}", told.lines))


def _told(scenario: Scenario, name: str) -> Disclosure:
    return next(told for told in scenario.disclosures if told.id == name)


def _event(wording: _Wording, piece: Piece) -> Keyed | None:
    event = next(event for event in wording.scenario.events if event.id == piece.name)
    return wording.take(_keyed(f"event/{event.id}", (event.line,)))


def _response(wording: _Wording, piece: Piece) -> Keyed | None:
    event = next(event for event in wording.scenario.events if event.id == piece.name)
    lines: tuple[str, ...] = getattr(event.responses, piece.part)
    return wording.take(_keyed(f"response/{event.id}/{piece.part}", lines))


def _rupture(wording: _Wording, piece: Piece) -> Keyed | None:
    lines: tuple[str, ...] = getattr(wording.scenario.rupture, piece.name)
    return wording.take(_keyed(f"rupture/{piece.name}", lines))


def _ending(wording: _Wording, piece: Piece) -> Keyed | None:
    lines: tuple[str, ...] = getattr(wording.scenario.endings, piece.name)
    return wording.take(_keyed(f"ending/{piece.name}", lines))


def _arrival(wording: _Wording, _: Piece) -> Keyed | None:
    return ("arrival/0", wording.scenario.arrival.line)


def _opening(wording: _Wording, _: Piece) -> Keyed | None:
    wording.topic = wording.scenario.opening.topic
    return ("opening/0", wording.scenario.opening.text)


def _topic(wording: _Wording, piece: Piece) -> Keyed | None:
    """A line on the topic; when all were spoken, that is said, then the client drifts on.

    `piece.part` names what was told just now: there is more to say of it, and that comes first.
    """
    scenario = wording.scenario
    topic = scenario.topic(piece.name or scenario.opening.topic)
    line = (
        _more_of(wording, piece.part) or _no_words_for(wording, topic) or _on_topic(wording, topic)
    )
    if line:
        wording.topic = topic.id
        return line
    asked = wording.answering[0].rstrip().endswith("?")
    if asked:
        exhausted = _reaction(wording, Piece(pool=Pool.REACTION, name=Reaction.EXHAUSTED))
        if exhausted:
            return exhausted
    ahead = [*topic.leads_to, *(other.id for other in scenario.topics if not other.hidden)]
    for name in ahead:
        line = _on_topic(wording, scenario.topic(name))
        if line:
            wording.topic = name
            return line
    return None


def _more_of(wording: _Wording, name: str) -> Keyed | None:
    if not name:
        return None
    return wording.take(
        _keyed(f"follow/{name}", _told(wording.scenario, name).follow_up), rank=True
    )


def _no_words_for(wording: _Wording, topic: Topic) -> Keyed | None:
    """Asked how it feels, a guarded client who has no words for it says so and tells no tale."""
    if wording.directive.openness is not Openness.GUARDED:
        return None
    lines = _keyed(f"topic/{topic.id}/{Openness.GUARDED}", topic.lines.guarded)
    free = [text for key, text in lines if key not in wording.spent]
    if not free or not no_feeling_in(wording.answering[0], map(spoken, free)):
        return None
    unclear = _keyed(f"reaction/{Reaction.UNCLEAR}", wording.scenario.reactions[Reaction.UNCLEAR])
    # The question was clear: a line that asks back would be about something else.
    return wording.take([line for line in unclear if "?" not in line[1]])


def _on_topic(wording: _Wording, topic: Topic) -> Keyed | None:
    """An unused line of the topic: at this openness, else the more guarded ones below it."""
    level = wording.directive.openness
    if topic.shame_above is not None and wording.shame > topic.shame_above:
        level = Openness.GUARDED
    told = _follow_ups(wording, topic) if level != Openness.GUARDED else []
    for lower in reversed(LEVELS[: LEVELS.index(level) + 1]):
        lines: tuple[str, ...] = getattr(topic.lines, lower)
        line = wording.take([*told, *_keyed(f"topic/{topic.id}/{lower}", lines)], rank=True)
        if line:
            return line
    return None


def _follow_ups(wording: _Wording, topic: Topic) -> list[Keyed]:
    """Lines that came within reach with what was disclosed on this topic."""
    return [
        keyed
        for told in wording.scenario.disclosures
        if told.id in wording.disclosed and topic.id in told.topics
        for keyed in _keyed(f"follow/{told.id}", told.follow_up)
    ]


def _whatever(wording: _Wording) -> Keyed:
    """Something that can always be said: a silence, then the line spoken longest ago.

    Words that were said are not met as if they had not been.
    """
    kinds = (Reaction.SILENCE, Reaction.UNCLEAR)
    for kind in reversed(kinds) if wording.answering[0].strip() else kinds:
        line = _reaction(wording, Piece(pool=Pool.REACTION, name=kind))
        if line:
            return line
    lines = wording.scenario.reactions[Reaction.SILENCE]
    keyed = _keyed(f"reaction/{Reaction.SILENCE}", lines)
    last = {key: i for i, key in enumerate(wording.used)}
    return min(keyed, key=lambda line: last.get(line[0], -1))


_WORDED: dict[Pool, Callable[[_Wording, Piece], Keyed | None]] = {
    Pool.REACTION: _reaction,
    Pool.TOPIC: _topic,
    Pool.DISCLOSURE: _disclosure,
    Pool.EVENT: _event,
    Pool.RESPONSE: _response,
    Pool.RUPTURE: _rupture,
    Pool.ENDING: _ending,
    Pool.ARRIVAL: _arrival,
    Pool.OPENING: _opening,
}
