"""One customer and an audience: which conditions hold, and what keeps each channel from speaking to them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from linghang.audiences.counting import conditions
from linghang.audiences.expansion import members_of
from linghang.audiences.index.nodes import Bits, all_of
from linghang.audiences.index.opened import Index
from linghang.audiences.index.running import bitset, count
from linghang.audiences.skills import product_of, screened
from linghang.base.predicates import Rule
from linghang.campaigns.sections import Removed
from linghang.kit.context import Context
from linghang.packs.model import Pack


@dataclass(frozen=True)
class Standing:
    """``inside``: every condition holds. ``removed`` is what bars any contact about the product, ``channels`` what bars
    each channel (nothing: it may speak)."""

    inside: bool
    conditions: tuple[tuple[Rule, bool], ...]
    removed: tuple[Removed, ...]
    channels: Mapping[str, tuple[Removed, ...]]


def standing(ctx: Context, pack: Pack, index: Index, rule: Rule, number: int, *, product: str = "") -> Standing:
    """How a customer stands, by the same screens as the whole audience: asked of an audience of one."""
    one = members_of(np.array([number], np.uint32))
    alone = bitset(index.plan(one), index.words)
    held = tuple(
        (part, bool(count(all_of((Bits(alone), index.plan(part, ctx.today))), index.words)))
        for part in conditions(rule)
    )
    places = tuple(channel.id for channel in pack.channels)
    about = product_of(pack, product)
    done = screened(ctx, pack, one, index, about, places)
    return Standing(all(holds for _, holds in held), held, done.removed, done.channel_removed)
