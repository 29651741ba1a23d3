"""The ledger's tables: append-only entries, and one counter a scope that bounds them.

``benefit_entry`` is the truth: nothing is ever updated or deleted there. ``benefit_limit.held`` is the sum of the
entries' ``held`` of its scope, kept so that a bound is checked by one conditional UPDATE, which two writers cannot
both win on SQLite (one writer) nor on PostgreSQL (row lock). ``ledger.recompute`` proves the counters from the rows.
"""

import sqlalchemy as sa

from linghang.kit.appendonly import append_only
from linghang.kit.database import Instant, metadata

limits = sa.Table(
    "benefit_limit",
    metadata,
    sa.Column("institution_id", sa.String(40), primary_key=True),
    sa.Column("scope", sa.String(200), primary_key=True),
    sa.Column("unit", sa.String(8), nullable=False),
    sa.Column("total", sa.BigInteger, nullable=False),
    sa.Column("held", sa.BigInteger, nullable=False, server_default="0"),
    sa.CheckConstraint("held <= total", name="ck_benefit_limit_held"),
    sa.CheckConstraint("held >= 0", name="ck_benefit_limit_positive"),
)
entries = append_only(
    sa.Table(
        "benefit_entry",
        metadata,
        sa.Column("institution_id", sa.String(40), primary_key=True),
        sa.Column("key", sa.String(200), primary_key=True),
        sa.Column("grant_id", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("package", sa.String(64), nullable=False),
        sa.Column("benefit", sa.String(80), nullable=False),
        sa.Column("pool", sa.String(80), nullable=False),
        sa.Column("customer", sa.BigInteger, nullable=False),
        sa.Column("face_fen", sa.BigInteger, nullable=False),
        sa.Column("held_fen", sa.BigInteger, nullable=False),
        sa.Column("held_pieces", sa.Integer, nullable=False),
        sa.Column("redeemed_fen", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("at", Instant, nullable=False),
        sa.Column("expires", Instant, nullable=True),
        # One entry of a kind for a grant: it cannot be issued, redeemed or reclaimed twice.
        sa.UniqueConstraint("institution_id", "grant_id", "kind", name="uq_benefit_entry_grant_kind"),
        sa.Index("ix_benefit_entry_customer", "institution_id", "customer", "benefit"),
        sa.Index("ix_benefit_entry_package", "institution_id", "package", "benefit", "kind"),
    )
)
