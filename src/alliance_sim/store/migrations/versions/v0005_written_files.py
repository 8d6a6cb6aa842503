"""Files that the program wrote about people, so that they go when the person's data goes."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create `written_files`, empty."""
    op.create_table(
        "written_files",
        sa.Column("host", sa.String(200), primary_key=True),
        sa.Column("path", sa.Text, primary_key=True),
        sa.Column("person", sa.String(80), primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
    )
    op.create_index("written_files_by_person", "written_files", ["person"])
