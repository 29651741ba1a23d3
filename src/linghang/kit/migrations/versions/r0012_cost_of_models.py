"""What calls of models cost."""

import sqlalchemy as sa

from linghang.kit.migrations.steps import add_columns

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add what is not there yet."""
    add_columns("model_call", sa.Column("cost_micro", sa.BigInteger(), nullable=False, server_default="0"))
