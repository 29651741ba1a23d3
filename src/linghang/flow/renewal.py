"""A campaign again, at other dates: which dates are like the old ones, and what is over by then."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from linghang.base.findings import Finding, Fix, Severity
from linghang.campaigns.given import Inherited
from linghang.campaigns.sections import Goal
from linghang.packs.model import Benefit, Pack, Pool
from linghang.reading.times import festivals

BEFORE_DAYS, AFTER_DAYS = 45, 14
"""How long before a festival its campaign may end, and after it begin, and still speak of it."""
_DAYS = ("start", "end")
_NAMES = {
    "元宵": "元宵节",
    "中秋": "中秋节",
    "国庆": "国庆节",
    "端午": "端午节",
    "三八节": "妇女节",
    "15理财日": "理财日",
}
"""Festivals that packs and the calendar call differently."""


def first_day(goal: Goal, today: dt.date) -> dt.date:
    """The first day that is like the old one, from tomorrow on: as far from its festival, else of the same weekday."""
    earliest = today + dt.timedelta(days=1)
    name = _dated(goal.festival)
    if name:
        old = min(_around(name, goal.start), key=lambda day: abs((day - goal.start).days))
        ahead = [day + (goal.start - old) for day in _around(name, earliest) if day + (goal.start - old) >= earliest]
        if ahead:
            return min(ahead)
    return earliest + dt.timedelta(days=(goal.start.weekday() - earliest.weekday()) % 7)


def moved(reading: Any, shift: dt.timedelta) -> Any:
    """A part of a reading with the days of its periods moved."""
    if isinstance(reading, Mapping):
        return {key: _later(value, shift) if key in _DAYS else moved(value, shift) for key, value in reading.items()}
    return [moved(item, shift) for item in reading] if isinstance(reading, list | tuple) else reading


def over(goal: Goal, inherited: Inherited | None, pack: Pack, *, said: Iterable[str] = ()) -> tuple[Finding, ...]:
    """What cannot be as it was in the goal's window: a festival, and what an earlier campaign used.

    ``said`` names the slots that the operator asked for.
    """
    findings = list(_festival(goal))
    wanted = dict.fromkeys((*goal.slots, *(inherited.slots if inherited else ())))
    for slot in (item for item in pack.slots if item.id in wanted):
        if not _covers(slot.open_from, slot.open_to, goal):
            fix = Fix("clone.drop_slot", ({"op": "remove", "path": f"slots[{slot.id}]"},)) if slot.id in said else None
            params = {"slot": slot.id, "until": str(slot.open_to or slot.open_from), "start": str(goal.start)}
            findings.append(Finding("clone.slot_closed", Severity.S2, f"goal.slots[{slot.id}]", params=params, fix=fix))
    products = {goal.product, inherited.product if inherited else goal.product}
    for product in (item for item in pack.products if item.id in products):
        if product.sold_to is not None and product.sold_to < goal.end:
            params = {"product": product.id, "until": str(product.sold_to)}
            findings.append(Finding("clone.product_over", Severity.S1, "goal.product", params=params))
    if inherited is not None:
        findings.extend(_benefits(goal, inherited, pack))
    return tuple(findings)


def _festival(goal: Goal) -> Iterable[Finding]:
    name = _dated(goal.festival)
    if not name:
        return
    gap = {day: _apart(day, goal) for day in _around(name, goal.start)}
    if any(-BEFORE_DAYS <= days <= AFTER_DAYS for days in gap.values()):
        return
    day = min(gap, key=lambda day: abs(gap[day]))
    params = {"festival": goal.festival, "until": str(day), "start": str(goal.start), "end": str(goal.end)}
    fix = Fix("clone.drop_festival", ({"op": "set", "path": "festival", "value": ""},))
    yield Finding("clone.festival_over", Severity.S2, "goal.festival", params=params, fix=fix)


def _benefits(goal: Goal, inherited: Inherited, pack: Pack) -> Iterable[Finding]:
    known = {item.id: item for item in pack.benefits}
    pools = {item.id: item for item in pack.pools}
    for name in inherited.benefits:
        benefit = known.get(name)
        if benefit is None:
            # Made to order for the old campaign, it is made anew; a catalogue that lost it has another.
            continue
        for code, item in (("clone.benefit_over", benefit), ("clone.pool_over", pools.get(benefit.pool))):
            if item is not None and not _covers(item.valid_from, item.valid_to, goal):
                params = {"benefit": name, "pool": benefit.pool, "until": _edge(item)}
                yield Finding(code, Severity.S3, f"benefits[{name}]", params=params)


def _edge(item: Benefit | Pool) -> str:
    return str(item.valid_to or item.valid_from)


def _covers(first: dt.date | None, last: dt.date | None, goal: Goal) -> bool:
    return not (first is not None and first > goal.start) and not (last is not None and last < goal.end)


def _apart(day: dt.date, goal: Goal) -> int:
    """Days from a festival to a window: positive when it begins after it, negative when it ends before it."""
    if goal.start <= day <= goal.end:
        return 0
    return (goal.start - day).days if goal.start > day else -(day - goal.end).days


def _dated(festival: str) -> str:
    """The calendar's name of a festival that has a date; empty for seasons and days of the institution's own."""
    name = _NAMES.get(festival, festival)
    return name if name in festivals.FESTIVALS else ""


def _around(name: str, day: dt.date) -> list[dt.date]:
    return [one for year in range(day.year - 1, day.year + 3) for one in festivals.dates(name, year)]


def _later(value: Any, shift: dt.timedelta) -> Any:
    """A day in ISO text, moved; anything else as it is."""
    try:
        return (dt.date.fromisoformat(value) + shift).isoformat()
    except (TypeError, ValueError):
        return value
