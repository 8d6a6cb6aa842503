"""The tables as the repository reads and writes them. `migrations/` is what creates them.

`events` is the one truth. It can only grow: triggers refuse to change a row, to leave a gap, to
write a number twice, and to delete. A trainee still has the right to have a session erased, so
deletion has one door: while the session's id stands in `erasures`, its events may be deleted, and
the id cannot be taken out of `erasures` as long as one of them is left. Both happen in the one
transaction of `Store.delete`; so a session goes as a whole or not at all, and no slip of a query
can thin out a record. (The triggers are SQLite's; on other databases the primary key guards the
numbers, and rights on the table guard the rest.)

`sessions` is derived: `Store.rebuild_index` makes it again from `events`.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()

events = Table(
    "events",
    metadata,
    Column("session_id", String(80), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", String(32), nullable=False),
    Column("type", String(40), nullable=False),
    Column("payload", Text, nullable=False),
)
"""`seq` counts from 1 without a gap; `at` is UTC in ISO 8601 with microseconds, so that it sorts
as text; `payload` is the event as JSON, its type included."""

erasures = Table("erasures", metadata, Column("session_id", String(80), primary_key=True))
"""Sessions whose deletion is under way; empty between transactions."""

sessions = Table(
    "sessions",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("opened_at", String(32), nullable=False),
    Column("updated_at", String(32), nullable=False),
    Column("scenario", Text, nullable=False),
    Column("scenario_version", Text, nullable=False),
    Column("trainee", Text),
    Column("seed", BigInteger, nullable=False),
    Column("pace", String(20), nullable=False),
    Column("exam", Boolean, nullable=False),
    Column("turns", Integer, nullable=False),
    Column("ending", String(40)),
    Column("overall", Float),
    Column("branch_session", String(80)),
    Column("branch_turn", Integer),
    Index("sessions_by_time", "opened_at", "id"),
)
"""One row a session; the columns are explained at `summary.SessionSummary`."""

ratings = Table(
    "ratings",
    metadata,
    Column("rater", String(80), primary_key=True),
    Column("transcript_id", String(200), primary_key=True),
    Column("turn", Integer, primary_key=True, autoincrement=False),
    Column("rubric", String(80), primary_key=True),
    Column("rubric_version", String(40), nullable=False),
    Column("level", Integer),
    Column("note", Text, nullable=False),
    Column("at", String(32), nullable=False),
    Column("digest", String(64), nullable=False),
)
"""Instructors' own ratings; the columns are explained at `domain.rating.Rating`."""
