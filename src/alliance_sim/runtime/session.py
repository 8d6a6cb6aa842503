"""A live session: takes the trainee's words, gives the client's, and stores each step first."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from alliance_sim.client.pacing import WITHHOLDS, Reason, classify
from alliance_sim.client.pacing import Standing as FloorStanding
from alliance_sim.client.stems import stems
from alliance_sim.client.turn import Heard, SimulatedClient
from alliance_sim.coding.coder import code
from alliance_sim.domain.codes import CodedReply, Mark
from alliance_sim.domain.events import (
    Branch,
    ClauseShown,
    ClientFinished,
    Coded,
    Ended,
    Ending,
    Event,
    HintShown,
    Paused,
    Reflected,
    Resumed,
    SafetyAnswered,
    SafetyAsked,
    SelfRated,
    SessionOpened,
    Skipped,
    StateMoved,
    TraineeSent,
)
from alliance_sim.domain.scenario import EventKind, Scenario
from alliance_sim.domain.speech import Clause
from alliance_sim.domain.state import ClientState
from alliance_sim.domain.transcript import Floor, Pace, Transcript, Utterance
from alliance_sim.errors import UsageProblem
from alliance_sim.runtime.clock import Clock
from alliance_sim.runtime.replay import (
    Standing,
    client_utterance,
    heard_text,
    standing_of,
    transcript_of,
)
from alliance_sim.store.ids import new_session_id
from alliance_sim.store.repository import Store

DEFAULT_TURNS = 40
SESSION_SECONDS = 50 * 60.0
"""The therapeutic hour; counts only while words arrive at a pace."""

LONGEST_REPLY = 20_000
"""Characters of one reply; what is beyond is refused rather than cut."""


@dataclass(frozen=True)
class Options:
    """How a session is held. Plain values, chosen by the command line or the screen."""

    seed: int
    pace: Pace = Pace.UNTIMED
    wpm: float = 160.0
    trainee: str | None = None
    exam: bool = False
    max_turns: int = DEFAULT_TURNS
    plan: str = ""


@dataclass(frozen=True)
class Sent:
    """What became of a reply."""

    event: TraineeSent
    client: Utterance | None = None
    """The client's turn that it answers, as it was heard."""
    finishing: tuple[Clause, ...] = ()
    """The rest of the client's turn, spoken to its end before the reply was taken up."""
    goes_on: bool = False
    """A backchannel: the client simply continues."""
    safety: bool = False
    """The trainee is to be asked, outside the role, whether this was about themselves."""


class LiveSession:
    """The loop of one session. Every method that changes anything commits before it returns.

    Timers belong to the front end: it asks for the next clause when the last one has been spoken.
    """

    def __init__(
        self,
        store: Store,
        session_id: str,
        client: SimulatedClient,
        events: Sequence[Event],
        clock: Clock,
    ) -> None:
        self.id = session_id
        self.client = client
        self._store = store
        self._clock = clock
        self._events = list(events)
        self._standing = standing_of(self._events, client.risk_events)
        self._began = clock.monotonic()
        self._paused_at: float | None = None
        self._clause_at = clock.monotonic()

    # ---- opening -------------------------------------------------------------------------

    @classmethod
    def begin(
        cls,
        store: Store,
        scenario: Scenario,
        options: Options,
        clock: Clock,
        randomness: random.Random,
    ) -> "LiveSession":
        """Open a new session; the client has arrived, and no clause has been shown."""
        client = SimulatedClient(scenario, options.seed)
        opened = SessionOpened(
            scenario=scenario.id,
            scenario_version=scenario.version,
            seed=options.seed,
            pace=options.pace,
            wpm=options.wpm,
            trainee=options.trainee,
            exam=options.exam,
            max_turns=options.max_turns,
            max_seconds=None if options.pace is Pace.UNTIMED else SESSION_SECONDS,
            plan=options.plan,
        )
        session_id = new_session_id(clock.now(), randomness)
        session = cls(store, session_id, client, (), clock)
        session._commit(opened, client.arrive())
        return session

    @classmethod
    def resume(
        cls, store: Store, session_id: str, scenario: Scenario, clock: Clock
    ) -> "LiveSession":
        """Go on from what is stored. A reply that was never answered is answered now."""
        events = [stored.event for stored in store.events(session_id)]
        opened = next((event for event in events if isinstance(event, SessionOpened)), None)
        if opened is None:
            raise UsageProblem(f"session {session_id} never began; start a new one")
        client = SimulatedClient(scenario, opened.seed)
        session = cls(store, session_id, client, events, clock)
        waiting = session._standing.unanswered
        if waiting and not session.ended and not session._standing.safety_asked:
            session._answer(waiting, session._code(waiting.text))
        elif session._standing.memory.planned is None:
            session._commit(client.arrive())
        return session

    @classmethod
    def branch(
        cls,
        store: Store,
        session_id: str,
        turn: int,
        scenario: Scenario,
        clock: Clock,
        randomness: random.Random,
    ) -> "LiveSession":
        """Try the trainee's turn `turn` again: a new session with the same hour up to there.

        Raises UsageProblem where that turn is not one of the trainee's.
        """
        events = [stored.event for stored in store.events(session_id)]
        kept = _before(events, turn)
        opened = next((event for event in events if isinstance(event, SessionOpened)), None)
        if kept is None or opened is None:
            turns = [str(event.turn) for event in events if isinstance(event, TraineeSent)]
            known = ", ".join(turns) or "none"
            raise UsageProblem(
                f"turn {turn} of session {session_id} is not one of the trainee's: {known}"
            )
        if opened.exam:
            raise UsageProblem(f"session {session_id} was an exam: its turns cannot be retried")
        new_id = new_session_id(clock.now(), randomness)
        origin = Branch(session_id=session_id, turn=turn)
        head = opened.model_copy(update={"branch": origin})
        client = SimulatedClient(scenario, opened.seed)
        session = cls(store, new_id, client, (), clock)
        session._commit(head, *kept)
        return session

    # ---- what a front end may look at ----------------------------------------------------

    @property
    def opened(self) -> SessionOpened:
        opened = self._standing.opened
        if opened is None:
            raise UsageProblem(f"session {self.id} never began; start a new one")
        return opened

    @property
    def scenario(self) -> Scenario:
        return self.client.scenario

    @property
    def standing(self) -> Standing:
        return self._standing

    @property
    def events(self) -> tuple[Event, ...]:
        return tuple(self._events)

    @property
    def state(self) -> ClientState:
        return self._standing.state or self.client.start

    @property
    def ended(self) -> Ended | None:
        return self._standing.ended

    @property
    def client_is_speaking(self) -> bool:
        """The client's turn is not over: clauses are left, or the last one is being spoken."""
        return not self._standing.finished and self._standing.memory.planned is not None

    @property
    def turns_left(self) -> int:
        """Trainee turns until the hour is up."""
        return max(0, self.opened.max_turns - self._standing.memory.turns)

    @property
    def client_turn(self) -> Utterance | None:
        """The client's latest turn as far as it was shown; None before the first clause."""
        return self._client_turn()

    def transcript(self) -> Transcript:
        """What was said and heard so far."""
        number = self.scenario.setting.session_number
        return transcript_of(self.id, self._events, session_number=number)

    def seconds(self) -> float:
        """Seconds of this sitting, pauses left out."""
        until = self._clock.monotonic() if self._paused_at is None else self._paused_at
        return until - self._began

    # ---- the client's words --------------------------------------------------------------

    def next_clause(self) -> Clause | None:
        """The next clause of the client's turn, committed as shown; None where none is left."""
        memory = self._standing.memory
        if memory.planned is None or self._standing.finished:
            return None
        if memory.shown >= len(memory.planned.clauses):
            return None
        clause = memory.planned.clauses[memory.shown]
        self._commit(ClauseShown(turn=memory.planned.turn, index=memory.shown))
        self._clause_at = self._clock.monotonic()
        return clause

    def finish(self) -> None:
        """The last clause has been spoken; a session whose last words these were has ended."""
        planned = self._standing.memory.planned
        if planned is None or self._standing.finished:
            return
        events: list[Event] = [ClientFinished(turn=planned.turn)]
        if planned.ending:
            events.append(self._end(planned.ending))
        self._commit(*events)

    # ---- the trainee's words -------------------------------------------------------------

    def send(self, text: str, *, think_seconds: float | None = None) -> Sent:
        """Take a reply. It is committed before it is answered; the client's next turn is planned.

        Raises UsageProblem for an empty or far too long reply, and after the end.
        """
        # Half a character pair, as a broken paste may leave it, could not be stored.
        text = text.encode("utf-8", "replace").decode("utf-8").strip()
        self._check(text)
        coded = self._code(text)
        floor, standing = self._floor(text, coded)
        if floor is Floor.BACKCHANNEL:
            return self._backchannel(text, coded, standing)
        finishing = self._finish_before(floor)
        sent = TraineeSent(
            turn=self._standing.next_turn,
            text=text,
            floor=floor,
            words_heard=standing.heard if standing else 0,
            words_lost=standing.left if standing and floor in WITHHOLDS else 0,
            pause_broken=bool(standing and standing.in_flagged_pause),
            think_seconds=think_seconds,
        )
        answered = self._client_turn(sent.words_lost)
        self._commit(sent)
        if Mark.OWN_RISK in coded.marks:
            self._commit(Coded(turn=sent.turn, coded=coded), SafetyAsked(turn=sent.turn))
            return Sent(sent, answered, finishing, safety=True)
        self._answer(sent, coded)
        return Sent(sent, answered, finishing)

    def answer_safety(self, about_me: bool | None) -> None:
        """The trainee's answer to the question outside the role; then the client answers."""
        waiting = self._standing.unanswered
        self._commit(SafetyAnswered(about_me=about_me))
        if waiting and not self.ended:
            self._answer(waiting, self._code(waiting.text))

    def skip(self) -> None:
        """Let a client turn pass without a reply: the client goes on, and nothing is scored."""
        if self.ended:
            return
        self._finish_before(Floor.TRANSITION)
        if self.ended:
            return
        turn = self._standing.next_turn
        said = self.client.go_on(self._standing.memory, self.state, turn)
        self._commit(Skipped(turn=turn), said)

    # ---- around the conversation ---------------------------------------------------------

    def pause(self, why: str = "pause") -> None:
        """Stop the clock. Costs nothing."""
        if not self._standing.paused and not self.ended:
            self._paused_at = self._clock.monotonic()
            self._commit(Paused.model_validate({"why": why}))

    def unpause(self) -> None:
        """Let the clock run on."""
        if self._paused_at is not None:
            away = self._clock.monotonic() - self._paused_at
            self._began += away
            self._clause_at += away
            self._paused_at = None
        if self._standing.paused:
            self._commit(Resumed())

    def note_hint(self, hint: str) -> None:
        """Record that a hint was shown."""
        self._commit(HintShown(turn=self._standing.next_turn, hint=hint))

    def close(self, ending: Ending = Ending.PLANNED_CLOSE) -> None:
        """End the hour from the trainee's side; the client has last words, unless stopped."""
        if self.ended:
            return
        if ending is Ending.STOPPED:
            self._commit(self._end(ending))
            return
        planned = self._standing.memory.planned
        if planned and planned.ending and not self._standing.finished:
            return
        turn = self._standing.next_turn
        self._commit(self.client.close(ending, self._standing.memory, self.state, turn))

    def rate(self, ratings: dict[str, int]) -> None:
        """The trainee's own ratings, 0–4 a rubric, given before any score is shown."""
        self._commit(SelfRated(ratings=ratings))

    def reflect(self, answers: dict[str, str]) -> None:
        """The trainee's written reflection."""
        self._commit(Reflected(answers=answers))

    # ---- inside --------------------------------------------------------------------------

    def _commit(self, *events: Event) -> None:
        self._store.append(self.id, events, at=self._clock.now())
        for event in events:
            self._events.append(event)
            self._standing = self._standing.fold(event, self.client.risk_events)

    def _check(self, text: str) -> None:
        if self.ended:
            raise UsageProblem("the session has ended")
        if not text:
            raise UsageProblem("an empty reply was not sent")
        if len(text) > LONGEST_REPLY:
            raise UsageProblem(
                f"a reply may have {LONGEST_REPLY:,} characters at most; this one has {len(text):,}"
            )

    def _heard(self) -> str:
        memory = self._standing.memory
        if memory.planned is None:
            return ""
        return heard_text(memory.planned.clauses[: memory.shown])

    def _client_turn(self, words_lost: int = 0) -> Utterance | None:
        memory = self._standing.memory
        if memory.planned is None or not memory.shown:
            return None
        return client_utterance(memory.planned, memory.shown, words_lost)

    def _code(self, text: str) -> CodedReply:
        return code(text, self._heard(), previous=self._standing.memory.coded)

    def _floor(self, text: str, coded: CodedReply) -> tuple[Floor | None, FloorStanding | None]:
        memory = self._standing.memory
        untimed = self.opened.pace is Pace.UNTIMED
        if memory.planned is None or self._standing.finished or untimed:
            return None, None
        standing = FloorStanding(
            clauses=memory.planned.clauses,
            shown=memory.shown,
            finished=False,
            elapsed=self._elapsed(),
        )
        floor = classify(
            standing,
            coded,
            text,
            wpm=self.opened.wpm,
            same_topic=bool(set(stems(text)) & set(stems(self._heard()))),
            reason=self._reason(),
        )
        return floor, standing

    def _elapsed(self) -> float:
        """Seconds since the last clause began; paced clauses wait for the reader instead."""
        if self.opened.pace is Pace.PACED:
            return 0.0
        until = self._clock.monotonic() if self._paused_at is None else self._paused_at
        return until - self._clause_at

    def _reason(self) -> Reason | None:
        """What would justify cutting in at this moment."""
        planned = self._standing.memory.planned
        event = next(
            (e for e in self.scenario.events if planned and e.id == planned.event and e.interrupt),
            None,
        )
        if event:
            return Reason.RISK if event.kind is EventKind.RISK_CUE else Reason.OVERWHELM
        if self.state.arousal > self.client.profile.window[1]:
            return Reason.OVERWHELM
        last_turn = self.turns_left <= 1
        limit = self.opened.max_seconds
        nearly = limit is not None and limit - self.seconds() < 120
        return Reason.TIME if last_turn or nearly else None

    def _backchannel(self, text: str, coded: CodedReply, standing: FloorStanding | None) -> Sent:
        sent = TraineeSent(
            turn=self._standing.next_turn,
            text=text,
            floor=Floor.BACKCHANNEL,
            words_heard=standing.heard if standing else 0,
        )
        self._commit(sent, Coded(turn=sent.turn, coded=coded))
        return Sent(sent, goes_on=True)

    def _finish_before(self, floor: Floor | None) -> tuple[Clause, ...]:
        """The client speaks to the end where nothing is withheld."""
        if floor in WITHHOLDS:
            return ()
        rest: list[Clause] = []
        while clause := self.next_clause():
            rest.append(clause)
        self.finish()
        return tuple(rest)

    def _answer(self, sent: TraineeSent, coded: CodedReply) -> None:
        heard = Heard(
            text=sent.text,
            coded=coded,
            floor=sent.floor,
            turn=sent.turn,
            time_up=self._time_up(),
        )
        coded_event = Coded(turn=sent.turn, coded=coded)
        memory = self._standing.memory.fold(coded_event)
        moved, said = self.client.answer(heard, memory, self.state)
        self._commit(coded_event, moved, said)

    def _time_up(self) -> bool:
        limit = self.opened.max_seconds
        return self.turns_left <= 0 or (limit is not None and self.seconds() >= limit)

    def _end(self, ending: Ending) -> Ended:
        estimate = None if ending is Ending.STOPPED else self.state.dropout_estimate
        return Ended(ending=ending, dropout_estimate=estimate)


def _before(events: Sequence[Event], turn: int) -> list[Event] | None:
    """What happened before a trainee turn, without the opening record; None: no such turn."""
    kept: list[Event] = []
    spoken = (ClauseShown, ClientFinished, TraineeSent, Coded, StateMoved, Skipped)
    for event in events:
        if isinstance(event, TraineeSent) and event.turn == turn:
            return kept
        if isinstance(event, spoken) or event.type == "client_planned":
            kept.append(event)
    return None
