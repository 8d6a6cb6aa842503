"""Whether a person has agreed that her scores are used for research."""

from datetime import datetime

from sqlalchemy import Connection, update

from alliance_sim.store.stamps import stamp
from alliance_sim.store.tables import people


def set_consent(connection: Connection, person: str, *, given: bool, at: datetime) -> None:
    """Write down what a person said, and when."""
    values = {"consent_research": given, "consent_at": stamp(at)}
    connection.execute(update(people).where(people.c.id == person).values(**values))
