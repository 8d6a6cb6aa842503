"""Instructors' own ratings, by which the scorer is calibrated. They hold no words."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create `ratings`, empty."""
    op.create_table(
        "ratings",
        sa.Column("rater", sa.String(80), primary_key=True),
        sa.Column("transcript_id", sa.String(200), primary_key=True),
        sa.Column("turn", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("rubric", sa.String(80), primary_key=True),
        sa.Column("rubric_version", sa.String(40), nullable=False),
        sa.Column("level", sa.Integer),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
    )
