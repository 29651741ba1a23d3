"""Tables of access: institutions, users, API tokens and the audit log."""

import sqlalchemy as sa

from linghang.kit.appendonly import append_only
from linghang.kit.database import Instant, metadata

institutions = sa.Table(
    "institution",
    metadata,
    sa.Column("institution_id", sa.String(40), primary_key=True),
    sa.Column("created", Instant, nullable=False),
)
users = sa.Table(
    "user_account",
    metadata,
    sa.Column("institution_id", sa.String(40), primary_key=True),
    sa.Column("name", sa.String(80), primary_key=True),
    sa.Column("label", sa.String(80), nullable=False),
    sa.Column("roles", sa.String(200), nullable=False),
    sa.Column("password", sa.String(200), nullable=False, server_default=""),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("created", Instant, nullable=False),
)
"""``roles`` are separated by spaces; ``password`` is an Argon2id hash, empty for who has no local account."""
tokens = sa.Table(
    "api_token",
    metadata,
    sa.Column("institution_id", sa.String(40), primary_key=True),
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("user", sa.String(80), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False, unique=True),
    sa.Column("scopes", sa.Text, nullable=False),
    sa.Column("created", Instant, nullable=False),
    sa.Column("expires", Instant, nullable=False),
    sa.Column("revoked", Instant, nullable=True),
)
person_keys = sa.Table(
    "person_key",
    metadata,
    sa.Column("institution_id", sa.String(40), primary_key=True),
    sa.Column("person", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("sealed", sa.String(200), nullable=False),
)
"""A key a person (dense number), sealed with the home's key; deleting it erases what it sealed."""
sessions = sa.Table(
    "session",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("institution_id", sa.String(40), nullable=False),
    sa.Column("id", sa.String(40), nullable=False, server_default=""),
    sa.Column("user", sa.String(80), nullable=False),
    sa.Column("csrf", sa.String(64), nullable=False),
    sa.Column("address", sa.String(64), nullable=False, server_default=""),
    sa.Column("created", Instant, nullable=False),
    sa.Column("seen", Instant, nullable=False),
    sa.Column("expires", Instant, nullable=False),
    sa.Column("ended", Instant, nullable=True),
    sa.Index("ix_session_user", "institution_id", "user"),
)
"""Browsers that signed in: the secret is in a cookie, its digest here; ``id`` names it and opens nothing."""
sign_in_links = sa.Table(
    "sign_in_link",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("institution_id", sa.String(40), nullable=False),
    sa.Column("user", sa.String(80), nullable=False),
    sa.Column("expires", Instant, nullable=False),
    sa.Column("used", Instant, nullable=True),
)
"""Links that sign one browser in once, made by whoever owns the home's files."""
sign_in_failures = sa.Table(
    "sign_in_failure",
    metadata,
    sa.Column("institution_id", sa.String(40), nullable=False),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("address", sa.String(64), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Index("ix_sign_in_failure", "institution_id", "at"),
)
"""Sign-ins that failed lately, by name and address: what the limits count. Old ones are forgotten."""
audit = append_only(
    sa.Table(
        "audit_line",
        metadata,
        sa.Column("institution_id", sa.String(40), primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("skill", sa.String(80), nullable=False),
        sa.Column("effect", sa.String(8), nullable=False),
        sa.Column("about", sa.String(200), nullable=False),
        sa.Column("outcome", sa.String(80), nullable=False),
        sa.Column("arguments", sa.String(64), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Index("ix_audit_line_about", "institution_id", "about"),
    )
)
