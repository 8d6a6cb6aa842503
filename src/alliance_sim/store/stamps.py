"""Times as they stand in the database: UTC in ISO 8601 with microseconds, so that they sort."""

from datetime import UTC, datetime


def stamp(at: datetime) -> str:
    """A time as text. Raises ValueError where it has no time zone."""
    if at.tzinfo is None:
        raise ValueError("an event needs a time with a time zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def moment(text: str) -> datetime:
    """The time that a stamp stands for."""
    return datetime.fromisoformat(text)
