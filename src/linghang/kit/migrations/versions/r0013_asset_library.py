"""Assets that people bring, and where each is used."""

import sqlalchemy as sa

from linghang.kit.migrations.steps import make

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make what is not there yet."""
    make(
        "asset",
        sa.Column("institution_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("file", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "id", name="pk_asset"),
    )
    make(
        "asset_use",
        sa.Column("institution_id", sa.String(length=40), nullable=False),
        sa.Column("campaign", sa.String(length=40), nullable=False),
        sa.Column("slot", sa.String(length=80), nullable=False),
        sa.Column("asset", sa.String(length=40), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "campaign", "slot", name="pk_asset_use"),
    )
