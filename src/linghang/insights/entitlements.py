"""Opportunities in the benefit ledger: rights that lapse unused soon, and pools that hardly anybody draws on."""

import datetime as dt
from typing import Any

import sqlalchemy as sa

from linghang.benefits import balances
from linghang.campaigns import store
from linghang.campaigns.store import section_type
from linghang.insights.model import Opportunity, money, proposed_yuan, rounded_yuan
from linghang.kit.database import Instant, reading
from linghang.packs.model import Benefit, Pack, Pool, Product

SOON_DAYS = 7
FEWEST_REMINDED = 20
"""A reminder needs no experiment, so fewer customers than an opportunity among all of them are worth it."""
RECOVERED = 0.2
"""Assumed share of the reminded who then use their right; stated with the evidence, to be replaced by outcomes."""
BEHIND = 0.25
"""How far a pool's use may lag behind the year before it is worth a word."""
PROPOSED = 0.2
"""The share of what is left in a pool that a proposed campaign asks for."""
_UNUSED = sa.text(
    "SELECT i.benefit AS benefit, max(i.package) AS package, count(*) AS pieces, "
    "count(DISTINCT i.customer) AS customers, sum(i.face_fen) AS face_fen FROM benefit_entry i "
    "WHERE i.institution_id = :institution AND i.kind = 'issue' AND i.expires > :now AND i.expires <= :soon "
    "AND NOT EXISTS (SELECT 1 FROM benefit_entry o WHERE o.institution_id = i.institution_id "
    "AND o.grant_id = i.grant_id AND o.kind IN ('redeem', 'expire', 'reclaim')) GROUP BY i.benefit ORDER BY i.benefit"
)


def expiring(db: sa.Engine, institution_id: str, pack: Pack, *, now: dt.datetime) -> tuple[Opportunity, ...]:
    """Rights that customers have and that lapse within a week, by benefit. Counts are the ledger's own.

    Benefits that a campaign made to its brief's words are told by its signed package.
    """
    kind = Instant()
    soon = now + dt.timedelta(days=SOON_DAYS)
    params = {
        "institution": institution_id,
        "now": kind.process_bind_param(now, db.dialect),
        "soon": kind.process_bind_param(soon, db.dialect),
    }
    with reading(db).connect() as connection:
        rows = connection.execute(_UNUSED, params).all()
    known = {benefit.id: (benefit, _product_of(benefit, pack)) for benefit in pack.benefits}
    found: list[Opportunity] = []
    for row in rows:
        if row.customers < FEWEST_REMINDED:
            continue
        benefit, product = known.get(row.benefit) or _given_by(db, institution_id, row.package, row.benefit, pack)
        if benefit is not None:
            found.append(_reminder(benefit, product, int(row.customers), int(row.pieces), int(row.face_fen)))
    return tuple(found)


def _given_by(
    db: sa.Engine, institution_id: str, package: str, name: str, pack: Pack
) -> tuple[Benefit | None, Product | None]:
    """A benefit as the package gives it, with the product that it was given for."""
    sections = store.package(db, institution_id, package).sections
    granted: tuple[Benefit, ...] = section_type("benefits").validate_python(sections["benefits"]).granted
    product = next((item for item in pack.products if item.id == sections["goal"]["product"]), None)
    return next((item for item in granted if item.id == name), None), product


def _reminder(benefit: Benefit, product: Product | None, customers: int, pieces: int, face_fen: int) -> Opportunity:
    """Remind those who hold the right: the rule asks the log of claims and uses, which the ledger writes too."""
    margin = product.margin_fen if product is not None else 0
    value = round(pieces * RECOVERED * margin)
    budget = proposed_yuan(value)
    zh = (
        f"提醒{benefit.label.zh}{SOON_DAYS}天内到期还没用的客户使用，不另发权益，push，"
        f"预算{money(budget, 'zh')}，明天开始3天"
    )
    en = (
        f"Remind customers whose {benefit.label.en} expires within {SOON_DAYS} days and is unused, "
        f"without a new benefit, push, budget {money(budget, 'en')}, starting tomorrow for 3 days"
    )
    return Opportunity(
        id=f"benefit_expiring:{benefit.id}",
        code="insights.benefit_expiring",
        size=customers,
        value_fen=value,
        product=product.id if product is not None else "",
        brief={"zh": zh, "en": en},
        patch=_holders(benefit, product),
        params={"size": customers, "benefit": benefit.label.zh, "benefit_en": benefit.label.en, "days": SOON_DAYS},
        evidence={
            "pieces": pieces,
            "face_fen": face_fen,
            "assumed_recovered": RECOVERED,
            "margin_fen": margin,
            "source": "benefit_entry",
            "rule": {"all": list(_conditions(benefit))},
        },
    )


def _conditions(benefit: Benefit) -> tuple[dict[str, Any], ...]:
    """Claimed and not used, and claimed so long ago that it lapses within ``SOON_DAYS``."""
    claimed = {"field": "claim", "op": "exists", "value": benefit.id}
    used = {"field": "benefit_used", "op": "exists", "value": benefit.id}
    fresh = benefit.valid_days - SOON_DAYS
    return (
        {**claimed, "window_days": benefit.valid_days},
        {**used, "window_days": benefit.valid_days, "negated": True},
        *(({**claimed, "window_days": fresh, "negated": True},) if fresh > 0 else ()),
    )


def _holders(benefit: Benefit, product: Product | None) -> tuple[dict[str, Any], ...]:
    """The reading as it must be, whatever the sentence's words would be read as: no second benefit is given."""
    named = ({"op": "set", "path": "product", "value": product.kind},) if product is not None else ()
    return (
        {"op": "set", "path": "audience", "value": list(_conditions(benefit))},
        {"op": "remove", "path": "offer"},
        {"op": "set", "path": "missing", "value": [] if product is not None else ["product"]},
        *named,
    )


def underspent(db: sa.Engine, institution_id: str, pack: Pack, *, today: dt.date, size: int) -> tuple[Opportunity, ...]:
    """Pools of which far less is bound than of the year is over. ``size`` is how many customers could be talked to.

    A pool that the ledger does not know yet has nothing bound. No value is claimed: what a pool would earn is not known
    before there is a campaign.
    """
    passed = (today - dt.date(today.year, 1, 1)).days / 365
    left = balances.stock_left(db, institution_id).pools
    found: list[Opportunity] = []
    for pool in pack.pools:
        free = left.get(pool.id, pool.total_fen)
        used = 1 - free / pool.total_fen if pool.total_fen else 1.0
        if passed - used > BEHIND:
            found.append(_draw_on(pack, pool, free, used, passed, size))
    return tuple(found)


def _draw_on(pack: Pack, pool: Pool, free: int, used: float, passed: float, size: int) -> Opportunity:
    words = {"pool": pool.label.zh, "pool_en": pool.label.en}
    benefit = next((item for item in pack.benefits if item.pool == pool.id), None)
    product = _product_of(benefit, pack) if benefit is not None else None
    # What the customers at hand could use of it: a larger budget would lie there as the pool does.
    usable = size * benefit.face_fen * benefit.redemption if benefit is not None else 0.0
    budget = rounded_yuan(min(free * PROPOSED, usable) / 100)
    what = (product.label.zh, product.label.en) if product is not None else (pool.label.zh, pool.label.en)
    return Opportunity(
        id=f"pool_underspent:{pool.id}",
        code="insights.pool_underspent",
        size=size,
        value_fen=0,
        product=product.id if product is not None else "",
        brief={
            "zh": (
                f"给近30天活跃的客户推{what[0]}，预算{money(budget, 'zh')}，push加首页banner，下周一开始两周，留10%对照"
            ),
            "en": (
                f"Promote {what[1]} to customers active in the last 30 days, budget {money(budget, 'en')}, push and "
                "in-app banner, starting next Monday for two weeks, 10% holdout"
            ),
        },
        params={"size": size, **words, "used": round(used * 100), "passed": round(passed * 100)},
        evidence={"free_fen": free, "total_fen": pool.total_fen, "source": "benefit_limit"},
    )


def _product_of(benefit: Benefit, pack: Pack) -> Product | None:
    """The product of the least risk that a benefit is for."""
    wanted = set(benefit.products)
    fitting = [item for item in pack.products if not wanted or {item.id, item.kind, item.group} & wanted]
    return min(fitting, key=lambda item: item.risk or "R0", default=None)
