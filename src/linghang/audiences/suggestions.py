"""How to come nearer to a wanted size: conditions to drop, move, widen, tighten or add, each counted exactly."""

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from linghang.audiences.counting import conditions
from linghang.audiences.index.bits import Words
from linghang.audiences.index.nodes import Bits, all_of
from linghang.audiences.index.opened import Index
from linghang.audiences.index.running import bitset, count
from linghang.audiences.layering import plain_number, values_of
from linghang.audiences.profiles import default_dimensions, profile_of, round_near
from linghang.audiences.rules import validate
from linghang.base.errors import UsageError
from linghang.base.findings import blocks
from linghang.base.predicates import Behaviour, Combination, Predicate, Ranked, Rule, Sampled, Value
from linghang.customers.catalogue import Field
from linghang.packs.model import Pack

_WINDOWS = (1, 3, 7, 14, 30, 60, 90, 180, 365)
_NUMERIC = ("integer", "money", "number")
_FINENESS = 20
"""A bound is rounded to about this part of the spread of the values."""
_ALIKE = 2


@dataclass(frozen=True)
class Suggestion:
    """A changed rule, its exact size, and what was changed: a message code with parameters and the conditions."""

    code: str
    rule: Rule
    count: int
    before: Rule | None = None
    after: Rule | None = None


def suggest(
    rule: Rule, index: Index, pack: Pack, wanted: int, today: dt.date | None = None, *, most: int = 6
) -> tuple[Suggestion, ...]:
    """Changes of a rule that come nearer to ``wanted`` customers, the nearest first; at most two of a kind.

    Only changes of one condition; what would leave nobody is left out. Raises UsageError("audiences.bad_size") and
    RefusedError("audiences.bad_rule").
    """
    if wanted < 1:
        raise UsageError("audiences.bad_size", size=wanted)
    day = today or index.as_of
    now = count(index.plan(rule, day), index.words)
    parts = conditions(rule)
    made = _widened(parts, index, wanted, day) if wanted > now else _narrowed(rule, parts, index, pack, wanted, day)
    found: dict[Rule, Suggestion] = {}
    for one in made:
        nearer = one.count and abs(_miss(one.count, wanted)) < abs(_miss(max(now, 1), wanted))
        if nearer and not blocks(validate(one.rule, pack)):
            found.setdefault(one.rule, one)
    ordered = sorted(found.values(), key=lambda one: abs(_miss(one.count, wanted)))
    kinds: dict[str, int] = {}
    kept: list[Suggestion] = []
    for one in ordered:
        kinds[one.code] = kinds.get(one.code, 0) + 1
        if kinds[one.code] <= _ALIKE:
            kept.append(one)
    return tuple(kept[:most])


def _miss(size: int, wanted: int) -> float:
    return math.log(size / wanted)


def _widened(parts: tuple[Rule, ...], index: Index, wanted: int, day: dt.date) -> Iterator[Suggestion]:
    for place, part in enumerate(parts):
        others = (*parts[:place], *parts[place + 1 :])
        rest = bitset(index.plan(Combination("all", others), day), index.words)
        yield Suggestion("audiences.suggest_drop", _all(others), _size(rest, None, index, day), part)
        yield from _changed(part, others, rest, index, wanted, day, wider=True)


def _narrowed(
    rule: Rule, parts: tuple[Rule, ...], index: Index, pack: Pack, wanted: int, day: dt.date
) -> Iterator[Suggestion]:
    members = bitset(index.plan(rule, day), index.words)
    for place, part in enumerate(parts):
        others = (*parts[:place], *parts[place + 1 :])
        rest = bitset(index.plan(Combination("all", others), day), index.words)
        yield from _changed(part, others, rest, index, wanted, day, wider=False)
    used = {part.field for part in parts if isinstance(part, Predicate)}
    for name in default_dimensions(pack, index, 10):
        field = index.catalogue.fields[name]
        if name in used:
            continue
        for added in _added(field, members, index, wanted, day):
            size = _size(members, added, index, day)
            yield Suggestion("audiences.suggest_add", _all((*parts, added)), size, None, added)
    total = _size(members, None, index, day)
    percent = max(0.01, round(100 * wanted / total, 2)) if total else 0.0
    if 0 < percent < 100:
        sampled = Sampled(plain_number(percent), "size")
        size = _size(members, sampled, index, day)
        yield Suggestion("audiences.suggest_sample", _all((*parts, sampled)), size, None, sampled)
    score = next((one.name for one in pack.attributes if one.kind == "money" and _ranks(one.name, index)), "")
    if score:
        ranked = Ranked(score, top=wanted, among=rule)
        yield Suggestion("audiences.suggest_top", ranked, count(index.plan(ranked, day), index.words), None, ranked)


def _ranks(name: str, index: Index) -> bool:
    return name in index.columns and index.catalogue.fields[name].usable


def _changed(
    part: Rule, others: tuple[Rule, ...], rest: Words, index: Index, wanted: int, day: dt.date, *, wider: bool
) -> Iterator[Suggestion]:
    """The variants of a condition, each with its size among those who satisfy the others."""
    code = "audiences.suggest_widen" if wider else "audiences.suggest_tighten"
    for other in _variants(part, rest, index, wanted, day):
        if other != part:
            yield Suggestion(code, _all((*others, other)), _size(rest, other, index, day), part, other)


def _variants(part: Rule, rest: Words, index: Index, wanted: int, day: dt.date) -> Iterator[Rule]:
    if isinstance(part, Predicate | Behaviour) and part.window_days is not None:
        yield from (replace(part, window_days=days) for days in _WINDOWS)
    if not isinstance(part, Predicate) or part.negated:
        return
    field = index.catalogue.fields.get(part.field)
    if field is None or field.source != "column" or field.name not in index.columns:
        return
    if field.storage in _NUMERIC:
        yield from _moved(part, field, rest, index, wanted, day)
    elif part.op in ("eq", "in"):
        yield from _other_values(part, index)


def _moved(part: Predicate, field: Field, rest: Words, index: Index, wanted: int, day: dt.date) -> Iterator[Rule]:
    """A comparison with one bound moved to where about ``wanted`` remain."""
    if part.op in ("ge", "gt", "le", "lt"):
        yield from (replace(part, value=end) for end in _bounds(field, rest, index, wanted, part.op in ("ge", "gt")))
    if part.op == "between" and isinstance(part.value, tuple) and len(part.value) == 2:
        low, high = part.value
        below = _kept(rest, Predicate(part.field, "le", high), index, day)
        above = _kept(rest, Predicate(part.field, "ge", low), index, day)
        for end in _bounds(field, below, index, wanted, True):
            if float(end) <= float(high):  # type: ignore[arg-type]
                yield replace(part, value=(end, high))
        for end in _bounds(field, above, index, wanted, False):
            if float(end) >= float(low):  # type: ignore[arg-type]
                yield replace(part, value=(low, end))


def _bounds(field: Field, members: Words, index: Index, wanted: int, upper: bool) -> list[Value]:
    """Round bounds that leave about ``wanted`` of the members above (or below) them."""
    values = values_of(members, index, field)
    known = count(Bits(members), index.words)
    if not len(values) or not known:
        return []
    share = min(1.0, wanted / known)
    exact = float(np.quantile(values, 1 - share if upper else share))
    spread = float(np.quantile(values, 0.95) - np.quantile(values, 0.05))
    scale = 100 if field.storage == "money" else 1
    found: dict[Value, None] = {}
    for part in (_FINENESS, _FINENESS * 10):
        fine = max(spread / part, scale if field.storage == "money" else 1 if field.storage == "integer" else 0.0)
        found[plain_number(round_near(exact, fine) / scale)] = None
    return list(found)


def _other_values(part: Predicate, index: Index) -> Iterator[Rule]:
    """One value more or one less; of ordered values only a neighbour."""
    have = list(part.value) if isinstance(part.value, tuple) else [part.value]
    field = index.catalogue.fields[part.field]
    every: list[str] = index.columns[part.field]["values"]
    places = [every.index(str(value)) for value in have if str(value) in every]
    for place, value in enumerate(every):
        near = field.storage != "ordinal" or any(abs(place - other) == 1 for other in places)
        if place not in places and near:
            yield replace(part, op="in", value=(*have, value))  # type: ignore[arg-type]
    for value in have if len(have) > 1 else ():
        left = tuple(other for other in have if other != value)
        yield replace(part, op="in" if len(left) > 1 else "eq", value=left if len(left) > 1 else left[0])  # type: ignore[arg-type]


def _added(field: Field, members: Words, index: Index, wanted: int, day: dt.date) -> Iterator[Rule]:
    if field.storage in _NUMERIC:
        yield from (Predicate(field.name, "ge", end) for end in _bounds(field, members, index, wanted, True))
        yield from (Predicate(field.name, "le", end) for end in _bounds(field, members, index, wanted, False))
        return
    (dimension,) = profile_of(members, index, (field.name,), day)
    bars = [bar for bar in dimension.bars if bar.value]
    if field.storage == "bool":
        yield from (Predicate(field.name, "exists", negated=bar.value != "true") for bar in bars)
        return
    # The values that are usual in this audience first: they keep its character.
    kept: list[str] = []
    for bar in sorted(bars, key=lambda bar: -bar.index):
        kept.append(bar.value)
        if len(kept) < len(bars):
            yield Predicate(field.name, "eq", kept[0]) if len(kept) == 1 else Predicate(field.name, "in", tuple(kept))


def _kept(members: Words, rule: Rule, index: Index, day: dt.date) -> Words:
    return bitset(all_of((Bits(members), index.plan(rule, day))), index.words)


def _size(members: Words, rule: Rule | None, index: Index, day: dt.date) -> int:
    node = Bits(members) if rule is None else all_of((Bits(members), index.plan(rule, day)))
    return count(node, index.words)


def _all(parts: tuple[Rule, ...]) -> Rule:
    return parts[0] if len(parts) == 1 else Combination("all", parts)
