"""Plan sends from a signed package: who gets which message by which channel from which day on. Pure.

The same hashes decide as on the decision path: the experiment's arms keep the holdout back, and of a layer's parts
whose channels reach a customer the hash of ``salt:option`` takes one. No part gets more customers than it was allotted,
so contacts never cost more than the budget says.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from linghang.base.money import split
from linghang.campaigns.model import Package
from linghang.campaigns.sections import Allocation, Experiment, Layers, Placement, Placements
from linghang.campaigns.store import section_type
from linghang.decisions import PackageView, Share, choosy, view
from linghang.delivery.model import SendPlan
from linghang.experiments import HOLDOUT, Arm, assign, held_out, uniforms
from linghang.packs.model import Pack

Numbers = npt.NDArray[np.uint32]
SENDING = ("send", "person")
"""Kinds of channels that reach out; slots wait until the customer comes, media are bought elsewhere."""


@dataclass(frozen=True)
class Kept:
    """The institution's own holdout: a share of all customers that no campaign touches, by its salt."""

    share: float = 0.0
    salt: str = ""


@dataclass
class _Group:
    """Customers of one layer that one part of the allocation touches."""

    layer: str
    benefit: str
    channels: tuple[str, ...]
    customers: Numbers


@dataclass
class _Rows:
    customer: list[Numbers] = field(default_factory=list)
    channel: list[int] = field(default_factory=list)
    layer: list[npt.NDArray[np.uint8]] = field(default_factory=list)
    benefit: list[npt.NDArray[np.uint8]] = field(default_factory=list)
    placement: list[npt.NDArray[np.uint16]] = field(default_factory=list)
    due: list[npt.NDArray[np.int32]] = field(default_factory=list)


def plan_sends(
    package: Package,
    members: Mapping[str, Numbers],
    pack: Pack,
    *,
    reachable: Mapping[str, Numbers] | None = None,
    kept: Kept | None = None,
) -> SendPlan:
    """The sends of a package. ``members`` are the dense numbers of each layer, ``reachable`` those of a channel.

    A channel without an entry in ``reachable`` reaches everybody. Who is not reachable now is counted, not planned.
    """
    layers: Layers = section_type("layers").validate_python(package.sections["layers"])
    allocation: Allocation = section_type("benefits").validate_python(package.sections["benefits"])
    experiment: Experiment = section_type("experiment").validate_python(package.sections["experiment"])
    placements: Placements = section_type("placements").validate_python(package.sections["placements"])
    kinds = {channel.id: channel.kind for channel in pack.channels}
    able = reachable or {}
    treated, held = _treated(members, experiment, kept or Kept())
    seen = view(package, pack)
    groups = [
        group
        for layer in layers.layers
        for group in _parts(layer.id, treated.get(layer.id, np.zeros(0, np.uint32)), seen, able, allocation)
    ]
    channels = tuple(
        dict.fromkeys(name for item in allocation.allotments for name in item.channels if kinds.get(name) in SENDING)
    )
    names = (
        channels,
        tuple(layer.id for layer in layers.layers),
        tuple(dict.fromkeys(group.benefit for group in groups)),
        tuple(placement.id for placement in placements.placements),
    )
    rows, unreachable = _Rows(), dict[str, int]()
    for place, channel in enumerate(channels):
        own = [item for item in placements.placements if item.channel == channel]
        # One point a customer, turned on by a part of the circle for each channel: the touches of one customer lie as
        # far apart as the window allows, so that cool-downs and daily caps seldom defer them.
        turn = place / len(channels)
        _add(rows, place, channel, groups, own, names, package.salt, turn, able.get(channel))
        unreachable[channel] = _unreachable(channel, treated, seen, able.get(channel))
    until = {n: item.end.toordinal() for n, item in enumerate(placements.placements)}
    return _columns(rows, names, until, held, {name: count for name, count in unreachable.items() if count})


def _treated(members: Mapping[str, Numbers], experiment: Experiment, kept: Kept) -> tuple[dict[str, Numbers], int]:
    arms = [Arm(arm.id, arm.share) for arm in experiment.arms]
    holdouts = [n for n, arm in enumerate(arms) if arm.id == HOLDOUT]
    treated: dict[str, Numbers] = {}
    held = 0
    for layer, customers in members.items():
        numbers = np.asarray(customers, np.uint32)
        out = np.isin(assign(numbers, experiment.salt, arms), holdouts)
        if kept.share:
            out |= held_out(numbers, kept.salt, kept.share)
        treated[layer] = numbers[~out]
        held += int(out.sum())
    return treated, held


def _parts(
    layer: str, customers: Numbers, seen: PackageView, able: Mapping[str, Numbers], allocation: Allocation
) -> list[_Group]:
    """The layer's customers in the parts that decisions would put them into, none larger than it was allotted."""
    shares = seen.shares.get(layer, ())
    points = uniforms(customers, f"{seen.salt}:option")
    part = _part_of(points, customers, shares, seen, able)
    groups: list[_Group] = []
    for n, share in enumerate(shares):
        most = sum(
            item.customers
            for item in allocation.allotments
            if (item.layer, item.channels, item.benefit) == (layer, share.channels, share.benefit)
        )
        inside = np.flatnonzero(part == n)
        # By chance the hash may put a few more customers into a part than the budget pays for: the last ones stay out.
        kept = np.sort(inside[np.argsort(points[inside], kind="stable")][:most])
        groups.append(_Group(layer, share.benefit, share.channels, customers[kept]))
    return groups


def _part_of(
    points: npt.NDArray[np.float64],
    customers: Numbers,
    shares: Sequence[Share],
    seen: PackageView,
    able: Mapping[str, Numbers],
) -> npt.NDArray[np.int16]:
    """The place of each customer's share, −1 for none: ``decisions.share_of`` for many customers at once."""
    asked = choosy(shares, seen)
    reached = {name: np.isin(customers, able[name]) for name in sorted(asked) if name in able}
    pattern = np.zeros(len(customers), np.uint32)
    for bit, name in enumerate(reached):
        pattern |= reached[name].astype(np.uint32) << np.uint32(bit)
    part = np.full(len(customers), -1, np.int16)
    for mask in np.unique(pattern):
        closed = {name for bit, name in enumerate(reached) if not int(mask) >> bit & 1}
        open_to = [n for n, share in enumerate(shares) if not closed & set(share.channels)]
        if not open_to:
            continue
        edges = np.cumsum([shares[n].chance_for(asked - closed) for n in open_to])
        mine = np.flatnonzero(pattern == mask)
        found = np.searchsorted(edges, points[mine], side="right")
        places = np.array([*open_to, -1], np.int16)
        part[mine] = places[found]
    return part


def _add(
    rows: _Rows,
    place: int,
    channel: str,
    groups: Sequence[_Group],
    placements: Sequence[Placement],
    names: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]],
    salt: str,
    turn: float,
    able: Numbers | None,
) -> None:
    """Put a channel's customers onto its days."""
    _, layer_names, benefit_names, placement_names = names
    own = [group for group in groups if channel in group.channels and len(group.customers)]
    if not own or not placements:
        return
    customers = np.concatenate([group.customers for group in own])
    layer = np.concatenate([np.full(len(g.customers), layer_names.index(g.layer), np.uint8) for g in own])
    benefit = np.concatenate([np.full(len(g.customers), benefit_names.index(g.benefit), np.uint8) for g in own])
    reached = np.ones(len(customers), np.bool_) if able is None else np.isin(customers, able)
    points = (uniforms(customers[reached], f"{salt}:pace") + turn) % 1.0
    order = np.flatnonzero(reached)[np.argsort(points, kind="stable")]
    days = [
        (placement_names.index(item.id), item.start + dt.timedelta(days=n), count)
        for item in sorted(placements, key=lambda item: (item.start, item.id))
        for n, count in enumerate(item.daily)
    ]
    counts = _per_day(len(order), [count for _, _, count in days])
    rows.customer.append(customers[order])
    rows.channel.append(place)
    rows.layer.append(layer[order])
    rows.benefit.append(benefit[order])
    rows.placement.append(np.repeat(np.array([n for n, _, _ in days], np.uint16), counts))
    rows.due.append(np.repeat(np.array([day.toordinal() for _, day, _ in days], np.int32), counts))


def _unreachable(channel: str, treated: Mapping[str, Numbers], seen: PackageView, able: Numbers | None) -> int:
    """How many of the customers whose layer uses a channel it cannot reach now."""
    if able is None:
        return 0
    concerned = [
        numbers
        for layer, numbers in treated.items()
        if any(channel in share.channels for share in seen.shares.get(layer, ()))
    ]
    return sum(int((~np.isin(numbers, able)).sum()) for numbers in concerned)


def _per_day(total: int, daily: Sequence[int]) -> tuple[int, ...]:
    """Customers a day in the placements' proportions, exactly ``total`` together."""
    return split(total, daily if sum(daily) else [1] * len(daily))


def _columns(
    rows: _Rows,
    names: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]],
    until: Mapping[int, int],
    held: int,
    unreachable: Mapping[str, int],
) -> SendPlan:
    channels, layers, benefits, placements = names
    sizes = [len(part) for part in rows.customer]
    placement = np.concatenate([np.zeros(0, np.uint16), *rows.placement])
    last = np.array([until[n] for n in range(len(until))] or [0], np.int32)
    return SendPlan(
        channels,
        layers,
        benefits,
        placements,
        customer=np.concatenate([np.zeros(0, np.uint32), *rows.customer]),
        channel=np.repeat(np.array(rows.channel, np.uint8), sizes) if sizes else np.zeros(0, np.uint8),
        layer=np.concatenate([np.zeros(0, np.uint8), *rows.layer]),
        benefit=np.concatenate([np.zeros(0, np.uint8), *rows.benefit]),
        placement=placement,
        due=np.concatenate([np.zeros(0, np.int32), *rows.due]),
        until=last[placement],
        held_out=held,
        unreachable=unreachable,
    )
