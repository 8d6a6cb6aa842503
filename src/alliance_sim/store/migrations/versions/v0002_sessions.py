"""The index of sessions. Its rows are derived: the program fills it after every upgrade."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create `sessions`, empty."""
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column("opened_at", sa.String(32), nullable=False),
        sa.Column("updated_at", sa.String(32), nullable=False),
        sa.Column("scenario", sa.Text, nullable=False),
        sa.Column("scenario_version", sa.Text, nullable=False),
        sa.Column("trainee", sa.Text),
        sa.Column("seed", sa.BigInteger, nullable=False),
        sa.Column("pace", sa.String(20), nullable=False),
        sa.Column("exam", sa.Boolean, nullable=False),
        sa.Column("turns", sa.Integer, nullable=False),
        sa.Column("ending", sa.String(40)),
        sa.Column("overall", sa.Float),
        sa.Column("branch_session", sa.String(80)),
        sa.Column("branch_turn", sa.Integer),
    )
    op.create_index("sessions_by_time", "sessions", ["opened_at", "id"])
