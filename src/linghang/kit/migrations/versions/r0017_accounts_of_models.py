"""What calls of models are booked on: the skill, the campaign, the institution's day."""

import sqlalchemy as sa
from alembic import op

from linghang.kit.migrations.steps import add_columns

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Add what is not there yet; earlier calls get the day of their instant in UTC."""
    add_columns(
        "model_call",
        sa.Column("skill", sa.String(80), nullable=False, server_default=""),
        sa.Column("campaign", sa.String(40), nullable=False, server_default=""),
        sa.Column("day", sa.String(10), nullable=False, server_default=""),
    )
    op.execute("UPDATE model_call SET day = substr(at, 1, 10) WHERE day = ''")
