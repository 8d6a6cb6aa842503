"""Names of sessions: short, in the order of time, and fit to be read aloud."""

from datetime import UTC, datetime
from random import Random

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without 0, 1, i, l and o, which are taken for one another."""

TAIL = 6
"""Drawn characters: 31⁶, some 887 million names a minute. A class that begins in the same minute,
each on a laptop of her own, must not draw one name twice."""


def new_session_id(now: datetime, randomness: Random) -> str:
    """Name a session opened at `now`, like `20261122-0815-k3f9ab`; the time is UTC.

    Ids of different minutes sort by time. Raises ValueError if `now` has no time zone.
    """
    if now.tzinfo is None:
        raise ValueError("a session id needs a time with a time zone")
    tail = "".join(randomness.choice(ALPHABET) for _ in range(TAIL))
    return f"{now.astimezone(UTC):%Y%m%d-%H%M}-{tail}"
