"""The catalogue's formulas, parsed: ``source(key=value, …).measure`` joined by plus and minus, over a denominator."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from linghang.base.errors import RefusedError
from linghang.packs.model import Metric, Pack

_TERM = re.compile(r"([+-]?)\s*([a-z_]+)(?:\(([^()]*)\))?\.([a-z_]+)")
SOURCES: Mapping[str, tuple[str, ...]] = {
    "events": ("count", "customers", "amount", "days"),
    "sends": ("count", "customers"),
    "benefits": ("count", "customers", "amount"),
    "audience": ("customers",),
    "cost": ("amount",),
    "budget": ("amount",),
    "experiment": ("lift", "incremental", "gain"),
    "customers": ("count",),
    "holdings": ("customers", "amount"),
}
"""Source → what it can be measured by."""


@dataclass(frozen=True)
class Term:
    """One term of a formula: ``sign`` 1 or −1, a source with its conditions, and what is measured of it."""

    sign: int
    source: str
    measure: str
    where: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Formula:
    """A metric ready to be read: numerator, and denominator where it is a share or a ratio."""

    metric: Metric
    numerator: tuple[Term, ...]
    denominator: tuple[Term, ...] = ()


def formula_of(name: str, pack: Pack) -> Formula:
    """The formula of a metric. Raises RefusedError("analysis.unknown_metric" | "analysis.bad_formula")."""
    metric = next((item for item in pack.metrics if item.name == name), None)
    if metric is None:
        raise RefusedError("analysis.unknown_metric", metric=name)
    return Formula(metric, terms(metric.numerator, name), terms(metric.denominator, name) if metric.denominator else ())


def terms(text: str, name: str = "") -> tuple[Term, ...]:
    """The terms of one side of a formula."""
    found: list[Term] = []
    rest = text.strip()
    while rest:
        match = _TERM.match(rest)
        if match is None or (found and not match[1]):
            raise RefusedError("analysis.bad_formula", metric=name, formula=text)
        sign, source, conditions, measure = match.groups()
        if measure not in SOURCES.get(source, ()):
            raise RefusedError("analysis.bad_formula", metric=name, formula=text)
        found.append(Term(-1 if sign == "-" else 1, source, measure, _conditions(conditions or "", name, text)))
        rest = rest[match.end() :].strip()
    return tuple(found)


def _conditions(text: str, name: str, formula: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        key, equals, value = part.partition("=")
        if not equals or not key.strip() or not value.strip():
            raise RefusedError("analysis.bad_formula", metric=name, formula=formula)
        found[key.strip()] = value.strip()
    return found
