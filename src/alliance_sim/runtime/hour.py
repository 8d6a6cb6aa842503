"""How long a session has lasted, as far as that counts."""

from alliance_sim.runtime.clock import Clock


class Hour:
    """A stopwatch that runs from the start: neither pauses nor waiting for a model count."""

    def __init__(self, clock: Clock, spent: float = 0.0) -> None:
        """`spent`: seconds of earlier sittings."""
        self._clock = clock
        self._began = clock.monotonic() - spent
        self._stopped_at: float | None = None

    def seconds(self) -> float:
        """Seconds that count so far."""
        until = self._clock.monotonic() if self._stopped_at is None else self._stopped_at
        return until - self._began

    def stop(self) -> None:
        """Let no more time count; does nothing where none does."""
        if self._stopped_at is None:
            self._stopped_at = self._clock.monotonic()

    def go_on(self) -> float:
        """Let time count again: the seconds that did not, 0 where it was not stopped."""
        if self._stopped_at is None:
            return 0.0
        away = self._clock.monotonic() - self._stopped_at
        self._began += away
        self._stopped_at = None
        return away
