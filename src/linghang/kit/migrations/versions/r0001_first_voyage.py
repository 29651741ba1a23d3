"""The tables of the first voyage."""

from alembic import op

from linghang.kit.database import metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table."""
    metadata.create_all(op.get_bind())
