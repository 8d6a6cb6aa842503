"""Dates as a coordinator types and reads them; kept in UTC."""

from datetime import UTC, date, datetime, time, tzinfo

from alliance_sim.errors import UsageProblem

LAST = time(23, 59, 59)
"""A day that is named as the last one counts to its end."""


def read_date(text: str, *, last: bool = False, zone: tzinfo | None = None) -> datetime:
    """A date or a time in ISO 8601, in UTC; `last`: a date alone means the end of that day.

    One without a zone is local time, that of `zone` or of the machine. Raises UsageProblem.
    """
    try:
        at = _read(text.strip(), last)
        return (at.replace(tzinfo=zone) if zone and at.tzinfo is None else at).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        right = "write 2026-03-02, 2026-03-02T17:00 or 2026-03-02T17:00Z"
        raise UsageProblem(f"{text!r} is no date; {right}") from None


def said(at: datetime | None, *, zone: tzinfo | None = None) -> str:
    """A time as it is on the clock of `zone` or of the machine; `-` for none.

    >>> said(datetime(2026, 3, 2, 16, tzinfo=UTC), zone=UTC)
    '2026-03-02 16:00'
    """
    return "-" if at is None else f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def said_twice(at: datetime, *, zone: tzinfo | None = None) -> str:
    """A time on that clock and in UTC, so that a slip of the zone is seen."""
    return f"{said(at, zone=zone)} on this clock, {at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _read(text: str, last: bool) -> datetime:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return datetime.fromisoformat(text)
    return datetime.combine(day, LAST if last else time())
