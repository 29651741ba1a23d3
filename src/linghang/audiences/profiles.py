"""The audience along chosen dimensions, with its share and its index against all customers."""

import datetime as dt
import itertools
import math
from collections.abc import Sequence

import numpy as np

from linghang.audiences.index.bits import Words, count
from linghang.audiences.index.nodes import Bits, Node, all_of, any_of, inverse
from linghang.audiences.index.opened import Index
from linghang.audiences.index.running import bitset, shared_with
from linghang.base.errors import UsageError
from linghang.base.predicates import Rule
from linghang.campaigns.sections import Bar, Dimension
from linghang.customers.catalogue import Among, Field, Interval, Spans, Test
from linghang.packs.model import Pack

UNKNOWN = ""
"""The value of the bar of those of whom nothing is known."""
_MOST_BARS = 12
_STEPS = (1, 2, 5)


def profile(
    rule: Rule | None, index: Index, fields: Sequence[str], today: dt.date | None = None
) -> tuple[Dimension, ...]:
    """The members of a rule along fields of the customer table; see ``profile_of``."""
    return profile_of(bitset(index.plan(rule, today), index.words), index, fields, today)


def profile_of(
    members: Words, index: Index, fields: Sequence[str], today: dt.date | None = None
) -> tuple[Dimension, ...]:
    """The given members along fields: count, share of the audience, index (100 = as among all customers).

    Numbers are cut at round values; a bar's ``value`` is then ``low–high`` with an open end empty. The last bar,
    where it has anybody, is those of whom nothing is known. A customer in several groups is in several bars.
    Raises UsageError("audiences.unknown_dimension").
    """
    total = count(members)
    return tuple(Dimension(name, tuple(_bars(name, members, total, index, today or index.as_of))) for name in fields)


def default_dimensions(pack: Pack, index: Index, most: int = 6) -> tuple[str, ...]:
    """The fields that are shown unless others are chosen: those for profiles that the data have, plain ones first."""
    usable = [
        attribute
        for attribute in pack.attributes
        if "profile" in attribute.usable_in and not attribute.sensitive and attribute.name in index.columns
    ]
    kinds = ("ordinal", "category", "integer", "money", "number", "bool")
    ranked = sorted(usable, key=lambda attribute: kinds.index(attribute.kind) if attribute.kind in kinds else 9)
    chosen = {attribute.name for attribute in usable if attribute.name == "age"}
    for attribute in ranked:
        if len(chosen) < most and len(attribute.choices) <= 12:
            chosen.add(attribute.name)
    return tuple(attribute.name for attribute in usable if attribute.name in chosen)


def _bars(name: str, members: Words, total: int, index: Index, today: dt.date) -> list[Bar]:
    cells = cells_of(name, index, today)
    bars: list[Bar] = []
    for (value, _, everywhere), here in zip(cells, shared_with(members, [words for _, words, _ in cells]), strict=True):
        share = here / total if total else 0.0
        bars.append(Bar(value, here, share, round(100 * share / (everywhere / index.population), 1) if total else 0.0))
    if len(bars) <= _MOST_BARS + 1:
        return bars
    kept = sorted(bars, key=lambda bar: -bar.count)[:_MOST_BARS]
    return [bar for bar in bars if bar in kept]


def cells_of(name: str, index: Index, today: dt.date) -> list[tuple[str, Words, int]]:
    """(value, who has it, how many of all customers), of the values that somebody has."""
    return index.remembered(("cells", name, today), lambda: _made(name, index, today))


def _made(name: str, index: Index, today: dt.date) -> list[tuple[str, Words, int]]:
    # A bitset of the index holds only customers and is used as it lies; what is made of others may hold more.
    nodes = [(value, node if isinstance(node, Bits) else all_of((Bits(index.base), node)))
             for value, node in _cells(name, index, today)]  # fmt: skip
    cells = [(value, bitset(node, index.words)) for value, node in nodes]
    sizes = shared_with(index.base, [words for _, words in cells])
    return [(value, words, size) for (value, words), size in zip(cells, sizes, strict=True) if size]


def _cells(name: str, index: Index, today: dt.date) -> list[tuple[str, Node]]:
    field = index.catalogue.fields.get(name)
    told = index.columns.get(name)
    if field is None or told is None:
        raise UsageError("audiences.unknown_dimension", field=name, have=", ".join(index.columns))
    if field.storage == "bool":
        cells = [(value, _leaf(field, value, index, today)) for value in ("true", "false")]
    elif field.storage in ("integer", "money", "number", "date"):
        cells = _numeric(field, index, today)
    else:
        cells = [(value, _leaf(field, value, index, today)) for value in told["values"]]
    known = any_of([node for _, node in cells])
    return [*cells, (UNKNOWN, inverse(known))]


def _leaf(field: Field, value: str, index: Index, today: dt.date) -> Node:
    return index.leaf(Test(field, Among(frozenset({value}))), today)


def _numeric(field: Field, index: Index, today: dt.date) -> list[tuple[str, Node]]:
    edges = round_edges(sample(field, index), 6)
    bounds = [None, *edges, None]
    cells: list[tuple[str, Node]] = []
    for low, high in itertools.pairwise(bounds):
        number = field.storage == "number"
        top = None if high is None else (high if number else int(high) - 1)
        span = Interval(low if low is None or number else int(low), top, False, number and high is not None)
        cells.append((_span_text(field, low, high), index.leaf(Test(field, Spans((span,))), today)))
    return cells


def _span_text(field: Field, low: float | None, high: float | None) -> str:
    def text(value: float | None) -> str:
        if value is None:
            return ""
        said = value / 100 if field.storage == "money" else value
        return f"{said:g}" if abs(said) < 1e6 else f"{said:.0f}"

    return f"{text(low)}–{text(high)}"


def sample(field: Field, index: Index, most: int = 200_000) -> np.ndarray:
    """Known values of a numeric column, evenly taken; for cuts, where exactness is not needed."""
    raw = index.store.array(f"{field.name}/raw")[: index.size]
    step = max(1, index.size // most)
    taken = np.arange(0, index.size, step)
    here = (
        index.base if index.columns[field.name]["complete"] else index.store.array(f"{field.name}/known") & index.base
    )
    known = (here[taken >> 6] >> (taken & 63).astype(np.uint64)) & np.uint64(1)
    return raw[taken[known.astype(np.bool_)]].astype(np.float64) + index.columns[field.name]["offset"]


def round_edges(values: np.ndarray, parts: int) -> list[float]:
    """Round values that cut a sample into about ``parts`` parts of people."""
    if not len(values):
        return []
    edges: list[float] = []
    for share in np.arange(1, parts) / parts:
        exact = float(np.quantile(values, share))
        edge = round_near(exact, float(np.quantile(values, 0.9) - np.quantile(values, 0.1)) / parts)
        if edge not in edges and values.min() < edge <= values.max():
            edges.append(edge)
    return sorted(edges)


def round_near(value: float, scale: float) -> float:
    """The nearest multiple of the largest of 1, 2, 5 × 10ⁿ that is not above ``scale``."""
    if scale <= 0:
        return value
    power = 10.0 ** math.floor(math.log10(scale))
    step = max((power * step for step in _STEPS if power * step <= scale * 1.0001), default=power)
    return round(round(value / step) * step, 10)
