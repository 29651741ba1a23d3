"""Allocate the budget over layers × options: a small linear programme for the shape, then exact whole customers.

Multiple-choice knapsack with groups: each customer of a layer takes one option or no contact. The programme's dual of
the budget row is the price: extra responses that one more yuan buys. Rounding down and an exact fill keep every
limit (budget, pools, stock, reach of a channel) to the fen, which the tests prove for arbitrary inputs.
"""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from linghang.base.findings import Finding, Fix, Severity
from linghang.benefits.costs import Cost, cost_of, unit_committed_fen, unit_expected_fen100
from linghang.benefits.model import Candidates, Option, Settings, Stock
from linghang.benefits.simplex import maximise
from linghang.campaigns.sections import Allocation, Allotment, Layer
from linghang.packs.model import Benefit

Reach = Mapping[str, Mapping[str, int]]
"""Layer → channel → customers who may be touched there."""
_MOST_TOGETHER = 4
_LITTLE, _VERY_LITTLE = 0.5, 0.05
"""Below these shares of what a plan may spend the budget is more, or so much more that somebody has mistyped it."""
_PLENTY_FEN = 10**14
NOT_NEEDED = "benefits.budget_not_needed"
_THRIFT = 1e-9
"""Of two options with equal effect the cheaper one: extra responses that a fen must at least be worth."""


@dataclass(frozen=True)
class _Cell:
    layer: Layer
    option: Option
    benefit: Benefit | None


@dataclass(frozen=True)
class _Limit:
    """One row: Σ unit × customers over some cells may not exceed ``most``. ``name`` says what it is."""

    name: str
    cells: tuple[int, ...]
    kind: str
    most: int


def spread(
    layers: Sequence[Layer],
    options: Mapping[str, Sequence[Option]],
    offered: Candidates,
    *,
    budget_fen: int,
    settings: Settings,
    reach: Reach,
    stock: Stock,
    margin_fen: int = 0,
    useful_fen: int | None = None,
) -> tuple[Allocation, tuple[Finding, ...]]:
    """The allocation of a plan's share of ``budget_fen``; ``options`` maps a layer's id to what its customers may get.

    ``useful_fen`` is what these customers can use at most: of a larger budget a plan spends its share of this.

    The holdout is taken off each layer first. Nothing affordable is an empty allocation with a finding.
    """
    by_id = {benefit.id: benefit for benefit in offered.benefits}
    cells = _cells(layers, options, by_id, settings, margin_fen)
    wanted = budget_fen if useful_fen is None else min(budget_fen, useful_fen)
    spendable = math.floor(wanted * settings.budget_share)
    free, price = _relaxed(cells, _limits(layers, cells, spendable, settings, reach, stock))
    cells = _one_offer_a_layer(cells, free)
    limits = _limits(layers, cells, spendable, settings, reach, stock)
    shares, _ = _relaxed(cells, limits)
    counts = _whole(cells, limits, shares)
    allotments = tuple(_allotment(cell, n) for cell, n in zip(cells, counts, strict=True) if n)
    costs = [cost_of(cell.option, n) for cell, n in zip(cells, counts, strict=True)]
    used = tuple(benefit.id for benefit in offered.benefits if any(item.benefit == benefit.id for item in allotments))
    allocation = Allocation(
        budget_fen=budget_fen,
        committed_fen=sum(cost.committed_fen for cost in costs),
        allotments=allotments,
        price=price,
        pool=next((by_id[name].pool for name in used), ""),
        benefits=used,
        granted=tuple(by_id[name] for name in used),
    )
    if not allotments and cells and budget_fen < _PLENTY_FEN and any(layer.count for layer in layers):
        everybody = replace(settings, budget_share=1.0, benefit_share=1.0)
        ample, _ = spread(
            layers, options, offered, budget_fen=_PLENTY_FEN, settings=everybody, reach=reach, stock=stock,
            margin_fen=margin_fen,
        )  # fmt: skip
        if ample.allotments:
            return allocation, (_too_little(cells, budget_fen, spendable, everybody, ample),)
        params = {"customers": sum(layer.count for layer in layers), "holdout_pct": settings.holdout_pct}
        return allocation, (Finding("benefits.nobody_to_treat", Severity.S1, "benefits", params=params),)
    return allocation, _findings(allocation, cells, layers, spendable, settings)


def _cells(
    layers: Sequence[Layer],
    options: Mapping[str, Sequence[Option]],
    by_id: Mapping[str, Benefit],
    settings: Settings,
    margin_fen: int,
) -> list[_Cell]:
    """What may be given to whom: options that are expected to do anything, and to pay back where a plan asks it."""
    cells = [
        _Cell(layer, option, by_id.get(option.benefit))
        for layer in layers
        for option in options[layer.id]
        if option.value > 0
    ]
    if settings.pays_back and margin_fen:
        # Where nothing pays back a careful plan still has to be shown: then all options stay, with a finding.
        cells = [cell for cell in cells if _pays_back(cell.option, margin_fen)] or cells
    return cells


def _pays_back(option: Option, margin_fen: int) -> bool:
    return option.gain * margin_fen >= unit_expected_fen100(option) / 100


def addressed(count: int, holdout_pct: float) -> int:
    """Customers of a layer that are not held out, as expected; the hash decides the exact ones."""
    return math.floor(count * (1 - holdout_pct / 100))


def _limits(
    layers: Sequence[Layer],
    cells: Sequence[_Cell],
    spendable: int,
    settings: Settings,
    reach: Reach,
    stock: Stock,
) -> list[_Limit]:
    everywhere = tuple(range(len(cells)))
    limits = [
        _Limit("budget", everywhere, "committed", spendable),
        _Limit("benefits", everywhere, "liability", math.floor(spendable * settings.benefit_share)),
    ]
    for layer in layers:
        own = tuple(i for i in everywhere if cells[i].layer.id == layer.id)
        limits.append(_Limit(layer.id, own, "customers", addressed(layer.count, settings.holdout_pct)))
        limits.extend(_reachable(layer, own, cells, reach.get(layer.id, {}), settings.holdout_pct))
    for pool, left in stock.pools.items():
        paid = tuple(i for i in everywhere if _pool(cells[i]) == pool)
        limits.append(_Limit(pool, paid, "liability", max(0, left)))
    for name, left in _stocks(cells, stock).items():
        given = tuple(i for i in everywhere if cells[i].option.benefit == name)
        limits.append(_Limit(name, given, "grants", max(0, left)))
    return [limit for limit in limits if limit.cells]


def _reachable(
    layer: Layer, own: Sequence[int], cells: Sequence[_Cell], reach: Mapping[str, int], holdout_pct: float
) -> list[_Limit]:
    """How many of a layer the options can reach: by each channel, by any of several, by two together.

    Only counts per channel are known, so channels are taken to reach customers independently of each other.
    """
    shares = {name: count / layer.count for name, count in reach.items() if layer.count and count < layer.count}
    used = {name: frozenset(i for i in own if name in cells[i].option.channels) for name in sorted(shares)}
    names = [name for name, touched in used.items() if touched]
    limits: list[_Limit] = []
    for size in range(1, min(len(names), _MOST_TOGETHER) + 1):
        for group in itertools.combinations(names, size):
            anyone = frozenset[int]().union(*(used[name] for name in group))
            share = 1 - math.prod(1 - shares[name] for name in group)
            limits.append(_at_most("+".join(group), anyone, layer.count * share, holdout_pct))
            if size == 2:
                both = used[group[0]] & used[group[1]]
                share = shares[group[0]] * shares[group[1]]
                limits.append(_at_most("&".join(group), both, layer.count * share, holdout_pct))
    return limits


def _at_most(name: str, cells: frozenset[int], customers: float, holdout_pct: float) -> _Limit:
    return _Limit(name, tuple(sorted(cells)), "customers", addressed(math.floor(customers + 1e-6), holdout_pct))


def _pool(cell: _Cell) -> str:
    return cell.benefit.pool if cell.benefit else ""


def _stocks(cells: Sequence[_Cell], stock: Stock) -> dict[str, int]:
    """Pieces left per benefit: what the ledger says, otherwise the pack's stock (0 in a pack: no limit)."""
    declared = {cell.benefit.id: cell.benefit.stock for cell in cells if cell.benefit and cell.benefit.stock > 0}
    known = {cell.benefit.id for cell in cells if cell.benefit}
    return declared | {name: left for name, left in stock.benefits.items() if name in known}


def _unit(option: Option, kind: str) -> float:
    if kind == "customers":
        return 1.0
    if kind == "grants":
        return option.claim_ppm / 1e6 if option.face_fen else 0.0
    contact = option.contact_fen100 / 100 if kind == "committed" else 0.0
    return contact + (unit_committed_fen(option) - option.contact_fen100 / 100)


def _exact(cost: Cost, customers: int, kind: str) -> int:
    amounts = {
        "customers": customers,
        "grants": cost.grants,
        "liability": cost.liability_fen,
        "committed": cost.committed_fen,
    }
    return amounts[kind]


def _relaxed(cells: Sequence[_Cell], limits: Sequence[_Limit]) -> tuple[list[float], float]:
    """The linear programme's customers per cell and the price of the budget per yuan."""
    if not cells:
        return [], 0.0
    matrix = np.zeros((len(limits), len(cells)))
    for row, limit in enumerate(limits):
        for i in limit.cells:
            matrix[row, i] = _unit(cells[i].option, limit.kind)
    worth = np.array([cell.option.value - _THRIFT * unit_committed_fen(cell.option) for cell in cells])
    customers, prices = maximise(worth, matrix, np.array([float(limit.most) for limit in limits]))
    return [float(x) for x in customers], float(prices[0]) * 100


def _one_offer_a_layer(cells: Sequence[_Cell], shares: Sequence[float]) -> list[_Cell]:
    """Each layer's best benefit and none: a layer has its own copy and pictures, and these speak of one benefit."""
    worth: dict[str, dict[str, float]] = {}
    for cell, share in zip(cells, shares, strict=True):
        if cell.option.benefit:
            of_layer = worth.setdefault(cell.layer.id, {})
            of_layer[cell.option.benefit] = of_layer.get(cell.option.benefit, 0.0) + share * cell.option.value
    best = {layer: max(sorted(found), key=found.__getitem__) for layer, found in worth.items()}
    return [cell for cell in cells if cell.option.benefit in ("", best.get(cell.layer.id, ""))]


def _whole(cells: Sequence[_Cell], limits: Sequence[_Limit], shares: Sequence[float]) -> list[int]:
    """Whole customers: round down, mend what rounding of costs broke, then fill what is left by worth per fen."""
    counts = [max(0, math.floor(share + 1e-6)) for share in shares]
    watching: list[list[_Limit]] = [[] for _ in cells]
    for limit in limits:
        for i in limit.cells:
            watching[i].append(limit)
    by_worth = sorted(range(len(cells)), key=lambda i: (-_worth(cells[i].option), i))
    for limit in limits:
        for i in reversed(by_worth):
            if i in limit.cells and _used(cells, counts, limit) > limit.most:
                counts[i] = _most(cells, counts, i, [limit], 0, counts[i])
    for i in by_worth:
        counts[i] = _most(cells, counts, i, watching[i], counts[i], cells[i].layer.count)
    return counts


def _worth(option: Option) -> float:
    return option.value / max(unit_committed_fen(option), 1e-9)


def _used(cells: Sequence[_Cell], counts: Sequence[int], limit: _Limit) -> int:
    return sum(_exact(cost_of(cells[i].option, counts[i]), counts[i], limit.kind) for i in limit.cells if counts[i])


def _most(cells: Sequence[_Cell], counts: list[int], cell: int, limits: Sequence[_Limit], low: int, high: int) -> int:
    """The most customers between ``low`` and ``high`` that a cell can have within the limits (bisection)."""
    kept = counts[cell]
    counts[cell] = 0
    rooms = [(limit.kind, limit.most - _used(cells, counts, limit)) for limit in limits]
    counts[cell] = kept
    option = cells[cell].option
    while low < high:
        middle = (low + high + 1) // 2
        cost = cost_of(option, middle)
        if all(_exact(cost, middle, kind) <= room for kind, room in rooms):
            low = middle
        else:
            high = middle - 1
    return low


def _allotment(cell: _Cell, customers: int) -> Allotment:
    cost = cost_of(cell.option, customers)
    return Allotment(
        layer=cell.layer.id,
        channels=cell.option.channels,
        benefit=cell.option.benefit,
        customers=customers,
        unit_fen100=unit_expected_fen100(cell.option),
        cost_fen=cost.expected_fen,
        liability_fen=cost.liability_fen,
        response=cell.option.response,
        incremental=customers * cell.option.gain,
        grants=cost.grants,
        contact_fen=cost.contact_fen,
    )


def _findings(
    allocation: Allocation, cells: Sequence[_Cell], layers: Sequence[Layer], spendable: int, settings: Settings
) -> tuple[Finding, ...]:
    if not sum(layer.count for layer in layers):
        return (Finding("benefits.nobody", Severity.S1, "benefits"),)
    if not cells:
        return (Finding("benefits.no_effect", Severity.S2, "benefits"),)
    touched = {item.layer for item in allocation.allotments}
    findings: list[Finding] = []
    if allocation.committed_fen < spendable * _LITTLE and _enough(allocation, settings) < allocation.budget_fen:
        findings.append(_too_much(allocation, spendable, settings))
    idle = [layer.id for layer in layers if layer.id not in touched and layer.count]
    if idle:
        params = {"layers": ", ".join(idle), "count": len(idle)}
        findings.append(Finding("benefits.layers_left_out", Severity.S4, "benefits", params=params))
    return tuple(findings)


def _too_little(cells: Sequence[_Cell], budget: int, spendable: int, settings: Settings, ample: Allocation) -> Finding:
    """A budget that reaches nobody, with what would be enough for everybody as a patch."""
    cheapest = min(cost_of(cell.option, 1).committed_fen for cell in cells)
    enough = _enough(ample, settings)
    params = {
        "budget_yuan": budget / 100,
        "spendable_yuan": spendable / 100,
        "cheapest_yuan": cheapest / 100,
        "customers": sum(item.customers for item in ample.allotments),
        "enough_yuan": enough / 100,
    }
    fix = _set_budget("benefits.raise_budget", enough)
    return Finding("benefits.budget_below_cheapest", Severity.S1, "benefits", params=params, fix=fix)


def _too_much(allocation: Allocation, spendable: int, settings: Settings) -> Finding:
    """A budget that these customers cannot use, with what is enough as a patch; far too much needs a person."""
    enough = _enough(allocation, settings)
    params = {
        "committed_yuan": allocation.committed_fen / 100,
        "budget_yuan": allocation.budget_fen / 100,
        "spare_yuan": (allocation.budget_fen - enough) / 100,
        "enough_yuan": enough / 100,
    }
    severity = Severity.S3 if allocation.committed_fen < spendable * _VERY_LITTLE else Severity.S4
    fix = _set_budget("benefits.lower_budget", enough)
    return Finding(NOT_NEEDED, severity, "benefits", params=params, fix=fix)


def _enough(allocation: Allocation, settings: Settings) -> int:
    """The budget that a plan needs for an allocation, in fen: with a little room, and to two figures upwards.

    People plan in 12,000, not in 11,893.44.
    """
    contact = sum(item.contact_fen for item in allocation.allotments)
    granted = allocation.committed_fen - contact
    needed = 1.05 * max(allocation.committed_fen, granted / max(settings.benefit_share, 1e-9)) / settings.budget_share
    step = 10 ** max(2, math.floor(math.log10(max(needed, 1))) - 1)
    return max(100, math.ceil(needed / step) * step)


def _set_budget(code: str, fen: int) -> Fix:
    yuan = fen // 100 if fen % 100 == 0 else fen / 100
    return Fix(code, ({"op": "set", "path": "budget_cny", "value": yuan},))
