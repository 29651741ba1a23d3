"""The inbox of the agents, and when what is done again and again is due."""

from linghang.kit.migrations.steps import make_tables

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make what is not there yet."""
    make_tables("inbox_item", "schedule_due")
