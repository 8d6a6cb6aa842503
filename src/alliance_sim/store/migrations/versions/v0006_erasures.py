"""What stands in `erasures` cannot be renamed: that would leave part of a session deleted.

On PostgreSQL the first version guards it already.
"""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the trigger."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            """
            CREATE TRIGGER erasures_never_change BEFORE UPDATE ON erasures
            BEGIN SELECT RAISE(ABORT, 'a session is deleted as a whole'); END
            """
        )
