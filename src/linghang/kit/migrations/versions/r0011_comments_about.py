"""A comment may speak of one finding."""

import sqlalchemy as sa

from linghang.kit.migrations.steps import add_columns

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make what is not there yet."""
    add_columns("approval_comment", sa.Column("about", sa.String(200), nullable=True))
