"""Sign-in: sessions have a name and an address; links that sign in once; failures that limits count."""

import sqlalchemy as sa

from linghang.kit.migrations.steps import add_columns, make

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make what is not there yet."""
    add_columns(
        "session",
        sa.Column("id", sa.String(40), nullable=False, server_default=""),
        sa.Column("address", sa.String(64), nullable=False, server_default=""),
    )
    _sign_in_link()
    _sign_in_failure()


def _sign_in_link() -> None:
    make(
        "sign_in_link",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("user", sa.String(80), nullable=False),
        sa.Column("expires", sa.String(32), nullable=False),
        sa.Column("used", sa.String(32), nullable=True),
        sa.PrimaryKeyConstraint("digest", name="pk_sign_in_link"),
    )


def _sign_in_failure() -> None:
    make(
        "sign_in_failure",
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        indexes={"ix_sign_in_failure": ("institution_id", "at")},
    )
