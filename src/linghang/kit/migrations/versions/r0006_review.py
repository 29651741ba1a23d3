"""Chains, steps, conditions and ends of approvals; comments, reminders, delegations."""

import sqlalchemy as sa

from linghang.kit.migrations.steps import add_columns, make_tables

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make what is not there yet. Rows of before keep their hash: what is absent is left out of it."""
    add_columns(
        "approval_entry",
        sa.Column("chain", sa.String(120), nullable=True),
        sa.Column("step", sa.String(20), nullable=True),
        sa.Column("behalf", sa.String(80), nullable=True),
        sa.Column("points", sa.Text, nullable=True),
        sa.Column("basis", sa.String(64), nullable=True),
        sa.Column("until", sa.String(32), nullable=True),
    )
    make_tables("approval_comment", "approval_reminder", "approval_delegation")
