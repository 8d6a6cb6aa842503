"""One turn of the client, whole: a coded reply in, the state's step and the planned words out."""

import random
from dataclasses import dataclass
from functools import cached_property

from alliance_sim.client.directive import Directive, Pool
from alliance_sim.client.dynamics import Profile, load_dynamics, profile_of
from alliance_sim.client.hollow import unmoved_by
from alliance_sim.client.memory import Memory
from alliance_sim.client.moment import Moment
from alliance_sim.client.plan import arrival, closing, going_on, plan
from alliance_sim.client.presuming import Presuming
from alliance_sim.client.scripted import word
from alliance_sim.client.state import Step, is_closed, moves_of, open_gates, openness, step
from alliance_sim.client.topics import TopicIndex
from alliance_sim.client.triggers import is_elsewhere, outcome
from alliance_sim.domain.codes import CodedReply
from alliance_sim.domain.events import Act, ClientPlanned, Ending, StateMoved
from alliance_sim.domain.scenario import Scenario
from alliance_sim.domain.state import ClientState, Gate
from alliance_sim.domain.transcript import Floor, Opportunity


@dataclass(frozen=True)
class Heard:
    """A reply as the client meets it."""

    text: str
    coded: CodedReply
    floor: Floor | None
    turn: int
    """The utterance number of the reply."""
    time_up: bool = False


class SimulatedClient:
    """A scenario brought to life. Holds no session: everything that changes is passed in."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self.scenario = scenario
        self.seed = seed
        self.profile: Profile = profile_of(scenario, load_dynamics())
        self.index = TopicIndex(scenario)

    @cached_property
    def _presuming(self) -> Presuming:
        return Presuming(self.scenario)

    @property
    def start(self) -> ClientState:
        return self.profile.start

    def arrive(self) -> ClientPlanned:
        """The first seconds (turn 0), before the trainee has spoken."""
        return self._spoken(arrival(), Memory(), self.start, "", 0)

    def answer(
        self, heard: Heard, memory: Memory, state: ClientState
    ) -> tuple[StateMoved, ClientPlanned]:
        """What a reply does to the client, and what the client then says.

        `memory` has the reply folded in already.
        """
        rng = self._rng("turn", heard.turn)
        step_taken = self._step(heard, memory, state, rng)
        moment = Moment(
            scenario=self.scenario,
            index=self.index,
            profile=self.profile,
            memory=memory,
            step=step_taken,
            coded=heard.coded,
            text=heard.text,
            took_floor=heard.floor is Floor.TAKING,
            time_up=heard.time_up,
            rng=rng,
        )
        said = self._spoken(plan(moment), memory, step_taken.state, heard.text, heard.turn + 1)
        return self._moved(step_taken, heard.turn), said

    def close(self, ending: Ending, memory: Memory, state: ClientState, turn: int) -> ClientPlanned:
        """The client's last words where the trainee's side ends the hour."""
        directive = closing(ending, openness(state, self.profile))
        return self._spoken(directive, memory, state, "", turn)

    def go_on(self, memory: Memory, state: ClientState, turn: int) -> ClientPlanned:
        """What the client says when the trainee lets a turn pass."""
        directive = going_on(memory, state, openness(state, self.profile))
        return self._spoken(directive, memory, state, "", turn)

    def _rng(self, purpose: str, turn: int) -> random.Random:
        # Not for secrets: the same seed must give the same client on every machine.
        return random.Random(f"{self.scenario.id}/{self.seed}/{purpose}/{turn}")  # noqa: S311

    def _step(self, heard: Heard, memory: Memory, state: ClientState, rng: random.Random) -> Step:
        moves = moves_of(
            heard.coded,
            self.profile,
            took_floor=heard.floor is Floor.TAKING,
            closed_before=state.closed_in_a_row,
        )
        return step(
            state,
            moves - unmoved_by(heard.text, memory),
            self.profile,
            roll=rng.random(),
            closed=is_closed(heard.coded),
            extra=self._missed_cost(heard, memory),
        )

    def _missed_cost(self, heard: Heard, memory: Memory) -> dict[str, float]:
        event = next((e for e in self.scenario.events if e.id == memory.pending), None)
        if event is None:
            return {}
        match = self.index.match(heard.text, memory.topic)
        named = match.topic if match.score else None
        aside = is_elsewhere(event, heard.text, named, memory.topic)
        missed = outcome(event, heard.coded, elsewhere=aside) == "missed"
        return dict(event.missed_cost) if missed else {}

    def _moved(self, taken: Step, turn: int) -> StateMoved:
        return StateMoved(
            turn=turn,
            state=taken.state,
            moves=taken.moves,
            deltas=taken.deltas,
            rupture="opened" if taken.opened else "repaired" if taken.repaired else None,
            gates=tuple(str(gate) for gate in open_gates(taken.state, self.profile)),
        )

    def _spoken(
        self, directive: Directive, memory: Memory, state: ClientState, question: str, turn: int
    ) -> ClientPlanned:
        speech = word(
            self.scenario,
            directive,
            used=memory.used,
            disclosed=memory.disclosed,
            shame=state.shame,
            answering=(question, _last_words(memory)),
            rng=self._rng("voice", turn),
        )
        told = {*memory.used, *speech.lines}
        opportunities, instead = self._chances(directive, speech.topic, told)
        return ClientPlanned(
            turn=turn,
            act=directive.act,
            openness=directive.openness,
            topic=speech.topic,
            disclosure=directive.disclosure,
            event=directive.event,
            ending=directive.ending,
            lines=speech.lines,
            clauses=speech.clauses,
            opportunities=opportunities,
            instead=instead,
        )

    def _chances(
        self, directive: Directive, topic: str | None, spoken: set[str]
    ) -> tuple[tuple[Opportunity, ...], tuple[str, ...]]:
        """What this turn lets the trainee show, and the author's replies for it.

        `spoken`: keys of the lines that were, those of this turn among them.
        """
        if directive.event:
            event = next(e for e in self.scenario.events if e.id == directive.event)
            source = f"event:{event.id}"
            found = tuple(
                Opportunity(rubric=rubric, source=source, instead=event.instead)
                for rubric in event.opportunities
            )
            return found, event.instead
        if directive.disclosure:
            told = next(d for d in self.scenario.disclosures if d.id == directive.disclosure)
            source = f"disclosure:{told.id}"
            chance = Opportunity(rubric="empathy", source=source, instead=told.instead)
            return (chance, *self._limits_due(told.gate, source)), told.instead
        if directive.act is Act.OPEN:
            replies = self.scenario.opening.instead
            return (Opportunity(rubric="empathy", source="opening", instead=replies),), replies
        if directive.act in {Act.CONFRONT, Act.WITHDRAW} and directive.topic is None:
            strained = ("i_statements", "rupture_repair")
            return tuple(Opportunity(rubric=name, source="rupture") for name in strained), ()
        says_topic = any(piece.pool is Pool.TOPIC for piece in directive.pieces)
        if says_topic and topic:
            replies = self.scenario.topic(topic).instead
            return (), self._presuming.fitting(replies, spoken)
        return (), ()

    def _limits_due(self, gate: Gate, source: str) -> tuple[Opportunity, ...]:
        """Before the first feelings of a first session are told, its limits should be known."""
        first = self.scenario.setting.session_number == 1
        due = first and gate is not Gate.FACTS
        return (Opportunity(rubric="safety", source=source),) if due else ()


def _last_words(memory: Memory) -> str:
    """What the client has said in the turn before, as far as it was heard."""
    planned = memory.planned
    shown = planned.clauses[: memory.shown] if planned and planned.act is not Act.OPEN else ()
    return " ".join(clause.text for clause in shown if not clause.stage)
