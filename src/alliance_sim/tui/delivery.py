"""When the client's next words are due. Timers belong to the screen; this only says how long."""

from alliance_sim.domain.transcript import Pace
from alliance_sim.runtime.clock import Clock
from alliance_sim.runtime.session import LiveSession

BREATH = 0.6
"""Seconds before the client begins to answer, where words arrive at a pace."""


class Delivery:
    """Brings a client's turn clause by clause, in the manner of the session's pace."""

    def __init__(self, session: LiveSession, clock: Clock) -> None:
        self._session = session
        self._clock = clock
        self._due: float | None = None
        self._left_when_held: float | None = None
        self.finished_at: float | None = None
        """When the client's last words had been spoken; None while they speak."""

    @property
    def held(self) -> bool:
        """Nothing arrives until `go_on`."""
        return self._left_when_held is not None

    @property
    def awaits_reader(self) -> bool:
        """Paced: the next words come when the trainee asks for them."""
        return self._session.opened.pace is Pace.PACED and self._session.client_is_speaking

    @property
    def wait(self) -> float | None:
        """Seconds until the next tick is due; None where nothing is to come by itself."""
        if self.held or self._due is None:
            return None
        return max(0.0, self._due - self._clock.monotonic())

    def start(self, after: float = BREATH) -> None:
        """The client has a turn to say, beginning in `after` seconds where it is streamed."""
        self.finished_at = None
        self._due = None
        if not self._session.client_is_speaking:
            self.finished_at = self._clock.monotonic()
        elif self._session.opened.pace is Pace.STREAM:
            self._due = self._clock.monotonic() + after
        elif self._session.opened.pace is Pace.PACED:
            self.reveal()
        else:
            self.all_at_once()

    def tick(self) -> bool:
        """Bring what is due; whether anything came."""
        if self.wait is None or self.wait > 0:
            return False
        clause = self._session.next_clause()
        if clause is None:
            self._finish()
        else:
            self._due = self._clock.monotonic() + clause.seconds(self._session.opened.wpm)
        return True

    def reveal(self) -> None:
        """Paced: the next clause; after the last one the client has finished."""
        self._session.next_clause()
        memory = self._session.standing.memory
        if memory.planned is None or memory.shown >= len(memory.planned.clauses):
            self._finish()

    def all_at_once(self) -> None:
        """The rest of the client's turn."""
        while self._session.next_clause() is not None:
            pass
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

    def _finish(self) -> None:
        self._session.finish()
        self._due = None
        self.finished_at = self._clock.monotonic()
