"""Programmes: people, assignments, the audit log, batches; scores and appeals as rows."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

SQLITE_TRIGGERS = (
    """
    CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log is never changed'); END
    """,
    """
    CREATE TRIGGER audit_stays BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END
    """,
)

POSTGRES_TRIGGERS = (
    """
    CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the audit log %', TG_ARGV[0]
            USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_only_grows('is never changed')
    """,
    """
    CREATE TRIGGER audit_stays BEFORE DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_only_grows('only grows')
    """,
    """
    CREATE TRIGGER audit_stays_whole BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows('only grows')
    """,
)


def upgrade() -> None:
    """Create the tables, empty; add columns to `sessions`, which is filled after every upgrade."""
    op.add_column("sessions", sa.Column("ended_at", sa.String(32)))
    op.add_column("sessions", sa.Column("self_ratings", sa.Text))
    op.create_index("sessions_by_trainee", "sessions", ["trainee", "opened_at", "id"])
    _derived()
    _people()
    _assignments()
    _audit()
    _batches()
    sqlite = op.get_bind().dialect.name == "sqlite"
    for trigger in SQLITE_TRIGGERS if sqlite else POSTGRES_TRIGGERS:
        op.execute(trigger)


def _derived() -> None:
    op.create_table(
        "scores",
        sa.Column("session_id", sa.String(80), primary_key=True),
        sa.Column("rubric", sa.String(80), primary_key=True),
        sa.Column("rubric_version", sa.String(40), primary_key=True),
        sa.Column("scorer", sa.String(20), primary_key=True),
        sa.Column("model", sa.String(200), primary_key=True),
        sa.Column("score", sa.Float),
        sa.Column("why_null", sa.Text),
        sa.Column("grade", sa.String(10)),
        sa.Column("evidence_count", sa.Integer, nullable=False),
        sa.Column("original_score", sa.Float),
        sa.Column("overridden_by", sa.Text),
        sa.Column("overridden_at", sa.String(32)),
        sa.Column("override_reason", sa.Text),
        sa.Column("scored_at", sa.String(32), nullable=False),
        sa.Column("is_current", sa.Boolean, nullable=False),
    )
    op.create_table(
        "appeals",
        sa.Column("session_id", sa.String(80), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("rubric", sa.String(80), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("outcome", sa.String(10)),
        sa.Column("answer", sa.Text),
        sa.Column("answered_by", sa.Text),
        sa.Column("answered_at", sa.String(32)),
    )


def _people() -> None:
    op.create_table(
        "cohorts",
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("retention_days", sa.Integer),
        sa.Column("created_at", sa.String(32), nullable=False),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("consent_research", sa.Boolean, nullable=False),
        sa.Column("consent_at", sa.String(32)),
        sa.Column("signing_key", sa.Text),
        sa.Column("created_at", sa.String(32), nullable=False),
    )
    op.create_table(
        "memberships",
        sa.Column("cohort", sa.String(80), primary_key=True),
        sa.Column("person", sa.String(80), primary_key=True),
        sa.Column("joined_at", sa.String(32), nullable=False),
    )
    op.create_index("memberships_by_person", "memberships", ["person"])


def _assignments() -> None:
    op.create_table(
        "assignments",
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column("cohort", sa.String(80), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("scenarios", sa.Text, nullable=False),
        sa.Column("rubrics", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer),
        sa.Column("exam", sa.Boolean, nullable=False),
        sa.Column("opens_at", sa.String(32)),
        sa.Column("due_at", sa.String(32)),
        sa.Column("keep", sa.String(10), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
    )
    op.create_table(
        "attempts",
        sa.Column("session_id", sa.String(80), primary_key=True),
        sa.Column("assignment", sa.String(80), nullable=False),
        sa.Column("trainee", sa.String(80), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("source", sa.String(10), nullable=False),
    )
    op.create_index(
        "attempts_in_order", "attempts", ["assignment", "trainee", "number"], unique=True
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
    )


def _batches() -> None:
    op.create_table(
        "batches",
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("scorer", sa.String(20), nullable=False),
        sa.Column("model", sa.String(200), nullable=False),
        sa.Column("votes", sa.Integer, nullable=False),
        sa.Column("rubrics", sa.Text, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("stopped_at", sa.String(32)),
    )
    op.create_table(
        "batch_items",
        sa.Column("batch", sa.String(80), primary_key=True),
        sa.Column("session_id", sa.String(80), primary_key=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("why", sa.Text),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("worker", sa.Text),
    )
    op.create_index("batch_items_by_state", "batch_items", ["batch", "state"])
    op.create_index("batch_items_by_session", "batch_items", ["session_id"])
