"""The register of consents, sealed addresses, keys a person, sessions; the kind of product of a touch."""

import sqlalchemy as sa

from linghang.kit.migrations.steps import add_columns, make

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make what is not there yet."""
    _person_key()
    _session()
    _consent_entry()
    _customer_address()
    add_columns("touch", sa.Column("kind", sa.String(20), nullable=False, server_default=""))


def _person_key() -> None:
    make(
        "person_key",
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "person", name="pk_person_key"),
    )


def _session() -> None:
    make(
        "session",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("user", sa.String(80), nullable=False),
        sa.Column("csrf", sa.String(64), nullable=False),
        sa.Column("created", sa.String(32), nullable=False),
        sa.Column("seen", sa.String(32), nullable=False),
        sa.Column("expires", sa.String(32), nullable=False),
        sa.Column("ended", sa.String(32), nullable=True),
        sa.PrimaryKeyConstraint("digest", name="pk_session"),
        indexes={"ix_session_user": ["institution_id", "user"]},
    )


def _consent_entry() -> None:
    make(
        "consent_entry",
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("customer", sa.BigInteger(), nullable=False),
        sa.Column("word", sa.String(12), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("wording", sa.String(80), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("noted", sa.String(32), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "number", name="pk_consent_entry"),
        indexes={"ix_consent_entry_customer": ["institution_id", "customer"]},
        append_only=True,
    )


def _customer_address() -> None:
    make(
        "customer_address",
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("customer", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "customer", "channel", name="pk_customer_address"),
    )
