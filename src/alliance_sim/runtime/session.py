"""A live session: takes the trainee's words, gives the client's, and stores each step first."""

import random
from collections.abc import Sequence

from alliance_sim.client.pacing import WITHHOLDS
from alliance_sim.client.pacing import Standing as FloorStanding
from alliance_sim.client.turn import Heard, SimulatedClient
from alliance_sim.domain.clean import storable
from alliance_sim.domain.codes import CodedReply, Mark
from alliance_sim.domain.events import (
    ClauseShown,
    ClauseWorded,
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
    TraineeSent,
    Worded,
)
from alliance_sim.domain.scenario import Scenario
from alliance_sim.domain.speech import Clause
from alliance_sim.domain.state import ClientState
from alliance_sim.domain.transcript import Floor, Transcript, Utterance
from alliance_sim.errors import UsageProblem
from alliance_sim.runtime.clock import Clock
from alliance_sim.runtime.earlier import branched, check_same_client, seconds_of
from alliance_sim.runtime.hour import Hour
from alliance_sim.runtime.interrupting import floor_of, reason_to_cut_in, said_into, where_it_stands
from alliance_sim.runtime.options import Beside, Options
from alliance_sim.runtime.replay import (
    Standing,
    client_utterance,
    heard_text,
    standing_of,
    transcript_of,
)
from alliance_sim.runtime.reply import LONGEST_REPLY, Sent, check_reply
from alliance_sim.runtime.words import Voicing, Words
from alliance_sim.scoring.exchange import coded_reply
from alliance_sim.store.ids import new_session_id
from alliance_sim.store.repository import Store

__all__ = ["LONGEST_REPLY", "LiveSession", "Options", "Sent"]


class LiveSession:
    """The loop of one session. Every method that changes anything commits before it returns.

    Timers belong to the front end: it asks for the next clause when the last one has been spoken.
    With `words`, a model words most turns: `next_clause` may then give None while `awaits_words`,
    and is to be asked again; nothing here ever waits for a network.
    """

    def __init__(
        self,
        store: Store,
        session_id: str,
        client: SimulatedClient,
        events: Sequence[Event],
        clock: Clock,
        *,
        spent: float = 0.0,
        words: Words | None = None,
    ) -> None:
        """`spent`: seconds of earlier sittings; `words`: who words the client beside its author."""
        self.id = session_id
        self.client = client
        self._store = store
        self._clock = clock
        self._events = list(events)
        self._standing = standing_of(self._events)
        self._hour = Hour(clock, spent)
        self._clause_at = clock.monotonic()
        self._voices = Voicing(words, self._commit)
        if words:
            words.attach(self)

    # ---- opening -------------------------------------------------------------------------
    @classmethod
    def begin(
        cls,
        store: Store,
        scenario: Scenario,
        options: Options,
        clock: Clock,
        randomness: random.Random,
        words: Words | None = None,
    ) -> "LiveSession":
        """Open a new session; the client has arrived, and no clause has been shown."""
        session_id = new_session_id(clock.now(), randomness)
        client = SimulatedClient(scenario, options.seed)
        live = cls(store, session_id, client, (), clock, words=words)
        opened, also = options.opening(scenario, store.trainee), options.also(session_id)
        live._commit(opened, client.arrive(), beside=also)
        return live

    @classmethod
    def resume(
        cls,
        store: Store,
        session_id: str,
        scenario: Scenario,
        clock: Clock,
        words: Words | None = None,
    ) -> "LiveSession":
        """Go on from what is stored. A reply that was never answered is taken up now.

        Raises UsageProblem for a session that never began, or whose scenario is another by now.
        """
        stored = store.events(session_id)
        events = [each.event for each in stored]
        opened = next((event for event in events if isinstance(event, SessionOpened)), None)
        if opened is None:
            raise UsageProblem(f"session {session_id} never began; start a new one")
        client = SimulatedClient(scenario, opened.seed)
        spent = seconds_of(stored)
        session = cls(store, session_id, client, events, clock, spent=spent, words=words)
        if not session.ended:
            check_same_client(session_id, opened, session._standing.memory, scenario)
            session._take_up_again()
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
        words: Words | None = None,
    ) -> "LiveSession":
        """Try the trainee's turn `turn` again: a new session with the same hour up to there.

        Raises UsageProblem where that turn is not one of the trainee's, after an exam, and where
        the scenario is another by now.
        """
        events = [stored.event for stored in store.events(session_id)]
        head, kept = branched(session_id, events, turn)
        check_same_client(session_id, head, standing_of(kept).memory, scenario)
        new_id = new_session_id(clock.now(), randomness)
        client = SimulatedClient(scenario, head.seed)
        session = cls(store, new_id, client, (), clock, words=words)
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
        standing = self._standing
        return not (standing.finished or standing.ended) and standing.memory.planned is not None

    @property
    def awaits_words(self) -> bool:
        """The client's next words were still being worded when they were last asked for: ask for
        the next clause again."""
        return self.client_is_speaking and self._standing.memory.wording and not self._clauses_left

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
        """Seconds of the session so far; pauses, time between sittings, and waiting for a model
        left out."""
        return self._hour.seconds()

    # ---- the client's words --------------------------------------------------------------

    def next_clause(self) -> Clause | None:
        """The next clause of the client's turn, committed as shown; None where none is left, and
        while the session `awaits_words`."""
        self._voices.pump()
        if not self.client_is_speaking:
            return None
        self._voices.before_a_clause(self._standing.memory)
        memory = self._standing.memory
        if memory.planned is None or not self._clauses_left:
            if self.awaits_words:
                self._hour.stop()
            return None
        clause = memory.ready[memory.shown]
        self._commit(ClauseShown(turn=memory.planned.turn, index=memory.shown))
        self._clause_at = self._clock.monotonic()
        return clause

    def take_words(self, *events: ClauseWorded | Worded) -> None:
        """Take what was worded: for `Words` only. What comes for an earlier turn is only noted."""
        self._commit(*events)

    def finish(self) -> None:
        """The last clause has been spoken; a session whose last words these were has ended.

        Does nothing while clauses are left, or still to come.
        """
        memory = self._standing.memory
        planned = memory.planned
        if planned is None or not self.client_is_speaking or self._clauses_left or memory.wording:
            return
        events: list[Event] = [ClientFinished(turn=planned.turn)]
        if planned.ending:
            events.append(self._end(planned.ending))
        self._commit(*events)

    # ---- the trainee's words -------------------------------------------------------------

    def send(self, text: str, *, think_seconds: float | None = None) -> Sent:
        """Take a reply. It is committed before it is answered; the client's next turn is planned.

        A reply into the client's last words is kept and the session ends. Raises UsageProblem for
        an empty or far too long reply, while the question of the trainee's own safety is open,
        and after the end.
        """
        text = storable(text).strip()
        check_reply(text, self._standing)
        self.unpause()
        coded = self._code(text)
        floor, standing = self._floor(text, coded)
        if floor is Floor.BACKCHANNEL:
            return self._backchannel(text, coded, standing)
        last = self._is_last_turn()
        withheld = standing is not None and (
            floor in WITHHOLDS or (standing.shown == 0 and not last)
        )
        finishing = () if withheld else self._say_the_rest()
        turn = self._standing.next_turn
        sent = TraineeSent(turn=turn, text=text, floor=floor, think_seconds=think_seconds)
        sent = said_into(standing, sent, withheld=withheld)
        answered = self._client_turn(sent.words_lost)
        if last:
            return Sent(sent, answered, finishing, safety=self._end_with(sent, coded))
        if not withheld:
            self.finish()
        self._commit(sent)
        self._voices.cut_off(self._standing.memory)
        if finishing:
            # More was heard since; a session that was killed here would code it so, too.
            coded = self._code(text)
        return Sent(sent, answered, finishing, safety=self._take_up(sent, coded))

    def answer_safety(self, about_me: bool | None) -> None:
        """The trainee's answer to the question outside the role; then the client answers.

        Does nothing where the question was not asked.
        """
        if not self._standing.safety_asked:
            return
        said = SafetyAnswered(about_me=about_me)
        waiting = self._standing.unanswered
        if waiting and not self.ended:
            self._commit(said, *self._answer(waiting, self._code(waiting.text)))
            self._voices.pump()
        else:
            self._commit(said)

    def skip(self) -> None:
        """Let a client turn pass without a reply: the client goes on, and nothing is scored.

        Once the time is up they close instead. Does nothing while the question of the trainee's
        own safety is open, and after the end.
        """
        if self.ended or self._standing.safety_asked:
            return
        self.unpause()
        self._say_the_rest()
        self.finish()
        if self.ended:
            return
        turn = self._standing.next_turn
        memory = self._standing.memory
        if self._time_up():
            said = self.client.close(Ending.TIME, memory, self.state, turn)
        else:
            said = self.client.go_on(memory, self.state, turn)
        self._commit(Skipped(turn=turn), self._voices.voiced(said))
        self._voices.pump()

    # ---- around the conversation ---------------------------------------------------------

    def pause(self, why: str = "pause") -> None:
        """Stop the clock. Costs nothing."""
        if not self._standing.paused and not self.ended:
            self._hour.stop()
            self._commit(Paused.model_validate({"why": why}))

    def unpause(self) -> None:
        """Let the clock run on."""
        if self._standing.paused:
            self._clause_at += self._hour.go_on()
            self._commit(Resumed())

    def note_hint(self, hint: str) -> None:
        """Record that a hint was shown. Raises UsageProblem in an exam, which has none."""
        if self.opened.exam:
            raise UsageProblem("an exam has no hints")
        self._commit(HintShown(turn=self._standing.next_turn, hint=hint))

    def close(self, ending: Ending = Ending.PLANNED_CLOSE) -> None:
        """End the hour from the trainee's side; the client has last words, unless stopped."""
        if self.ended:
            return
        if ending is Ending.STOPPED:
            self._voices.cut_off(self._standing.memory)
            self._commit(self._end(ending))
            return
        if self._is_last_turn():
            return
        self.unpause()
        self._voices.cut_off(self._standing.memory)
        turn = self._standing.next_turn
        said = self.client.close(ending, self._standing.memory, self.state, turn)
        self._commit(self._voices.voiced(said))
        self._voices.pump()

    def rate(self, ratings: dict[str, int]) -> None:
        """The trainee's own ratings, 0–4 a rubric, given before any score is shown."""
        self._commit(SelfRated(ratings=ratings))

    def reflect(self, answers: dict[str, str]) -> None:
        """The trainee's written reflection."""
        self._commit(Reflected(answers=answers))

    # ---- inside --------------------------------------------------------------------------

    def _commit(self, *events: Event, beside: Beside = None) -> None:
        self._store.append(self.id, events, at=self._clock.now(), beside=beside)
        for event in events:
            self._events.append(event)
            self._standing = self._standing.fold(event)
        if not (self._standing.paused or self.awaits_words):
            self._hour.go_on()

    def _heard(self) -> str:
        memory = self._standing.memory
        return heard_text(memory.ready[: memory.shown])

    def _client_turn(self, words_lost: int = 0) -> Utterance | None:
        memory = self._standing.memory
        if memory.planned is None or not memory.shown:
            return None
        return client_utterance(memory.planned, memory.shown, words_lost)

    def _code(self, text: str) -> CodedReply:
        return coded_reply(text, self._heard(), self._standing.memory.coded)

    def _floor(self, text: str, coded: CodedReply) -> tuple[Floor | None, FloorStanding | None]:
        if self._standing.finished:
            return None, None
        memory, opened = self._standing.memory, self.opened
        elapsed = self._clock.monotonic() - self._clause_at
        standing = where_it_stands(memory, opened.pace, elapsed)
        if standing is None:
            return None, None
        limit = opened.max_seconds
        reason = reason_to_cut_in(
            self.scenario,
            memory,
            overwhelmed=self.state.arousal > self.client.profile.window[1],
            turns_left=self.turns_left,
            seconds_left=None if limit is None else limit - self.seconds(),
        )
        return floor_of(standing, coded, text, opened, reason), standing

    def _backchannel(self, text: str, coded: CodedReply, standing: FloorStanding | None) -> Sent:
        sent = TraineeSent(turn=self._standing.next_turn, text=text, floor=Floor.BACKCHANNEL)
        sent = said_into(standing, sent)
        self._commit(sent, Coded(turn=sent.turn, coded=coded))
        return Sent(sent, goes_on=True)

    def _say_the_rest(self) -> tuple[Clause, ...]:
        """The client speaks on to the end of the turn, as far as it has been worded."""
        self._voices.pump()
        self._voices.settle(self._standing.memory)
        rest: list[Clause] = []
        while clause := self.next_clause():
            rest.append(clause)
        return tuple(rest)

    @property
    def _clauses_left(self) -> int:
        """Clauses that can be shown now."""
        return len(self._standing.memory.ready) - self._standing.memory.shown

    def _is_last_turn(self) -> bool:
        """The client is saying the words with which the session ends."""
        planned = self._standing.memory.planned
        return bool(planned and planned.ending and self.client_is_speaking)

    def _end_with(self, sent: TraineeSent, coded: CodedReply) -> bool:
        """The session ends with a reply into the client's last words; whether to ask of safety."""
        planned = self._standing.memory.planned
        asks = Mark.OWN_RISK in coded.marks
        closing = [SafetyAsked(turn=sent.turn)] if asks else []
        ended = self._end(planned.ending if planned and planned.ending else Ending.TIME)
        self._commit(sent, Coded(turn=sent.turn, coded=coded), *closing, ended)
        return asks

    def _take_up_again(self) -> None:
        """What is left to do of an earlier sitting."""
        self._commit(Resumed())
        if any(clause.words for clause in self._standing.memory.ready):
            self._voices.settle(self._standing.memory)
        waiting = self._standing.unanswered
        if waiting and not self._standing.safety_asked:
            self._take_up(waiting, self._code(waiting.text))
        elif self._standing.memory.planned is None:
            self._commit(self.client.arrive())

    def _take_up(self, sent: TraineeSent, coded: CodedReply) -> bool:
        """Answer a committed reply, or ask first about the trainee's own safety: whether so."""
        if Mark.OWN_RISK in coded.marks:
            self._commit(SafetyAsked(turn=sent.turn))
            return True
        self._commit(*self._answer(sent, coded))
        self._voices.pump()
        return False

    def _answer(self, sent: TraineeSent, coded: CodedReply) -> tuple[Event, ...]:
        """The events of the client's answer; nothing is committed."""
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
        return coded_event, moved, self._voices.voiced(said)

    def _time_up(self) -> bool:
        limit = self.opened.max_seconds
        return self.turns_left <= 0 or (limit is not None and self.seconds() >= limit)

    def _end(self, ending: Ending) -> Ended:
        estimate = None if ending is Ending.STOPPED else self.state.dropout_estimate
        return Ended(ending=ending, dropout_estimate=estimate)
