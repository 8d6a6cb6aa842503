"""The record of events, guarded against change."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TRIGGERS = (
    """
    CREATE TRIGGER events_never_change BEFORE UPDATE ON events
    BEGIN SELECT RAISE(ABORT, 'events are never changed'); END
    """,
    # Also stops INSERT OR REPLACE, which deletes a row without firing delete triggers.
    """
    CREATE TRIGGER events_follow_on BEFORE INSERT ON events
    WHEN NEW.seq IS NOT 1 + COALESCE(
        (SELECT MAX(seq) FROM events WHERE session_id = NEW.session_id), 0)
    BEGIN SELECT RAISE(ABORT, 'events are numbered without a gap'); END
    """,
    """
    CREATE TRIGGER events_stay BEFORE DELETE ON events
    WHEN NOT EXISTS (SELECT 1 FROM erasures WHERE session_id = OLD.session_id)
    BEGIN SELECT RAISE(ABORT, 'events are deleted by whole sessions only'); END
    """,
    """
    CREATE TRIGGER erasures_are_whole BEFORE DELETE ON erasures
    WHEN EXISTS (SELECT 1 FROM events WHERE session_id = OLD.session_id)
    BEGIN SELECT RAISE(ABORT, 'a session is deleted as a whole'); END
    """,
)


def upgrade() -> None:
    """Create `events` and `erasures` with their triggers."""
    op.create_table(
        "events",
        sa.Column("session_id", sa.String(80), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("type", sa.String(40), nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
    )
    op.create_table("erasures", sa.Column("session_id", sa.String(80), primary_key=True))
    if op.get_bind().dialect.name == "sqlite":
        for trigger in TRIGGERS:
            op.execute(trigger)
