"""A clone begins on a day like the old one, and what is over by then is flagged where it is seen."""

import datetime as dt
from dataclasses import replace

import pytest
from benefits.samples import GOAL, PACK

from linghang.benefits import Stock, candidates
from linghang.campaigns.given import Inherited
from linghang.campaigns.sections import Goal
from linghang.flow import renewal

TODAY = dt.date(2026, 11, 18)
ELEVEN = replace(GOAL, festival="双11", start=dt.date(2026, 11, 4), end=dt.date(2026, 11, 13))


def at(goal: Goal, start: dt.date) -> Goal:
    return replace(goal, start=start, end=start + (goal.end - goal.start))


def codes(goal: Goal, inherited: Inherited | None = None, pack=PACK, **more) -> list[str]:
    return [item.code for item in renewal.over(goal, inherited, pack, **more)]


def test_a_usual_campaign_begins_again_on_its_weekday() -> None:
    monday = replace(GOAL, start=dt.date(2026, 11, 2), end=dt.date(2026, 11, 15))
    assert renewal.first_day(monday, TODAY) == dt.date(2026, 11, 23)
    assert renewal.first_day(monday, dt.date(2026, 11, 22)) == dt.date(2026, 11, 23)
    assert renewal.first_day(monday, dt.date(2026, 11, 23)) == dt.date(2026, 11, 30)


def test_a_festivals_campaign_keeps_its_distance_to_the_festival() -> None:
    assert renewal.first_day(ELEVEN, TODAY) == dt.date(2027, 11, 4)
    moon = replace(GOAL, festival="中秋", start=dt.date(2025, 9, 29), end=dt.date(2025, 10, 6))  # 中秋 is 10-06
    assert renewal.first_day(moon, dt.date(2026, 1, 5)) == dt.date(2026, 9, 18)  # 中秋 is 09-25


@pytest.mark.parametrize(
    ("start", "told"),
    [
        (dt.date(2026, 10, 20), []), (dt.date(2026, 11, 12), []), (dt.date(2026, 11, 25), []),
        (dt.date(2026, 11, 26), ["clone.festival_over"]), (dt.date(2027, 3, 1), ["clone.festival_over"]),
        (dt.date(2027, 11, 4), []),
    ],
)  # fmt: skip
def test_a_festival_that_is_over_is_told_with_a_fix(start: dt.date, told: list[str]) -> None:
    assert codes(at(ELEVEN, start)) == told
    for finding in renewal.over(at(ELEVEN, start), None, PACK):
        assert finding.fix is not None
        assert finding.fix.patch == ({"op": "set", "path": "festival", "value": ""},)


def test_seasons_without_a_date_are_never_over() -> None:
    assert codes(at(replace(ELEVEN, festival="开学季"), dt.date(2027, 3, 1))) == []


def test_what_the_old_campaign_used_is_looked_at_again() -> None:
    last = dt.date(2026, 12, 10)
    coupon, *others = PACK.benefits
    pack = replace(
        PACK,
        benefits=(replace(coupon, valid_to=last), *others),
        pools=tuple(replace(pool, valid_to=last) for pool in PACK.pools),
        slots=tuple(replace(slot, open_to=last) for slot in PACK.slots),
        products=(replace(PACK.products[0], sold_to=last),),
    )
    used = Inherited("cmp_old", benefits=(coupon.id, others[0].id, "made_to_order"), slots=("home_banner",))
    assert codes(at(GOAL, dt.date(2026, 11, 20)), used, pack) == []
    later = at(GOAL, dt.date(2026, 12, 1))
    assert codes(later, used, pack) == [
        "clone.slot_closed", "clone.product_over", "clone.benefit_over", "clone.pool_over", "clone.pool_over",
    ]  # fmt: skip
    assert codes(later, used, PACK) == []
    (slot, *_) = renewal.over(later, used, pack, said=["home_banner"])
    assert slot.fix is not None
    left = Stock(pools={pool.id: pool.total_fen for pool in pack.pools})
    assert candidates(later, pack, left).benefits == ()
    assert candidates(at(GOAL, dt.date(2026, 11, 20)), pack, left).benefits


def test_days_inside_conditions_move_along() -> None:
    said = [{"field": "purchase", "op": "exists", "start": "2026-11-01", "end": "2026-11-10", "value": "2026-11-05"}]
    assert renewal.moved(said, dt.timedelta(days=7)) == [
        {"field": "purchase", "op": "exists", "start": "2026-11-08", "end": "2026-11-17", "value": "2026-11-05"}
    ]
