"""Assets in campaigns: as the plate of a slot's pictures or as their element, under the same gates as any other."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from linghang import packs
from linghang.base.errors import RefusedError, UnknownItemError
from linghang.base.findings import Finding, Severity
from linghang.campaigns import store as campaigns
from linghang.creatives.library import Asset, Part, Use, store
from linghang.flow import documents
from linghang.kit import files
from linghang.kit.context import Context
from linghang.kit.skills import skill
from linghang.ports.images import Ability, ImageMaker, Made, Wish


@skill("asset.use", effect="draft", permission="creative.edit", needs={"asset": "asset.id", "id": "campaign.id"})
def use(ctx: Context, id: str, slot: str, asset: str = "", part: Part = "plate") -> Mapping[str, Any]:
    """Let a campaign's pictures of a slot stand on an asset (``plate``) or show it as their main ``element``, cut out
    of an even ground; without an asset that use ends. Compile the campaign to see them.

    Refused for an asset whose licence has run out, that is for other products, or that the slot is too small for.
    """
    campaign = documents.load(ctx, id)
    place = next((item for item in packs.load(ctx.pack).slots if item.id == slot), None)
    if place is None or not place.width:
        raise UnknownItemError("library.no_slot", slot=slot)
    found = store.one(ctx.db, ctx.institution_id, asset) if asset else None
    if found is not None:
        goal = campaign.value("goal")
        side = min(place.width, place.height)
        wrong = tuple(_wrong(ctx, found, (goal.product, goal.product_kind), slot, side))
        if wrong:
            raise RefusedError("library.not_usable", wrong, asset=found.name)
    used = Use(campaign.id, slot, found.id if found else "", part)
    store.use(ctx.db, ctx.institution_id, used, actor=ctx.actor.name, at=ctx.now)
    return {"campaign": campaign.id, "slot": slot, "part": part, "asset": found.name if found else ""}


@skill("asset.places", effect="read", permission="creative.read", makes="asset.places")
def places(ctx: Context) -> Mapping[str, Any]:
    """Where an asset could stand: the slots with a picture of each campaign that may still change; all names."""
    slots = {slot.id: slot.label.of(ctx.locale) for slot in packs.load(ctx.pack).slots if slot.width}
    names: dict[str, str] = {}
    free: list[dict[str, str]] = []
    for name, _ in campaigns.listing(ctx.db, ctx.institution_id):
        campaign = documents.load(ctx, name)
        goal = campaign.value("goal")
        names[name] = goal.name if goal is not None else name
        if goal is not None and str(campaign.status) in _OPEN:
            free += [
                {"campaign": name, "name": goal.name, "slot": slot, "label": slots[slot]}
                for slot in goal.slots
                if slot in slots
            ]
    return {"places": free[:_MOST_PLACES], "names": names, "slots": slots}


_OPEN = ("draft", "rejected")
_MOST_PLACES = 100


def running_out(ctx: Context) -> list[tuple[Asset, tuple[str, ...]]]:
    """The assets in use whose licence has ended or ends within a month, with the campaigns that use them."""
    used: dict[str, list[str]] = {}
    for one in store.uses_of(ctx.db, ctx.institution_id):
        used.setdefault(one.asset, []).append(one.campaign)
    ends = ctx.today + store.SOON
    have = {item.id: item for item in store.everything(ctx.db, ctx.institution_id)}
    return [
        (have[name], tuple(dict.fromkeys(where)))
        for name, where in sorted(used.items())
        if name in have and have[name].ends_by(ends)
    ]


def assets(
    ctx: Context, campaign_id: str, ends: dt.date | None = None
) -> tuple[Mapping[str, Mapping[Part, ImageMaker]], tuple[Finding, ...]]:
    """Slot → what its pictures stand on and show. An asset whose licence has run out is a finding (S1) and is not
    drawn; one whose licence ends before the campaign (``ends``, its last day) must be mended (S2), one that ends
    within a month is told (S4)."""
    made: dict[str, dict[Part, ImageMaker]] = {}
    findings: list[Finding] = []
    for one in store.uses_of(ctx.db, ctx.institution_id, campaign=campaign_id):
        asset = store.one(ctx.db, ctx.institution_id, one.asset)
        if asset.expired(ctx.today):
            findings.append(_expired(asset, one.slot))
            continue
        findings += _ending(asset, one.slot, ctx.today, ends)
        made.setdefault(one.slot, {})[one.part] = LibraryPicture(asset.name, files.get(ctx.home, asset.file))
    return made, tuple(findings)


@dataclass(frozen=True)
class LibraryPicture:
    """An asset in the place of an image model: whatever is wished for, it is this picture."""

    name: str
    data: bytes

    @property
    def ability(self) -> Ability:
        """It is the same every time, and no more."""
        return Ability(seeds=True)

    def make(self, wish: Wish, *, timeout: float = 120.0) -> Made:
        """The asset."""
        return Made(self.data, self.name, 0.0)


def _wrong(ctx: Context, asset: Asset, product: tuple[str, str], slot: str, side: int) -> list[Finding]:
    found: list[Finding] = []
    if asset.expired(ctx.today):
        found.append(_expired(asset, slot))
    if asset.rules.products and not set(asset.rules.products) & set(product):
        params = {"asset": asset.name, "products": ", ".join(asset.rules.products)}
        found.append(Finding("library.other_product", Severity.S1, f"creatives.{slot}", params=params))
    if side < asset.rules.min_side:
        params = {"asset": asset.name, "side": side, "least": asset.rules.min_side}
        found.append(Finding("library.place_too_small", Severity.S2, f"creatives.{slot}", params=params))
    return found


def _ending(asset: Asset, slot: str, today: dt.date, ends: dt.date | None) -> list[Finding]:
    params = {"asset": asset.name, "day": asset.expires.isoformat() if asset.expires else "", "slot": slot}
    if ends is not None and asset.expires is not None and asset.expires < ends:
        return [Finding("library.ends_first", Severity.S2, f"creatives.{slot}", params=params | {"end": str(ends)})]
    if asset.ends_by(today + store.SOON):
        return [Finding("library.ends_soon", Severity.S4, f"creatives.{slot}", params=params)]
    return []


def _expired(asset: Asset, slot: str) -> Finding:
    params = {"asset": asset.name, "day": asset.expires.isoformat() if asset.expires else "", "slot": slot}
    return Finding("library.expired", Severity.S1, f"creatives.{slot}", params=params)
