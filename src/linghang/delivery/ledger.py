"""The send ledger: settle sends by receipts, count them, recompute the states from the entries alone."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from linghang.base.records import SendRecord, SendState
from linghang.delivery.model import Count, Send
from linghang.delivery.states import FOLLOWING, ORDER
from linghang.delivery.store import entries, sends
from linghang.kit.database import reading

_AT_ONCE = 400
SHADOW = "delivery.shadow"
"""The reason of a send that a shadow run did not hand over."""


@dataclass(frozen=True)
class Settlement:
    """What became of a send: its new state, why, and what it cost (0 where it did not go out)."""

    key: str
    state: SendState
    reason: str = ""
    cost_fen100: int = 0


def settle(
    connection: sa.Connection,
    institution_id: str,
    package: str,
    settlements: Sequence[Settlement],
    *,
    batch: str,
    now: dt.datetime,
) -> dict[SendState, int]:
    """Enter what became of sends, inside the caller's transaction; returns how many reached each state.

    What may not follow (a second receipt, a late one that contradicts) changes nothing. The batch mark is taken off.
    """
    states = _states(connection, institution_id, [item.key for item in settlements])
    taken = [item for item in settlements if item.key in states and item.state in FOLLOWING[states[item.key]]]
    if taken:
        connection.execute(
            entries.insert(),
            [
                {
                    "institution_id": institution_id, "key": item.key, "state": item.state, "package": package,
                    "at": now, "reason": item.reason, "batch": batch, "cost_fen100": item.cost_fen100,
                }
                for item in taken
            ],
        )  # fmt: skip
        changed = sends.update().where(sends.c.institution_id == institution_id, sends.c.key == sa.bindparam("of_key"))
        connection.execute(
            changed.values(state=sa.bindparam("to_state"), reason=sa.bindparam("why"), batch=""),
            [{"of_key": item.key, "to_state": item.state, "why": item.reason} for item in taken],
        )
    counts: dict[SendState, int] = {}
    for item in taken:
        counts[item.state] = counts.get(item.state, 0) + 1
    return counts


def _states(connection: sa.Connection, institution_id: str, keys: Sequence[str]) -> dict[str, SendState]:
    found: dict[str, SendState] = {}
    for start in range(0, len(keys), _AT_ONCE):
        where = (sends.c.institution_id == institution_id) & sends.c.key.in_(keys[start : start + _AT_ONCE])
        found.update(connection.execute(sa.select(sends.c.key, sends.c.state).where(where)).tuples().all())
    return found


def counts(db: sa.Engine, institution_id: str, package: str) -> tuple[Count, ...]:
    """How the sends of a package stand, by channel, layer, state and reason, with their cost."""
    cost = (
        sa.select(entries.c.key, sa.func.sum(entries.c.cost_fen100).label("cost"))
        .where(entries.c.institution_id == institution_id, entries.c.package == package)
        .group_by(entries.c.key)
        .subquery()
    )
    fields = (sends.c.channel, sends.c.layer, sends.c.state, sends.c.reason)
    with reading(db).connect() as connection:
        rows = connection.execute(
            sa.select(*fields, sa.func.count(), sa.func.coalesce(sa.func.sum(cost.c.cost), 0))
            .outerjoin(cost, cost.c.key == sends.c.key)
            .where(sends.c.institution_id == institution_id, sends.c.package == package)
            .group_by(*fields)
            .order_by(*fields)
        ).all()
    return tuple(Count(*row) for row in rows)


def lately(db: sa.Engine, institution_id: str, package: str, *, since: dt.datetime) -> tuple[Count, ...]:
    """How those sends of a package stand now that were tried since an instant, by channel, state and reason."""
    tried = (
        sa.select(entries.c.key)
        .where(entries.c.institution_id == institution_id, entries.c.package == package, entries.c.at >= since,
               entries.c.state.in_(("handed_over", "delivered", "failed", "unknown")))
        .distinct()
    )  # fmt: skip
    fields = (sends.c.channel, sends.c.state, sends.c.reason)
    with reading(db).connect() as connection:
        rows = connection.execute(
            sa.select(*fields, sa.func.count())
            .where(sends.c.institution_id == institution_id, sends.c.package == package, sends.c.key.in_(tried))
            .group_by(*fields)
            .order_by(*fields)
        ).all()
    return tuple(Count(channel, "", state, reason, n, 0) for channel, state, reason, n in rows)


def overdue(db: sa.Engine, institution_id: str, package: str, *, before: dt.date) -> Mapping[str, int]:
    """Channel → sends that were due before a day, may still go and wait."""
    with reading(db).connect() as connection:
        rows = connection.execute(
            sa.select(sends.c.channel, sa.func.count())
            .where(sends.c.institution_id == institution_id, sends.c.package == package,
                   sends.c.state == "planned", sends.c.due < before, sends.c.until >= before)
            .group_by(sends.c.channel)
        ).tuples()  # fmt: skip
        return dict(rows.all())


def recompute(db: sa.Engine, institution_id: str, package: str) -> Mapping[str, SendState]:
    """The state of every send of a package from its entries alone; ``planned`` where there is none."""
    found: dict[str, SendState] = {}
    with reading(db).connect() as connection:
        keys = connection.execute(
            sa.select(sends.c.key).where(sends.c.institution_id == institution_id, sends.c.package == package)
        ).scalars()
        found.update(dict.fromkeys(keys, "planned"))
        rows = connection.execute(
            sa.select(entries.c.key, entries.c.state).where(
                entries.c.institution_id == institution_id, entries.c.package == package
            )
        ).tuples()
        for key, state in rows:
            if ORDER[state] >= ORDER[found.get(key, "planned")]:
                found[key] = state
    return found


def disagreements(db: sa.Engine, institution_id: str, package: str) -> tuple[str, ...]:
    """Keys whose kept state is not what the entries say: none, unless somebody wrote past the ledger."""
    truth = recompute(db, institution_id, package)
    with reading(db).connect() as connection:
        rows = connection.execute(
            sa.select(sends.c.key, sends.c.state).where(
                sends.c.institution_id == institution_id, sends.c.package == package
            )
        ).tuples()
        return tuple(key for key, state in rows if truth.get(key) != state)


def records(db: sa.Engine, institution_id: str, package: str, *, limit: int | None = None) -> tuple[SendRecord, ...]:
    """The entries of a package as records, in the order of time. Costs are rounded to fen, half up."""
    query = (
        sa.select(entries, sends.c.customer, sends.c.channel, sends.c.layer)
        .join(sends, (sends.c.institution_id == entries.c.institution_id) & (sends.c.key == entries.c.key))
        .where(entries.c.institution_id == institution_id, entries.c.package == package)
        .order_by(entries.c.at, entries.c.key)
        .limit(limit)
    )
    with reading(db).connect() as connection:
        return tuple(
            SendRecord(
                institution_id, row.key, row.package, row.customer, row.channel, row.layer, row.state, row.at,
                row.reason, (row.cost_fen100 + 50) // 100,
            )
            for row in connection.execute(query)
        )  # fmt: skip


def of_customer(db: sa.Engine, institution_id: str, customer: int) -> tuple[Send, ...]:
    """Every send to a customer, by day."""
    where = (sends.c.institution_id == institution_id) & (sends.c.customer == customer)
    with reading(db).connect() as connection:
        rows = connection.execute(sa.select(sends).where(where).order_by(sends.c.due, sends.c.key)).all()
    return tuple(send_of(row) for row in rows)


def reached(
    db: sa.Engine, institution_id: str, package: str, start: dt.datetime, end: dt.datetime
) -> tuple[tuple[Send, dt.datetime], ...]:
    """Sends that reached their customers from ``start`` (inclusive) to ``end`` (exclusive), with when.

    In a shadow run these are the sends that would have: the engine went all the way but for the hand-over.
    """
    arrived = entries.c.state.in_(("handed_over", "delivered")) | (
        (entries.c.state == "withheld") & (entries.c.reason == SHADOW)
    )
    first = (
        sa.select(entries.c.key, sa.func.min(entries.c.at).label("first_at"))
        .where(entries.c.institution_id == institution_id, entries.c.package == package, arrived)
        .group_by(entries.c.key)
        .subquery()
    )
    low, high = (sa.literal(instant, type_=entries.c.at.type) for instant in (start, end))
    query = (
        sa.select(sends, first.c.first_at)
        .join(first, first.c.key == sends.c.key)
        .where(sends.c.institution_id == institution_id, first.c.first_at >= low, first.c.first_at < high)
        .order_by(first.c.first_at, sends.c.key)
    )
    with reading(db).connect() as connection:
        return tuple((send_of(row), row.first_at) for row in connection.execute(query))


def untold(db: sa.Engine, institution_id: str, package: str, limit: int) -> Iterator[tuple[Send, dt.datetime]]:
    """Sends that reached the customer and whose event is not in the log yet, with when they were handed over."""
    at = sa.select(sa.func.min(entries.c.at)).where(
        entries.c.institution_id == sends.c.institution_id,
        entries.c.key == sends.c.key,
        entries.c.state.in_(("handed_over", "delivered")),
    )
    query = (
        sa.select(sends, sa.type_coerce(at.scalar_subquery(), entries.c.at.type).label("handed_at"))
        .where(
            sends.c.institution_id == institution_id,
            sends.c.package == package,
            sends.c.told == sa.false(),
            sends.c.state.in_(("handed_over", "delivered")),
        )
        .limit(limit)
    )
    with reading(db).connect() as connection:
        for row in connection.execute(query).all():
            yield send_of(row), row.handed_at


def mark_told(db: sa.Engine, institution_id: str, keys: Sequence[str]) -> None:
    """Note that the events of sends are in the log."""
    with db.begin() as connection:
        for start in range(0, len(keys), _AT_ONCE):
            where = (sends.c.institution_id == institution_id) & sends.c.key.in_(keys[start : start + _AT_ONCE])
            connection.execute(sends.update().where(where).values(told=True))


def send_of(row: sa.Row[Any]) -> Send:
    """A row of the table as a value."""
    return Send(
        row.key, row.package, row.campaign_id, row.customer, row.channel, row.layer, row.benefit, row.placement,
        row.touch, row.due, row.until, row.state, row.reason, row.variant,
    )  # fmt: skip
