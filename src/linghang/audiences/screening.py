"""Who of an audience may be addressed: what each reason removes, and how many each channel reaches."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from linghang.audiences.index.bits import Numbers, Words, of_numbers
from linghang.audiences.index.nodes import Bits, Constant, Node, all_of, any_of, inverse
from linghang.audiences.index.opened import Index
from linghang.audiences.index.running import bitset, count
from linghang.base.predicates import Rule
from linghang.campaigns.sections import Removed
from linghang.customers.eligibility import Barrier, barriers, channel_barriers
from linghang.packs.model import Channel, Pack, Product

Capped = Mapping[str, Mapping[str, Numbers]]
"""Channel → reason → customers whom the contact policy keeps out now (see ``customers.capped``)."""


@dataclass(frozen=True)
class Screened:
    """``matched`` satisfy the rule; ``allowed`` (a bitset, ``count`` of them) may be addressed on some channel.

    ``removed`` counts each customer once, at the first reason that removes; ``reach`` those of ``allowed`` whom a
    channel may reach, ``channel_removed`` why the others are not.
    """

    matched: int
    count: int
    allowed: Words
    removed: tuple[Removed, ...]
    reach: Mapping[str, int]
    channel_removed: Mapping[str, tuple[Removed, ...]]


def screen(
    rule: Rule | None,
    index: Index,
    pack: Pack,
    *,
    product: Product | None,
    channels: Sequence[str],
    today: dt.date | None = None,
    capped: Capped | None = None,
) -> Screened:
    """Take out of an audience those who may not be addressed about ``product`` or on any of ``channels``.

    Caps (``capped``) lower a channel's reach and remove nobody: who is capped today may be free tomorrow.
    """
    matched = bitset(index.plan(rule, today), index.words)
    left, removed = _remove(matched, barriers(pack, product), index, today)
    known = [channel for channel in pack.channels if channel.id in channels]
    open_to = {channel.id: _open(left, channel, index, pack, today) for channel in known}
    total = count(Bits(left), index.words)
    if known:
        anyone = any_of([Bits(words) for words, _ in open_to.values()])
        reachable = bitset(all_of((Bits(left), anyone)), index.words)
        lost = total - count(Bits(reachable), index.words)
        if lost:
            removed.append(Removed("customers.no_channel", lost, {"channels": ", ".join(channels)}))
        left, total = reachable, total - lost
    reach: dict[str, int] = {}
    reasons: dict[str, tuple[Removed, ...]] = {}
    for channel in known:
        words, why = open_to[channel.id]
        kept, capped_out = _uncapped(words, (capped or {}).get(channel.id, {}), index)
        reach[channel.id] = count(Bits(kept), index.words)
        reasons[channel.id] = (*why, *capped_out)
    return Screened(count(Bits(matched), index.words), total, left, tuple(removed), reach, reasons)


def channel_members(members: Words, channel: Channel, index: Index, pack: Pack, today: dt.date | None = None) -> Words:
    """Those of ``members`` whom a channel may reach by consent and address."""
    return _open(members, channel, index, pack, today)[0]


def _open(
    members: Words, channel: Channel, index: Index, pack: Pack, today: dt.date | None
) -> tuple[Words, list[Removed]]:
    return _remove(members, channel_barriers(pack, channel), index, today)


def _remove(
    members: Words, reasons: Sequence[Barrier], index: Index, today: dt.date | None
) -> tuple[Words, list[Removed]]:
    left, removed = members, list[Removed]()
    before = count(Bits(left), index.words)
    for barrier in reasons:
        barred: Node = index.plan(barrier.rule, today)
        left = bitset(all_of((Bits(left), inverse(barred))), index.words)
        after = count(Bits(left), index.words)
        if after < before:
            removed.append(Removed(barrier.code, before - after, dict(barrier.params)))
        before = after
    return left, removed


def _uncapped(words: Words, capped: Mapping[str, Numbers], index: Index) -> tuple[Words, list[Removed]]:
    left: Node = Bits(words)
    removed: list[Removed] = []
    before = count(left, index.words)
    for code, numbers in capped.items():
        known = numbers[numbers < index.size]
        barred = Bits(of_numbers(known, index.words)) if len(known) else Constant(False)
        left = Bits(bitset(all_of((left, inverse(barred))), index.words))
        after = count(left, index.words)
        if after < before:
            removed.append(Removed(code, before - after))
        before = after
    return bitset(left, index.words), removed
