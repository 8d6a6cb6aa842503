"""Where a worker gets sessions from: whatever hands them out, and hands them out again."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

QUIET = 10.0
"""Seconds without a sign of life after which what a worker had is handed out again."""

BEAT = 2.0
"""Seconds from one sign of life to the next."""

LOOK = 0.5
"""Seconds after which an idle worker looks whether there is something to do."""

Handle = Callable[[str, str], Awaitable[None]]
"""Settles a session of a batch; raises GivenBack where it is to be handed out again."""


@dataclass(frozen=True)
class Workload:
    """What a worker takes up."""

    scorers: tuple[str, ...]
    """It has these; batches for others are left alone."""
    room: int
    """Sessions under way at a time."""
    grace: float
    """Seconds that they have at the end."""
    batch: str | None = None
    """The one that is worked off; None: all of them."""


class Queue(Protocol):
    async def run(self, handle: Handle, *, once: bool) -> None:
        """Hand sessions to `handle`, until told to stop; `once`: or until none waits anywhere.

        Those under way at the end are waited for, so long as the workload says and no longer; what
        is not settled then is given back.
        """
        ...
