"""Skills of benefits: what there is to give, what is bound, and the ledger behind it."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from linghang import packs
from linghang.base.digest import plain
from linghang.base.errors import UnknownItemError, UsageError
from linghang.base.findings import Finding
from linghang.benefits.balances import balance, verify
from linghang.benefits.ledger import expire_due
from linghang.benefits.limits import pool_scope, set_limit, stock_scope
from linghang.benefits.store import entries
from linghang.campaigns import store
from linghang.kit.context import Context
from linghang.kit.database import reading
from linghang.kit.skills import skill


@skill("benefit.list", effect="read", permission="benefit.read", makes="benefits")
def listing(ctx: Context) -> Mapping[str, Any]:
    """Pools with what is bound of them, and benefits with stock, value and for whom they are."""
    pack = packs.load(ctx.pack)
    pools = []
    for pool in pack.pools:
        held = balance(ctx.db, ctx.institution_id, pool_scope(pool.id))
        used = held.held if held else 0
        share = used / pool.total_fen if pool.total_fen else 0.0
        pools.append(
            {
                "id": pool.id,
                "name": pool.label.of(ctx.locale),
                "total_fen": pool.total_fen,
                "held_fen": used,
                "redeemed_fen": held.redeemed_fen if held else 0,
                "share": share,
                "warning": max((mark for mark in pool.warn_at if share >= mark), default=None),
                "cost_centre": pool.cost_centre,
            }
        )
    benefits = []
    for benefit in pack.benefits:
        held = balance(ctx.db, ctx.institution_id, stock_scope(benefit.id))
        benefits.append(
            {
                **plain(benefit),
                "name": benefit.label.of(ctx.locale),
                "left": benefit.stock - held.held if held else benefit.stock or None,
                "issued": held.issued if held else 0,
                "redeemed": held.redeemed if held else 0,
            }
        )
    return {"pools": pools, "benefits": benefits}


@skill("benefit.ledger", effect="read", permission="benefit.read", makes="benefits.ledger")
def ledger(ctx: Context, pool: str = "", limit: int = 200) -> Mapping[str, Any]:
    """The newest rows of the ledger, of a pool or of all, and each pool's balance recomputed from all rows."""
    where = entries.c.institution_id == ctx.institution_id
    if pool:
        where &= entries.c.pool == pool
    with reading(ctx.db).connect() as connection:
        rows = connection.execute(sa.select(entries).where(where).order_by(entries.c.at.desc()).limit(limit)).all()
    names = [pool] if pool else [item.id for item in packs.load(ctx.pack).pools]
    balances = [balance(ctx.db, ctx.institution_id, pool_scope(name)) for name in names]
    sources = {name: _source(ctx, name) for name in {str(row.package) for row in rows}}
    # The dense number is an inner matter: rows are told without it.
    told = [
        {key: plain(value) for key, value in row._mapping.items() if key not in ("customer", "institution_id")}
        | {"campaign": sources[row.package]["campaign"], "name": sources[row.package]["names"].get(row.benefit, "")}
        for row in rows
    ]
    return {"rows": told, "balances": [plain(item) for item in balances if item is not None]}


def _source(ctx: Context, package_hash: str) -> Mapping[str, Any]:
    """The campaign that a package belongs to, and what its benefits are called; empty for rows of no package."""
    try:
        package = store.package(ctx.db, ctx.institution_id, package_hash)
    except UnknownItemError:
        return {"campaign": {}, "names": {}}
    lang = "en" if ctx.locale.startswith("en") else "zh"
    granted = package.sections.get("benefits", {}).get("granted", [])
    return {
        "campaign": {"id": package.campaign_id, "name": package.sections["goal"]["name"]},
        "names": {one["id"]: one["label"][lang] for one in granted},
    }


@skill("benefit.verify", effect="read", permission="audit.read", cost="medium")
def balanced(ctx: Context) -> tuple[Finding, ...]:
    """Recompute every limit of the ledger from its rows; a finding for each that does not agree."""
    return verify(ctx.db, ctx.institution_id)


@skill("benefit.expire", effect="commit", permission="benefit.admin", cost="medium")
def expire(ctx: Context) -> Mapping[str, int]:
    """Expire every grant whose time is over and give its value back to pool, package and stock."""
    expired = freed = 0
    while done := expire_due(ctx.db, ctx.institution_id, now=ctx.now):
        expired += len(done)
        freed += sum(grant.face_fen for grant in done)
        ctx.emit("benefit.expire", expired)
    return {"expired": expired, "freed_fen": freed}


@skill(
    "benefit.top_up",
    effect="commit",
    permission="benefit.admin",
    example={"scope": "pool:growth", "total": 900_000_000},
)
def top_up(ctx: Context, scope: str, total: int) -> Mapping[str, Any]:
    """Set a limit (``pool:…`` in fen, ``stock:…`` in pieces); what is bound already is the least that it can be."""
    kind = scope.partition(":")[0]
    if kind not in ("pool", "stock") or total < 0:
        raise UsageError("benefits.no_such_limit", scope=scope, total=total)
    set_limit(ctx.db, ctx.institution_id, scope, total, "fen" if kind == "pool" else "pieces")
    return plain(balance(ctx.db, ctx.institution_id, scope))
