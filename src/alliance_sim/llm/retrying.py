"""Whether a fault is worth another try, and after which pause."""

from datetime import datetime
from email.utils import parsedate_to_datetime
from math import isnan

from alliance_sim.llm.port import Fault, ModelProblem

__all__ = ["asked_pause", "pause_before"]

FIRST_PAUSE, LONGEST_BACKOFF = 0.5, 8.0
"""Seconds; each pause is up to twice the last."""

_PASSING = frozenset({Fault.UNREACHABLE, Fault.BUSY, Fault.SERVER})


def pause_before(
    attempt: int, problem: ModelProblem, chance: float, longest: float
) -> float | None:
    """Seconds to wait before a further try; None where none is worth it.

    attempt: tries that have failed, from 1. chance: a random number in 0–1, so that callers who
    failed together do not come back together. longest: the longest pause that a server may ask
    for (`Retry-After`); beyond it the caller is better served by the fault itself.
    """
    if problem.fault not in _PASSING or problem.final:
        return None
    if problem.retry_after is not None:
        if problem.retry_after > longest:
            return None
        return problem.retry_after + chance * min(0.25, problem.retry_after)
    ceiling = min(LONGEST_BACKOFF, FIRST_PAUSE * 2.0 ** min(attempt - 1, 10))
    return float(ceiling * (0.5 + 0.5 * chance))


def asked_pause(retry_after: str | None, date: str | None, now: datetime) -> float | None:
    """Seconds that a server asks to wait, at least 0; None if it names none.

    `Retry-After` is a number or a date (RFC 9110 §10.2.3). A date is taken against the server's
    own `Date` header, so that a clock that is off or jumps does not matter; `now` is the last
    resort.
    """
    if retry_after is None:
        return None
    try:
        seconds = float(retry_after)
    except ValueError:
        until = _moment(retry_after)
        since = _moment(date or "") or now
        if until is None:
            return None
        seconds = (until - since).total_seconds()
    return None if isnan(seconds) else max(0.0, seconds)


def _moment(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else None
