"""Who of an audience may be addressed: what each reason removes, and how many each channel reaches."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from linghang.audiences.index.bits import Numbers, Words, of_numbers
from linghang.audiences.index.nodes import Bits, Constant, Node, all_of, any_of, inverse
from linghang.audiences.index.opened import Index
from linghang.audiences.index.running import bitset, count
from linghang.base.predicates import Rule
from linghang.campaigns.sections import Removed
from linghang.customers.eligibility import OUTWEIGHED, Barrier, barriers, channel_barriers, elapsed_since
from linghang.customers.register import PURPOSES, Register
from linghang.packs.model import Channel, Pack, Product

Capped = Mapping[str, Mapping[str, Numbers]]
"""Channel → reason → customers whom the contact policy keeps out now (see ``customers.capped``)."""


@dataclass(frozen=True)
class Said:
    """What customers said since the tables were made (``customers.register_of``), and when one asks."""

    register: Register
    at: dt.datetime


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
    said: Said | None = None,
) -> Screened:
    """Take out of an audience those who may not be addressed about ``product`` or on any of ``channels``.

    ``said`` adds what the register knows beyond the tables. Caps (``capped``) lower a channel's reach and remove
    nobody: who is capped today may be free tomorrow.
    """
    matched = bitset(index.plan(rule, today), index.words)
    elapsed = elapsed_since(pack, index.as_of, today or index.as_of)
    left, removed = _remove(matched, barriers(pack, product, elapsed=elapsed), index, today)
    muted = said.register.muted(said.at, pack.contact.complaint_mute_days) if said else {}
    left, silent = _without(left, muted, index)
    removed.extend(silent)
    known = [channel for channel in pack.channels if channel.id in channels]
    open_to = {channel.id: _open(left, channel, index, pack, today, product, said) for channel in known}
    total = count(Bits(left), index.words)
    if known:
        anyone = any_of([Bits(words) for words, _ in open_to.values()])
        reachable = bitset(all_of((Bits(left), anyone)), index.words)
        lost = total - count(Bits(reachable), index.words)
        if lost:
            named = {"channels": "、".join(channel.label.zh for channel in known),
                     "channels_en": ", ".join(channel.label.en for channel in known)}  # fmt: skip
            removed.append(Removed("customers.no_channel", lost, named))
        left, total = reachable, total - lost
    reach: dict[str, int] = {}
    reasons: dict[str, tuple[Removed, ...]] = {}
    for channel in known:
        words, why = open_to[channel.id]
        kept, capped_out = _without(words, (capped or {}).get(channel.id, {}), index)
        reach[channel.id] = count(Bits(kept), index.words)
        reasons[channel.id] = (*why, *capped_out)
    return Screened(count(Bits(matched), index.words), total, left, tuple(removed), reach, reasons)


def channel_members(
    members: Words,
    channel: Channel,
    index: Index,
    pack: Pack,
    today: dt.date | None = None,
    *,
    product: Product | None = None,
    said: Said | None = None,
) -> Words:
    """Those of ``members`` whom a channel may reach by consent and address."""
    return _open(members, channel, index, pack, today, product, said)[0]


def _open(
    members: Words,
    channel: Channel,
    index: Index,
    pack: Pack,
    today: dt.date | None,
    product: Product | None,
    said: Said | None,
) -> tuple[Words, list[Removed]]:
    reasons = channel_barriers(pack, channel)
    if said is None:
        return _remove(members, reasons, index, today)
    purpose = PURPOSES.get(product.kind, "") if product is not None else ""
    since = dt.datetime.combine(index.as_of, dt.time(), ZoneInfo(pack.zone)).astimezone(dt.UTC)
    out = {"customers.opted_out": said.register.opted_out(channel.id, purpose)}
    left, removed = _without(members, out, index)
    agreed = said.register.consented(channel.id, purpose, since)
    kept, told = _remove(left, reasons, index, today, spared=of_numbers(agreed[agreed < index.size], index.words))
    return kept, [*removed, *told]


def _remove(
    members: Words, reasons: Sequence[Barrier], index: Index, today: dt.date | None, *, spared: Words | None = None
) -> tuple[Words, list[Removed]]:
    left, removed = members, list[Removed]()
    before = count(Bits(left), index.words)
    for barrier in reasons:
        barred: Node = index.plan(barrier.rule, today)
        if spared is not None and barrier.code in OUTWEIGHED:
            barred = all_of((barred, inverse(Bits(spared))))
        left = bitset(all_of((Bits(left), inverse(barred))), index.words)
        after = count(Bits(left), index.words)
        if after < before:
            removed.append(Removed(barrier.code, before - after, dict(barrier.params)))
        before = after
    return left, removed


def _without(words: Words, reasons: Mapping[str, Numbers], index: Index) -> tuple[Words, list[Removed]]:
    left: Node = Bits(words)
    removed: list[Removed] = []
    before = count(left, index.words)
    for code, numbers in reasons.items():
        known = numbers[numbers < index.size]
        barred = Bits(of_numbers(known, index.words)) if len(known) else Constant(False)
        left = Bits(bitset(all_of((left, inverse(barred))), index.words))
        after = count(left, index.words)
        if after < before:
            removed.append(Removed(code, before - after))
        before = after
    return bitset(left, index.words), removed
