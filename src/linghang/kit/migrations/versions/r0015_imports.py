"""What was imported, with its accounts."""

import sqlalchemy as sa

from linghang.kit.migrations.steps import make

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Make what is not there yet."""
    make(
        "data_import",
        sa.Column("institution_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("mode", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("ended", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("institution_id", "id", name="pk_data_import"),
    )
