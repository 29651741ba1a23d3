"""Saved audiences and the history of their sizes."""

from linghang.kit.migrations.steps import make_tables

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make what is not there yet."""
    make_tables("audience", "audience_size")
