"""Tables of approvals: the ledger and comments (append-only, hash-chained), reminders, delegations."""

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
        sa.Column("chain", sa.String(120), nullable=True),
        sa.Column("step", sa.String(20), nullable=True),
        sa.Column("behalf", sa.String(80), nullable=True),
        sa.Column("points", sa.Text, nullable=True),
        sa.Column("basis", sa.String(64), nullable=True),
        sa.Column("until", Instant, nullable=True),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Index("ix_approval_entry_package", "institution_id", "package", "number"),
        sa.Index("ix_approval_entry_campaign", "institution_id", "campaign_id", "number"),
    )
)
comments = append_only(
    sa.Table(
        "approval_comment",
        metadata,
        sa.Column("institution_id", sa.String(40), primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("campaign_id", sa.String(40), nullable=False),
        sa.Column("package", sa.String(64), nullable=False),
        sa.Column("section", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("refers", sa.BigInteger, nullable=True),
        sa.Column("about", sa.String(200), nullable=True),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Index("ix_approval_comment_campaign", "institution_id", "campaign_id", "number"),
    )
)
"""``kind``: remark, must (blocks an approval of this package until it is resolved), resolved (``refers`` to a must)."""
reminders = append_only(
    sa.Table(
        "approval_reminder",
        metadata,
        sa.Column("institution_id", sa.String(40), primary_key=True),
        sa.Column("package", sa.String(64), primary_key=True),
        sa.Column("at", Instant, primary_key=True),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("steps", sa.String(120), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
    )
)
delegations = sa.Table(
    "approval_delegation",
    metadata,
    sa.Column("institution_id", sa.String(40), primary_key=True),
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("giver", sa.String(80), nullable=False),
    sa.Column("taker", sa.String(80), nullable=False),
    sa.Column("since", Instant, nullable=False),
    sa.Column("until", Instant, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("made", Instant, nullable=False),
    sa.Column("revoked", Instant, nullable=True),
)
