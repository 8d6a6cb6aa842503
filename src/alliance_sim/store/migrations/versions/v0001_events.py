"""The record of events, guarded against change."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

SQLITE_TRIGGERS = (
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

POSTGRES_GUARDS = (
    (
        "events_never_change",
        "BEFORE UPDATE ON {schema}.events FOR EACH ROW",
        "true",
        "events are never changed",
    ),
    (
        # A number that is there already is refused by the primary key; so a block of numbers
        # that is whole in itself and follows a number that is there leaves no gap.
        "events_follow_on",
        "AFTER INSERT ON {schema}.events REFERENCING NEW TABLE AS added FOR EACH STATEMENT",
        """EXISTS (
            SELECT 1 FROM added GROUP BY session_id
            HAVING max(seq) - min(seq) + 1 <> count(*) OR min(seq) <> 1 AND NOT EXISTS (
                SELECT 1 FROM {schema}.events AS before
                WHERE before.session_id = added.session_id AND before.seq = min(added.seq) - 1))""",
        "events are numbered without a gap",
    ),
    (
        "events_stay",
        "AFTER DELETE ON {schema}.events REFERENCING OLD TABLE AS gone FOR EACH STATEMENT",
        """EXISTS (
            SELECT 1 FROM gone WHERE NOT EXISTS (
                SELECT 1 FROM {schema}.erasures WHERE erasures.session_id = gone.session_id))""",
        "events are deleted by whole sessions only",
    ),
    (
        "events_stay_together",
        "BEFORE TRUNCATE ON {schema}.events FOR EACH STATEMENT",
        "true",
        "events are deleted by whole sessions only",
    ),
    (
        "erasures_are_whole",
        "AFTER DELETE ON {schema}.erasures REFERENCING OLD TABLE AS gone FOR EACH STATEMENT",
        "EXISTS (SELECT 1 FROM gone JOIN {schema}.events USING (session_id))",
        "a session is deleted as a whole",
    ),
    (
        "erasures_never_change",
        "BEFORE UPDATE ON {schema}.erasures FOR EACH ROW",
        "true",
        "a session is deleted as a whole",
    ),
    (
        "erasures_stay",
        "BEFORE TRUNCATE ON {schema}.erasures FOR EACH STATEMENT",
        "true",
        "a session is deleted as a whole",
    ),
)
"""Name, when it looks, what it refuses, and what it says then."""

# Every table is named with its schema and the function sees with its owner's eyes: neither a
# temporary table of the same name nor a row that is hidden from the writer can mislead it.
POSTGRES_FUNCTION = """
    CREATE FUNCTION {schema}.{name}() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
        IF {refused} THEN
            RAISE EXCEPTION '{said}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$
"""


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
        for trigger in SQLITE_TRIGGERS:
            op.execute(trigger)
    else:
        _guard_postgres()


def _guard_postgres() -> None:
    bind = op.get_bind()
    schema = bind.dialect.identifier_preparer.quote(bind.scalar(sa.text("SELECT current_schema()")))
    for name, when, refused, said in POSTGRES_GUARDS:
        condition = refused.format(schema=schema)
        made = POSTGRES_FUNCTION.format(schema=schema, name=name, refused=condition, said=said)
        op.execute(made)
        event = when.format(schema=schema)
        op.execute(f"CREATE TRIGGER {name} {event} EXECUTE FUNCTION {schema}.{name}()")
