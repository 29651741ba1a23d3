"""A slot may hold an asset as its plate and another one as its element: uses are kept by part."""

import sqlalchemy as sa
from alembic import op

from linghang.kit.migrations.steps import make

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Make what is not there yet, and take over the uses that were plates."""
    make(
        "asset_place",
        sa.Column("institution_id", sa.String(length=40), nullable=False),
        sa.Column("campaign", sa.String(length=40), nullable=False),
        sa.Column("slot", sa.String(length=80), nullable=False),
        sa.Column("part", sa.String(length=12), nullable=False),
        sa.Column("asset", sa.String(length=40), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "campaign", "slot", "part", name="pk_asset_place"),
    )
    if sa.inspect(op.get_bind()).has_table("asset_use"):
        columns = "institution_id, campaign, slot, asset, actor, at"
        op.execute(f"INSERT INTO asset_place (part, {columns}) SELECT 'plate', {columns} FROM asset_use")
        op.drop_table("asset_use")
