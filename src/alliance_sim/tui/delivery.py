"""When the client's next words are due. Timers belong to the screen; this only says how long."""

from alliance_sim.domain.transcript import Pace
from alliance_sim.runtime.clock import Clock
from alliance_sim.runtime.session import LiveSession

BREATH = 0.6
"""Seconds before the client begins to answer, where words arrive at a pace."""


class Delivery:
    """Brings a client's turn clause by clause, in the manner of the session's pace.

    Where a model words the turn, the next words may not be known yet when they are due: then it
    `awaits_words`, and goes on with the `tick` after `words_came`.
    """

    def __init__(self, session: LiveSession, clock: Clock) -> None:
        self._session = session
        self._clock = clock
        self._due: float | None = None
        self._left_when_held: float | None = None
        self._awaits_since: float | None = None
        self.finished_at: float | None = None
        """When the client's last words had been spoken; None while they speak."""

    @property
    def held(self) -> bool:
        """Nothing arrives until `go_on`."""
        return self._left_when_held is not None

    @property
    def awaits_reader(self) -> bool:
        """Paced: the next words come when the trainee asks for them."""
        paced = self._session.opened.pace is Pace.PACED and self._session.client_is_speaking
        return paced and not self.awaits_words

    @property
    def awaits_words(self) -> bool:
        """The next words were due, and whoever words them has not come to them yet."""
        return self._awaits_since is not None

    @property
    def waited(self) -> float:
        """Seconds that the next words have been waited for."""
        since = self._awaits_since
        return 0.0 if since is None else self._clock.monotonic() - since

    @property
    def wait(self) -> float | None:
        """Seconds until the next tick is due; None where nothing is to come by itself."""
        if self.held or self._due is None:
            return None
        return max(0.0, self._due - self._clock.monotonic())

    def start(self, after: float = BREATH) -> None:
        """The client has a turn to say, beginning in `after` seconds where it is streamed."""
        self.finished_at = self._due = self._awaits_since = None
        if not self._session.client_is_speaking:
            self.finished_at = self._clock.monotonic()
        elif self._session.opened.pace is Pace.STREAM:
            self._due = self._clock.monotonic() + after
        elif self._session.opened.pace is Pace.PACED:
            self.reveal()
        else:
            self.all_at_once()

    def tick(self) -> bool:
        """Bring what is due; whether anything changed."""
        if self.wait is None or self.wait > 0:
            return False
        pace = self._session.opened.pace
        if pace is Pace.PACED:
            self.reveal()
        elif pace is Pace.UNTIMED:
            self.all_at_once()
        else:
            self._next()
        return True

    def words_came(self) -> None:
        """There may be more to say than there was: what was waited for is due now."""
        if self.awaits_words:
            self._due = self._clock.monotonic()
        elif self._session.opened.pace is Pace.PACED and self.finished_at is None:
            self._finish_if_all_said()

    def reveal(self) -> None:
        """Paced: the next clause; after the last one the client has finished."""
        if self._session.next_clause() is None and self._session.awaits_words:
            self._await()
        else:
            self._due = self._awaits_since = None
            self._finish_if_all_said()

    def all_at_once(self) -> None:
        """The rest of the client's turn, as far as it is known."""
        while self._session.next_clause() is not None:
            pass
        if self._session.awaits_words:
            self._await()
        else:
            self._finish()

    def hold(self) -> None:
        """Stop where it is."""
        if not self.held:
            now = self._clock.monotonic()
            self._left_when_held = 0.0 if self._due is None else max(0.0, self._due - now)

    def go_on(self) -> None:
        """Take up again where it was held."""
        if self._left_when_held is not None and self._due is not None:
            self._due = self._clock.monotonic() + self._left_when_held
        self._left_when_held = None

    def _next(self) -> None:
        clause = self._session.next_clause()
        if clause is not None:
            self._awaits_since = None
            self._due = self._clock.monotonic() + clause.seconds(self._session.opened.wpm)
        elif self._session.awaits_words:
            self._await()
        else:
            self._finish()

    def _await(self) -> None:
        self._due = None
        if self._awaits_since is None:
            self._awaits_since = self._clock.monotonic()

    def _finish_if_all_said(self) -> None:
        memory = self._session.standing.memory
        if memory.planned is None or memory.shown >= len(memory.planned.clauses):
            self._finish()

    def _finish(self) -> None:
        self._session.finish()
        self._due = self._awaits_since = None
        self.finished_at = self._clock.monotonic()
