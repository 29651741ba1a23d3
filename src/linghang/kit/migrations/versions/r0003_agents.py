"""The tables of the staff: conversations, turns, what is remembered, plans and how their steps went."""

import sqlalchemy as sa

from linghang.kit.migrations.steps import make

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make what is not there yet."""
    _agent_conversation()
    _agent_turn()
    _agent_memory()
    _agent_plan()
    _agent_step()


def _agent_conversation() -> None:
    make(
        "agent_conversation",
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("focus", sa.String(40), nullable=False),
        sa.Column("created", sa.String(32), nullable=False),
        sa.Column("updated", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "id", name="pk_agent_conversation"),
    )


def _agent_turn() -> None:
    make(
        "agent_turn",
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("conversation", sa.String(40), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("aim", sa.String(120), nullable=False),
        sa.Column("campaign", sa.String(40), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "conversation", "n", name="pk_agent_turn"),
    )


def _agent_memory() -> None:
    make(
        "agent_memory",
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("conversation", sa.String(40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "id", name="pk_agent_memory"),
    )


def _agent_plan() -> None:
    make(
        "agent_plan",
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("conversation", sa.String(40), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "id", name="pk_agent_plan"),
    )


def _agent_step() -> None:
    make(
        "agent_step",
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("plan", sa.String(40), nullable=False),
        sa.Column("step", sa.String(40), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("millis", sa.Float(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "plan", "step", name="pk_agent_step"),
    )
