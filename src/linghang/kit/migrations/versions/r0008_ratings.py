"""What designers rated: rounds, their items, ratings and comparisons."""

import sqlalchemy as sa

from linghang.kit.migrations.steps import make

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make what is not there yet."""
    _rating_round()
    _rating_item()
    _rating()
    _rating_pair()


def _rating_round() -> None:
    make(
        "rating_round",
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(12), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("learned_from", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "id", name="pk_rating_round"),
    )


def _rating_item() -> None:
    make(
        "rating_item",
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("round", sa.String(40), nullable=False),
        sa.Column("candidate", sa.String(40), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(8), nullable=False),
        sa.Column("subject", sa.String(12), nullable=False),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.Column("recipe", sa.Text(), nullable=False),
        sa.Column("file", sa.String(64), nullable=False),
        sa.Column("mime", sa.String(40), nullable=False),
        sa.Column("expected", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "round", "candidate", name="pk_rating_item"),
    )


def _rating() -> None:
    make(
        "rating",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("round", sa.String(40), nullable=False),
        sa.Column("candidate", sa.String(40), nullable=False),
        sa.Column("rater", sa.String(80), nullable=False),
        sa.Column("flags", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("millis", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_rating"),
        indexes={"ix_rating_round": ["institution_id", "round"]},
        append_only=True,
    )


def _rating_pair() -> None:
    make(
        "rating_pair",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("better", sa.String(40), nullable=False),
        sa.Column("worse", sa.String(40), nullable=False),
        sa.Column("rater", sa.String(80), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_rating_pair"),
        indexes={"ix_rating_pair_rater": ["institution_id", "rater"]},
        append_only=True,
    )
