"""Chains, steps, conditions and ends of approvals; comments, reminders, delegations.

Rows of before keep their hash: what is absent is left out of it.
"""

import sqlalchemy as sa

from linghang.kit.migrations.steps import add_columns, make

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make what is not there yet."""
    _approval_comment()
    _approval_reminder()
    _approval_delegation()
    add_columns(
        "approval_entry",
        sa.Column("chain", sa.String(120), nullable=True),
        sa.Column("step", sa.String(20), nullable=True),
        sa.Column("behalf", sa.String(80), nullable=True),
        sa.Column("points", sa.Text, nullable=True),
        sa.Column("basis", sa.String(64), nullable=True),
        sa.Column("until", sa.String(32), nullable=True),
    )


def _approval_comment() -> None:
    make(
        "approval_comment",
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("campaign_id", sa.String(40), nullable=False),
        sa.Column("package", sa.String(64), nullable=False),
        sa.Column("section", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("refers", sa.BigInteger(), nullable=True),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "number", name="pk_approval_comment"),
        indexes={"ix_approval_comment_campaign": ["institution_id", "campaign_id", "number"]},
        append_only=True,
    )


def _approval_reminder() -> None:
    make(
        "approval_reminder",
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("package", sa.String(64), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("steps", sa.String(120), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "package", "at", name="pk_approval_reminder"),
        append_only=True,
    )


def _approval_delegation() -> None:
    make(
        "approval_delegation",
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("giver", sa.String(80), nullable=False),
        sa.Column("taker", sa.String(80), nullable=False),
        sa.Column("since", sa.String(32), nullable=False),
        sa.Column("until", sa.String(32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made", sa.String(32), nullable=False),
        sa.Column("revoked", sa.String(32), nullable=True),
        sa.PrimaryKeyConstraint("institution_id", "id", name="pk_approval_delegation"),
    )
