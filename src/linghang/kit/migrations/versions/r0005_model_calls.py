"""Calls of language models, with what they cost."""

from linghang.kit.migrations.steps import make_tables

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make what is not there yet."""
    make_tables("model_call")
