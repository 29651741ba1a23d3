"""The register of consents, sealed addresses, keys a person, sessions; the kind of product of a touch."""

import sqlalchemy as sa

from linghang.kit.migrations.steps import add_columns, make_tables

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make what is not there yet."""
    make_tables("person_key", "session", "consent_entry", "customer_address")
    add_columns("touch", sa.Column("kind", sa.String(20), nullable=False, server_default=""))
