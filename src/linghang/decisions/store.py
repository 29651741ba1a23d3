"""The decision log: append-only, one row a decision, also for decisions to show nothing."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from linghang.base.errors import UnknownItemError
from linghang.base.records import DecisionRecord
from linghang.kit.appendonly import append_only
from linghang.kit.database import Instant, metadata, reading

log = append_only(
    sa.Table(
        "decision_log",
        metadata,
        sa.Column("institution_id", sa.String(40), primary_key=True),
        sa.Column("decision_id", sa.String(64), primary_key=True),
        sa.Column("customer", sa.BigInteger, nullable=False),
        sa.Column("slot", sa.String(40), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("chosen", sa.String(64), nullable=False),
        sa.Column("package", sa.String(64), nullable=False),
        sa.Column("propensity", sa.Float, nullable=False),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.Column("arm", sa.String(40), nullable=False),
        sa.Column("layer", sa.String(80), nullable=False),
        sa.Column("feature_version", sa.String(80), nullable=False),
        sa.Column("policy_version", sa.String(80), nullable=False),
        sa.Index("ix_decision_log_customer", "institution_id", "customer", "at"),
        sa.Index("ix_decision_log_package", "institution_id", "package", "at"),
    )
)


def append(db: sa.Engine, records: Iterable[DecisionRecord]) -> int:
    """Log decisions and return how many were new: one that is there already is the same, so nothing is lost."""
    rows = [
        {**{name: getattr(record, name) for name in _PLAIN}, "reasons": _reasons(record.reasons)} for record in records
    ]
    if not rows:
        return 0
    insert = postgresql.insert(log) if db.dialect.name == "postgresql" else sqlite.insert(log)
    with db.begin() as connection:
        return connection.execute(insert.on_conflict_do_nothing(), rows).rowcount


def _reasons(reasons: Mapping[str, str]) -> str:
    """Canonical JSON (``base.digest``) of texts, which need no walk to be made plain: this runs for every decision."""
    return json.dumps(reasons, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


_PLAIN = tuple(column.name for column in log.columns if column.name != "reasons")


def of_customer(db: sa.Engine, institution_id: str, customer: int, *, most: int = 100) -> tuple[DecisionRecord, ...]:
    """The latest decisions for a customer, newest first."""
    return tuple(
        _records(
            db,
            sa.select(log)
            .where(log.c.institution_id == institution_id, log.c.customer == customer)
            .order_by(log.c.at.desc(), log.c.decision_id)
            .limit(most),
        )
    )


def of_package(
    db: sa.Engine, institution_id: str, package: str, *, since: dt.datetime | None = None
) -> Iterator[DecisionRecord]:
    """Every decision of a package in the order of time, streamed."""
    query = sa.select(log).where(log.c.institution_id == institution_id, log.c.package == package)
    if since is not None:
        query = query.where(log.c.at >= since)
    return _records(db, query.order_by(log.c.at, log.c.decision_id))


def find(db: sa.Engine, institution_id: str, decision_id: str) -> DecisionRecord:
    """A decision by its id. Raises UnknownItemError("decisions.unknown")."""
    query = sa.select(log).where(log.c.institution_id == institution_id, log.c.decision_id == decision_id)
    for record in _records(db, query):
        return record
    raise UnknownItemError("decisions.unknown", decision=decision_id)


def tally(db: sa.Engine, institution_id: str, package: str) -> dict[tuple[str, str, str], int]:
    """(slot, arm, chosen) → how many decisions, for a package."""
    query = (
        sa.select(log.c.slot, log.c.arm, log.c.chosen, sa.func.count())
        .where(log.c.institution_id == institution_id, log.c.package == package)
        .group_by(log.c.slot, log.c.arm, log.c.chosen)
    )
    with reading(db).connect() as connection:
        return {(slot, arm, chosen): count for slot, arm, chosen, count in connection.execute(query).tuples()}


def _records(db: sa.Engine, query: sa.Select[Any]) -> Iterator[DecisionRecord]:
    with reading(db).connect() as connection:
        for row in connection.execution_options(yield_per=2000).execute(query):
            yield DecisionRecord(**{**dict(row._mapping), "reasons": json.loads(row.reasons)})
