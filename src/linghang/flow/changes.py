"""What changed between two versions, in the words of a person ("预算 ¥50万 → ¥80万"), each change once.

The document echoes a change in many sections (brief → reading → goal → plans → benefits). It is told where it is said
first: of equal changes the first of the walk stays. Inner parts that have no name of their own are told by their count;
plans that were not chosen, and the ends of intervals, follow the rest and are not told.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from linghang.audiences import explain, saved_names
from linghang.audiences.words import SIGNS
from linghang.base.messages import catalogue, render
from linghang.campaigns.diff import Change, diff
from linghang.campaigns.model import Campaign
from linghang.campaigns.sections import Json
from linghang.flow import views
from linghang.kit.context import Context
from linghang.packs import Pack

_ECHOES = ("reading", "pins")
"""Sections that repeat what the walk says later: told only where nothing else tells it. The brief's own words never."""
_UNSAID = frozenset({"assumptions", "missing", "spans", "salt", "snapshot", "digest", "hash", "seed"})
_KEY = re.compile(r"\[([^\]]+)\]")
_TOLD_BY_COUNT = frozenset({"copy", "creatives", "combinations", "page", "placements", "compliance"})


def told(ctx: Context, pack: Pack, before: Campaign, after: Campaign) -> list[Mapping[str, Json]]:
    """Every change with its words, in the order of the walk."""
    names = views.labels(after, pack, ctx.locale) | views.saved_labels(ctx)
    found = sorted(diff(before, after), key=lambda item: item.section in _ECHOES)
    rows: list[Mapping[str, Json]] = []
    said: set[tuple[str, str, str]] = set()
    units = _units(after)
    inner: dict[str, int] = {}
    for item in found:
        name = _name(item, names, ctx.locale)
        if _hidden(item):
            continue
        if not name or item.section in _TOLD_BY_COUNT:
            inner[item.section] = inner.get(item.section, 0) + _count(item)
            continue
        unit = units.get(_KEY.findall(item.path)[-1], "") if _is_figure(item) else ""
        one, other = (_said(f"{item.path}{unit}", value, names, ctx.locale) for value in (item.before, item.after))
        if (name, one, other) in said or one == other:
            continue
        if item.section in _ECHOES and any(name == known for known, _, _ in said):
            continue  # the walk has told what became of it
        said.add((name, one, other))
        rows.append(_row(item, f"{name} {one} → {other}"))
    rows += _audience(before, after, pack, ctx.locale, saved_names(ctx.db, ctx.institution_id))
    if rows or any(section not in _ECHOES for section in inner):
        inner = {section: count for section, count in inner.items() if section not in _ECHOES}
    rows += [_counted(section, count, ctx.locale) for section, count in inner.items()]
    return rows


def _hidden(item: Change) -> bool:
    steps = item.path.replace("[", ".").replace("]", "").split(".")
    return (
        item.section == "brief"
        or any(step in _UNSAID for step in steps)
        or (item.section == "audience" and steps[0] != "count")
        or (item.section == "plans" and steps[0] == "alternatives")
        or ("figures" in steps and steps[-1] in ("low", "high"))
    )


def _name(item: Change, names: Mapping[str, str], locale: str) -> str:
    """What the path is called, with the layer, channel or benefit that it is of; empty where it has no name."""
    keys = _KEY.findall(item.path)
    if _is_figure(item):
        code = f"figure.{keys[-1]}"
        return render(code, {}, locale) if code in catalogue() else ""
    whose = next((names[key] for key in reversed(keys) if names.get(key)), "")
    last = item.path.removesuffix(".changed").rsplit(".", 1)[-1].split("[")[0]
    codes = (f"path.{item.section}.{last}", f"path.{last}", f"reading.key.{last}")
    found = next((code for code in codes if code in catalogue()), "")
    return " ".join(part for part in (whose, render(found, {}, locale)) if part) if found else ""


def _is_figure(item: Change) -> bool:
    return bool(re.search(r"(?:^|\.)figures\[[^\]]+\]", item.path))


def _units(campaign: Campaign) -> dict[str, str]:
    """How the path of an estimate's figure ends, for ``_figure``, by the figure's name."""
    estimate = campaign.value("estimate")
    endings = {"fen": "_fen", "share": "_share"}
    return {one.name: endings.get(one.unit, "") for one in estimate.figures} if estimate is not None else {}


def _count(item: Change) -> int:
    return max(int(item.before or 0), int(item.after or 0)) if item.path.endswith(".changed") else 1


def _row(item: Change, words: str) -> dict[str, Json]:
    return {"section": item.section, "path": item.path, "before": item.before, "after": item.after, "words": words}


def _counted(section: str, count: int, locale: str) -> dict[str, Json]:
    what = render(f"section.{section}", {}, locale)
    words = render("change.counted", {"what": what, "count": count}, locale)
    return {"section": section, "path": "", "before": None, "after": None, "words": words}


def _audience(
    before: Campaign, after: Campaign, pack: Pack, locale: str, saved: Mapping[str, str]
) -> list[dict[str, Json]]:
    """A changed rule is told whole, in words."""
    one, other = before.value("audience"), after.value("audience")
    if one is None or other is None or one.rule == other.rule:
        return []
    was, now = (explain(rule, pack, locale, saved) for rule in (one.rule, other.rule))
    words = render("change.rule", {"before": was, "after": now}, locale)
    return [{"section": "audience", "path": "rule", "before": was, "after": now, "words": words}]


def _said(path: str, value: Any, names: Mapping[str, str], locale: str) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return render(f"audiences.words.{'yes' if value else 'no'}", {}, locale)
    if isinstance(value, int | float):
        return _figure(path, float(value), locale)
    if isinstance(value, Mapping):
        return _thing(value, names, locale)
    if isinstance(value, Sequence) and not isinstance(value, str):
        parts = [_said("", item, names, locale) for item in value[:6]]
        return ("、" if locale != "en" else ", ").join(parts) + ("…" if len(value) > 6 else "") or "—"
    return names.get(str(value)) or _day(str(value), locale) or str(value)


def _thing(value: Mapping[str, Any], names: Mapping[str, str], locale: str) -> str:
    """A part by its name, a condition in words."""
    if "field" in value and "op" in value:
        field = names.get(str(value["field"]), str(value["field"]))
        return f"{field} {SIGNS.get(str(value['op']), '')}{_said('', value.get('value'), names, locale)}"
    key = next((str(value[name]) for name in ("id", "name", "benefit", "slot", "channel") if value.get(name)), "")
    return names.get(key, key)


def _figure(path: str, value: float, locale: str) -> str:
    if path.endswith(("_fen", "_cny")):
        yuan = value / 100 if path.endswith("_fen") else value
        if locale != "en" and abs(yuan) >= 10_000:
            return f"¥{yuan / 10_000:g}万"
        return f"¥{yuan:,.2f}".removesuffix(".00")
    if path.endswith("_pct"):
        return f"{value:g}%"
    if path.endswith("_share"):
        return f"{value:.2%}"
    return f"{value:,.0f}" if value.is_integer() else f"{value:.4g}"


def _day(text: str, locale: str) -> str:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return ""
    return f"{day.month}月{day.day}日" if locale != "en" else f"{day.day} {day:%b}"
