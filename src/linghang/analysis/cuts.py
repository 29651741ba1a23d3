"""Splits: which dimension a source can be cut by, and how it says it in SQL. Values of dimensions are texts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from linghang.analysis.model import Scalar
from linghang.packs.model import Attribute, Pack

USUAL_BINS = (0.0, 10_000.0, 50_000.0, 200_000.0, 500_000.0, 1_000_000.0)
"""Yuan, where money is to be cut and nobody said how."""
_EVENTS: Mapping[str, str] = {
    "channel": "e.channel",
    "slot": "e.slot",
    "product": "e.object",
    "campaign": "e.campaign_id",
    "date": "toString(toDate(e.at, {zone:String}))",
    "hour": "toString(toHour(e.at, {zone:String}))",
}
_ATTRIBUTES: Mapping[str, str] = {"aum_tier": "aum_cny", "new_or_existing": "lifecycle"}
"""Dimensions that are an attribute under another name."""
PARTITIONS = ("segment", "experiment_group")
"""Dimensions that the package's snapshots and hashes tell: customers are parted, then each part is read."""


@dataclass
class Spell:
    """A dimension in SQL: the expression, and the columns of customers that it needs."""

    select: list[str] = field(default_factory=list)
    attributes: list[str] = field(default_factory=list)
    params: dict[str, Scalar] = field(default_factory=dict)


def attribute_of(dimension: str, pack: Pack) -> Attribute | None:
    """The attribute of customers that a dimension means, or None."""
    name = _ATTRIBUTES.get(dimension, dimension)
    return next((item for item in pack.attributes if item.name == name and item.source == "column"), None)


def splits_events(dimension: str, pack: Pack) -> bool:
    """Whether events can be cut by a dimension in one statement."""
    return dimension in _EVENTS or attribute_of(dimension, pack) is not None


def spell(dimensions: Sequence[str], pack: Pack, bins: Sequence[float]) -> Spell:
    """The expressions ``d0``, ``d1`` … of dimensions over events ``e`` and customers ``c``."""
    told = Spell(params={"zone": pack.zone})
    for n, dimension in enumerate(dimensions):
        if dimension in _EVENTS:
            told.select.append(f"{_EVENTS[dimension]} AS d{n}")
            continue
        attribute = attribute_of(dimension, pack)
        if attribute is None:
            raise KeyError(dimension)
        told.attributes.append(attribute.name)
        told.select.append(f"{attribute_text(dimension, attribute, bins)} AS d{n}")
    return told


def attribute_text(dimension: str, attribute: Attribute, bins: Sequence[float], alias: str = "c") -> str:
    """The text of an attribute's value in SQL; money and amounts in bins ``low–high``, unknown as ``?``."""
    column = f"{alias}.`{attribute.name}`"
    if dimension == "new_or_existing":
        return f"if(isNull({column}), '?', if({column} = 'new', 'new', 'existing'))"
    if attribute.kind in ("money", "number", "integer") and (bins or attribute.kind == "money"):
        scale = 100 if attribute.kind == "money" else 1
        edges = sorted(bins or USUAL_BINS)
        cases = [f"isNull({column}), '?'"]
        cases += [
            f"{column} < {int(high * scale)}, '{_span(low, high)}'"
            for low, high in zip([None, *edges[:-1]], edges, strict=True)
        ]
        return f"multiIf({', '.join(cases)}, '{_span(edges[-1], None)}')"
    return f"ifNull(toString({column}), '?')"


def _span(low: float | None, high: float | None) -> str:
    left = "" if low is None else f"{low:.0f}"
    right = "" if high is None else f"{high:.0f}"
    return f"{left}–{right}"
