"""What customers own: assets over products that they may own by their risk level, gains and losses, maturities."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from linghang.packs.model import Pack, Product
from linghang.simulator.draws import Flags, Floats, Ints, happens, logistic
from linghang.simulator.parameters import parameters
from linghang.simulator.people import Block

INVESTMENTS = ("mmf", "deposit", "gold", "fund", "wealth")
_DRIVERS = ("wealth", "risk", "activity", "digital", "offer", "taste")


@dataclass(frozen=True)
class Holdings:
    """The rows of the holdings table of a block: place of the customer, place of the product, fen, days ago, active."""

    customer: Ints
    product: Ints
    amount_fen: Ints
    days: Ints
    active: Flags


def add_wealth(block: Block, pack: Pack) -> Holdings:
    """Add assets, balances and everything that follows from holdings; returns the holdings."""
    products = [product for product in pack.products if product.id in parameters()["ownership"]]
    assets = _assets(block)
    owned = _owned(block, products, assets)
    amounts, demand = _spread(block, products, owned, assets)
    owned &= amounts > 0
    days = _held_days(block, owned.shape)
    _add_totals(block, products, owned, amounts, demand)
    _add_gains(block, products, owned, amounts, days)
    _add_terms(block, products, owned)
    former = _former(block, owned)
    return _rows(pack, products, owned, former, amounts, days)


def _assets(block: Block) -> Floats:
    told, stream = parameters()["wealth"], block.stream("assets")
    age, tier = block.numbers("age"), block.numbers("_tier")
    mean = told["log_mean"] + np.asarray(told["tier"])[tier - 1] - told["age_curve"] * (age - told["age_peak"]) ** 2
    yuan = np.exp(mean + told["log_sd"] * block.latent["wealth"])
    new = block.numbers("_stage") == 0
    empty = happens(
        stream, told["empty"] * np.where(new, 2.2, 1.0) * np.where(block.numbers("_stage") == 4, 2.0, 1.0), block.size
    )
    return np.where(empty, yuan * 0.004, yuan)


def _owned(block: Block, products: list[Product], assets: Floats) -> Flags:
    stream = block.stream("owned")
    age = (block.numbers("age") - 40) / 15
    female, child = block.coded("gender").at("F"), block.numbers("has_child")
    level = np.where(block.unknown["risk_level"], 0, block.coded("risk_level").codes + 1)
    owned = np.zeros((block.size, len(products)), np.bool_)
    for place, product in enumerate(products):
        told = parameters()["ownership"][product.id]
        odds = np.full(block.size, float(told["base"]))
        for name in _DRIVERS:
            if name in told:
                odds += told[name] * block.latent[name]
        odds += told.get("age", 0.0) * age + told.get("female", 0.0) * female + told.get("child", 0.0) * child
        allowed = block.numbers("kyc_done") & (assets >= told.get("least", 10))
        if product.kind in ("fund", "wealth") and product.risk:
            # Nobody is sold what is riskier than they can bear; without an assessment nothing with a risk level.
            allowed &= level >= int(product.risk[1])
        owned[:, place] = allowed & happens(stream, logistic(odds), block.size)
    return owned


def _spread(block: Block, products: list[Product], owned: Flags, assets: Floats) -> tuple[Ints, Ints]:
    """Fen of each product, and of demand deposits: together the assets. Insurance and others are not part of them."""
    told, stream = parameters()["ownership"], block.stream("spread")
    weights = np.array([told[p.id].get("weight", 0.0) if p.kind in INVESTMENTS else 0.0 for p in products])
    least = np.array([told[p.id].get("least", 0) for p in products], np.float64)
    drawn = owned * weights * np.exp(0.6 * stream.standard_normal(owned.shape))
    demand = parameters()["wealth"]["demand_weight"] * np.exp(0.7 * stream.standard_normal(block.size))
    share = drawn / (drawn.sum(axis=1) + demand)[:, None]
    yuan = share * assets[:, None]
    yuan[yuan < np.maximum(least, 1.0)] = 0.0
    fen = np.round(yuan * 100).astype(np.int64)
    rest = np.maximum(np.round(assets * 100).astype(np.int64) - fen.sum(axis=1), 0)
    premiums = np.array([told[p.id].get("premium", 0.0) * 100 for p in products])
    paid = owned * premiums * np.exp(0.3 * stream.standard_normal(owned.shape))
    return fen + np.round(paid).astype(np.int64), rest


def _held_days(block: Block, shape: tuple[int, ...]) -> Ints:
    stream = block.stream("held")
    registered = block.numbers("register_days")[:, None]
    drawn = np.floor(stream.random(shape) ** 1.4 * np.minimum(registered, 1500)).astype(np.int64)
    return np.minimum(drawn, registered)


def _add_totals(block: Block, products: list[Product], owned: Flags, amounts: Ints, demand: Ints) -> None:
    invests = np.array([product.kind in INVESTMENTS for product in products])
    block.columns["aum_cny"] = amounts[:, invests].sum(axis=1) + demand
    block.columns["demand_deposit_cny"] = demand
    block.columns["holding_count"] = owned.sum(axis=1).astype(np.int64)
    risky = np.array([product.kind in ("fund", "wealth", "gold") for product in products])
    block.columns["_invested"] = _any(owned, risky)
    pay = np.where(block.unknown["salary_cny"], 450_000, block.numbers("salary_cny"))
    spread = np.exp(0.6 * block.stream("flow").standard_normal(block.size))
    lively = np.where(block.numbers("active"), 1.0, 0.08)
    block.columns["monthly_flow_cny"] = np.round(
        parameters()["wealth"]["flow_share"] * pay * spread * lively, -2
    ).astype(np.int64)


def _add_gains(block: Block, products: list[Product], owned: Flags, amounts: Ints, days: Ints) -> None:
    told, stream = parameters()["ownership"], block.stream("gains")
    years = days / 365.0
    drift = np.array([told[p.id].get("drift", 0.0) for p in products])
    sway = np.array([told[p.id].get("volatility", 0.0) for p in products])
    moves = (sway > 0) & np.array([p.kind in ("fund", "wealth", "gold") for p in products])
    # One market moves everybody's products; the rest is when each one bought.
    market = stream.standard_normal(len(products)) * 0.3
    growth = (drift - sway**2 / 2) * years + sway * np.sqrt(years) * (
        0.95 * stream.standard_normal(days.shape) + market
    )
    value = amounts * (owned & moves)
    cost = value / np.exp(growth)
    profit = np.round((value - cost).sum(axis=1)).astype(np.int64)
    paid = cost.sum(axis=1)
    none = paid <= 0
    block.columns["profit"] = profit
    block.columns["profit_pct"] = np.round(100 * profit / np.where(none, 1.0, paid), 2)
    block.unknown["profit"] = block.unknown["profit_pct"] = none
    held = np.where(owned & moves, days, -1).max(axis=1)
    block.columns["holding_days"] = np.maximum(held, 0)
    block.unknown["holding_days"] = held < 0


def _add_terms(block: Block, products: list[Product], owned: Flags) -> None:
    told, stream, size = parameters(), block.stream("terms"), block.size
    term = np.array([bool(told["ownership"][p.id].get("term")) for p in products])
    left = np.where(owned & term, stream.integers(0, 366, owned.shape), 9999).min(axis=1)
    block.columns["maturity_days"] = left
    block.unknown["maturity_days"] = left == 9999
    insured = _any(owned, np.array([p.kind == "insurance" for p in products]))
    block.columns["holds_policy"] = insured
    block.columns["policy_expire_days"] = stream.integers(0, 366, size)
    block.unknown["policy_expire_days"] = ~insured
    coupon = happens(stream, told["coupon"]["holds"] * np.where(block.numbers("active"), 1.2, 0.4), size)
    block.columns["benefit_expire_days"] = stream.integers(0, 31, size)
    block.unknown["benefit_expire_days"] = ~coupon
    funds = _any(owned, np.array([p.kind == "fund" for p in products]))
    block.columns["sip_active"] = funds & happens(stream, told["coupon"]["sip"], size)
    pension = _any(owned, np.array([p.id == "pension_account_plan" for p in products]))
    block.columns["pension_account"] = pension
    block.columns["pension_deposit"] = pension & happens(stream, 0.58, size)


def _any(owned: Flags, of: Flags) -> Flags:
    return np.asarray((owned & of).any(axis=1), np.bool_)


def _former(block: Block, owned: Flags) -> Flags:
    share = parameters()["former"]["share"]
    popular = owned.mean(axis=0)
    return ~owned & (block.stream("former").random(owned.shape) < share * popular) & block.numbers("kyc_done")[:, None]


def _rows(pack: Pack, products: list[Product], owned: Flags, former: Flags, amounts: Ints, days: Ints) -> Holdings:
    place = {product.id: n for n, product in enumerate(pack.products)}
    at = np.array([place[product.id] for product in products], np.int64)
    who, what = np.nonzero(owned | former)
    active = owned[who, what]
    return Holdings(who, at[what], np.where(active, amounts[who, what], 0), days[who, what], active)


def services(block: Block, pack: Pack) -> Holdings:
    """The services that customers use without owning anything: linked cards, salary accounts, membership."""
    parts: list[tuple[Ints, Ints]] = []
    for product, flag in _SERVICES.items():
        place = next((n for n, item in enumerate(pack.products) if item.id == product), None)
        if place is not None:
            who = np.nonzero(block.numbers(flag))[0]
            parts.append((who, np.full(len(who), place)))
    who = np.concatenate([part[0] for part in parts]) if parts else np.zeros(0, np.int64)
    what = np.concatenate([part[1] for part in parts]) if parts else np.zeros(0, np.int64)
    return Holdings(who, what, np.zeros_like(who), block.numbers("register_days")[who], np.ones(len(who), np.bool_))


def joined(parts: Sequence[Holdings]) -> Holdings:
    """All rows, those of a customer together."""
    whole = [np.concatenate([getattr(part, name) for part in parts]) for name in Holdings.__dataclass_fields__]
    order = np.lexsort((whole[1], whole[0]))
    return Holdings(*(column[order] for column in whole))


_SERVICES = {"pay_bind": "card_bound", "salary_account": "payroll", "plus": "_plus"}
"""A service → the flag of those customers who use it."""
