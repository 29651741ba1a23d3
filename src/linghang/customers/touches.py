"""The ledger of touches: reserved before a message goes out, settled by its receipt. Caps come from here alone.

A touch counts from its reservation: of two senders at once, only one gets the last place under a cap. ``settle`` frees
the place of a message that surely did not go out; one of unknown fate keeps counting.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from linghang.customers.contact import Touch, contact_reasons, longest_window
from linghang.customers.model import ContactPolicy
from linghang.kit.database import Instant, metadata, reading

ledger = sa.Table(
    "touch",
    metadata,
    sa.Column("institution_id", sa.String(40), primary_key=True),
    sa.Column("key", sa.String(200), primary_key=True),
    sa.Column("customer", sa.BigInteger, nullable=False),
    sa.Column("channel", sa.String(40), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("package", sa.String(64), nullable=False, default=""),
    sa.Column("offer", sa.String(80), nullable=False, default=""),
    sa.Column("kind", sa.String(20), nullable=False, server_default=""),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Index("ix_touch_customer", "institution_id", "customer", "at"),
    sa.Index("ix_touch_at", "institution_id", "at"),
)
"""``state``: reserved → settled | released. Released ones do not count."""
_AT_ONCE = 500


@dataclass(frozen=True)
class Wish:
    """A contact that somebody wants to make. ``key`` is the message's idempotency key, ``zone`` the customer's own.

    ``kind`` is the kind of product that it is about; ``ahead`` what campaigns of a higher level still plan for the
    customer within the policy's windows.
    """

    key: str
    customer: int
    channel: str
    at: dt.datetime
    package: str = ""
    offer: str = ""
    zone: str = ""
    kind: str = ""
    ahead: tuple[Touch, ...] = ()


def reserve(
    db: sa.Engine, institution_id: str, wishes: Sequence[Wish], policy: ContactPolicy
) -> dict[str, tuple[str, ...]]:
    """Reserve a touch for every wish that the policy allows: key → reasons against it (none: reserved).

    One transaction: what is decided for one wish counts for the next. A key that has a touch already keeps it.
    """
    if not wishes:
        return {}
    verdicts: dict[str, tuple[str, ...]] = {}
    with db.begin() as connection:
        _queue(connection, institution_id)
        earlier = _earlier(connection, institution_id, wishes, policy)
        taken = _states(connection, institution_id, [wish.key for wish in wishes])
        rows: list[dict[str, Any]] = []
        freed: list[str] = []
        for wish in wishes:
            if taken.get(wish.key) in ("reserved", "settled"):
                verdicts[wish.key] = ()
                continue
            mine = earlier.setdefault(wish.customer, [])
            reasons = contact_reasons(
                mine, wish.channel, wish.offer, wish.at, policy, zone=wish.zone, kind=wish.kind, ahead=wish.ahead
            )
            verdicts[wish.key] = reasons
            if not reasons:
                mine.append(Touch(wish.channel, wish.at, wish.package, wish.offer, wish.kind))
                freed.extend([wish.key] if wish.key in taken else [])
                taken[wish.key] = "reserved"
                rows.append(
                    {
                        "institution_id": institution_id, "key": wish.key, "customer": wish.customer,
                        "channel": wish.channel, "at": wish.at, "package": wish.package, "offer": wish.offer,
                        "kind": wish.kind, "state": "reserved",
                    }
                )  # fmt: skip
        for part in _parts(freed):
            where = (ledger.c.institution_id == institution_id) & ledger.c.key.in_(part)
            connection.execute(ledger.delete().where(where))
        if rows:
            connection.execute(ledger.insert(), rows)
    return verdicts


def _queue(connection: sa.Connection, institution_id: str) -> None:
    """Let one sender of an institution look and reserve at a time, whatever process or machine it is in.

    SQLite has one writer anyway; on PostgreSQL two could both see the last place free.
    """
    if connection.dialect.name == "postgresql":
        number = int.from_bytes(hashlib.sha256(f"touch:{institution_id}".encode()).digest()[:8], "big", signed=True)
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))


def settle(db: sa.Engine, institution_id: str, keys: Sequence[str], *, sent: bool) -> int:
    """Settle reservations by what became of the messages; returns how many changed.

    ``sent``: handed over, delivered, or of unknown fate. Not ``sent``: it surely did not go out, and its place is free.
    """
    changed = 0
    with db.begin() as connection:
        for part in _parts(keys):
            done = connection.execute(
                ledger.update()
                .where(
                    (ledger.c.institution_id == institution_id)
                    & ledger.c.key.in_(part)
                    & (ledger.c.state == "reserved")
                )
                .values(state="settled" if sent else "released")
            )
            changed += done.rowcount
    return changed


def touches_of(
    db: sa.Engine, institution_id: str, customers: Sequence[int], since: dt.datetime, until: dt.datetime
) -> dict[int, tuple[Touch, ...]]:
    """The touches of customers that count, after ``since`` up to ``until``, oldest first."""
    found: dict[int, list[Touch]] = {customer: [] for customer in customers}
    with reading(db).connect() as connection:
        for part in _parts(customers):
            for row in connection.execute(_counting(institution_id, part, since, until)):
                found[row.customer].append(Touch(row.channel, row.at, row.package, row.offer, row.kind))
    return {customer: tuple(touches) for customer, touches in found.items()}


def capped(
    db: sa.Engine, institution_id: str, channel: str, policy: ContactPolicy, at: dt.datetime, *, kind: str = ""
) -> Mapping[str, npt.NDArray[np.uint32]]:
    """Everybody who could not be contacted by a channel at ``at`` because of caps: reason → sorted dense numbers.

    ``kind`` is the kind of product that the contact would be about.
    """
    pushed = channel in policy.pushed
    everywhere = sorted(policy.pushed)
    about = policy.product_caps.get(kind, {}) if pushed and kind else {}
    return {
        "customers.channel_cap": _capped(db, institution_id, [channel], policy.channel_caps.get(channel, {}), at),
        "customers.total_cap": _capped(db, institution_id, everywhere, policy.total_caps if pushed else {}, at),
        "customers.product_cap": _capped(db, institution_id, everywhere, about, at, kind),
    }


def _capped(
    db: sa.Engine,
    institution_id: str,
    channels: Sequence[str],
    caps: Mapping[int, int],
    at: dt.datetime,
    kind: str = "",
) -> npt.NDArray[np.uint32]:
    found: list[npt.NDArray[np.uint32]] = [np.zeros(0, np.uint32)]
    with reading(db).connect() as connection:
        for days, most in caps.items():
            where = (
                (ledger.c.institution_id == institution_id)
                & (ledger.c.at > at - dt.timedelta(days=days))
                & (ledger.c.at <= at)
                & ledger.c.channel.in_(channels)
                & (ledger.c.state != "released")
            )
            if kind:
                where &= ledger.c.kind == kind
            query = sa.select(ledger.c.customer).where(where).group_by(ledger.c.customer)
            rows = connection.execute(query.having(sa.func.count() >= most)).scalars().all()
            found.append(np.array(rows, np.uint32))
    return np.unique(np.concatenate(found))


def _earlier(
    connection: sa.Connection, institution_id: str, wishes: Sequence[Wish], policy: ContactPolicy
) -> dict[int, list[Touch]]:
    longest = dt.timedelta(days=longest_window(policy))
    since, until = min(wish.at for wish in wishes) - longest, max(wish.at for wish in wishes) + longest
    found: dict[int, list[Touch]] = {}
    for part in _parts(sorted({wish.customer for wish in wishes})):
        for row in connection.execute(_counting(institution_id, part, since, until)):
            found.setdefault(row.customer, []).append(Touch(row.channel, row.at, row.package, row.offer, row.kind))
    return found


def _counting(
    institution_id: str, customers: Sequence[int], since: dt.datetime, until: dt.datetime
) -> sa.Select[tuple[Any, ...]]:
    return (
        sa.select(ledger)
        .where(
            (ledger.c.institution_id == institution_id)
            & ledger.c.customer.in_(customers)
            & (ledger.c.at > since)
            & (ledger.c.at <= until)
            & (ledger.c.state != "released")
        )
        .order_by(ledger.c.at)
    )


def _states(connection: sa.Connection, institution_id: str, keys: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in _parts(keys):
        where = (ledger.c.institution_id == institution_id) & ledger.c.key.in_(part)
        found.update(
            {row.key: row.state for row in connection.execute(sa.select(ledger.c.key, ledger.c.state).where(where))}
        )
    return found


def _parts(items: Sequence[Any]) -> list[Sequence[Any]]:
    return [items[start : start + _AT_ONCE] for start in range(0, len(items), _AT_ONCE)]
