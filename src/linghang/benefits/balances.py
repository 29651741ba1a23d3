"""Where the ledger stands: balances from the rows, what is left to give, and whether counters and rows agree."""

from collections.abc import Iterable

import sqlalchemy as sa

from linghang.base.findings import Finding, Severity
from linghang.benefits.limits import frozen_scope, package_scope, pool_scope, share_scope, stock_scope
from linghang.benefits.model import Balance, Stock
from linghang.benefits.store import entries, limits
from linghang.kit.database import reading

_KINDS = ("reserve", "issue", "redeem", "expire", "reclaim")


def balance(db: sa.Engine, institution_id: str, scope: str) -> Balance | None:
    """The balance of a scope (``pool:…``, ``package:…``, ``stock:…``, ``share:…:…``), or None if it has no limit."""
    with reading(db).connect() as connection:
        where = (limits.c.institution_id == institution_id) & (limits.c.scope == scope)
        row = connection.execute(sa.select(limits).where(where)).one_or_none()
        if row is None:
            return None
        counts = dict(
            connection.execute(
                sa.select(entries.c.kind, sa.func.count())
                .where(entries.c.institution_id == institution_id, _of(scope))
                .group_by(entries.c.kind)
            )
            .tuples()
            .all()
        )
        spent = connection.execute(
            sa.select(sa.func.coalesce(sa.func.sum(entries.c.redeemed_fen), 0)).where(
                entries.c.institution_id == institution_id, _of(scope)
            )
        ).scalar_one()
    reserved, issued, redeemed, expired, reclaimed = (counts.get(kind, 0) for kind in _KINDS)
    return Balance(scope, row.total, row.held, reserved, issued, redeemed, expired, reclaimed, spent)


def stock_left(db: sa.Engine, institution_id: str) -> Stock:
    """What pools and benefits have left for a new package: not bound, and not set aside for another one."""
    with reading(db).connect() as connection:
        rows = connection.execute(sa.select(limits).where(limits.c.institution_id == institution_id)).all()
    left = {row.scope: row.total - row.held for row in rows}
    promised: dict[str, int] = {}
    for scope, fen in left.items():
        if scope.startswith("frozen:"):
            pool = scope.removeprefix("frozen:").rpartition(":")[0]
            promised[pool] = promised.get(pool, 0) + fen
    pools = {scope.partition(":")[2]: n for scope, n in left.items() if scope.startswith("pool:")}
    return Stock(
        pools={pool: max(0, n - promised.get(pool, 0)) for pool, n in pools.items()},
        benefits={scope.partition(":")[2]: n for scope, n in left.items() if scope.startswith("stock:")},
    )


def shares(db: sa.Engine, institution_id: str, package: str) -> dict[str, tuple[int, int]]:
    """Benefit → pieces that a package may give in all, and those it may still give."""
    prefix = share_scope(package, "")
    with reading(db).connect() as connection:
        rows = connection.execute(
            sa.select(limits.c.scope, limits.c.total, limits.c.held).where(
                limits.c.institution_id == institution_id, limits.c.scope.startswith(prefix, autoescape=True)
            )
        ).tuples()
        return {scope.removeprefix(prefix): (total, total - held) for scope, total, held in rows}


def pools(db: sa.Engine, institution_id: str) -> dict[str, tuple[int, int]]:
    """Pool → fen in all, and fen that are neither bound nor set aside."""
    free = stock_left(db, institution_id).pools
    with reading(db).connect() as connection:
        rows = connection.execute(
            sa.select(limits.c.scope, limits.c.total).where(
                limits.c.institution_id == institution_id, limits.c.scope.startswith("pool:")
            )
        ).tuples()
        return {name: (total, free.get(name, 0)) for scope, total in rows if (name := scope.partition(":")[2])}


def left_in_package(db: sa.Engine, institution_id: str, package: str, benefits: Iterable[str]) -> dict[str, int]:
    """How many of each benefit a package may still give: what decisions need to know of the ledger."""
    names = tuple(benefits)
    scopes = {name: share_scope(package, name) for name in names}
    with reading(db).connect() as connection:
        rows = connection.execute(
            sa.select(limits.c.scope, limits.c.total - limits.c.held).where(
                limits.c.institution_id == institution_id, limits.c.scope.in_(scopes.values())
            )
        ).tuples()
        found = dict(rows.all())
    return {name: int(found.get(scope, 0)) for name, scope in scopes.items()}


def recompute(db: sa.Engine, institution_id: str) -> dict[str, int]:
    """What each scope holds, summed from the rows alone."""
    held: dict[str, int] = {}
    with reading(db).connect() as connection:
        rows = connection.execute(
            sa.select(
                entries.c.package,
                entries.c.benefit,
                entries.c.pool,
                sa.func.sum(entries.c.held_fen),
                sa.func.sum(entries.c.held_pieces),
            )
            .where(entries.c.institution_id == institution_id)
            .group_by(entries.c.package, entries.c.benefit, entries.c.pool)
        ).tuples()
        for package, benefit, pool, fen, pieces in rows:
            for scope, amount in (
                (pool_scope(pool), fen),
                (package_scope(package), fen),
                (stock_scope(benefit), pieces),
                (share_scope(package, benefit), pieces),
                (frozen_scope(pool, package), fen),
            ):
                held[scope] = held.get(scope, 0) + int(amount)
    return held


def verify(db: sa.Engine, institution_id: str) -> tuple[Finding, ...]:
    """A finding (S1) for each counter that its rows do not explain; nothing when the ledger balances."""
    counted = recompute(db, institution_id)
    with reading(db).connect() as connection:
        rows = connection.execute(sa.select(limits).where(limits.c.institution_id == institution_id)).all()
    return tuple(
        Finding(
            "benefits.ledger_differs",
            Severity.S1,
            "benefits",
            params={"scope": row.scope, "held": row.held, "recomputed": counted.get(row.scope, 0)},
        )
        for row in rows
        if row.held != counted.get(row.scope, 0)
    )


def _of(scope: str) -> sa.ColumnElement[bool]:
    kind, _, name = scope.partition(":")
    if kind == "pool":
        return entries.c.pool == name
    if kind == "frozen":
        pool, _, package = name.rpartition(":")
        return sa.and_(entries.c.pool == pool, entries.c.package == package)
    if kind == "package":
        return entries.c.package == name
    if kind == "stock":
        return entries.c.benefit == name
    package, _, benefit = name.partition(":")
    return sa.and_(entries.c.package == package, entries.c.benefit == benefit)
