"""The decision log: every record, with propensity and reasons, append-only."""

import json
from collections.abc import Sequence

import sqlalchemy as sa

from linghang.base.digest import canonical_json
from linghang.base.errors import UnknownItemError
from linghang.base.records import DecisionRecord
from linghang.kit.database import Instant, metadata, reading

log = sa.Table(
    "decision_log",
    metadata,
    sa.Column("institution_id", sa.String(40), primary_key=True),
    sa.Column("decision_id", sa.String(48), primary_key=True),
    sa.Column("customer", sa.BigInteger, nullable=False),
    sa.Column("slot", sa.String(40), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("chosen", sa.String(60), nullable=False),
    sa.Column("package", sa.String(64), nullable=False),
    sa.Column("propensity", sa.Float, nullable=False),
    sa.Column("arm", sa.String(40), nullable=False),
    sa.Column("layer", sa.String(60), nullable=False),
    sa.Column("reasons", sa.Text, nullable=False),
    sa.Column("versions", sa.String(160), nullable=False),
    sa.Index("ix_decision_log_package", "institution_id", "package", "slot"),
    sa.Index("ix_decision_log_customer", "institution_id", "customer", "at"),
)


def append(db: sa.Engine, records: Sequence[DecisionRecord]) -> None:
    """Log decisions in one transaction; a record whose id is there already changes nothing."""
    if not records:
        return
    with db.begin() as connection:
        connection.execute(log.insert().prefix_with("OR IGNORE", dialect="sqlite"), [_row(record) for record in records])


def find(db: sa.Engine, institution_id: str, decision_id: str) -> DecisionRecord:
    """The record of an id. Raises UnknownItemError("decisions.unknown")."""
    with reading(db).connect() as connection:
        row = connection.execute(
            sa.select(log).where(log.c.institution_id == institution_id, log.c.decision_id == decision_id)
        ).one_or_none()
    if row is None:
        raise UnknownItemError("decisions.unknown", decision=decision_id)
    return _record(row)


def tally(db: sa.Engine, institution_id: str, package: str) -> dict[tuple[str, str, str], int]:
    """(slot, arm, chosen) → how many decisions, for a package."""
    with reading(db).connect() as connection:
        rows = connection.execute(
            sa.select(log.c.slot, log.c.arm, log.c.chosen, sa.func.count())
            .where(log.c.institution_id == institution_id, log.c.package == package)
            .group_by(log.c.slot, log.c.arm, log.c.chosen)
        )
        return {(row[0], row[1], row[2]): int(row[3]) for row in rows}


def _row(record: DecisionRecord) -> dict[str, object]:
    return {
        "institution_id": record.institution_id,
        "decision_id": record.decision_id,
        "customer": record.customer,
        "slot": record.slot,
        "at": record.at,
        "chosen": record.chosen,
        "package": record.package,
        "propensity": record.propensity,
        "arm": record.arm,
        "layer": record.layer,
        "reasons": canonical_json(record.reasons),
        "versions": f"{record.feature_version}|{record.policy_version}",
    }


def _record(row: sa.Row[tuple[object, ...]]) -> DecisionRecord:
    told = row._mapping
    features, _, policy = str(told["versions"]).partition("|")
    return DecisionRecord(
        institution_id=told["institution_id"],
        decision_id=told["decision_id"],
        customer=told["customer"],
        slot=told["slot"],
        at=told["at"],
        chosen=told["chosen"],
        package=told["package"],
        propensity=told["propensity"],
        reasons=json.loads(told["reasons"]),
        arm=told["arm"],
        layer=told["layer"],
        feature_version=features,
        policy_version=policy,
    )
