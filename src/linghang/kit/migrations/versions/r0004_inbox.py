"""The inbox of the agents, and when what is done again and again is due."""

import sqlalchemy as sa

from linghang.kit.migrations.steps import make

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make what is not there yet."""
    _inbox_item()
    _schedule_due()


def _inbox_item() -> None:
    make(
        "inbox_item",
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("id", sa.String(160), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("topic", sa.String(80), nullable=False),
        sa.Column("code", sa.String(80), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("changed", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "id", name="pk_inbox_item"),
    )


def _schedule_due() -> None:
    make(
        "schedule_due",
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("next", sa.String(32), nullable=False),
        sa.Column("last", sa.String(32), nullable=True),
        sa.Column("job", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "name", name="pk_schedule_due"),
    )
