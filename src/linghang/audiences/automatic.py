"""Layers that make themselves: by value, by life cycle, or by predicted uplift; their rules can be read."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from linghang.audiences.hearing import explain
from linghang.audiences.index.bits import Numbers, Words, numbers_of
from linghang.audiences.index.nodes import Bits, all_of
from linghang.audiences.index.opened import Index
from linghang.audiences.index.running import bitset, count
from linghang.audiences.layering import cut_by
from linghang.audiences.profiles import round_edges
from linghang.base.errors import RefusedError, UsageError
from linghang.base.predicates import Combination, Predicate, Rule
from linghang.campaigns.sections import Layer, Layers
from linghang.customers.catalogue import Field
from linghang.experiments.assignment import uniforms
from linghang.packs.model import Attribute, Pack

By = Literal["value", "lifecycle", "uplift"]
_LIFE = ("lifecycle", "member_tier", "last_login_days")
_MOST = 5
_LEAST_SHARE = 0.05
_EDGES = 8
_LOOKED_AT = 200_000
_SURE = 2.0


def automatic(
    by: By, members: Words, index: Index, pack: Pack, *, today: dt.date | None = None,
    uplift: npt.NDArray[np.float64] | None = None,
) -> Layers:  # fmt: skip
    """Disjoint layers that cover the members.

    ``value`` cuts by the first amount of money of the pack, ``lifecycle`` by where customers are with the institution,
    ``uplift`` by the predicted effect (one number for each member, in ascending order of members). Raises
    RefusedError("audiences.no_such_layers") where the data have no such field, UsageError for missing predictions.
    """
    day = today or index.as_of
    if by == "uplift":
        if uplift is None or len(uplift) != count(Bits(members), index.words):
            raise UsageError("audiences.needs_predictions", have=0 if uplift is None else len(uplift))
        return _by_uplift(members, uplift, index, pack, day)
    names = [one.name for one in pack.attributes if one.kind == "money"] if by == "value" else _LIFE
    attribute = next((found for name in names if (found := _usable(name, index, pack)) is not None), None)
    if attribute is None:
        raise RefusedError("audiences.no_such_layers", by=by)
    return cut_by(members, index, attribute, (), day)


def _usable(name: str, index: Index, pack: Pack) -> Attribute | None:
    found = next((one for one in pack.attributes if one.name == name), None)
    good = found is not None and "layer" in found.usable_in and name in index.columns and not found.parameter
    return found if good else None


@dataclass(frozen=True)
class _Leaf:
    """A part of the members that were looked at: its conditions, and which of them are in it."""

    path: tuple[Rule, ...]
    inside: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class _Question:
    """Something that can be asked of customers: its yes, its no, and who of those looked at says yes."""

    yes: Rule
    no: Rule
    holds: npt.NDArray[np.bool_]


def _by_uplift(members: Words, uplift: npt.NDArray[np.float64], index: Index, pack: Pack, day: dt.date) -> Layers:
    """A small regression tree: each question is chosen on one half of the members and must also hold on the other."""
    numbers = numbers_of(members)
    step = max(1, len(numbers) // _LOOKED_AT)
    some, values = numbers[::step], uplift[::step]
    questions = _questions(some, members, index, pack, day)
    half = uniforms(some, "layers") < 0.5
    leaves = [_Leaf((), np.ones(len(some), np.bool_))]
    while len(leaves) < _MOST:
        found = max(
            ((*best, leaf) for leaf in leaves if (best := _best(leaf, questions, values, half)) is not None),
            key=lambda one: one[0],
            default=None,
        )
        if found is None:
            break
        _, question, leaf = found
        leaves.remove(leaf)
        leaves.append(_Leaf((*leaf.path, question.yes), leaf.inside & question.holds))
        leaves.append(_Leaf((*leaf.path, question.no), leaf.inside & ~question.holds))
    made = sorted(leaves, key=lambda leaf: -float(values[leaf.inside].mean()))
    layers = (_layer(place, leaf, values, members, index, pack, day) for place, leaf in enumerate(made))
    return Layers("uplift", tuple(layers))


def _best(
    leaf: _Leaf, questions: Sequence[_Question], values: npt.NDArray[np.float64], half: npt.NDArray[np.bool_]
) -> tuple[float, _Question] | None:
    """The question that parts a leaf best: the most of the squared error explained on one half, sure on the other."""
    best: tuple[float, _Question] | None = None
    least = max(2, int(_LEAST_SHARE * len(values)))
    for question in questions:
        yes, no = leaf.inside & question.holds, leaf.inside & ~question.holds
        if min(int(yes.sum()), int(no.sum())) < least:
            continue
        one, zero = values[yes & half], values[no & half]
        gap = float(one.mean() - zero.mean()) if len(one) and len(zero) else 0.0
        gain = gap * gap * len(one) * len(zero) / max(len(one) + len(zero), 1)
        if gain > (best[0] if best else 0.0) and _sure(values[yes & ~half], values[no & ~half], gap):
            best = gain, question
    return best


def _sure(one: npt.NDArray[np.float64], zero: npt.NDArray[np.float64], gap: float) -> bool:
    if min(len(one), len(zero)) < 2:
        return False
    error = float(np.sqrt(one.var(ddof=1) / len(one) + zero.var(ddof=1) / len(zero)))
    told = float(one.mean() - zero.mean())
    return told * gap > 0 and abs(told) > _SURE * error


def _questions(some: Numbers, members: Words, index: Index, pack: Pack, day: dt.date) -> list[_Question]:
    found: list[_Question] = []
    for attribute in pack.attributes:
        if _usable(attribute.name, index, pack) is None or attribute.sensitive:
            continue
        field = index.catalogue.fields[attribute.name]
        for yes in _conditions(field, some, index):
            words = bitset(all_of((Bits(members), index.plan(yes, day))), index.words)
            bits = (words[some >> np.uint32(6)] >> (some & np.uint32(63)).astype(np.uint64)) & np.uint64(1)
            found.append(_Question(yes, _opposite(yes, field, index), bits.astype(np.bool_)))
    return found


def _conditions(field: Field, some: Numbers, index: Index) -> list[Predicate]:
    told = index.columns[field.name]
    if field.storage == "bool":
        return [Predicate(field.name, "exists")]
    if field.storage in ("integer", "money", "number"):
        values = index.store.array(f"{field.name}/raw")[some].astype(np.float64) + told["offset"]
        scale = 100 if field.storage == "money" else 1
        edges = [edge / scale for edge in round_edges(values, _EDGES)]
        return [Predicate(field.name, "ge", int(edge) if edge.is_integer() else edge) for edge in edges]
    return [Predicate(field.name, "eq", value) for value in told["values"]] if len(told["values"]) <= 24 else []


def _opposite(yes: Predicate, field: Field, index: Index) -> Rule:
    """Everybody else: said by the other side of a bound where everybody's value is known."""
    if index.columns[field.name]["complete"] or field.zero:
        if yes.op == "ge":
            return Predicate(yes.field, "lt", yes.value)
        return Predicate(yes.field, yes.op, yes.value, negated=True)
    return Combination("not", (yes,))


def _layer(
    place: int, leaf: _Leaf, values: npt.NDArray[np.float64], members: Words, index: Index, pack: Pack, day: dt.date
) -> Layer:
    rule: Rule = leaf.path[0] if len(leaf.path) == 1 else Combination("all", leaf.path)
    size = count(all_of((Bits(members), index.plan(rule, day))), index.words)
    params = {
        "rule": explain(rule, pack, "zh-CN"), "rule_en": explain(rule, pack, "en"),
        "uplift": round(100 * float(values[leaf.inside].mean()), 2),
    }  # fmt: skip
    return Layer(f"L{place + 1}", "audiences.layer_uplift", rule, size, params)
