"""Sessions for a generated programme: a few dozen hours, each told a thousand times over.

An hour is coded and scored once, by the program itself; a session is such an hour with another
trainee, seed, time and scores. What is said is real enough to be read, replayed and scored again.
"""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from alliance_sim.authoring.library import Library
from alliance_sim.coding.coder import code
from alliance_sim.domain import events as ev
from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.scenario import Scenario
from alliance_sim.domain.scorecard import Grade, RubricScore, Scorecard
from alliance_sim.domain.speech import Clause, spoken_words
from alliance_sim.domain.state import ClientState, Openness
from alliance_sim.domain.transcript import Floor, Pace
from alliance_sim.runtime.results import rubrics_in_play, score_events
from alliance_sim.scoring.session import grade

SCENARIOS = ("wary", "mandated", "trauma", "her_idea", "last_three", "ward_nine", "toolbox")
EXCHANGES = range(1, 10)
"""Replies in an hour; with what comes before and after, 11 to 59 events."""
PACES = (Pace.STREAM, Pace.UNTIMED)

QUOTES = 3
"""At most, for a rubric."""

SAYS = (
    "It's the same at work, they talk and I stop listening. Nobody asked me.",
    "I had three drinks on Friday and told my sister it was one.",
    "You're not really listening, are you? I said that already.",
    "Some nights I think they'd all be better off without me around.",
    "At church they pray for it. My mother thinks that is enough.",
    "Could I have your own number, for when it gets bad?",
    "I don't sleep. I sit in the kitchen until it gets light.",
    "Fine. Whatever you think is best, I suppose.",
    "He came in and didn't say a word, and I knew. I hated that silence.",
    "I'm scared that if I start I won't be able to stop.",
)
REPLIES = (
    "It sounds like you were left alone with all of it, and nobody asked what it was like for you.",
    "What would you like to be different by the spring?",
    "I hear how tired you are of being told what to do.",
    "I pushed too fast just now, and I am sorry. What did that bring up for you?",
    "You should talk to your manager about the shifts, that always helps.",
    "Are you having thoughts of killing yourself?",
    "I can't give you my number; the office takes messages, and I will ring back.",
    "Part of you wants to tell her, and part of you is afraid of what she'd say.",
    "What does praying for it mean to you yourself?",
    "It is up to you how much of it you tell me today.",
    "At least the two of you still talk.",
    "No wonder you are worn out, after a month of nights like that.",
    "Have you told anybody in the family?",
    "I feel a little lost about where to go next, and I'd like us to choose it together.",
)


@dataclass(frozen=True)
class RubricPart:
    """A rubric's score in an hour: JSON before and after the score and the grade."""

    rubric: Rubric
    before: str
    after: str
    why_null: str | None
    evidence: int

    def text(self, score: float | None) -> str:
        """The rubric's score as JSON, with another value."""
        made = json.dumps(score)
        why = json.dumps(self.why_null, ensure_ascii=False)
        word = json.dumps(self.grade(score))
        return f'{self.before},"score":{made},"why_null":{why},"grade":{word},{self.after}'

    def grade(self, score: float | None) -> Grade | None:
        """Against the rubric's thresholds."""
        return None if score is None else grade(score, self.rubric)


@dataclass(frozen=True)
class Hour:
    """A session as it is told again and again, without whose it is and when it was."""

    scenario: Scenario
    pace: Pace
    steps: tuple[tuple[tuple[str, str], ...], ...]
    """Type and payload of events, those together that are written at one time."""
    card: Scorecard
    turns: int
    rubrics: tuple[RubricPart, ...]

    @property
    def length(self) -> int:
        """Events, with the opening, the end and the scores."""
        return sum(len(step) for step in self.steps) + 3

    @cached_property
    def around(self) -> tuple[str, str]:
        """The JSON of the scorecard between its id and its rubrics, and after its overall."""
        card = json.loads(self.card.model_dump_json())
        head = {name: card[name] for name in ("scenario", "utterances")}
        tail = {name: card[name] for name in ("metrics", "scorer", "judged_by", "original_overall")}
        return _inside(head), _inside(tail)


def _inside(value: dict[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))[1:-1]


def hours(library: Library, seed: int) -> dict[int, list[Hour]]:
    """All hours, by how many replies they have; the same for the same seed."""
    pick = random.Random(seed)
    made: dict[int, list[Hour]] = {count: [] for count in EXCHANGES}
    for name, count in product(SCENARIOS, EXCHANGES):
        scenario = library.scenario(name)
        rubrics = rubrics_in_play(library, scenario)
        made[count].append(_hour(scenario, rubrics, count, pick))
    return made


def _hour(scenario: Scenario, rubrics: Sequence[Rubric], count: int, pick: random.Random) -> Hour:
    # Most are timed: where the words came all at once, interruptions are not observed.
    pace = PACES[pick.random() < 0.25]
    steps = list(_told(count, pick, timed=pace is Pace.STREAM))
    opened = ev.SessionOpened(
        scenario=scenario.id,
        scenario_version=scenario.version,
        seed=0,
        pace=pace,
        wpm=160,
        max_turns=40,
    )
    events = [opened, *(event for step in steps for event in step)]
    card = score_events("", [*events, ev.Ended(ending=ev.Ending.PLANNED_CLOSE)], scenario, rubrics)
    assert card is not None
    parts = tuple(
        _part(rubric, json.loads(_lean(score).model_dump_json()))
        for rubric, score in zip(rubrics, card.rubrics, strict=True)
    )
    # Without what the rubrics say again: a programme is to fit on a disk.
    said = tuple(level.model_copy(update={"evidence": {}}) for level in card.utterances)
    lean = card.model_copy(update={"rubrics": (), "utterances": said})
    told = tuple(tuple((str(e.type), e.model_dump_json()) for e in step) for step in steps)
    return Hour(scenario, pace, told, lean, count, parts)


def _lean(score: RubricScore) -> RubricScore:
    return score.model_copy(update={"instead": (), "evidence": score.evidence[:QUOTES]})


def _part(rubric: Rubric, score: dict[str, object]) -> RubricPart:
    before = _inside({name: score[name] for name in ("rubric", "rubric_version")})
    names = ("evidence", "instead", "metrics", "override", "judged")
    after = _inside({name: score[name] for name in names})
    why = score["why_null"]
    evidence = score["evidence"]
    assert isinstance(evidence, list)
    return RubricPart(rubric, before, after, str(why) if why else None, len(evidence))


def _told(count: int, pick: random.Random, *, timed: bool) -> Iterator[tuple[ev.Event, ...]]:
    """The client begins; then a reply, what it does, and what the client says, again and again."""
    says = [*pick.sample(SAYS, min(count + 1, len(SAYS))), "I don't know."]
    cuts = [timed and pick.random() < 0.15 for _ in range(count)]
    state = ClientState(trust=40, task=40, goal=40, safety=40, arousal=50, shame=50, reactance=40)
    yield _client(0, says[0], cut=cuts[0])
    for number, reply in enumerate(pick.sample(REPLIES, count)):
        turn = 2 * number + 1
        sent = ev.TraineeSent(turn=turn, text=reply)
        if cuts[number]:
            lost = {"floor": Floor.TAKING, "words_heard": 3, "words_lost": 3}
            sent = sent.model_copy(update=lost)
        yield (sent,)
        state = _moved(state, pick)
        coded = ev.Coded(turn=turn, coded=code(reply, says[number]))
        yield (coded, ev.StateMoved(turn=turn, state=state, gates=("facts",)))
        yield _client(turn + 1, says[number + 1], cut=any(cuts[number + 1 : number + 2]))


def _moved(state: ClientState, pick: random.Random) -> ClientState:
    names = ("trust", "task", "goal", "safety", "arousal", "shame", "reactance")
    moved = {name: round(getattr(state, name) + pick.uniform(-3, 4), 3) for name in names}
    return state.model_copy(update={**moved, "turn": state.turn + 1})


def _client(turn: int, says: str, *, cut: bool) -> tuple[ev.Event, ...]:
    clauses = (_clause(says), _clause("That's how it is."))[: 1 + cut]
    planned = ev.ClientPlanned(
        turn=turn,
        act=ev.Act.ANSWER if turn else ev.Act.OPEN,
        openness=Openness.OPENING,
        topic="work",
        clauses=clauses,
    )
    shown = ev.ClauseShown(turn=turn, index=0)
    return (planned, shown) if cut else (planned, shown, ev.ClientFinished(turn=turn))


def _clause(says: str) -> Clause:
    return Clause(text=says, words=spoken_words(says), pause=0.5, complete=True)
