"""Saved audiences and the history of their sizes."""

import sqlalchemy as sa

from linghang.kit.migrations.steps import make

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make what is not there yet."""
    _audience()
    _audience_size()


def _audience() -> None:
    make(
        "audience",
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("owner", sa.String(80), nullable=False),
        sa.Column("source", sa.String(12), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("refresh", sa.String(12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("snapshot", sa.String(64), nullable=False),
        sa.Column("label", sa.String(80), nullable=False),
        sa.Column("as_of", sa.String(32), nullable=True),
        sa.Column("created", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "id", name="pk_audience"),
        sa.UniqueConstraint("institution_id", "name", name="uq_audience_institution_id"),
    )


def _audience_size() -> None:
    make(
        "audience_size",
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("label", sa.String(80), nullable=False),
        sa.Column("snapshot", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "id", "at", name="pk_audience_size"),
    )
