"""What saved audiences were before each change, what was said about them, and which are put away."""

import sqlalchemy as sa

from linghang.kit.migrations.steps import add_columns, make

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Make and add what is not there yet."""
    add_columns(
        "audience",
        sa.Column("note", sa.Text(), nullable=False, server_default=""),
        sa.Column("archived", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("made", sa.Text(), nullable=False, server_default="{}"),
    )
    make(
        "audience_version",
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("refresh", sa.String(12), nullable=False),
        sa.Column("owner", sa.String(80), nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("cause", sa.String(40), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "id", "version", name="pk_audience_version"),
    )
