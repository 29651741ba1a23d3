"""Sums without a figure: 预算减半, 券翻倍, 面额和门槛一起减半, cut the budget by a third."""

import datetime as dt
import itertools
import re
from collections.abc import Mapping
from typing import Any

from linghang.reading.edits.keys import named, sums
from linghang.reading.edits.named import figure
from linghang.reading.edits.words import DOUBLE, HALVE, LESS, MORE, SHARE, TIMES, Change, Step, computed
from linghang.reading.quantities import whole

BUDGET = named("budget_cny")
_OTHERWISE = ("budget_cny", "offer.fee_discount")
"""Sums that a share changes in ways of their own."""
_AND = re.compile(r"\s(?:and|then)\s|同时|并且|然后")
_RUN_TIME = re.compile(r"时间|周期|天数|时长|档期|活动期|duration|run ?time|length")


_TO_THE_TOP = re.compile(
    r"(?:顶|拉|加|用|打|提|给|花)(?:到|满|足)[^,，。;]{0,8}(?:上限|封顶|天花板)"
    r"|(?:up to|max out|use) the (?:cap|ceiling|full budget)"
)


_SCALES = (("万", 10_000), ("w", 10_000), ("k", 1_000))
_TINY, _LARGE, _NEAR = 1_000, 10_000, 20


def in_scale(step: Step, base: Mapping[str, Any], message: str) -> Step | None:
    """三十万太多，先批二十五: a budget that shrinks to some yuan is of the scale said beside it, else no step."""
    held, new = base.get("budget_cny"), step.get("value")
    if step["path"] not in _BUDGETS or not isinstance(new, int | float) or not isinstance(held, int | float):
        return step
    if new >= _TINY or held < _LARGE or new == 0 or re.search(rf"(?<!\d){new:g}\s?(?:元|块|yuan|rmb|cny)", message):
        return step
    said = [new * scale for sign, scale in _SCALES if sign in message and held / _NEAR <= new * scale <= held * _NEAR]
    return {**step, "value": whole(said[0])} if said else None


_BUDGETS = ("budget_cny", "budget_max_cny", "budget_reserve_cny")


def _as_reasoned(change: Change) -> bool:
    """Finance took 20% off us, bring the budget down to match: the figure of the reason is that of the wish."""
    found, aside = change.found, change.notes.get("aside", ())
    down, up = LESS.search(found.text), MORE.search(found.text)
    if len(aside) != 1 or not (down or up) or any(found.quantity(p) is not None for p in range(len(found.tokens))):
        return False
    path = _spoken_sum(change.base, found.text) or ("budget_cny" if BUDGET.search(found.text) else None)
    key = next((key for key in sums(change.base) if key.path == path), None)
    if key is None or not _TO_MATCH.search(found.text) or aside[0].unit not in (*key.units, "pct"):
        return False
    old, said = key.held(change.base), aside[0].values[0]
    if aside[0].unit == "pct":
        new = old * (1 - said / 100 if down else 1 + said / 100)
    else:
        new = said if (said < old) == bool(down) else old - said if down else old + said
    change.step("set", key.path, whole(round(new, 2)))
    return True


_TO_MATCH = re.compile(
    r"to match|accordingly|in line|by that much|(?:照|按|跟|随|对应|相应|同步|一样)(?:着|这个|这么|此)?"
)


def wordless(change: Change) -> None:
    """预算减半, 券翻倍, cut the budget by a third: sums without a figure."""
    found = change.found
    if _as_reasoned(change):
        return
    if _TO_THE_TOP.search(found.text) and "budget_max_cny" in change.base:
        change.step("set", "budget_cny", change.base["budget_max_cny"])
        return
    edges = (0, *found.breaks, len(found.text))
    for start, end in itertools.pairwise(edges):
        clause = found.text[start:end]
        pieces = _AND.split(clause)
        for piece in pieces if sum(map(_is_sum, pieces)) > 1 else [clause]:
            if _is_sum(piece):
                if not _scaled_condition(change, start, piece if len(pieces) == 1 else clause):
                    _one_sum(change, piece, found.text[:end])
                _spend_shares(change, start, clause)


def _is_sum(text: str) -> bool:
    return any(pattern.search(text) for pattern in (HALVE, DOUBLE, TIMES, SHARE))


def _spend_shares(change: Change, start: int, clause: str) -> None:
    """A third that is written 1/3 is no day."""
    for hit in (*SHARE.finditer(clause), *TIMES.finditer(clause)):
        low, high = start + hit.start(), start + hit.end()
        tokens = enumerate(change.found.tokens)
        change.found.used.update(p for p, t in tokens if low <= t.start and t.end <= high)


def _scaled_condition(change: Change, start: int, clause: str) -> bool:
    """账单门槛翻一倍: the figure of the condition that the clause names."""
    found = change.found
    for token in found.tokens:
        if not (start <= token.start < start + len(clause)) or not token.has("field"):
            continue
        name = token.senses["field"]["field"]
        for item in change.base.get("audience", []):
            if item["field"] == name and isinstance(item.get("value"), int | float):
                new = computed(item["value"], None, clause, clause)
                if new is not None:
                    change.step("set", f"audience[{name}]", {**item, "value": new})
                    return True
    return False


def _one_sum(change: Change, clause: str, wider: str) -> None:
    """What a sum without a figure changes: what its clause names, else what the clauses before it spoke of."""
    base = change.base
    if re.search(r"(?<![a-z])ab(?![a-z])|[ab]版|各\s?(?:占)?一半|half and half|50/50|实验|测试", clause):
        return
    both = sums_together(base, clause)
    for path in both:
        key, _, part = path.partition(".")
        _scaled(change, path, base[key][part], clause)
    if both or _scaled_by_value(change, clause):
        return
    path = _spoken_sum(base, clause)
    if path is None and not BUDGET.search(clause) and not _RUN_TIME.search(clause):
        path = _spoken_sum(base, wider)
    if path is not None:
        key, _, part = path.partition(".")
        _scaled(change, path, base[key][part] if part else base[key], clause)
    elif _RUN_TIME.search(clause) and "start" in base and "end" in base:
        first, last = (dt.date.fromisoformat(base[key]) for key in ("start", "end"))
        days = computed((last - first).days + 1, None, clause, clause)
        if days is not None and days >= 1:
            change.step("set", "end", (first + dt.timedelta(days=round(days) - 1)).isoformat())
    elif "budget_cny" in base and not change.touched("budget_cny") and not re.search(r"人群|人数", clause):
        _scaled(change, "budget_cny", base["budget_cny"], clause)


def _scaled_by_value(change: Change, clause: str) -> bool:
    """注册90天以内缩短一半: the condition whose own figure the clause says."""
    said = {value for at in range(len(change.found.tokens)) if (q := figure(change.found, at)) is not None
            for value in q.values}  # fmt: skip
    for item in change.base.get("audience", []):
        for key in ("value", "window_days"):
            if isinstance(item.get(key), int | float) and item[key] in said and item[key] not in (0, 1):
                new = computed(item[key], None, clause, clause)
                if new is not None:
                    change.step("set", f"audience[{item['field']}]", {**item, key: new})
                    change.found.used.update(change.found.where("quantity"))
                    return True
    return False


_TOGETHER = re.compile(
    r"(?P<one>[^,，。;]{1,30}?)(?:和|跟|与|及|、|同|\sand\s)(?P<other>[^,，。;]{1,14}?)(?:都|一起|一并|同时|同步"
    r"|各|也|全部?|both|$)"
)


def sums_together(base: Mapping[str, Any], clause: str) -> list[str]:
    """面额和门槛一起减半: two figures of the offer that change by the same share."""
    hit = _TOGETHER.search(clause)
    if hit is None:
        return []
    paths = [_spoken_sum(base, hit[name]) for name in ("one", "other")]
    made = [path for path in paths if path is not None and path.startswith("offer.")]
    return made if len(set(made)) == 2 else []


def _spoken_sum(base: Mapping[str, Any], clause: str) -> str | None:
    """The path of the figure that a clause names, where the base has it."""
    for key in sums(base):
        budget = key.path.endswith(".face_value_cny") and BUDGET.search(clause)
        if key.path not in _OTHERWISE and key.names.search(clause) and not budget:
            return key.path
    return None


def _scaled(change: Change, path: str, old: float, clause: str) -> None:
    new = computed(old, None, clause, clause)
    if new is not None:
        change.step("set", path, whole(new))
