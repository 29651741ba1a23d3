"""Calls of language models, with what they cost."""

import sqlalchemy as sa

from linghang.kit.migrations.steps import make

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make what is not there yet."""
    make(
        "model_call",
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("prompt", sa.String(80), nullable=False),
        sa.Column("model", sa.String(120), nullable=False),
        sa.Column("asked", sa.String(64), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("tokens_in", sa.Integer(), nullable=False),
        sa.Column("tokens_out", sa.Integer(), nullable=False),
        sa.Column("millis", sa.Float(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "id", name="pk_model_call"),
    )
