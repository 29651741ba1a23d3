"""Launch, pause, resume, stop, end. A launch is one transaction: lifecycle, snapshot, every planned send, or none."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from linghang import approvals
from linghang.approvals import Keys
from linghang.base.digest import canonical_json
from linghang.base.errors import ConflictError, RefusedError, UnknownItemError
from linghang.base.findings import Finding, Severity
from linghang.base.windows import days
from linghang.campaigns.model import Package
from linghang.delivery.model import Launched, Moved, SendPlan
from linghang.delivery.planning import SENDING
from linghang.delivery.store import entries, launches, sends
from linghang.kit.context import Actor
from linghang.kit.database import reading
from linghang.packs.model import Pack

_AT_ONCE = 20_000


def launch(
    db: sa.Engine,
    keys: Keys,
    package: Package,
    pack: Pack,
    plan: SendPlan,
    *,
    actor: Actor,
    now: dt.datetime,
    shadow: bool = False,
) -> Launched:
    """Launch an approved package with its planned sends. Launching the same again changes nothing.

    Raises RefusedError: ``approvals.*`` (no valid signature), ``delivery.no_consent_basis`` (real sends without consent
    data), ``delivery.window_over``, ``delivery.pack_changed``, ``delivery.ledger_broken``; ConflictError
    ("delivery.other_package_live").
    """
    approvals.signed(db, keys, package)
    earlier = find(db, package.institution_id, package.hash)
    if earlier is not None:
        return earlier
    start, end = _window(package, pack)
    _must_be_launchable(db, keys.home, package, pack, plan, now, end, shadow)
    approvals.signed(db, keys, package, at=now)
    made = Launched(package.campaign_id, package.hash, shadow, now, start, end, _per_channel(plan), _findings(plan))
    with db.begin() as connection:
        approvals.record_in(connection, package, "launched", actor=actor, now=now, comment="shadow" if shadow else "")
        connection.execute(
            launches.insert().values(
                institution_id=package.institution_id, package=package.hash, campaign_id=package.campaign_id,
                shadow=shadow, at=now, start=start, end=end, planned=canonical_json(made.planned),
            )
        )  # fmt: skip
        for rows in _rows(package, plan):
            connection.execute(sends.insert(), rows)
    return made


def move(
    db: sa.Engine, package: Package, kind: approvals.Kind, *, actor: Actor, now: dt.datetime, comment: str = ""
) -> Moved:
    """Pause, resume, stop or end a launched package. What was still planned when it stops is withheld, with the reason.

    Takes effect between two batches: what is in flight is settled by its receipt. Raises RefusedError.
    """
    withheld = 0
    with db.begin() as connection:
        standing = approvals.record_in(connection, package, kind, actor=actor, now=now, comment=comment)
        if kind in ("stopped", "ended"):
            withheld = _withhold_rest(connection, package, f"delivery.{kind}", now)
    return Moved(package.campaign_id, package.hash, standing.status, withheld)


def find(db: sa.Engine, institution_id: str, package: str) -> Launched | None:
    """What was launched under a package's hash, or None."""
    where = (launches.c.institution_id == institution_id) & (launches.c.package == package)
    with reading(db).connect() as connection:
        row = connection.execute(sa.select(launches).where(where)).one_or_none()
    return None if row is None else _launched(row)


def of_campaign(db: sa.Engine, institution_id: str, campaign_id: str) -> Launched:
    """The latest launch of a campaign. Raises UnknownItemError("delivery.not_launched")."""
    where = (launches.c.institution_id == institution_id) & (launches.c.campaign_id == campaign_id)
    with reading(db).connect() as connection:
        row = connection.execute(sa.select(launches).where(where).order_by(launches.c.at.desc()).limit(1)).one_or_none()
    if row is None:
        raise UnknownItemError("delivery.not_launched", campaign=campaign_id)
    return _launched(row)


def listing(db: sa.Engine, institution_id: str) -> tuple[Launched, ...]:
    """Everything that was ever launched, the latest first."""
    with reading(db).connect() as connection:
        rows = connection.execute(
            sa.select(launches).where(launches.c.institution_id == institution_id).order_by(launches.c.at.desc())
        ).all()
    return tuple(_launched(row) for row in rows)


def over(db: sa.Engine, institution_id: str, now: dt.datetime) -> tuple[Launched, ...]:
    """Live packages whose window has passed: who runs the house ends them."""
    live = approvals.live(db, institution_id)
    return tuple(item for item in listing(db, institution_id) if item.package in live and item.end <= now)


def send_key(package: str, customer: int, channel: str, touch: int) -> str:
    """The idempotency key of a send: the digest of what it is, so that planning it again finds the same key."""
    return hashlib.sha256(f'["{package}",{customer},"{channel}",{touch}]'.encode()).hexdigest()


def _must_be_launchable(
    db: sa.Engine,
    home: Path,
    package: Package,
    pack: Pack,
    plan: SendPlan,
    now: dt.datetime,
    end: dt.datetime,
    shadow: bool,
) -> None:
    if package.pack != pack.digest:
        raise RefusedError("delivery.pack_changed", package=package.hash[:12])
    if now >= end:
        raise RefusedError("delivery.window_over", campaign=package.campaign_id, end=end.isoformat())
    kinds = {channel.id: channel.kind for channel in pack.channels}
    sending = [name for name in package.sections["goal"]["channels"] if kinds.get(name) in SENDING]
    if not shadow and pack.contact.basis == "none" and (sending or len(plan)):
        raise RefusedError("delivery.no_consent_basis", pack=pack.id, channels=", ".join(sending))
    ledger = approvals.verify(db, package.institution_id, home=home)
    if not ledger.intact and ledger.reason != "access.head_none":
        raise RefusedError("delivery.ledger_broken", campaign=package.campaign_id)
    live = approvals.live(db, package.institution_id)
    others = [entry.package for entry in approvals.history(db, package.institution_id, package.campaign_id)]
    for other in others:
        if other in live and other != package.hash:
            raise ConflictError("delivery.other_package_live", campaign=package.campaign_id, package=other[:12])


def _window(package: Package, pack: Pack) -> tuple[dt.datetime, dt.datetime]:
    goal = package.sections["goal"]
    window = days(dt.date.fromisoformat(goal["start"]), dt.date.fromisoformat(goal["end"]), pack.zone)
    return window.start.astimezone(ZoneInfo("UTC")), window.end.astimezone(ZoneInfo("UTC"))


def _per_channel(plan: SendPlan) -> dict[str, int]:
    return {name: int((plan.channel == n).sum()) for n, name in enumerate(plan.channels)}


def _findings(plan: SendPlan) -> tuple[Finding, ...]:
    return tuple(
        Finding("delivery.unreachable", Severity.S4, f"channels[{name}]", params={"channel": name, "count": count})
        for name, count in plan.unreachable.items()
    )


def _rows(package: Package, plan: SendPlan) -> Iterator[list[dict[str, Any]]]:
    dates: dict[int, dt.date] = {}

    def day(ordinal: int) -> dt.date:
        return dates.setdefault(ordinal, dt.date.fromordinal(ordinal))

    for start in range(0, len(plan), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        columns = (plan.customer, plan.channel, plan.layer, plan.benefit, plan.placement, plan.due, plan.until)
        yield [
            {
                "institution_id": package.institution_id,
                "key": send_key(package.hash, customer, plan.channels[channel], 1),
                "package": package.hash,
                "campaign_id": package.campaign_id,
                "customer": customer,
                "channel": plan.channels[channel],
                "layer": plan.layers[layer],
                "benefit": plan.benefits[benefit],
                "placement": plan.placements[placement],
                "touch": 1,
                "due": day(due),
                "until": day(until),
                "state": "planned",
            }
            for customer, channel, layer, benefit, placement, due, until in zip(
                *(column[part].tolist() for column in columns), strict=True
            )
        ]


def _withhold_rest(connection: sa.Connection, package: Package, reason: str, now: dt.datetime) -> int:
    """Withhold what is planned and not in flight, by two statements over the set."""
    rest = (
        (sends.c.institution_id == package.institution_id)
        & (sends.c.package == package.hash)
        & (sends.c.state == "planned")
        & (sends.c.batch == "")
    )
    chosen = sa.select(
        sends.c.institution_id, sends.c.key, sa.literal("withheld"), sends.c.package,
        sa.literal(now, type_=entries.c.at.type), sa.literal(reason), sa.literal(""), sa.literal(0),
    ).where(rest)  # fmt: skip
    columns = ["institution_id", "key", "state", "package", "at", "reason", "batch", "cost_fen100"]
    connection.execute(entries.insert().from_select(columns, chosen))
    return connection.execute(sends.update().where(rest).values(state="withheld", reason=reason)).rowcount


def _launched(row: sa.Row[Any]) -> Launched:
    return Launched(row.campaign_id, row.package, bool(row.shadow), row.at, row.start, row.end, json.loads(row.planned))
