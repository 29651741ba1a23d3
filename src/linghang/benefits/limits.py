"""Limits of the ledger: what a pool, a package, a stock and a package's share of it may bind, and taking from them."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from linghang.base.errors import ConflictError, RefusedError, UnknownItemError
from linghang.benefits.store import limits
from linghang.campaigns.sections import Allocation
from linghang.kit.database import reading
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


def frozen_scope(pool: str, package: str) -> str:
    """The scope of a pool's money that is set aside for one package, in fen, until that is closed."""
    return f"frozen:{pool}:{package}"


def closed_scope(package: str) -> str:
    """The mark of a package that grants nothing more; it bounds nothing."""
    return f"closed:{package}"


def open_limits(db: sa.Engine, institution_id: str, package: str, allocation: Allocation, pack: Pack) -> None:
    """Register what a package may give; safe to repeat. Pools and stocks are the pack's, shares the allocation's.

    The package's liability is set aside in its pools, so packages that are open together never promise more than a pool
    has. A pool or stock that is known already keeps its limit: somebody may have topped it up since. Raises
    RefusedError("benefits.pool_committed") when too little of a pool is free, RefusedError("benefits.package_closed")
    for a package that was closed, and ConflictError("benefits.limit_below_held") if a limit would fall below what is
    bound already.
    """
    pool_of = {benefit.id: benefit.pool for benefit in allocation.granted}
    needed: dict[str, int] = {}
    for item in allocation.allotments:
        if item.liability_fen:
            needed[pool_of[item.benefit]] = needed.get(pool_of[item.benefit], 0) + item.liability_fen
    wanted: dict[str, tuple[str, int]] = {pool_scope(pool.id): ("fen", pool.total_fen) for pool in pack.pools}
    wanted[package_scope(package)] = ("fen", sum(item.liability_fen for item in allocation.allotments))
    for benefit in allocation.granted:
        given = sum(item.grants for item in allocation.allotments if item.benefit == benefit.id)
        wanted[share_scope(package, benefit.id)] = ("pieces", given)
        if benefit.stock:
            wanted[stock_scope(benefit.id)] = ("pieces", benefit.stock)
    with db.begin() as connection:
        if _known(connection, institution_id, closed_scope(package)):
            raise RefusedError("benefits.package_closed", package=package[:12])
        for scope, (unit, total) in wanted.items():
            if scope.startswith(("pool:", "stock:")) and _known(connection, institution_id, scope):
                continue
            _set_limit(connection, institution_id, scope, unit, total)
        for pool, fen in needed.items():
            _freeze(connection, institution_id, pool, package, fen)


def close_package(db: sa.Engine, institution_id: str, package: str) -> int:
    """Let go of what a package has not granted: nothing more is granted, its pools are free again. Returns the fen.

    What was granted lives on: it is redeemed, expires and is given back as before, to the pool at once. Safe to repeat.
    """
    ours = _own(institution_id, package)
    with db.begin() as connection:
        rows = connection.execute(sa.select(limits).where(ours).order_by(limits.c.scope).with_for_update()).all()
        connection.execute(limits.update().where(ours).values(total=limits.c.held))
        if not _known(connection, institution_id, closed_scope(package)):
            _set_limit(connection, institution_id, closed_scope(package), "fen", 0)
    return sum(row.total - row.held for row in rows if row.scope.startswith("frozen:"))


def _own(institution_id: str, package: str) -> sa.ColumnElement[bool]:
    """The limits that are one package's alone."""
    return (limits.c.institution_id == institution_id) & sa.or_(
        limits.c.scope == package_scope(package),
        limits.c.scope.startswith(f"share:{package}:", autoescape=True),
        limits.c.scope.startswith("frozen:") & limits.c.scope.endswith(f":{package}", autoescape=True),
    )


def open_packages(db: sa.Engine, institution_id: str) -> tuple[str, ...]:
    """The packages for which money is still set aside, by hash."""
    where = (limits.c.institution_id == institution_id) & limits.c.scope.startswith("frozen:")
    with reading(db).connect() as connection:
        scopes = connection.execute(sa.select(limits.c.scope).where(where, limits.c.total > limits.c.held)).scalars()
        return tuple(sorted({scope.rpartition(":")[2] for scope in scopes}))


def _freeze(connection: sa.Connection, institution_id: str, pool: str, package: str, fen: int) -> None:
    rows = connection.execute(
        sa.select(limits.c.scope, limits.c.total, limits.c.held)
        .where(
            limits.c.institution_id == institution_id,
            sa.or_(limits.c.scope == pool_scope(pool), limits.c.scope.startswith(f"frozen:{pool}:", autoescape=True)),
        )
        .order_by(limits.c.scope)
        .with_for_update()
    ).all()
    own = frozen_scope(pool, package)
    known = {row.scope: row for row in rows}
    reserve = known[pool_scope(pool)]
    promised = sum(row.total - row.held for row in rows if row.scope not in (own, pool_scope(pool)))
    already = known[own].held if own in known else 0
    free = reserve.total - reserve.held - promised
    if fen - already > free:
        raise RefusedError("benefits.pool_committed", pool=pool, needed_fen=fen - already, free_fen=max(0, free))
    _set_limit(connection, institution_id, own, "fen", fen)


def set_limit(db: sa.Engine, institution_id: str, scope: str, total: int, unit: str = "fen") -> None:
    """Set one limit, for instance after a pool was topped up. Raises ConflictError when it would undercut."""
    with db.begin() as connection:
        _set_limit(connection, institution_id, scope, unit, total)


def _known(connection: sa.Connection, institution_id: str, scope: str) -> bool:
    where = (limits.c.institution_id == institution_id) & (limits.c.scope == scope)
    return connection.execute(sa.select(limits.c.scope).where(where)).one_or_none() is not None


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
    "frozen": "benefits.package_empty",
}
_OPTIONAL = ("stock", "frozen")
"""A benefit may have no stock limit, and limits may be set by hand without setting money aside."""


@dataclass(frozen=True)
class Room:
    """How many of a benefit may still be granted, and the code of the limit that is tightest."""

    pieces: int
    code: str


def room_for(connection: sa.Connection, institution_id: str, package: str, benefit: Benefit) -> Room:
    """What every limit leaves for a benefit in a package, with their rows locked until the transaction ends.

    SQLite's write transaction holds off every other writer; PostgreSQL locks the rows, always in the same order. A
    benefit without a stock limit has none. Raises UnknownItemError("benefits.unknown_scope") if limits were not opened.
    """
    wanted = dict(_scopes(package, benefit.id, benefit.pool, benefit.face_fen, 1))
    rows = connection.execute(_ROOM, {"institution": institution_id, "scopes": list(wanted)}).all()
    found = {row.scope: row.total - row.held for row in rows}
    best: Room | None = None
    for scope, amount in wanted.items():
        kind = scope.partition(":")[0]
        if scope not in found:
            if kind in _OPTIONAL:
                continue
            raise UnknownItemError("benefits.unknown_scope", scope=scope)
        pieces = found[scope] // amount if amount else _PLENTY
        if best is None or pieces < best.pieces:
            best = Room(pieces, _SHORT[kind])
    return best or Room(0, _SHORT["package"])


def bind(connection: sa.Connection, institution_id: str, package: str, benefit: Benefit, pieces: int) -> None:
    """Count ``pieces`` as granted in every limit; a negative number gives back."""
    _shift(connection, institution_id, package, benefit.id, benefit.pool, benefit.face_fen * pieces, pieces)


def give_back(
    connection: sa.Connection, institution_id: str, package: str, benefit: str, pool: str, fen: int, pieces: int
) -> None:
    """Free money and pieces in every limit; what comes back to a closed package is its pool's, not its own."""
    _shift(connection, institution_id, package, benefit, pool, -fen, -pieces)
    if _known(connection, institution_id, closed_scope(package)):
        connection.execute(limits.update().where(_own(institution_id, package)).values(total=limits.c.held))


def _shift(
    connection: sa.Connection, institution_id: str, package: str, benefit: str, pool: str, fen: int, pieces: int
) -> None:
    changes = [
        {"institution": institution_id, "name": scope, "amount": amount}
        for scope, amount in _scopes(package, benefit, pool, fen, pieces)
        if amount
    ]
    if changes:
        connection.execute(_CHANGE, changes)


# Statements are built once: a claim is asked for at every tap, and building costs more than running.
_ROOM = (
    sa.select(limits.c.scope, limits.c.total, limits.c.held)
    .where(
        limits.c.institution_id == sa.bindparam("institution"),
        limits.c.scope.in_(sa.bindparam("scopes", expanding=True)),
    )
    .order_by(limits.c.scope)
    .with_for_update()
)
_CHANGE = (
    limits.update()
    .where(limits.c.institution_id == sa.bindparam("institution"), limits.c.scope == sa.bindparam("name"))
    .values(held=limits.c.held + sa.bindparam("amount"))
)
_PLENTY = 1 << 62


def _scopes(package: str, benefit: str, pool: str, fen: int, pieces: int) -> tuple[tuple[str, int], ...]:
    # Always in this order, so that two transactions never wait for each other crosswise.
    return (
        (pool_scope(pool), fen),
        (package_scope(package), fen),
        (stock_scope(benefit), pieces),
        (share_scope(package, benefit), pieces),
        (frozen_scope(pool, package), fen),
    )
