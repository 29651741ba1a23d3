"""The outbox: which sends are due, marking them before they leave, putting back those that did not."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from linghang.approvals import live_levels, standing
from linghang.approvals.ledger import read
from linghang.approvals.states import fold
from linghang.campaigns.model import Package, Status
from linghang.customers import Touch
from linghang.delivery.ledger import send_of
from linghang.delivery.model import Send
from linghang.delivery.store import sends
from linghang.kit.database import reading

_AT_ONCE = 400
_LEVELS = "SABC"


@dataclass(frozen=True)
class Marked:
    """A send on its way out: what it carries and what it will cost."""

    key: str
    variant: str
    cost_fen100: int


def due_keys(db: sa.Engine, institution_id: str, package: str, channel: str, today: dt.date, limit: int) -> list[str]:
    """Keys of sends that are due on a day and not on their way, in no order that favours anybody (keys are digests)."""
    with reading(db).connect() as connection:
        return list(
            connection.execute(
                sa.select(sends.c.key).where(_waiting(institution_id, package, channel), sends.c.due <= today)
                .limit(limit)
            ).scalars()
        )  # fmt: skip


def ahead(
    db: sa.Engine, institution_id: str, package: Package, customers: Sequence[int], today: dt.date, days: int
) -> dict[int, tuple[Touch, ...]]:
    """What running campaigns of a higher level still plan for customers within ``days``: their places come first."""
    own = _LEVELS.index(str(package.sections["goal"]["level"]))
    higher = [
        name
        for name, level in live_levels(db, institution_id).items()
        if name != package.hash and level in _LEVELS and _LEVELS.index(level) < own
    ]
    if not higher:
        return {}
    found: dict[int, list[Touch]] = {}
    with reading(db).connect() as connection:
        for start in range(0, len(customers), _AT_ONCE):
            where = (
                (sends.c.institution_id == institution_id)
                & sends.c.customer.in_(customers[start : start + _AT_ONCE])
                & sends.c.package.in_(higher)
                & (sends.c.state == "planned")
                & (sends.c.due >= today)
                & (sends.c.due < today + dt.timedelta(days=days))
            )
            columns = (sends.c.customer, sends.c.channel, sends.c.due, sends.c.package, sends.c.benefit)
            for row in connection.execute(sa.select(*columns).where(where)):
                noon = dt.datetime.combine(row.due, dt.time(12), dt.UTC)
                found.setdefault(row.customer, []).append(Touch(row.channel, noon, row.package, row.benefit))
    return {customer: tuple(touches) for customer, touches in found.items()}


def fetch(db: sa.Engine, institution_id: str, keys: Sequence[str]) -> list[Send]:
    """The sends of keys that are still planned and not on their way."""
    found: list[Send] = []
    with reading(db).connect() as connection:
        for start in range(0, len(keys), _AT_ONCE):
            part = keys[start : start + _AT_ONCE]
            where = (
                (sends.c.institution_id == institution_id)
                & sends.c.key.in_(part)
                & (sends.c.state == "planned")
                & (sends.c.batch == "")
            )
            found.extend(send_of(row) for row in connection.execute(sa.select(sends).where(where)))
    return found


def mark(db: sa.Engine, institution_id: str, package: str, marked: Sequence[Marked], batch: str) -> frozenset[str]:
    """Mark sends as on their way, in one transaction that first looks whether the package still runs.

    Returns the keys that were marked: none once it was paused or stopped, so that nothing leaves after that.
    """
    with db.begin() as connection:
        if fold(read(connection, institution_id, package=package)).status is not Status.RUNNING:
            return frozenset()
        connection.execute(
            sends.update()
            .where(
                sends.c.institution_id == institution_id,
                sends.c.key == sa.bindparam("of_key"),
                sends.c.state == "planned",
                sends.c.batch == "",
            )
            .values(batch=batch, variant=sa.bindparam("with_variant"), cost_fen100=sa.bindparam("costs")),
            [{"of_key": item.key, "with_variant": item.variant, "costs": item.cost_fen100} for item in marked],
        )
        where = (sends.c.institution_id == institution_id) & (sends.c.package == package) & (sends.c.batch == batch)
        return frozenset(
            connection.execute(sa.select(sends.c.key).where(where & (sends.c.state == "planned"))).scalars()
        )


def note_variants(db: sa.Engine, institution_id: str, marked: Sequence[Marked]) -> None:
    """Note what sends would have carried, for a shadow run: nothing leaves."""
    if not marked:
        return
    with db.begin() as connection:
        connection.execute(
            sends.update()
            .where(sends.c.institution_id == institution_id, sends.c.key == sa.bindparam("of_key"))
            .values(variant=sa.bindparam("with_variant")),
            [{"of_key": item.key, "with_variant": item.variant} for item in marked],
        )


def put_back(db: sa.Engine, institution_id: str, keys: Sequence[str]) -> None:
    """Take the mark off sends that surely did not leave: they are planned again."""
    with db.begin() as connection:
        for start in range(0, len(keys), _AT_ONCE):
            where = (
                (sends.c.institution_id == institution_id)
                & sends.c.key.in_(keys[start : start + _AT_ONCE])
                & (sends.c.state == "planned")
            )
            connection.execute(sends.update().where(where).values(batch="", variant="", cost_fen100=0))


def on_their_way(db: sa.Engine, institution_id: str, package: str, channel: str) -> list[tuple[str, str, int]]:
    """Key, batch and cost of sends that are marked and not settled. Whoever holds the lock knows: their sender died."""
    where = (
        (sends.c.institution_id == institution_id)
        & (sends.c.package == package)
        & (sends.c.channel == channel)
        & (sends.c.state == "planned")
        & (sends.c.batch != "")
    )
    with reading(db).connect() as connection:
        rows = connection.execute(sa.select(sends.c.key, sends.c.batch, sends.c.cost_fen100).where(where)).tuples()
        return list(rows)


def defer(db: sa.Engine, institution_id: str, reasons: Sequence[tuple[str, str]], day: dt.date) -> None:
    """Let sends wait for a later day, with the reason that a person can read."""
    if not reasons:
        return
    with db.begin() as connection:
        connection.execute(
            sends.update()
            .where(
                sends.c.institution_id == institution_id,
                sends.c.key == sa.bindparam("of_key"),
                sends.c.state == "planned",
            )
            .values(due=day, reason=sa.bindparam("why")),
            [{"of_key": key, "why": reason} for key, reason in reasons],
        )


def left(db: sa.Engine, institution_id: str, package: str) -> int:
    """How many sends of a package are still planned."""
    where = (sends.c.institution_id == institution_id) & (sends.c.package == package) & (sends.c.state == "planned")
    with reading(db).connect() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(sends).where(where)).scalar_one()


def runs(db: sa.Engine, institution_id: str, package: str) -> bool:
    """Whether a package may send now."""
    return standing(db, institution_id, package).status is Status.RUNNING


def _waiting(institution_id: str, package: str, channel: str) -> sa.ColumnElement[bool]:
    return sa.and_(
        sends.c.institution_id == institution_id,
        sends.c.package == package,
        sends.c.channel == channel,
        sends.c.state == "planned",
        sends.c.batch == "",
    )
