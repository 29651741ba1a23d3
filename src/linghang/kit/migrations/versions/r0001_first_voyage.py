"""The tables of the first voyage.

Until the first release this revision creates what the rooms declare, with the triggers of append-only tables; the
release freezes it, and every later change is a revision of its own.
"""

from alembic import op

from linghang.kit.database import metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table."""
    metadata.create_all(op.get_bind())
