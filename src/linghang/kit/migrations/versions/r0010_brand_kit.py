"""The brand kits that designers kept."""

import sqlalchemy as sa

from linghang.kit.migrations.steps import make

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make what is not there yet."""

    make(
        "brand_kit",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.String(length=40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_brand_kit"),
        indexes={"ix_brand_kit_institution_id": ["institution_id"]},
        append_only=True,
    )
