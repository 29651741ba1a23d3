"""Sign-in: sessions have a name and an address; links that sign in once; failures that limits count."""

import sqlalchemy as sa

from linghang.kit.migrations.steps import add_columns, make_tables

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make what is not there yet."""
    add_columns(
        "session",
        sa.Column("id", sa.String(40), nullable=False, server_default=""),
        sa.Column("address", sa.String(64), nullable=False, server_default=""),
    )
    make_tables("sign_in_link", "sign_in_failure")
