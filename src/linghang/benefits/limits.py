"""Limits of the ledger: what a pool, a package, a stock and a package's share of it may bind, and taking from them."""

from collections.abc import Mapping

import sqlalchemy as sa

from linghang.base.errors import ConflictError, UnknownItemError
from linghang.benefits.model import Refusal
from linghang.benefits.store import limits
from linghang.campaigns.sections import Allocation
from linghang.packs.model import Benefit, Pack


def pool_scope(pool: str) -> str:
    """The scope that bounds a pool's money, in fen."""
    return f"pool:{pool}"


def package_scope(package: str) -> str:
    """The scope that bounds what one package may bind in benefits, in fen."""
    return f"package:{package}"


def stock_scope(benefit: str) -> str:
    """The scope that bounds how many of a benefit there are at all, in pieces."""
    return f"stock:{benefit}"


def share_scope(package: str, benefit: str) -> str:
    """The scope that bounds how many of a benefit one package may give, in pieces."""
    return f"share:{package}:{benefit}"


def open_limits(db: sa.Engine, institution_id: str, package: str, allocation: Allocation, pack: Pack) -> None:
    """Register what a package may give; safe to repeat. Pools and stocks are the pack's, shares the allocation's.

    Raises ConflictError("benefits.limit_below_held") if a limit would fall below what is bound already.
    """
    wanted: dict[str, tuple[str, int]] = {pool_scope(pool.id): ("fen", pool.total_fen) for pool in pack.pools}
    wanted[package_scope(package)] = ("fen", sum(item.liability_fen for item in allocation.allotments))
    for benefit in allocation.granted:
        given = sum(item.grants for item in allocation.allotments if item.benefit == benefit.id)
        wanted[share_scope(package, benefit.id)] = ("pieces", given)
        if benefit.stock:
            wanted[stock_scope(benefit.id)] = ("pieces", benefit.stock)
    with db.begin() as connection:
        for scope, (unit, total) in wanted.items():
            _set_limit(connection, institution_id, scope, unit, total)


def set_limit(db: sa.Engine, institution_id: str, scope: str, total: int, unit: str = "fen") -> None:
    """Set one limit, for instance after a pool was topped up. Raises ConflictError when it would undercut."""
    with db.begin() as connection:
        _set_limit(connection, institution_id, scope, unit, total)


def _set_limit(connection: sa.Connection, institution_id: str, scope: str, unit: str, total: int) -> None:
    where = (limits.c.institution_id == institution_id) & (limits.c.scope == scope)
    held = connection.execute(sa.select(limits.c.held).where(where)).scalar_one_or_none()
    if held is None:
        connection.execute(
            limits.insert().values(institution_id=institution_id, scope=scope, unit=unit, total=total, held=0)
        )
        return
    if held > total:
        raise ConflictError("benefits.limit_below_held", scope=scope, held=held, total=total)
    connection.execute(limits.update().where(where).values(total=total))


_SHORT: Mapping[str, str] = {
    "pool": "benefits.pool_empty",
    "package": "benefits.package_empty",
    "stock": "benefits.stock_out",
    "share": "benefits.package_empty",
}


def take(connection: sa.Connection, institution_id: str, package: str, benefit: Benefit) -> Refusal | None:
    """Bind one benefit in every scope or in none; the refusal names the first scope that is full."""
    taken: list[tuple[str, int]] = []
    for scope, amount in _scopes(package, benefit.id, benefit.pool, benefit.face_fen, 1):
        changed = connection.execute(
            limits.update()
            .where(
                limits.c.institution_id == institution_id,
                limits.c.scope == scope,
                limits.c.held + amount <= limits.c.total,
            )
            .values(held=limits.c.held + amount)
        )
        if changed.rowcount:
            taken.append((scope, amount))
            continue
        kind = scope.partition(":")[0]
        if kind != "stock" or _exists(connection, institution_id, scope):
            if not _exists(connection, institution_id, scope):
                raise UnknownItemError("benefits.unknown_scope", scope=scope)
            for earlier, held in taken:
                _add(connection, institution_id, earlier, -held)
            return Refusal(_SHORT[kind], {"benefit": benefit.id, "pool": benefit.pool})
    return None


def _scopes(package: str, benefit: str, pool: str, fen: int, pieces: int) -> tuple[tuple[str, int], ...]:
    # Always in this order, so that two transactions never wait for each other crosswise.
    return (
        (pool_scope(pool), fen),
        (package_scope(package), fen),
        (stock_scope(benefit), pieces),
        (share_scope(package, benefit), pieces),
    )


def give_back(
    connection: sa.Connection, institution_id: str, package: str, benefit: str, pool: str, fen: int, pieces: int
) -> None:
    for scope, amount in _scopes(package, benefit, pool, fen, pieces):
        if amount:
            _add(connection, institution_id, scope, -amount)


def _add(connection: sa.Connection, institution_id: str, scope: str, amount: int) -> None:
    connection.execute(
        limits.update()
        .where(limits.c.institution_id == institution_id, limits.c.scope == scope)
        .values(held=limits.c.held + amount)
    )


def _exists(connection: sa.Connection, institution_id: str, scope: str) -> bool:
    where = (limits.c.institution_id == institution_id) & (limits.c.scope == scope)
    return connection.execute(sa.select(limits.c.scope).where(where)).one_or_none() is not None
