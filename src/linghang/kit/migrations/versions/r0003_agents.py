"""The tables of the staff: conversations, turns, what is remembered, plans and how their steps went."""

from linghang.kit.migrations.steps import make_tables

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make what is not there yet."""
    make_tables("agent_conversation", "agent_turn", "agent_memory", "agent_plan", "agent_step")
