"""A year of behaviour: how often, when and to what, in keeping with what the customer is and owns."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from linghang.packs.model import Pack
from linghang.simulator.draws import Floats, Ints, pick, share_of
from linghang.simulator.parameters import parameters
from linghang.simulator.people import Block
from linghang.simulator.seasons import day_weights, hour_edges
from linghang.simulator.wealth import Holdings

_SECONDS = 86_400
_INTERESTS: Mapping[str, tuple[str, ...]] = {
    "gold": ("gold", "gold_price", "jicunjin_detail"),
    "fund": ("fund_detail", "fund_list", "fund", "sip_page", "sip"),
    "wealth": ("wealth_page", "wealth_detail", "wealth"),
    "deposit": ("deposit_detail", "deposit"),
    "insurance": ("insurance_detail", "insurance"),
    "credit": ("credit_page", "baitiao", "jintiao", "loan", "bill_page"),
    "mmf": ("xiaojinku",),
    "membership": ("membership_page", "coupon_center"),
}


@dataclass(frozen=True)
class Happenings:
    """Events of one name: place of the customer, seconds before the block's today, place in ``objects``, fen."""

    name: str
    customer: Ints
    seconds: Ints
    what: Ints
    objects: tuple[str, ...]
    amount_fen: Ints
    channels: tuple[str, ...] = ()


def happenings(block: Block, pack: Pack, holdings: Holdings, today: dt.date, volume: float) -> list[Happenings]:
    """All events of the block's customers in the year before ``today`` (local midnight), by name."""
    known = {event.name for event in pack.events}
    told, found = parameters()["events"], list[Happenings]()
    pace = _pace(block)
    for name in told["rates"]:
        if name in known:
            found.append(_regular(block, name, pace, today, volume))
    for make in (_last_visit, _trades, _complaints, _opt_outs, _rejections, _unused_coupons):
        made = make(block, pack, holdings, today)
        found.extend(item for item in made if item.name in known and len(item.customer))
    return found


def _pace(block: Block) -> Floats:
    told = parameters()["events"]
    stream = block.stream("pace")
    # Mean 1 over the active: a gamma makes some customers much livelier than others.
    lively = np.exp(told["activity"] * block.latent["activity"] - told["activity"] ** 2 / 2)
    return lively * stream.gamma(1 / told["dispersion"], told["dispersion"], block.size)


def _rate(block: Block, name: str) -> Floats | float:
    gates: Mapping[str, Callable[[], Floats]] = {
        "credit_drawn": lambda: 1.0 * block.numbers("credit_drawn"),
        "repay": lambda: 1.0 * block.numbers("credit_drawn"),
        "purchase": lambda: 0.4 + 1.2 * share_of(block.latent["digital"]),
        "claim": lambda: np.exp(0.4 * block.latent["offer"]),
        "benefit_used": lambda: np.exp(0.4 * block.latent["offer"]),
        "touched": lambda: 0.3 + 0.9 * block.numbers("consent_push") + 0.4 * block.numbers("consent_sms"),
        "pay": lambda: 1.15 * block.numbers("card_bound"),
        "click": lambda: 1.2 * block.numbers("app_installed"),
        "page_view": lambda: 1.1 * block.numbers("app_installed"),
    }
    return gates[name]() if name in gates else 1.0


def _regular(block: Block, name: str, pace: Floats, today: dt.date, volume: float) -> Happenings:
    told = parameters()["events"]
    rate, stream = told["rates"][name], block.stream("event." + name)
    days = int(told["days"])
    first = np.maximum(days - block.numbers("register_days"), 0)
    last = days - block.numbers("last_active_days")  # nothing on the later days
    open_days = np.clip(last - first, 0, days) / days
    counts = stream.poisson(rate["rate"] * volume * pace * _rate(block, name) * open_days)
    who = np.repeat(np.arange(block.size), counts)
    edges = np.concatenate([[0.0], np.cumsum(day_weights(rate["season"], today, days))])
    low, high = edges[first[who]], edges[np.maximum(last, first)[who]]
    day = np.searchsorted(edges, low + stream.random(len(who)) * (high - low), side="right") - 1
    clock = _clock(stream, rate["hours"], len(who))
    what, objects = _objects(block, name, who, stream)
    amount = _amounts(name, stream, len(who))
    return Happenings(name, who, (days - day.clip(0, days - 1)) * _SECONDS - clock, what, objects, amount)


def _clock(stream: np.random.Generator, pattern: str, count: int) -> Ints:
    """Seconds after midnight."""
    hour = np.searchsorted(hour_edges(pattern), stream.random(count), side="right")
    return hour.clip(0, 23) * 3600 + stream.integers(0, 3600, count)


def _objects(block: Block, name: str, who: Ints, stream: np.random.Generator) -> tuple[Ints, tuple[str, ...]]:
    weights = parameters()["events"]["objects"].get(name)
    if not weights:
        return np.zeros(len(who), np.int64), ("",)
    names = tuple(weights)
    what = pick(stream, list(weights.values()), len(who))
    if name == "purchase":
        what = _tastes(block, who, what, names, stream)
    if name not in ("page_view", "search"):
        return what, names
    favourite = _favourites(block)[who]
    drawn = stream.random(len(who)) < parameters()["events"]["interest"]
    for place, own in enumerate(_INTERESTS.values()):
        at = [names.index(item) for item in own if item in names]
        mine = drawn & (favourite == place)
        if at and mine.any():
            what[mine] = np.asarray(at)[stream.integers(0, len(at), int(mine.sum()))]
    return what, names


def _tastes(block: Block, who: Ints, what: Ints, names: tuple[str, ...], stream: np.random.Generator) -> Ints:
    """Beauty is bought mostly by women, baby goods by parents: others take something else."""
    female, child = block.coded("gender").at("F"), block.numbers("has_child")
    for item, likes in (("beauty", female), ("baby", child)):
        astray = (what == names.index(item)) & ~likes[who] & (stream.random(len(who)) < 0.8)
        what = np.where(astray, names.index("food"), what)
    return what


def _favourites(block: Block) -> Ints:
    """The kind that each customer cares for most, by taste, means and need."""
    stream, latent = block.stream("favourite"), block.latent
    likes = np.column_stack(
        [
            0.5 * latent["taste"],
            0.5 * latent["risk"] + 0.2 * latent["digital"],
            0.5 * latent["wealth"],
            0.4 * (block.numbers("age") - 40) / 15 - 0.4 * latent["risk"],
            0.6 * block.numbers("has_child") - 0.3,
            0.5 * block.numbers("credit_activated") + 0.2 * latent["offer"],
            0.3 * latent["digital"],
            0.5 * latent["offer"],
        ]
    )
    return (likes + stream.gumbel(size=likes.shape)).argmax(axis=1)


def _amounts(name: str, stream: np.random.Generator, count: int) -> Ints:
    told = parameters()["events"]["amount_yuan"].get(name)
    if told is None:
        return np.zeros(count, np.int64)
    return np.round(told[0] * 100 * np.exp(told[1] * stream.standard_normal(count))).astype(np.int64)


def _last_visit(block: Block, _pack: Pack, _holdings: Holdings, _today: dt.date) -> list[Happenings]:
    """The visit that ``last_login_days`` speaks of, so that profile and log agree."""
    stream, days = block.stream("last"), block.numbers("last_login_days")
    who = np.nonzero(days < int(parameters()["events"]["days"]))[0]
    seconds = (days[who] + 1) * _SECONDS - _clock(stream, "day", len(who))
    none = np.zeros(len(who), np.int64)
    return [Happenings("login", who, seconds, none, ("",), none)]


def _trades(block: Block, pack: Pack, holdings: Holdings, _today: dt.date) -> list[Happenings]:
    """Each holding of the last year was bought (with its kind as object), and the former ones were redeemed."""
    stream, span = block.stream("trades"), int(parameters()["events"]["days"])
    kinds = tuple(dict.fromkeys(product.kind for product in pack.products))
    kind = np.array([kinds.index(product.kind) for product in pack.products])[holdings.product]
    owned = np.isin(kind, [kinds.index(name) for name in kinds if name not in ("credit", "payments", "savings")])
    recent = owned & (holdings.days < span)
    bought = np.nonzero(recent & (stream.random(len(owned)) < 0.75))[0]
    sold = np.nonzero(owned & ~holdings.active & (stream.random(len(owned)) < 0.8))[0]
    left = np.floor(stream.random(len(sold)) * np.minimum(holdings.days[sold], span - 1)).astype(np.int64)
    left = np.maximum(left, np.minimum(block.numbers("last_active_days")[holdings.customer[sold]], span - 1))
    found: list[Happenings] = []
    for name, rows, days in (("purchase", bought, holdings.days[bought]), ("redeem", sold, left)):
        seconds = (days + 1) * _SECONDS - _clock(stream, "day", len(rows))
        paid = np.maximum(holdings.amount_fen[rows], _amounts("transfer_in", stream, len(rows)))
        found.append(Happenings(name, holdings.customer[rows], seconds, kind[rows], kinds, paid))
    return found


def _lately(block: Block, who: Ints, topic: str, days: int) -> Ints:
    """Seconds ago, within ``days``, after registration."""
    stream = block.stream("lately." + topic)
    most = np.minimum(block.numbers("register_days")[who], days - 1)
    ago = np.floor(stream.random(len(who)) * (most + 1)).astype(np.int64)
    return (ago + 1) * _SECONDS - _clock(stream, "day", len(who))


def _flagged(block: Block, name: str, flag: str, days: int, objects: tuple[str, ...]) -> list[Happenings]:
    who = np.nonzero(block.numbers(flag))[0]
    what = block.stream("flag." + flag).integers(0, len(objects), len(who))
    none = np.zeros(len(who), np.int64)
    return [Happenings(name, who, _lately(block, who, flag, days), what, objects, none)]


def _complaints(block: Block, _pack: Pack, _holdings: Holdings, _today: dt.date) -> list[Happenings]:
    return _flagged(block, "complaint", "complaint", 90, ("sms", "call", "push"))


def _opt_outs(block: Block, _pack: Pack, _holdings: Holdings, _today: dt.date) -> list[Happenings]:
    return [
        item
        for flag, channel in (("opted_out_sms", "sms"), ("opted_out_push", "push"), ("opted_out_email", "email"))
        for item in _flagged(block, "unsubscribe", flag, 365, (channel,))
    ]


def _rejections(block: Block, _pack: Pack, _holdings: Holdings, _today: dt.date) -> list[Happenings]:
    return _flagged(block, "loan_rejected", "loan_rejected", 180, ("jintiao", "business_loan", "baitiao"))


def _unused_coupons(block: Block, _pack: Pack, _holdings: Holdings, _today: dt.date) -> list[Happenings]:
    who = np.nonzero(~block.unknown["benefit_expire_days"])[0]
    objects = tuple(parameters()["events"]["objects"]["claim"])
    what = block.stream("unused").integers(0, len(objects), len(who))
    none = np.zeros(len(who), np.int64)
    return [Happenings("coupon_unused", who, _lately(block, who, "unused", 30), what, objects, none)]
