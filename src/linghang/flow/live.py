"""Live packages and the decisions over them: what the decision door, the phone and the player ask.

Nothing here drafts or asks a model: a decision is a pure function of signed packages, the customer's features, the
touch and benefit ledgers, and the seed.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from linghang import approvals, audiences, benefits, customers, decisions, packs
from linghang.base.digest import digest_bytes
from linghang.base.errors import RefusedError, UnknownItemError
from linghang.base.records import DecisionRecord
from linghang.campaigns import store
from linghang.campaigns.model import Package, Status
from linghang.campaigns.package import hash_of
from linghang.campaigns.sections import Layer
from linghang.campaigns.store import section_type
from linghang.decisions import PackageView, State
from linghang.decisions import store as log
from linghang.flow.standing import Standing, standing_of
from linghang.kit.context import Context

_Numbers = np.ndarray[Any, np.dtype[np.uint32]]


@dataclass(frozen=True)
class Live:
    """A launched package, unpacked once: its view for decisions, and who is in which layer (sorted numbers)."""

    package: Package
    view: PackageView
    layers: tuple[tuple[str, _Numbers], ...]

    @property
    def product(self) -> str:
        """The product that it offers."""
        return str(self.package.sections["goal"]["product"])

    def layer_of(self, number: int) -> str:
        """The layer of a customer; empty outside the audience."""
        for name, members in self.layers:
            place = int(np.searchsorted(members, number))
            if place < len(members) and members[place] == number:
                return name
        return ""


def running(ctx: Context) -> tuple[Live, ...]:
    """Every launched package whose signature and hash hold now.

    A package that was altered is never decided on: RefusedError("package.altered").
    """
    return tuple(open_package(ctx, name) for name in approvals.live(ctx.db, ctx.institution_id))


def of_campaign(ctx: Context, campaign_id: str) -> Live:
    """The live package of a campaign. Raises UnknownItemError("phone.not_running")."""
    found = next((item for item in running(ctx) if item.package.campaign_id == campaign_id), None)
    if found is None:
        raise UnknownItemError("phone.not_running", campaign=campaign_id)
    return found


def open_package(ctx: Context, package_hash: str) -> Live:
    """A package ready for decisions, its hash and signature verified (once per content in this process)."""
    package = store.package(ctx.db, ctx.institution_id, package_hash)
    if hash_of(package) != package_hash:
        raise RefusedError("package.altered", package=package_hash)
    approvals.signed(ctx.db, approvals.Keys(ctx.home), package)
    return _unpacked(package_hash, str(ctx.home), ctx.pack, _Held(package))


class _Held:
    """A package as an argument of the cache below: its hash is the key, so the value itself need not be hashable."""

    def __init__(self, package: Package) -> None:
        self.package = package

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and other.package.hash == self.package.hash

    def __hash__(self) -> int:
        return hash(self.package.hash)


@lru_cache(maxsize=64)
def _unpacked(_hash: str, home: str, pack: str, held: _Held) -> Live:
    package = held.package
    members = tuple((layer.id, audiences.load(Path(home), layer.snapshot)) for layer in layers_of(package))
    return Live(package, decisions.view(package, packs.load(pack)), members)


def layers_of(package: Package) -> tuple[Layer, ...]:
    """The layers that a package was signed with."""
    return section_type("layers").validate_python(package.sections["layers"]).layers


def places(lives: Sequence[Live]) -> tuple[str, ...]:
    """Slots of the app in which any live package may speak."""
    found = {place for live in lives for _, place in live.view.choices if place in live.view.slots}
    return tuple(sorted(found))


def decide_for(
    ctx: Context,
    number: int,
    wanted: Sequence[str],
    at: dt.datetime,
    *,
    lives: Sequence[Live] | None = None,
) -> list[DecisionRecord]:
    """One logged decision a slot for one customer. The same customer, slot and instant give the same record."""
    live = running(ctx) if lives is None else tuple(lives)
    pack = packs.load(ctx.pack)
    policy = customers.policy_of(pack)
    since = at - dt.timedelta(days=customers.longest_window(policy))
    # What was shown at this very instant is this decision's own: asked again, it must say the same.
    before = at - dt.timedelta(microseconds=1)
    touched = customers.touches_of(ctx.db, ctx.institution_id, [number], since, before)[number]
    person = person_of(
        standing_of(ctx.db, ctx.institution_id, audiences.current_index(ctx, pack), pack, at),
        live,
        number,
        frozenset(grant.benefit for grant in benefits.grants_of(ctx.db, ctx.institution_id, number)),
    )
    channels = {slot.id: slot.channel for slot in pack.slots}
    records = decide_all(ctx, person, wanted, at, live, state_of(ctx, live), touched, channels)
    log.append(ctx.db, records)
    _count_shown(ctx, records, live, policy)
    return records


def _count_shown(
    ctx: Context, records: Sequence[DecisionRecord], lives: Sequence[Live], policy: customers.ContactPolicy
) -> None:
    """Put what is shown in capped slots (a pop-up a day) into the touch ledger, where the next decision finds it."""
    channel_of = {slot.id: slot.channel for slot in packs.load(ctx.pack).slots}
    kinds = {item.package.hash: item.view.kind for item in lives}
    wishes = [
        customers.Wish(
            record.decision_id, record.customer, channel_of[record.slot], record.at, record.package,
            kind=kinds[record.package],
        )
        for record in records
        if record.chosen and policy.channel_caps.get(channel_of.get(record.slot, ""))
    ]  # fmt: skip
    reserved = [key for key, why in customers.reserve(ctx.db, ctx.institution_id, wishes, policy).items() if not why]
    customers.settle(ctx.db, ctx.institution_id, reserved, sent=True)


def person_of(stand: Standing, lives: Sequence[Live], number: int, claimed: frozenset[str]) -> decisions.Customer:
    """What a decision may know of a customer."""
    layers = {item.package.hash: layer for item in lives if (layer := item.layer_of(number))}
    mine = [item for item in lives if item.package.hash in layers]
    barred = {item.package.hash: code for item in mine if (code := stand.barred(item.product, number))}
    # With several products at once the strictest word on a channel holds for all of them.
    products = list(dict.fromkeys(item.product for item in mine)) or [""]
    shut = [stand.blocked(number, product) for product in products]
    agreed = [stand.consent(number, product) for product in products]
    return decisions.Customer(
        number=number,
        layers=layers,
        consents={name: _worst([one[name] for one in agreed]) for name in agreed[0]},
        risk=stand.risk(number),
        muted=stand.muted(number),
        blocked={name: code for one in reversed(shut) for name, code in one.items()},
        barred=barred,
        claimed=claimed,
        zone=stand.zone(number),
        feature_version=stand.index.label,
    )


def _worst(told: Sequence[bool | None]) -> bool | None:
    return False if False in told else None if None in told else True


def decide_all(
    ctx: Context,
    person: decisions.Customer,
    wanted: Sequence[str],
    at: dt.datetime,
    lives: Sequence[Live],
    state: State,
    touched: Sequence[customers.Touch],
    channels: Mapping[str, str],
) -> list[DecisionRecord]:
    """The records of all wanted places, not yet logged; ``channels`` names each slot's. Pure but for its arguments."""
    views = tuple(item.view for item in lives)
    hashes = ",".join(view.hash for view in views)
    records: list[DecisionRecord] = []
    for place in wanted:
        what = f"{ctx.institution_id}|{person.number}|{place}|{at.timestamp():.6f}|{hashes}"
        decision_id = f"dec_{digest_bytes(what.encode())[:26]}"
        request = decisions.Request(
            ctx.institution_id, decision_id, person.number, place, channels.get(place, place), at
        )
        records.append(decisions.decide(request, views, person, touched, state, ctx.seed))
    return records


def state_of(ctx: Context, lives: Sequence[Live]) -> State:
    """What the ledgers say now."""
    left: dict[str, Mapping[str, int]] = {}
    for live in lives:
        names = live.package.sections["benefits"]["benefits"]
        left[live.package.hash] = benefits.left_in_package(ctx.db, ctx.institution_id, live.package.hash, names)
    live = approvals.live(ctx.db, ctx.institution_id)
    return State(left=left, stopped=frozenset(name for name, status in live.items() if status is Status.PAUSED))
