"""Tables of delivery: launched packages, sends with their present state, and the append-only entries behind it.

``send_entry`` is the truth: what happened to a send is a row there, never changed. ``send.state`` is the fold of its
entries, kept beside the plan so that batches are found by an index; ``ledger.recompute`` proves the one from the other.
``send.batch`` is the outbox: with variant and cost it is set, durably, before a message may leave the house.
"""

import sqlalchemy as sa

from linghang.kit.appendonly import append_only
from linghang.kit.database import Instant, metadata

launches = append_only(
    sa.Table(
        "launch",
        metadata,
        sa.Column("institution_id", sa.String(40), primary_key=True),
        sa.Column("package", sa.String(64), primary_key=True),
        sa.Column("campaign_id", sa.String(40), nullable=False, index=True),
        sa.Column("shadow", sa.Boolean, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("start", Instant, nullable=False),
        sa.Column("end", Instant, nullable=False),
        sa.Column("planned", sa.Text, nullable=False),
    )
)
sends = sa.Table(
    "send",
    metadata,
    sa.Column("institution_id", sa.String(40), primary_key=True),
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("package", sa.String(64), nullable=False),
    sa.Column("campaign_id", sa.String(40), nullable=False),
    sa.Column("customer", sa.BigInteger, nullable=False),
    sa.Column("channel", sa.String(40), nullable=False),
    sa.Column("layer", sa.String(60), nullable=False),
    sa.Column("benefit", sa.String(80), nullable=False),
    sa.Column("placement", sa.String(120), nullable=False),
    sa.Column("touch", sa.Integer, nullable=False),
    sa.Column("due", sa.Date, nullable=False),
    sa.Column("until", sa.Date, nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("reason", sa.String(80), nullable=False, server_default=""),
    sa.Column("variant", sa.String(60), nullable=False, server_default=""),
    sa.Column("batch", sa.String(40), nullable=False, server_default=""),
    sa.Column("cost_fen100", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("told", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Index("ix_send_due", "institution_id", "package", "channel", "state", "due"),
    sa.Index("ix_send_told", "institution_id", "package", "told", "state"),
    sa.Index("ix_send_customer", "institution_id", "customer"),
)
entries = append_only(
    sa.Table(
        "send_entry",
        metadata,
        sa.Column("institution_id", sa.String(40), primary_key=True),
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("state", sa.String(12), primary_key=True),
        sa.Column("package", sa.String(64), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("reason", sa.String(80), nullable=False),
        sa.Column("batch", sa.String(40), nullable=False),
        sa.Column("cost_fen100", sa.BigInteger, nullable=False),
        sa.Index("ix_send_entry_package", "institution_id", "package", "state"),
    )
)
"""One row of a state for a send: it cannot be handed over, delivered or withheld twice."""
