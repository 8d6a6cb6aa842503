"""The tables as the repository reads and writes them. `migrations/` is what creates them.

`events` is the one truth. It can only grow: triggers refuse to change a row, to leave a gap, to
write a number twice, and to delete. A trainee still has the right to have a session erased, so
deletion has one door: while the session's id stands in `erasures`, its events may be deleted, and
the id cannot be taken out of `erasures` as long as one of them is left. Both happen in the one
transaction of `Store.delete`; so a session goes as a whole or not at all, and no slip of a query
can thin out a record.

`sessions`, `scores` and `appeals` are derived: `Store.rebuild_index` makes them again from
`events`.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

from alliance_sim.domain.clean import storable


class _Storable(TypeDecorator[str]):
    """Text as every database can hold it, when it is written and when it is asked for."""

    cache_ok = True

    def process_bind_param(
        self,
        value: str | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy gives it
    ) -> str | None:
        return None if value is None else storable(value)


class Name(_Storable):
    """Text of some length; PostgreSQL keeps a longer one too, as SQLite does."""

    impl = String
    cache_ok = True


class Words(_Storable):
    """Text of any length."""

    impl = Text
    cache_ok = True


metadata = MetaData()

events = Table(
    "events",
    metadata,
    Column("session_id", Name(80), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", String(32), nullable=False),
    Column("type", String(40), nullable=False),
    Column("payload", Text, nullable=False),
)
"""`seq` counts from 1 without a gap; `at` is UTC in ISO 8601 with microseconds, so that it sorts
as text; `payload` is the event as JSON, its type included."""

erasures = Table("erasures", metadata, Column("session_id", Name(80), primary_key=True))
"""Sessions whose deletion is under way; empty between transactions."""

sessions = Table(
    "sessions",
    metadata,
    Column("id", Name(80), primary_key=True),
    Column("opened_at", String(32), nullable=False),
    Column("updated_at", String(32), nullable=False),
    Column("scenario", Words, nullable=False),
    Column("scenario_version", Words, nullable=False),
    Column("trainee", Words),
    Column("seed", BigInteger, nullable=False),
    Column("pace", Name(20), nullable=False),
    Column("exam", Boolean, nullable=False),
    Column("turns", Integer, nullable=False),
    Column("ending", Name(40)),
    Column("overall", Float),
    Column("branch_session", Name(80)),
    Column("branch_turn", Integer),
    Column("ended_at", String(32)),
    Column("self_ratings", Words),
    Index("sessions_by_time", "opened_at", "id"),
    Index("sessions_by_trainee", "trainee", "opened_at", "id"),
)
"""One row a session; the columns are explained at `summary.SessionSummary`."""

scores = Table(
    "scores",
    metadata,
    Column("session_id", Name(80), primary_key=True),
    Column("rubric", Name(80), primary_key=True),
    Column("rubric_version", Name(40), primary_key=True),
    Column("scorer", Name(20), primary_key=True),
    Column("model", Name(200), primary_key=True),
    Column("score", Float),
    Column("why_null", Words),
    Column("grade", Name(10)),
    Column("evidence_count", Integer, nullable=False),
    Column("original_score", Float),
    Column("overridden_by", Words),
    Column("overridden_at", String(32)),
    Column("override_reason", Words),
    Column("scored_at", String(32), nullable=False),
    Column("is_current", Boolean, nullable=False),
)
"""One row a session, rubric, version of the rubric and scorer; see `score_rows`."""

appeals = Table(
    "appeals",
    metadata,
    Column("session_id", Name(80), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("rubric", Name(80), nullable=False),
    Column("reason", Words, nullable=False),
    Column("at", String(32), nullable=False),
    Column("outcome", Name(10)),
    Column("answer", Words),
    Column("answered_by", Words),
    Column("answered_at", String(32)),
)
"""One row an appeal; the columns are explained at `domain.programme.Appeal`."""

cohorts = Table(
    "cohorts",
    metadata,
    Column("id", Name(80), primary_key=True),
    Column("title", Words, nullable=False),
    Column("retention_days", Integer),
    Column("created_at", String(32), nullable=False),
)

people = Table(
    "people",
    metadata,
    Column("id", Name(80), primary_key=True),
    Column("role", Name(20), nullable=False),
    Column("consent_research", Boolean, nullable=False),
    Column("consent_at", String(32)),
    Column("signing_key", Words),
    Column("created_at", String(32), nullable=False),
)

memberships = Table(
    "memberships",
    metadata,
    Column("cohort", Name(80), primary_key=True),
    Column("person", Name(80), primary_key=True),
    Column("joined_at", String(32), nullable=False),
    Index("memberships_by_person", "person"),
)

assignments = Table(
    "assignments",
    metadata,
    Column("id", Name(80), primary_key=True),
    Column("cohort", Name(80), nullable=False),
    Column("title", Words, nullable=False),
    Column("scenarios", Words, nullable=False),
    Column("rubrics", Words, nullable=False),
    Column("attempts", Integer),
    Column("exam", Boolean, nullable=False),
    Column("opens_at", String(32)),
    Column("due_at", String(32)),
    Column("keep", Name(10), nullable=False),
    Column("created_at", String(32), nullable=False),
)

attempts = Table(
    "attempts",
    metadata,
    Column("session_id", Name(80), primary_key=True),
    Column("assignment", Name(80), nullable=False),
    Column("trainee", Name(80), nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", String(32), nullable=False),
    Column("source", Name(10), nullable=False),
    Index("attempts_in_order", "assignment", "trainee", "number", unique=True),
)

audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("at", String(32), nullable=False),
    Column("who", Words, nullable=False),
    Column("action", Name(40), nullable=False),
    Column("subject", Words, nullable=False),
    Column("detail", Words, nullable=False),
)
"""Can only grow: triggers refuse to change or delete a row."""

batches = Table(
    "batches",
    metadata,
    Column("id", Name(80), primary_key=True),
    Column("created_at", String(32), nullable=False),
    Column("who", Words, nullable=False),
    Column("scorer", Name(20), nullable=False),
    Column("model", Name(200), nullable=False),
    Column("votes", Integer, nullable=False),
    Column("rubrics", Words, nullable=False),
    Column("total", Integer, nullable=False),
    Column("stopped_at", String(32)),
)
"""Sessions to be scored again; `rubrics` holds the files' texts, the same for every worker."""

batch_items = Table(
    "batch_items",
    metadata,
    Column("batch", Name(80), primary_key=True),
    Column("session_id", Name(80), primary_key=True),
    Column("state", Name(20), nullable=False),
    Column("why", Words),
    Column("at", String(32), nullable=False),
    Column("worker", Words),
    Index("batch_items_by_state", "batch", "state"),
    Index("batch_items_by_session", "session_id"),
)

written_files = Table(
    "written_files",
    metadata,
    Column("host", Name(200), primary_key=True),
    Column("path", Words, primary_key=True),
    Column("person", Name(80), primary_key=True),
    Column("kind", Name(20), nullable=False),
    Column("digest", Name(64), nullable=False),
    Column("at", String(32), nullable=False),
    Index("written_files_by_person", "person"),
)
"""Bundles, reports and pages that the program wrote about a person; see `written_files`."""

ratings = Table(
    "ratings",
    metadata,
    Column("rater", Name(80), primary_key=True),
    Column("transcript_id", Name(200), primary_key=True),
    Column("turn", Integer, primary_key=True, autoincrement=False),
    Column("rubric", Name(80), primary_key=True),
    Column("rubric_version", Name(40), nullable=False),
    Column("level", Integer),
    Column("note", Words, nullable=False),
    Column("at", String(32), nullable=False),
    Column("digest", Name(64), nullable=False),
)
"""Instructors' own ratings; the columns are explained at `domain.rating.Rating`."""
