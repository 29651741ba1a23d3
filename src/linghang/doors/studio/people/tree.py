"""One rule as JSON and how it is edited: every act gives a new rule and leaves the old one as it was.

A path is what leads to a part: places in ``all`` and ``any``, and ``not`` (``"0.not.2"``).
"""

import copy
import math
from collections.abc import Mapping, Sequence
from typing import Any

Rule = dict[str, Any]
NUMERIC = ("integer", "money", "number")
WINDOWS = (1, 3, 7, 14, 30, 60, 90, 180, 365)


def rooted(rule: Mapping[str, Any]) -> Rule:
    """The rule as a list of conditions that all hold: what the page shows."""
    if how(rule) == "all":
        return {"all": [copy.deepcopy(part) for part in rule["all"]]}
    return {"all": [copy.deepcopy(dict(rule))]}


def how(part: Mapping[str, Any]) -> str:
    """``all``, ``any`` or ``not``; empty for a condition."""
    return next((name for name in ("all", "any", "not") if name in part and len(part) == 1), "")


def part_at(rule: Rule, path: str) -> Rule:
    """The part at a path."""
    found: Any = rule
    for step in _steps(path):
        found = found["not"] if step == "not" else found[how(found)][int(step)]
    return found


def put(rule: Rule, path: str, part: Rule) -> Rule:
    """The rule with another part at a path."""
    if not path:
        return rooted(part)
    made = copy.deepcopy(rule)
    above, _, last = path.rpartition(".")
    holder = part_at(made, above)
    if last == "not":
        holder["not"] = part
    else:
        holder[how(holder)][int(last)] = part
    return made


def drop(rule: Rule, path: str) -> Rule:
    """The rule without the part at a path; a group that is empty then goes too."""
    if not path:
        return {"all": []}
    above, _, last = path.rpartition(".")
    if last == "not":
        return drop(rule, above)
    made = copy.deepcopy(rule)
    holder = part_at(made, above)
    del holder[how(holder)][int(last)]
    return made if holder[how(holder)] or not above else drop(made, above)


def add(rule: Rule, path: str, part: Rule) -> Rule:
    """The rule with one more part in the group at a path."""
    made = copy.deepcopy(rule)
    holder = part_at(made, path)
    holder[how(holder)].append(part)
    return made


def turn(rule: Rule, path: str) -> Rule:
    """Leave out whom a part lets in, and the other way round."""
    part = part_at(rule, path)
    if how(part) == "not":
        return put(rule, path, part["not"])
    if part.get("negated"):
        return put(rule, path, {key: value for key, value in part.items() if key != "negated"})
    return put(rule, path, {"not": part})


def swap(rule: Rule, path: str) -> Rule:
    """All of a group's parts instead of any, or any instead of all."""
    part = part_at(rule, path)
    name = how(part)
    return put(rule, path, {"any" if name == "all" else "all": part[name]})


def group(rule: Rule, path: str) -> Rule:
    """The condition at a path as the first of alternatives."""
    return put(rule, path, {"any": [part_at(rule, path)]})


def beginning(field: Mapping[str, Any]) -> Rule:
    """A condition on a field to begin with: one that usually leaves about half."""
    name, kind = str(field["name"]), str(field["kind"])
    if field["window"]:
        return (
            {"field": name, "op": "ge", "value": 1, "window_days": 30}
            if field["counted"]
            else {
                "field": name,
                "op": "ge",
                "value": 1000 if kind == "money" else 1,
                "window_days": 30,
            }
        )
    if field["source"] == "holding" and field["counted"]:
        return {"field": name, "op": "exists"}
    if kind == "bool":
        return {"field": name, "op": "exists"}
    if kind in NUMERIC:
        stops: Sequence[Any] = field["stops"]
        return {"field": name, "op": "ge", "value": stops[len(stops) // 2] if stops else 1}
    if field["choices"]:
        return {"field": name, "op": "eq", "value": field["choices"][0]["value"]}
    return {"field": name, "op": "exists"}


def changed(part: Rule, what: str, value: Any, field: Mapping[str, Any] | None) -> Rule:
    """A condition with one of its settings changed; what makes no sense of the setting stays as it is."""
    change = _CHANGES.get(what)
    return part if change is None else change(dict(part), value, field or {})


def _op(part: Rule, value: Any, field: Mapping[str, Any]) -> Rule:
    old, new = str(part.get("op")), str(value)
    if new == "exists":
        return {key: kept for key, kept in part.items() if key != "value"} | {"op": "exists"}
    held = part.get("value")
    stops: Sequence[Any] = field.get("stops") or [1]
    if new == "between" and old != "between":
        low: Any = held if _is_number(held) else stops[len(stops) // 4]
        high = max(low, stops[-max(1, len(stops) // 4)])
        return part | {"op": new, "value": [low, high]}
    if old == "between" and isinstance(held, list):
        return part | {"op": new, "value": held[0] if new in ("ge", "gt") else held[-1]}
    if field.get("kind") == "ordinal" and field.get("choices"):
        first = held[0] if isinstance(held, list) else held
        return part | {"op": new, "value": first if first is not None else field["choices"][0]["value"]}
    return part | {"op": new, "value": held if _is_number(held) else stops[len(stops) // 2]}


def _number(part: Rule, value: Any, _field: Mapping[str, Any]) -> Rule:
    told = number(value)
    return part if told is None else part | {"value": told}


def _low(part: Rule, value: Any, _field: Mapping[str, Any]) -> Rule:
    told = number(value)
    return part if told is None else part | {"value": [told, max(told, part["value"][1])]}


def _high(part: Rule, value: Any, _field: Mapping[str, Any]) -> Rule:
    told = number(value)
    return part if told is None else part | {"value": [min(told, part["value"][0]), told]}


def _days(key: str) -> Any:
    def change(part: Rule, value: Any, _field: Mapping[str, Any]) -> Rule:
        told = number(value)
        return part if told is None or told < 1 else part | {key: int(told)}

    return change


def _toggle(part: Rule, value: Any, _field: Mapping[str, Any]) -> Rule:
    """One value more, or one less; the last one stays."""
    held = part.get("value")
    have = [str(one) for one in (held if isinstance(held, list) else [] if held is None else [held])]
    now = [one for one in have if one != str(value)] if str(value) in have else [*have, str(value)]
    if not now:
        return part
    op = "exists" if part["op"] == "exists" else "eq" if len(now) == 1 else "in"
    return part | {"op": op, "value": now[0] if len(now) == 1 else now}


def _choice(part: Rule, value: Any, _field: Mapping[str, Any]) -> Rule:
    if value == "":
        return {key: kept for key, kept in part.items() if key != "value"}
    return part | {"value": value}


def _text(part: Rule, value: Any, _field: Mapping[str, Any]) -> Rule:
    return part | {"op": "contains", "value": str(value)} if str(value).strip() else part


def _truth(part: Rule, value: Any, _field: Mapping[str, Any]) -> Rule:
    kept = {key: held for key, held in part.items() if key not in ("negated", "value")} | {"op": "exists"}
    return kept if value == "yes" else kept | {"negated": True}


def _saved(part: Rule, value: Any, _field: Mapping[str, Any]) -> Rule:
    return {"audience": str(value)}


def _size(part: Rule, value: Any, _field: Mapping[str, Any]) -> Rule:
    told = number(value)
    if told is None or told <= 0:
        return part
    if "top" in part:
        return part | {"top": int(told)}
    key = "percent" if "by" in part else "sample_pct"
    return part | {key: min(told, 100)}


_CHANGES: Mapping[str, Any] = {
    "op": _op,
    "value": _number,
    "low": _low,
    "high": _high,
    "days": _days("window_days"),
    "within": _days("within_days"),
    "toggle": _toggle,
    "choice": _choice,
    "text": _text,
    "truth": _truth,
    "saved": _saved,
    "size": _size,
}


def named(rule: Mapping[str, Any]) -> set[str]:
    """The fields that the conditions of a rule are on."""
    name = how(rule)
    inner = [rule["not"]] if name == "not" else rule[name] if name else [rule["among"]] if rule.get("among") else []
    own = {str(rule["field"])} if "field" in rule else set[str]()
    return own.union(*(named(part) for part in inner))


def number(value: Any) -> int | float | None:
    """What somebody typed as a number; None for what is none."""
    try:
        told = float(str(value).replace(",", "").replace("，", "").strip())
    except ValueError:
        return None
    if not math.isfinite(told):
        return None
    return int(told) if told.is_integer() else told


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _steps(path: str) -> list[str]:
    return path.split(".") if path else []
