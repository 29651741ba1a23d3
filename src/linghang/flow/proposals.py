"""A proposed change of a brief in words, before it is made: 预算 50万元 → 30万元.

``present`` is the reading that a person sees: what was said, and what the goal took where nothing was.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from linghang.audiences import explain, from_reading
from linghang.base.messages import catalogue, render
from linghang.base.patches import root as root_of
from linghang.campaigns.model import Campaign
from linghang.packs import Pack

Reading = Mapping[str, Any]
Step = Mapping[str, Any]

_YUAN = frozenset({"budget_cny", "budget_max_cny", "budget_reserve_cny", "face_value_cny", "threshold_cny"})
_PERCENT = frozenset({"holdout_pct"})
_DAYS = frozenset({"interest_free_days", "days", "duration_days"})
_TEN_THOUSAND = 10_000
_FROM_GOAL = ("channels", "slots", "tone", "holdout_pct")


def present(campaign: Campaign) -> dict[str, Any]:
    """What holds now, in the keys of a reading."""
    told, goal = campaign.value("reading"), campaign.value("goal")
    said: dict[str, Any] = dict(told.reading) if told is not None else {}
    if goal is None:
        return said
    taken: dict[str, Any] = {"start": _iso(goal.start), "end": _iso(goal.end)}
    taken |= {key: value for key in _FROM_GOAL if (value := getattr(goal, key))}
    taken |= {key: list(taken[key]) for key in ("channels", "slots") if key in taken}
    if goal.budget_fen:
        taken["budget_cny"] = goal.budget_fen // 100
    return taken | said


def _iso(day: Any) -> str:
    return day.isoformat() if isinstance(day, dt.date) else str(day)[:10]


def on(reading: Reading, patch: Sequence[Step], after: Reading) -> list[dict[str, Any]]:
    """A patch of what is present as a patch of what was said: a key that was only taken so far is set whole."""
    made: list[dict[str, Any]] = []
    for step in patch:
        root = root_of(str(step["path"]))
        whole = {"op": "set", "path": root, "value": after.get(root)}
        changed = dict(step) if root in reading or root not in after else whole
        if changed not in made:
            made.append(changed)
    return made


def in_words(patch: Sequence[Step], before: Reading, after: Reading, pack: Pack, locale: str) -> str:
    """What a patch changes, each key with its value now and then."""
    roots = list(dict.fromkeys(_part(str(step["path"])) for step in patch))
    if {"start", "end"} <= set(roots):
        roots = ["window", *(root for root in roots if root not in ("start", "end"))]
    told = [_change(root, before, after, pack, locale) for root in roots]
    return ("；" if locale.startswith("zh") else "; ").join(one for one in told if one)


def _part(path: str) -> str:
    """What is told of a path: a part of the offer by itself, a list or the customers whole."""
    return path if path.startswith(("offer.", "target.", "copy_rules.")) else root_of(path)


def _change(root: str, before: Reading, after: Reading, pack: Pack, locale: str) -> str:
    if root in ("audience", "exclusions"):
        # Of many conditions those that change.
        one, other = ([*reading.get(root, ())] for reading in (before, after))
        before = {root: [item for item in one if item not in other]}
        after = {root: [item for item in other if item not in one]}
    was, now = (_value(root, one, pack, locale) for one in (before, after))
    name = render(f"proposal.{root.replace('.', '_')}", {}, locale) if _named(root) else _label(root, locale)
    return render("proposal.change", {"name": name, "was": was, "now": now}, locale)


def _named(root: str) -> bool:
    return f"proposal.{root.replace('.', '_')}" in catalogue()


def _label(root: str, locale: str) -> str:
    code = f"reading.key.{root_of(root)}"
    return render(code, {}, locale) if code in catalogue() else root


def _value(root: str, reading: Reading, pack: Pack, locale: str) -> str:
    nothing = render("proposal.nothing", {}, locale)
    if root == "window":
        days = [_day(str(reading.get(key) or ""), locale) for key in ("start", "end")]
        return render("proposal.days", {"start": days[0], "end": days[1]}, locale)
    if root in ("audience", "exclusions"):
        found = reading.get(root) or []
        return explain(from_reading({"audience": found}), pack, locale) if found else nothing
    whole, _, part = root.partition(".")
    value = reading.get(whole)
    if part:
        value = value.get(part) if isinstance(value, Mapping) else None
    if value in (None, [], ""):
        return nothing
    return _offer(value, pack, locale) if isinstance(value, Mapping) else _said(part or whole, value, pack, locale)


def _said(key: str, value: Any, pack: Pack, locale: str) -> str:
    if isinstance(value, list):
        return ("、" if locale.startswith("zh") else ", ").join(_said(key, one, pack, locale) for one in value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _figure(key, float(value), locale)
    text = str(value)
    if key in ("start", "end"):
        return _day(text, locale)
    names = {one.id: one.label.of(locale) for group in (pack.channels, pack.slots, pack.products) for one in group}
    for code in (f"value.{text}", f"color.{text}", f"proposal.value.{text}"):
        if code in catalogue():
            return names.get(text) or render(code, {}, locale)
    return names.get(text, text)


def _figure(key: str, value: float, locale: str) -> str:
    plain = f"{value:,.0f}" if value.is_integer() else f"{value:,.2f}"
    if key in _YUAN:
        large = locale.startswith("zh") and value >= _TEN_THOUSAND
        shown = f"{value / _TEN_THOUSAND:g}" if large else plain
        return render("proposal.yuan_large" if large else "proposal.yuan", {"count": shown}, locale)
    unit = "percent" if key in _PERCENT else "days" if key in _DAYS else "pieces" if key == "quantity" else ""
    return render(f"proposal.{unit}_of", {"count": plain}, locale) if unit else plain


def _offer(value: Mapping[str, Any], pack: Pack, locale: str) -> str:
    """A record by its figures: the gift's kind, what it is worth, from which sum on."""
    kind = str(value.get("type") or value.get("metric") or "")
    told = [_said("", kind, pack, locale)] if kind and kind != value.get("metric") else []
    told += [_figure(key, float(one), locale) for key, one in value.items() if isinstance(one, int | float)]
    return " ".join(told[:3])


def _day(iso: str, locale: str) -> str:
    try:
        day = dt.date.fromisoformat(iso)
    except ValueError:
        return render("proposal.nothing", {}, locale)
    return f"{day.month}月{day.day}日" if locale.startswith("zh") else f"{day.day} {day:%b}"
