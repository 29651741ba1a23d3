"""Layers: the audience cut by one attribute, by rules that a person can read; disjoint, and everyone is in one."""

import datetime as dt
import itertools
from collections.abc import Sequence

import numpy as np

from linghang.audiences.index.bits import Words
from linghang.audiences.index.nodes import Bits, all_of
from linghang.audiences.index.opened import Index
from linghang.audiences.index.running import bitset, count
from linghang.audiences.profiles import round_edges
from linghang.audiences.vocabulary import unit_words
from linghang.base.predicates import Combination, Predicate, Rule, Value
from linghang.campaigns.sections import Layer, Layers
from linghang.customers.catalogue import Field
from linghang.packs.model import Attribute, Label, Pack

LEAST = 3
_MOST = 6
_REST = "rest"
_TRUTH = {"true": Label("是", "yes"), "false": Label("否", "no")}
_NUMERIC = ("integer", "money", "number")
_PREFERRED = ("aum_cny", "lifecycle", "member_tier", "last_login_days", "age")


def layers(
    members: Words,
    index: Index,
    pack: Pack,
    *,
    attribute: str = "",
    cuts: Sequence[float] = (),
    today: dt.date | None = None,
) -> Layers:
    """Cut members by ``attribute`` at ``cuts`` (as people say them, money in yuan).

    An attribute that cannot cut these members into three gives way to the pack's others for layers, the likely ones
    first; where nothing cuts, a single layer holds everyone. Those without a value are a layer of their own. Layers
    without anybody are left out.
    """
    day = today or index.as_of
    best: Layers | None = None
    for name in _candidates(attribute, index, pack):
        wanted = tuple(cuts) if name == attribute else ()
        found = cut_by(members, index, next(one for one in pack.attributes if one.name == name), wanted, day)
        if len(found.layers) >= LEAST:
            return found
        if best is None or len(found.layers) > len(best.layers):
            best = found
    if best is not None and best.layers:
        return best
    total = count(Bits(members), index.words)
    everyone = Layer("all", "audiences.layer_all", Combination("all", ()), total)
    return Layers("", (everyone,))


def layer_members(layer: Layer, members: Words, index: Index, today: dt.date | None = None) -> Words:
    """The bitset of a layer within the audience."""
    return bitset(all_of((Bits(members), index.plan(layer.rule, today))), index.words)


def _candidates(attribute: str, index: Index, pack: Pack) -> list[str]:
    # Groups overlap, so they cannot cut.
    usable = [
        one.name
        for one in pack.attributes
        if "layer" in one.usable_in and one.name in index.columns and one.parameter == ""
    ]
    likely = [name for name in _PREFERRED if name in usable]
    plain = [one.name for one in pack.attributes if one.name in usable and not one.sensitive]
    return list(dict.fromkeys([*([attribute] if attribute in usable else []), *likely, *plain]))


def cut_by(members: Words, index: Index, attribute: Attribute, cuts: Sequence[float], today: dt.date) -> Layers:
    """Members cut by one attribute, whatever becomes of it; those without a value are a layer of their own."""
    name = attribute.name
    field = index.catalogue.fields[name]
    if field.storage in _NUMERIC:
        pieces = _by_number(members, index, field, cuts)
    elif field.storage == "bool":
        pieces = [("true", Predicate(name, "exists")), ("false", Predicate(name, "exists", negated=True))]
    else:
        pieces = _by_value(members, index, field, today)
    found: list[Layer] = []
    total = count(Bits(members), index.words)
    for code, rule in pieces:
        size = count(all_of((Bits(members), index.plan(rule, today))), index.words)
        if size:
            found.append(_layer(len(found), attribute, rule, code, size))
    rest = total - sum(layer.count for layer in found)
    if rest:
        rule = Combination("not", (Combination("any", tuple(layer.rule for layer in found)),))
        found.append(_layer(len(found), attribute, rule, _REST, rest))
    return Layers(name, tuple(found))


def _layer(place: int, attribute: Attribute, rule: Rule, value: str, size: int) -> Layer:
    params: dict[str, object] = {
        "field": attribute.name, "label": attribute.label.zh, "label_en": attribute.label.en, "value": value
    }  # fmt: skip
    if value == _REST:
        return Layer(f"L{place + 1}", "audiences.layer_rest", rule, size, params)
    if attribute.kind in _NUMERIC:
        low, high = _ends(rule)
        unit = attribute.unit if attribute.kind != "money" else "元"
        params |= {"low": low, "high": high, "range": _range(low, high, unit)}
        params |= {"range_en": _range(low, high, unit_words(unit, "en"))}
        return Layer(f"L{place + 1}", "audiences.layer_range", rule, size, params)
    label = next((choice.label for choice in attribute.choices if str(choice.value) == value), _TRUTH.get(value))
    params |= {"value_zh": label.zh if label else value, "value_en": label.en if label else value}
    return Layer(f"L{place + 1}", "audiences.layer_value", rule, size, params)


def _range(low: Value, high: Value, unit: str) -> str:
    if low is None:
        return f"<{high}{unit}"
    return f"{low}–{high}{unit}" if high is not None else f"≥{low}{unit}"


def _ends(rule: Rule) -> tuple[Value, Value]:
    parts = rule.parts if isinstance(rule, Combination) else (rule,)
    found = {part.op: part.value for part in parts if isinstance(part, Predicate)}
    return found.get("ge"), found.get("lt")


def _by_number(members: Words, index: Index, field: Field, cuts: Sequence[float]) -> list[tuple[str, Rule]]:
    scale = 100 if field.storage == "money" else 1
    edges = list(cuts) or [edge / scale for edge in round_edges(values_of(members, index, field), LEAST)]
    if not edges:
        return [("any", Predicate(field.name, "exists"))]
    rules: list[Rule] = [Predicate(field.name, "lt", plain_number(edges[0]))]
    for low, high in itertools.pairwise(edges):
        both = (Predicate(field.name, "ge", plain_number(low)), Predicate(field.name, "lt", plain_number(high)))
        rules.append(Combination("all", both))
    rules.append(Predicate(field.name, "ge", plain_number(edges[-1])))
    return [(_span(rule), rule) for rule in rules]


def _span(rule: Rule) -> str:
    low, high = ("" if end is None else end for end in _ends(rule))
    return f"{low}–{high}"


def plain_number(value: float) -> int | float:
    """A number as people write it: whole where it is."""
    return int(value) if float(value).is_integer() and abs(value) < 2**53 else float(value)


def values_of(members: Words, index: Index, field: Field) -> np.ndarray:
    """Known values of members of a numeric column, evenly taken where they are many; for cuts and bounds."""
    raw = index.store.array(f"{field.name}/raw")
    known = members if index.columns[field.name]["complete"] else members & index.store.array(f"{field.name}/known")
    chosen = np.flatnonzero(np.unpackbits(known.view(np.uint8), bitorder="little"))
    step = max(1, len(chosen) // 200_000)
    return raw[chosen[::step]].astype(np.float64) + index.columns[field.name]["offset"]


def _by_value(members: Words, index: Index, field: Field, today: dt.date) -> list[tuple[str, Rule]]:
    values = index.columns[field.name]["values"]
    sized = [
        (count(all_of((Bits(members), index.plan(Predicate(field.name, "eq", value), today))), index.words), value)
        for value in values
    ]
    kept = [(size, value) for size, value in sized if size]
    if len(kept) > _MOST:
        largest = sorted(kept, reverse=True)[: _MOST - 1]
        kept = [one for one in kept if one in largest]
    return [(value, Predicate(field.name, "eq", value)) for _, value in kept]
