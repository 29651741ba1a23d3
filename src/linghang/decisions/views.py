"""From a signed package to what decisions read. Done once when a package is loaded, never on the decision path."""

import datetime as dt
import itertools
import math
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from linghang.base.windows import Window
from linghang.campaigns.model import Package
from linghang.campaigns.sections import (
    Allocation,
    Allotment,
    Audience,
    Experiment,
    Goal,
    Layers,
    Placement,
    Placements,
    Variants,
)
from linghang.campaigns.store import section_type
from linghang.customers import policy_of
from linghang.decisions.model import Choice, PackageView, Running, Share
from linghang.experiments import Arm
from linghang.packs.model import Pack

PRIORITY: Mapping[str, float] = {"S": 4.0, "A": 2.0, "B": 1.0, "C": 0.5}
"""How much more a fen of an S campaign weighs in arbitration."""


def view(package: Package, pack: Pack) -> PackageView:
    """The view of a package under its pack. The caller has verified the hash."""

    def section(name: str) -> Any:
        return section_type(name).validate_python(package.sections[name])

    goal: Goal = section("goal")
    layers: Layers = section("layers")
    allocation: Allocation = section("benefits")
    experiment: Experiment = section("experiment")
    placements: Placements = section("placements")
    variants: Variants = section("combinations")
    product = next((item for item in pack.products if item.id == goal.product), None)
    margin = product.margin_fen if product else 0
    channels = {channel.id: channel for channel in pack.channels}
    audience: Audience = section("audience")
    people = max(1, audience.count)
    reach = {
        name: min(1.0, audience.reach.get(name, people) / people)
        for name, channel in channels.items()
        if channel.consent
    }
    return PackageView(
        hash=package.hash,
        institution_id=package.institution_id,
        campaign_id=package.campaign_id,
        salt=package.salt,
        seed=package.seed,
        zone=pack.zone,
        arms=tuple(Arm(arm.id, arm.share) for arm in experiment.arms),
        exploration=package.exploration,
        policy=package.policy,
        priority=PRIORITY[goal.level],
        margin_fen=margin,
        risk=_grade(product.risk if product else ""),
        choices=_choices(variants, allocation, layers, margin),
        shares={
            layer.id: _shares(layer.count, layer.id, allocation, reach, experiment.holdout, experiment.treated)
            for layer in layers.layers
        },
        running=_running(placements, pack.zone),
        contact=policy_of(pack),
        kind=product.kind if product else "",
        own_caps=_own_caps(goal),
        consent=frozenset(name for name, channel in channels.items() if channel.consent),
        slots=frozenset(slot.id for slot in pack.slots),
    )


def _grade(risk: str) -> int:
    return int(risk[1:]) if risk[:1] == "R" and risk[1:].isdigit() else 0


def _own_caps(goal: Goal) -> dict[int, int]:
    most = goal.freq_cap.get("max")
    if not isinstance(most, int | float):
        return {}
    days = goal.freq_cap.get("window_days")
    return {int(days) if isinstance(days, int | float) else (goal.end - goal.start).days + 1: int(most)}


def _choices(
    variants: Variants, allocation: Allocation, layers: Layers, margin: int
) -> dict[tuple[str, str], tuple[Choice, ...]]:
    base = {layer.id: layer.base_rate for layer in layers.layers}
    found: dict[tuple[str, str], list[Choice]] = {}
    for variant in variants.variants:
        best = _allotment_of(variant.layer, variant.channel, variant.benefit, allocation)
        gain = max(0.0, best.response - base.get(variant.layer, 0.0)) if best else 0.0
        cost = best.unit_fen100 / 100 if best else 0.0
        choice = Choice(
            variant.id,
            variant.layer,
            variant.channel,
            variant.place,
            variant.benefit,
            gain,
            gain * margin - cost,
            variant.excluded[0] if variant.excluded else "",
        )
        found.setdefault((variant.layer, variant.place), []).append(choice)
    return {where: tuple(choices) for where, choices in found.items()}


def _allotment_of(layer: str, channel: str, benefit: str, allocation: Allocation) -> Allotment | None:
    fitting = [item for item in allocation.allotments if item.layer == layer and channel in item.channels]
    exact = [item for item in fitting if item.benefit == benefit]
    return max(exact or fitting, key=lambda item: item.customers, default=None)


def _shares(
    count: int, layer: str, allocation: Allocation, reach: Mapping[str, float], holdout: int, treated: int
) -> tuple[Share, ...]:
    """The layer's customers outside the holdout in the allocation's proportions, for each way of being reached.

    The most demanding options come first and take the customers whom fewest channels reach and who still can have
    them; ``reach`` is taken to be independent between channels, as the allocation takes it.
    """
    kept = treated / (treated + holdout) if treated + holdout else 1.0
    addressed = max(1.0, count * kept)
    items = [item for item in allocation.allotments if item.layer == layer]
    choosy = sorted({name for item in items for name in item.channels if name in reach})
    masses = {
        frozenset(group): math.prod(reach[name] if name in group else 1 - reach[name] for name in choosy)
        for size in range(len(choosy) + 1)
        for group in itertools.combinations(choosy, size)
    }
    free = dict(masses)
    ordered = sorted(items, key=lambda item: (-len(set(item.channels) & set(choosy)), item.channels, item.benefit))
    shares: list[Share] = []
    for item in ordered:
        left, chances = min(1.0, item.customers / addressed), dict[frozenset[str], float]()
        for pattern in sorted(masses, key=lambda pattern: (len(pattern), sorted(pattern))):
            if set(item.channels) & set(choosy) <= pattern and free[pattern] > 0:
                taken = min(left, free[pattern])
                chances[pattern] = taken / masses[pattern]
                free[pattern] -= taken
                left -= taken
        shares.append(Share(item.customers / addressed, item.channels, item.benefit, chances))
    return tuple(shares)


def _running(placements: Placements, zone: str) -> dict[str, tuple[Running, ...]]:
    found: dict[str, list[Running]] = {}
    for placement in placements.placements:
        found.setdefault(placement.slot or placement.channel, []).append(_times(placement, ZoneInfo(zone)))
    return {place: tuple(times) for place, times in found.items()}


def _times(placement: Placement, place: ZoneInfo) -> Running:
    start = dt.datetime.combine(placement.start, dt.time(), place)
    end = dt.datetime.combine(placement.end + dt.timedelta(days=1), dt.time(), place)
    window = Window(start.astimezone(dt.UTC), end.astimezone(dt.UTC))
    return Running(window, minutes(placement.hours[0]), minutes(placement.hours[1]) or 1440)


def minutes(hour: str) -> int:
    """Minutes of the day of ``HH:MM``; 24:00 is 1440."""
    hours, _, rest = hour.partition(":")
    return int(hours) * 60 + int(rest or 0)
