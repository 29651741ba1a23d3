"""The tables of the first voyage, in words of their own: what the rooms declare tomorrow does not change them."""

import sqlalchemy as sa

from linghang.kit.migrations.steps import make

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make what is not there yet."""
    for create in (
        _api_token, _approval_entry, _audit_line, _benefit_entry, _benefit_limit, _campaign, _campaign_version,
        _customer_generation, _customer_import_block, _decision_log, _event_batch, _insight_dismissal,
        _institution, _launch, _outcome, _package, _section_cache, _section_value, _send, _send_entry,
        _skill_call, _touch, _user_account,
    ):  # fmt: skip
        create()


def _api_token() -> None:
    make(
        "api_token",
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("user", sa.String(80), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("created", sa.String(32), nullable=False),
        sa.Column("expires", sa.String(32), nullable=False),
        sa.Column("revoked", sa.String(32), nullable=True),
        sa.PrimaryKeyConstraint("institution_id", "id", name="pk_api_token"),
        sa.UniqueConstraint("digest", name="uq_api_token_digest"),
    )


def _approval_entry() -> None:
    make(
        "approval_entry",
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("campaign_id", sa.String(40), nullable=False),
        sa.Column("package", sa.String(64), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("level", sa.String(4), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("makers", sa.Text(), nullable=False),
        sa.Column("key_id", sa.String(16), nullable=False),
        sa.Column("signature", sa.String(128), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "number", name="pk_approval_entry"),
        indexes={
            "ix_approval_entry_campaign": ["institution_id", "campaign_id", "number"],
            "ix_approval_entry_package": ["institution_id", "package", "number"],
        },
        append_only=True,
    )


def _audit_line() -> None:
    make(
        "audit_line",
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("skill", sa.String(80), nullable=False),
        sa.Column("effect", sa.String(8), nullable=False),
        sa.Column("about", sa.String(200), nullable=False),
        sa.Column("outcome", sa.String(80), nullable=False),
        sa.Column("arguments", sa.String(64), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "number", name="pk_audit_line"),
        indexes={"ix_audit_line_about": ["institution_id", "about"]},
        append_only=True,
    )


def _benefit_entry() -> None:
    make(
        "benefit_entry",
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("grant_id", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("package", sa.String(64), nullable=False),
        sa.Column("benefit", sa.String(80), nullable=False),
        sa.Column("pool", sa.String(80), nullable=False),
        sa.Column("customer", sa.BigInteger(), nullable=False),
        sa.Column("face_fen", sa.BigInteger(), nullable=False),
        sa.Column("held_fen", sa.BigInteger(), nullable=False),
        sa.Column("held_pieces", sa.Integer(), nullable=False),
        sa.Column("redeemed_fen", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("expires", sa.String(32), nullable=True),
        sa.PrimaryKeyConstraint("institution_id", "key", name="pk_benefit_entry"),
        sa.UniqueConstraint("institution_id", "grant_id", "kind", name="uq_benefit_entry_grant_kind"),
        indexes={
            "ix_benefit_entry_customer": ["institution_id", "customer", "benefit"],
            "ix_benefit_entry_package": ["institution_id", "package", "benefit", "kind"],
        },
        append_only=True,
    )


def _benefit_limit() -> None:
    make(
        "benefit_limit",
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("scope", sa.String(200), nullable=False),
        sa.Column("unit", sa.String(8), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("held", sa.BigInteger(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("institution_id", "scope", name="pk_benefit_limit"),
        sa.CheckConstraint("held <= total", name="ck_benefit_limit_held"),
        sa.CheckConstraint("held >= 0", name="ck_benefit_limit_positive"),
    )


def _campaign() -> None:
    make(
        "campaign",
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(80), nullable=False),
        sa.Column("parent", sa.String(40), nullable=False, server_default=""),
        sa.Column("created", sa.String(32), nullable=False),
        sa.Column("updated", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "id", name="pk_campaign"),
    )


def _campaign_version() -> None:
    make(
        "campaign_version",
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("schema_version", sa.Integer(), nullable=False),
        sa.Column("sections", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("cause", sa.String(80), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "id", "version", name="pk_campaign_version"),
    )


def _customer_generation() -> None:
    make(
        "customer_generation",
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("table_name", sa.String(120), nullable=False),
        sa.Column("history_table", sa.String(120), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "subject", "number", name="pk_customer_generation"),
    )


def _customer_import_block() -> None:
    make(
        "customer_import_block",
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("block", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("rejections", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "subject", "number", "block", name="pk_customer_import_block"),
    )


def _decision_log() -> None:
    make(
        "decision_log",
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("decision_id", sa.String(64), nullable=False),
        sa.Column("customer", sa.BigInteger(), nullable=False),
        sa.Column("slot", sa.String(40), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("chosen", sa.String(64), nullable=False),
        sa.Column("package", sa.String(64), nullable=False),
        sa.Column("propensity", sa.Float(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("arm", sa.String(40), nullable=False),
        sa.Column("layer", sa.String(80), nullable=False),
        sa.Column("feature_version", sa.String(80), nullable=False),
        sa.Column("policy_version", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "decision_id", name="pk_decision_log"),
        indexes={
            "ix_decision_log_customer": ["institution_id", "customer", "at"],
            "ix_decision_log_package": ["institution_id", "package", "at"],
        },
        append_only=True,
    )


def _event_batch() -> None:
    make(
        "event_batch",
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("accepted", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "number", name="pk_event_batch"),
        sa.UniqueConstraint("institution_id", "name", name="uq_event_batch_institution_id"),
    )


def _insight_dismissal() -> None:
    make(
        "insight_dismissal",
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("id", sa.String(120), nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "id", name="pk_insight_dismissal"),
    )


def _institution() -> None:
    make(
        "institution",
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("created", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", name="pk_institution"),
    )


def _launch() -> None:
    make(
        "launch",
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("package", sa.String(64), nullable=False),
        sa.Column("campaign_id", sa.String(40), nullable=False),
        sa.Column("shadow", sa.Boolean(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("start", sa.String(32), nullable=False),
        sa.Column("end", sa.String(32), nullable=False),
        sa.Column("planned", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "package", name="pk_launch"),
        indexes={"ix_launch_campaign_id": ["campaign_id"]},
        append_only=True,
    )


def _outcome() -> None:
    make(
        "outcome",
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("package", sa.String(64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "package", name="pk_outcome"),
    )


def _package() -> None:
    make(
        "package",
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("campaign_id", sa.String(40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "hash", name="pk_package"),
        indexes={"ix_package_campaign_id": ["campaign_id"]},
    )


def _section_cache() -> None:
    make(
        "section_cache",
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "key", name="pk_section_cache"),
    )


def _section_value() -> None:
    make(
        "section_value",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("schema_version", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_section_value"),
    )


def _send() -> None:
    make(
        "send",
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("package", sa.String(64), nullable=False),
        sa.Column("campaign_id", sa.String(40), nullable=False),
        sa.Column("customer", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("layer", sa.String(60), nullable=False),
        sa.Column("benefit", sa.String(80), nullable=False),
        sa.Column("placement", sa.String(120), nullable=False),
        sa.Column("touch", sa.Integer(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(80), nullable=False, server_default=""),
        sa.Column("variant", sa.String(60), nullable=False, server_default=""),
        sa.Column("batch", sa.String(40), nullable=False, server_default=""),
        sa.Column("cost_fen100", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("told", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.PrimaryKeyConstraint("institution_id", "key", name="pk_send"),
        indexes={
            "ix_send_customer": ["institution_id", "customer"],
            "ix_send_due": ["institution_id", "package", "channel", "state", "due"],
            "ix_send_told": ["institution_id", "package", "told", "state"],
        },
    )


def _send_entry() -> None:
    make(
        "send_entry",
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("package", sa.String(64), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(80), nullable=False),
        sa.Column("batch", sa.String(40), nullable=False),
        sa.Column("cost_fen100", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "key", "state", name="pk_send_entry"),
        indexes={"ix_send_entry_package": ["institution_id", "package", "state"]},
        append_only=True,
    )


def _skill_call() -> None:
    make(
        "skill_call",
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("skill", sa.String(80), nullable=False),
        sa.Column("arguments", sa.String(64), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "key", name="pk_skill_call"),
    )


def _touch() -> None:
    make(
        "touch",
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("customer", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("package", sa.String(64), nullable=False),
        sa.Column("offer", sa.String(80), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "key", name="pk_touch"),
        indexes={"ix_touch_at": ["institution_id", "at"], "ix_touch_customer": ["institution_id", "customer", "at"]},
    )


def _user_account() -> None:
    make(
        "user_account",
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("label", sa.String(80), nullable=False),
        sa.Column("roles", sa.String(200), nullable=False),
        sa.Column("password", sa.String(200), nullable=False, server_default=""),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "name", name="pk_user_account"),
    )
