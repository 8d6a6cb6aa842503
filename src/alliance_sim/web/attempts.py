"""Wrong tokens: a few are slips; who goes on guessing waits."""

from collections.abc import Callable
from typing import Final

FREE: Final = 5
"""Wrong tokens in a row from one address before it has to wait."""

INTERVAL: Final = 10.0
"""Seconds after which an address has one try more."""

REMEMBERED: Final = 10_000
"""Addresses; beyond it those that need not wait are forgotten."""


class Attempts:
    """Counts wrong tokens by address; in memory only."""

    def __init__(self, now: Callable[[], float]) -> None:
        """now: seconds of a clock that never goes back."""
        self._now = now
        self._paid_at: dict[str, float] = {}
        """When the wrong tokens of an address are forgotten, an INTERVAL each."""

    def wait(self, address: str) -> float:
        """Seconds until this address may try again; 0 where it may now."""
        owed = self._paid_at.get(address, 0.0) - self._now()
        return max(0.0, owed - (FREE - 1) * INTERVAL)

    def wrong(self, address: str) -> None:
        """A wrong token came from there."""
        now = self._now()
        if len(self._paid_at) >= REMEMBERED:
            self._paid_at = {of: at for of, at in self._paid_at.items() if at > now}
        self._paid_at[address] = max(self._paid_at.get(address, 0.0), now) + INTERVAL
