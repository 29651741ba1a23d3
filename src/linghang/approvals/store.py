"""The approval ledger's table: append-only, hash-chained, keyed by the package's hash."""

import sqlalchemy as sa

from linghang.kit.appendonly import append_only
from linghang.kit.database import Instant, metadata

entries = append_only(
    sa.Table(
        "approval_entry",
        metadata,
        sa.Column("institution_id", sa.String(40), primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("campaign_id", sa.String(40), nullable=False),
        sa.Column("package", sa.String(64), nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("level", sa.String(4), nullable=False),
        sa.Column("amount_fen", sa.BigInteger, nullable=False),
        sa.Column("needed", sa.Integer, nullable=False),
        sa.Column("makers", sa.Text, nullable=False),
        sa.Column("key_id", sa.String(16), nullable=False),
        sa.Column("signature", sa.String(128), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Index("ix_approval_entry_package", "institution_id", "package", "number"),
        sa.Index("ix_approval_entry_campaign", "institution_id", "campaign_id", "number"),
    )
)
