"""Sources: what the terms of a formula are read from, cut by the dimensions of a question."""

from collections.abc import Callable, Mapping, Sequence
from zoneinfo import ZoneInfo

import numpy as np

from linghang.analysis import ledgers
from linghang.analysis.asked import Asked, Numbers
from linghang.analysis.cuts import attribute_of, spell, splits_events
from linghang.analysis.desk import Cells, Desk, audience, instants, partitions
from linghang.analysis.metrics import Term
from linghang.analysis.model import Scalar
from linghang.base.errors import RefusedError

RESPONSES = frozenset({"convert", "purchase", "login", "credit_drawn", "transfer_in", "redeem", "pay"})
"""Events that customers of a campaign do with or without it: read by who they are, not by who takes the credit."""
CREDIT = frozenset({"channel", "slot"})
"""Dimensions that only the credited campaign knows."""
_MEASURES: Mapping[str, str] = {"count": "count()", "customers": "uniqExact(e.customer)", "amount": "sum(e.amount_fen)"}
_WINDOW = (
    "e.at >= parseDateTime64BestEffort({start:String}, 6, 'UTC') "
    "AND e.at < parseDateTime64BestEffort({end:String}, 6, 'UTC')"
)


def read(desk: Desk, asked: Asked, term: Term, *, within: str) -> Cells | None:
    """A term, cut by the dimensions of the question; None if the source cannot be cut so.

    ``within`` is the group of the scope's customers that counts (``treated`` or ``audience``). Customers are parted
    first by what the packages tell (layer, arm), then each part is cut by what rows say.
    """
    parted = next((name for name in asked.dimensions if name in ("segment", "experiment_group")), "")
    reader = READERS[term.source]
    others = tuple(name for name in asked.dimensions if name != parted)
    if not parted or term.source in ("budget",):
        if parted:
            return None
        return reader(desk, asked, term, others, audience(asked, within))
    place = asked.dimensions.index(parted)
    cells: Cells = {}
    for name, groups in partitions(asked, parted).items():
        members = groups[within] if within in groups else groups["audience"]
        if asked.members is not None:
            members = np.intersect1d(members, asked.members).astype(np.uint32)
        found = reader(desk, asked, term, others, members)
        if found is None:
            return None
        cells.update({(*key[:place], name, *key[place:]): value for key, value in found.items()})
    return cells


def _events(desk: Desk, asked: Asked, term: Term, dims: Sequence[str], members: Numbers | None) -> Cells | None:
    if not all(splits_events(name, asked.pack) for name in dims):
        return None
    told = spell(dims, asked.pack, asked.bins)
    params: dict[str, Scalar] = {**told.params, **instants(asked), "name": term.where["name"]}
    where = ["e.name = {name:String}", _WINDOW]
    credited = term.where["name"] not in RESPONSES or bool(CREDIT & {*dims, *asked.native})
    if asked.scope and credited:
        where.append(f"e.campaign_id IN ({_texts([study.id for study in asked.scope])})")
    where += _native(asked, term, dims)
    if members is not None:
        where.append("e.customer IN {members:Array(UInt32)}")
    if term.where.get("first") == "true":
        earlier = "name = {name:String} AND at < parseDateTime64BestEffort({start:String}, 6, 'UTC')"
        where.append(f"e.customer NOT IN (SELECT customer FROM {desk.log} WHERE {earlier})")
    joined = ""
    if told.attributes:
        columns = ", ".join(f"`{name}`" for name in dict.fromkeys(told.attributes))
        joined = f" INNER JOIN (SELECT customer, {columns} FROM {desk.table}) AS c ON c.customer = e.customer"
    named, grouped = _grouping(told.select)
    measure = _MEASURES[term.measure]
    sql = f"SELECT {measure} AS n{named} FROM {desk.log} AS e{joined} WHERE {' AND '.join(where)}{grouped}"
    return _summed(desk, sql, params, members, len(dims))


def _summed(desk: Desk, sql: str, params: Mapping[str, Scalar], members: Numbers | None, dims: int) -> Cells:
    """The rows of a statement by their dimensions, the blocks of customers added up."""
    cells: Cells = {}
    for block in desk.events(sql, params, members):
        keys = list(zip(*(block[f"d{n}"] for n in range(dims)), strict=True)) if dims else [()] * len(block["n"])
        for key, value in zip(keys, block["n"], strict=True):
            cells[key] = cells.get(key, 0.0) + float(value or 0)
    return cells


def _grouping(expressions: Sequence[str]) -> tuple[str, str]:
    """What to select besides the measure, and the GROUP BY of it."""
    grouped = f" GROUP BY {', '.join(f'd{n}' for n in range(len(expressions)))}" if expressions else ""
    return "".join(f", {expression}" for expression in expressions), grouped


def _native(asked: Asked, term: Term, dims: Sequence[str]) -> list[str]:
    where: list[str] = []
    for name, column in (("channel", "channel"), ("slot", "slot"), ("product", "object")):
        if name in asked.native:
            where.append(f"e.{column} IN ({_texts(asked.native[name])})")
        elif name in dims:
            where.append(f"e.{column} != ''")
    if "object" in term.where:
        where.append(f"e.object IN ({_texts([term.where['object']])})")
    products = {study.product for study in asked.scope} - {""}
    if term.where["name"] == "convert" and products and "product" not in asked.native:
        # Within a campaign a response is one to its product; an event that names none counts.
        where.append(f"e.object IN ({_texts([*sorted(products), ''])})")
    return where


def _texts(values: Sequence[str]) -> str:
    """Values as SQL texts. Quotes and backslashes are escaped, so that no value can end its text."""
    return ", ".join("'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'" for value in values) or "''"


def _audience(desk: Desk, asked: Asked, term: Term, dims: Sequence[str], members: Numbers | None) -> Cells | None:
    found = [attribute_of(name, asked.pack) for name in dims]
    if any(item is None for item in found):
        return None
    told = spell(dims, asked.pack, asked.bins)
    where = []
    if term.where.get("active") == "false":
        active = attribute_of("last_active_days", asked.pack)
        if active is None:
            raise RefusedError("analysis.no_field", field="last_active_days")
        where.append("c.last_active_days > 90")
    if members is not None:
        where.append("c.customer IN {members:Array(UInt32)}")
    condition = f" WHERE {' AND '.join(where)}" if where else ""
    named, grouped = _grouping(told.select)
    if not dims and "active" not in term.where:
        desk.note("members(snapshots and conditions)" if members is not None else f"SELECT count() FROM {desk.table}")
        return {(): float(desk.size if members is None else len(members))}
    sql = f"SELECT count() AS n{named} FROM {desk.table} AS c{condition}{grouped}"
    return _summed(desk, sql, told.params, members, len(dims)) or {(): 0.0}


def _customers(desk: Desk, asked: Asked, term: Term, dims: Sequence[str], members: Numbers | None) -> Cells | None:
    """Customers who are new in the window: by the days since they registered, counted back from the table's day."""
    if attribute_of("register_days", asked.pack) is None:
        raise RefusedError("analysis.no_field", field="register_days")
    if any(attribute_of(name, asked.pack) is None for name in dims):
        return None
    generation = ledgers.generation(desk)
    told = spell(dims, asked.pack, asked.bins)
    zone = ZoneInfo(asked.pack.zone)
    first = (generation.as_of - asked.window.start.astimezone(zone).date()).days
    last = (generation.as_of - asked.window.end.astimezone(zone).date()).days
    where = [f"c.register_days <= {first}", f"c.register_days > {last}"]
    if members is not None:
        where.append("c.customer IN {members:Array(UInt32)}")
    named, grouped = _grouping(told.select)
    sql = f"SELECT count() AS n{named} FROM {desk.table} AS c WHERE {' AND '.join(where)}{grouped}"
    return _summed(desk, sql, told.params, members, len(dims))


def _holdings(desk: Desk, asked: Asked, term: Term, dims: Sequence[str], members: Numbers | None) -> Cells | None:
    # Holdings are imported as they stand; what they were on an earlier day is not kept, and is not made up.
    raise RefusedError("analysis.no_history", source="holdings")


Reader = Callable[[Desk, Asked, Term, Sequence[str], "Numbers | None"], "Cells | None"]
READERS: Mapping[str, Reader] = {
    "events": _events,
    "audience": _audience,
    "customers": _customers,
    "holdings": _holdings,
    "sends": ledgers.sends,
    "benefits": ledgers.benefits,
    "cost": ledgers.cost,
    "budget": ledgers.budget,
    "experiment": ledgers.experiment,
}
