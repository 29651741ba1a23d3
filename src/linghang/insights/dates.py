"""Opportunities of the calendar: a day that moved customers last year comes again soon enough to prepare for it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from linghang import estimates
from linghang.events import store as event_log
from linghang.insights.model import Opportunity, money, proposed_yuan
from linghang.packs.model import Label, Pack, Product
from linghang.ports.analytics import Analytics

FIRST_DAYS, LAST_DAYS = 7, 45
"""Sooner nobody can prepare a campaign; later it is not yet on anybody's desk (domain.md, T-30 to T-21)."""
AROUND = 3
"""Days on either side of an occasion that belong to it."""
NOTABLE = 1.1
"""How much livelier than the usual days last year's must have been."""
REACHED = 0.5


@dataclass(frozen=True)
class Occasion:
    """A day of the year that financial apps campaign on. ``month`` 0: every month."""

    id: str
    label: Label
    month: int
    day: int
    kinds: tuple[str, ...]


OCCASIONS: tuple[Occasion, ...] = (
    Occasion("opening", Label("开门红", "New Year opening"), 1, 1, ("deposit", "wealth")),
    Occasion("mid_year", Label("618", "618"), 6, 18, ("payments", "credit")),
    Occasion("double_eleven", Label("双11", "Double 11"), 11, 11, ("payments", "credit")),
    Occasion("double_twelve", Label("双12", "Double 12"), 12, 12, ("payments", "credit")),
    Occasion("wealth_day", Label("15理财日", "Wealth day (15th)"), 0, 15, ("wealth", "fund")),
    Occasion("benefit_day", Label("18权益日", "Benefit day (18th)"), 0, 18, ("membership", "payments")),
)
_SQL = (
    "SELECT uniqExactIf(customer, near) AS customers, countIf(near) AS orders, count() AS every FROM ("
    "SELECT customer, toDate(at, {zone:String}) BETWEEN toDate({first:String}) AND toDate({last:String}) AS near "
    "FROM {log} WHERE name IN ('purchase', 'pay', 'credit_drawn') "
    "AND toDate(at, {zone:String}) BETWEEN toDate({from:String}) AND toDate({to:String}))"
)


def coming(
    engine: Analytics, institution_id: str, pack: Pack, *, today: dt.date, least: int
) -> tuple[Opportunity, ...]:
    """Occasions ahead whose days were livelier a year before than the two months around them, by the event log."""
    log = event_log.create(engine, institution_id)
    found: list[Opportunity] = []
    for occasion in OCCASIONS:
        day = next_day(occasion, today)
        product = _offered(occasion, pack)
        if product is None or not FIRST_DAYS <= (day - today).days <= LAST_DAYS:
            continue
        past = _a_year_before(day)
        seen = _last_year(engine, log, pack.zone, past)
        usual = seen["every"] / 61 * (2 * AROUND + 1)
        if seen["customers"] >= least and usual and seen["orders"] / usual >= NOTABLE:
            found.append(_made(occasion, day, past, product, pack, seen, seen["orders"] / usual))
    return tuple(found)


def next_day(occasion: Occasion, today: dt.date) -> dt.date:
    """The occasion's next day from ``today`` plus the least time to prepare."""
    first = today + dt.timedelta(days=FIRST_DAYS)
    if occasion.month:
        day = dt.date(first.year, occasion.month, occasion.day)
        return day if day >= first else day.replace(year=first.year + 1)
    if first.day <= occasion.day:
        return first.replace(day=occasion.day)
    following = (first.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    return following.replace(day=occasion.day)


def _a_year_before(day: dt.date) -> dt.date:
    return day.replace(year=day.year - 1)


def _last_year(engine: Analytics, log: str, zone: str, past: dt.date) -> Mapping[str, int]:
    params = {
        "zone": zone,
        "first": (past - dt.timedelta(days=AROUND)).isoformat(),
        "last": (past + dt.timedelta(days=AROUND)).isoformat(),
        "from": (past - dt.timedelta(days=30)).isoformat(),
        "to": (past + dt.timedelta(days=30)).isoformat(),
    }
    row = engine.query(_SQL.replace("{log}", log), params)
    return {name: int(row[name][0].as_py()) for name in ("customers", "orders", "every")}


def _offered(occasion: Occasion, pack: Pack) -> Product | None:
    fitting = [item for kind in occasion.kinds for item in pack.products if item.kind == kind]
    return min(fitting, key=lambda item: (occasion.kinds.index(item.kind), item.risk or "R0"), default=None)


def _made(
    occasion: Occasion,
    day: dt.date,
    past: dt.date,
    product: Product,
    pack: Pack,
    seen: Mapping[str, int],
    times: float,
) -> Opportunity:
    rate, source = estimates.ground_rate("convert", product.id, product.kind, pack)
    start = day - dt.timedelta(days=AROUND)
    value = round(seen["customers"] * REACHED * rate * product.margin_fen)
    budget = proposed_yuan(value)
    return Opportunity(
        id=f"occasion:{occasion.id}:{day.isoformat()}",
        code="insights.occasion",
        size=seen["customers"],
        value_fen=value,
        product=product.id,
        brief={
            "zh": (
                f"给近30天活跃的客户推{product.label.zh}，预算{money(budget, 'zh')}，push加首页banner，"
                f"{start.month}月{start.day}日开始一周，风格热闹，留10%对照"
            ),
            "en": (
                f"Promote {product.label.en} to customers active in the last 30 days, budget {money(budget, 'en')}, "
                f"push and in-app banner, from {start.isoformat()} for one week, lively, 10% holdout"
            ),
        },
        params={
            "size": seen["customers"],
            "occasion": occasion.label.zh,
            "occasion_en": occasion.label.en,
            "day": day.isoformat(),
            "times": round(times, 2),
        },
        evidence={
            "last_year": past.isoformat(),
            "orders": seen["orders"],
            "times_the_usual": round(times, 3),
            "usual_response": rate,
            "source": source,
            "margin_fen": product.margin_fen,
        },
    )
