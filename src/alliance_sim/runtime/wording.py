"""A model that words the client of one live session, beside whoever shows the session.

For a front end:

    wording = Wording(backend)                        # a Backend of llm/port.py
    session = LiveSession.begin(..., words=wording)   # or resume, or branch
    ...
    clause = session.next_clause()
    if clause is None and session.awaits_words:
        # The model has not come to it. Ask `next_clause` again after `wording.wait(seconds)` (which
        # blocks), or when `wake` was called, or after a short while. Nothing else is different:
        # `send`, `skip` and `close` cancel what is being asked.
    wording.pump()                                    # what has come, without showing a clause
    for sentence in wording.take_notices(): ...       # what went wrong, a plain sentence each
    wording.resting, wording.try_again()              # scripted until asked, after some failures
    wording.close()                                   # in a `finally`

The requests run in a thread; everything that touches the session happens in the thread that calls
the session's methods. `wake` is called from the other one: let it only post a message
(`loop.call_soon_threadsafe`, or Textual's `App.call_later` by way of it).
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from alliance_sim.client.locked import KeptBack
from alliance_sim.client.prompting import Brief, brief_of, prepare
from alliance_sim.client.prompting_words import FIXED
from alliance_sim.client.worded import Sampling, TurnWording
from alliance_sim.domain.events import ClauseWorded, ClientPlanned, Worded
from alliance_sim.domain.names import called
from alliance_sim.domain.speech import Clause
from alliance_sim.domain.transcript import Utterance
from alliance_sim.llm.port import Backend
from alliance_sim.runtime.background import Background
from alliance_sim.runtime.replay import transcript_of

if TYPE_CHECKING:
    from alliance_sim.runtime.session import LiveSession

__all__ = ["RESTS_AFTER", "Sampling", "Wording"]

RESTS_AFTER = 3
"""Turns in a row that a model failed, after which it is left alone until somebody asks."""

COUNTED = 2048
"""Texts whose tokens are remembered."""

CLOSING = 5.0
"""Seconds that closing waits at most for the connections to be let go."""


@dataclass
class _Turn:
    """A turn that is being worded."""

    turn: int
    given: int
    """Clauses that were known when it was asked for."""
    come: "queue.SimpleQueue[Clause | Worded]" = field(default_factory=queue.SimpleQueue)
    wording: TurnWording | None = None
    """None until its prompt is being made."""
    done: "Future[Worded] | None" = None


class Wording:
    """Words the turns of one session; see `runtime.words.Words`."""

    def __init__(
        self,
        backend: Backend,
        sampling: Sampling | None = None,
        *,
        wake: Callable[[], None] | None = None,
    ) -> None:
        """`wake` is called from another thread whenever something has come."""
        self._backend = backend
        self._sampling = sampling or Sampling()
        self._wake = wake
        # The same words stand in one prompt after another.
        self._count = lru_cache(maxsize=COUNTED)(backend.count)
        self._background = Background()
        self._session: LiveSession | None = None
        self._kept: Future[KeptBack] | None = None
        self._turn: _Turn | None = None
        self._news = threading.Event()
        self._heard: tuple[Utterance, ...] = ()
        self._read = 0
        """Events up to which `_heard` goes: all before the client's turn at hand."""
        self._notices: list[str] = []
        self._failed = 0
        self.closed = False

    # ---- for the front end -------------------------------------------------------------------

    @property
    def model(self) -> str:
        """The name of the model that is asked."""
        return self._backend.model

    @property
    def resting(self) -> bool:
        """The model has failed too often: the client speaks with the authored words."""
        return self._failed >= RESTS_AFTER

    def try_again(self) -> None:
        """Ask the model again, from the client's next turn on."""
        self._failed = 0

    def wait(self, seconds: float) -> bool:
        """Wait until something has come, for so long at most: whether something has."""
        come = self._news.wait(seconds)
        self._news.clear()
        return come

    def take_notices(self) -> tuple[str, ...]:
        """What the trainee is to be told since the last call, a plain sentence each."""
        told, self._notices = tuple(self._notices), []
        return told

    def close(self) -> None:
        """End what is being asked, and let the model go. May be called twice."""
        if self.closed:
            return
        self.closed = True
        self._drop()
        with suppress(TimeoutError):  # what cannot even be closed is left to the system
            self._background.run(self._backend.close()).result(timeout=CLOSING)
        self._background.close()

    # ---- for the session: Words ----------------------------------------------------------------

    def attach(self, session: "LiveSession") -> None:
        self._session = session
        self._kept = self._background.run(self._prepare(session))

    def voice_for(self, planned: ClientPlanned) -> Literal["scripted", "model", "fallback"]:
        silent = not any(clause.words for clause in planned.clauses)
        if planned.act in FIXED or silent:
            return "scripted"
        return "fallback" if self.resting or self.closed else "model"

    def pump(self) -> None:
        session = self._session
        if session is None or self._kept is None:
            return
        self._take(session)
        memory = session.standing.memory
        waits = memory.wording and session.client_is_speaking and not self.closed
        if waits and self._turn is None:
            self._begin(session, self._kept)

    def stop(self) -> Worded | None:
        turn = self._turn
        self._drop()
        return turn.wording.record() if turn and turn.wording else None

    # ---- inside ------------------------------------------------------------------------------

    async def _prepare(self, session: "LiveSession") -> KeptBack:
        prepare(self._count)
        return KeptBack(session.scenario)

    def _begin(self, session: "LiveSession", kept: "Future[KeptBack]") -> None:
        memory = session.standing.memory
        heard = self._heard_before(session)
        brief = brief_of(session.scenario, session.client.profile, memory, session.state, heard)
        turn = _Turn(brief.planned.turn, given=len(memory.ready))
        self._turn = turn
        turn.done = self._background.run(self._word(turn, brief, kept))
        turn.done.add_done_callback(lambda _: self._tell())

    def _heard_before(self, session: "LiveSession") -> tuple[Utterance, ...]:
        """What was said and heard before the latest turn; looked at once a sitting."""
        events = session.events
        place = len(events) - 1
        while place > self._read and not isinstance(events[place], ClientPlanned):
            place -= 1
        new = transcript_of(session.id, events[self._read : place]).utterances
        self._heard, self._read = (*self._heard, *new), place
        return self._heard

    async def _word(self, turn: _Turn, brief: Brief, kept_soon: "Future[KeptBack]") -> Worded:
        kept = await asyncio.wrap_future(kept_soon)

        def give(clause: Clause) -> None:
            turn.come.put(clause)
            self._tell()

        turn.wording = TurnWording(
            brief, kept, self._backend, self._sampling, give, given=turn.given, count=self._count
        )
        worded = await turn.wording.run()
        turn.come.put(worded)
        return worded

    def _tell(self) -> None:
        self._news.set()
        if self._wake:
            self._wake()

    def _take(self, session: "LiveSession") -> None:
        """Put what has come into the session, in one piece."""
        turn = self._turn
        if turn is None:
            return
        if turn.done and turn.done.done() and not turn.done.cancelled():
            turn.done.result()
        events: list[ClauseWorded | Worded] = []
        index = len(session.standing.memory.ready)
        while not turn.come.empty():
            item = turn.come.get()
            if isinstance(item, Worded):
                events.append(item)
                self._ended(session, turn, item)
            else:
                events.append(ClauseWorded(turn=turn.turn, index=index, clause=item))
                index += 1
        if events:
            session.take_words(*events)

    def _ended(self, session: "LiveSession", turn: _Turn, worded: Worded) -> None:
        self._turn = None
        problem = turn.wording.problem if turn.wording else None
        self._failed = self._failed + 1 if problem else 0
        if problem:
            name = called(session.scenario.client.name)
            said = "speaks with the authored words"
            if worded.voice == "model":
                said = f"breaks off, and {said}" if self.resting else "breaks off"
            goes_on = "from here on" if self.resting else "in this turn"
            end = "" if str(problem).endswith(("?", "!", ".")) else "."
            self._notices.append(f"{problem}{end} {name} {said} {goes_on}.")

    def _drop(self) -> None:
        turn, self._turn = self._turn, None
        if turn and turn.done:
            turn.done.cancel()
