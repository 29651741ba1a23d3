"""How often and when a customer may be contacted. One meaning, for estimate, decision and send."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from linghang.customers.model import ContactPolicy
from linghang.packs.model import Pack
from linghang.reading.times.festivals import is_trading_day

WAITS = frozenset(
    {
        "customers.channel_cap", "customers.total_cap", "customers.product_cap", "customers.cooldown",
        "customers.not_trading", "customers.precedence",
    }
)  # fmt: skip
"""Reasons that pass within days: what is refused for them may be tried on another day."""
PASSES = frozenset({"customers.outside_hours"})
"""Reasons that pass within the day."""


@dataclass(frozen=True)
class Touch:
    """A contact that counts: handed over, or reserved for a message that may still go out."""

    channel: str
    at: dt.datetime
    package: str = ""
    offer: str = ""
    kind: str = ""
    """The kind of product that it was about."""


def policy_of(pack: Pack) -> ContactPolicy:
    """The contact policy that a pack declares. Quiet hours bind what is sent; slots of the app the customer pulls."""
    pushed = [channel for channel in pack.channels if channel.kind != "slot"]
    return ContactPolicy(
        zone=pack.zone,
        total_caps=dict(pack.contact.total_caps),
        channel_caps={channel.id: dict(channel.caps) for channel in pack.channels if channel.caps},
        hours={channel.id: channel.hours for channel in pack.channels},
        quiet=pack.contact.quiet,
        cooldown_days=pack.contact.cooldown_days,
        complaint_mute_days=pack.contact.complaint_mute_days,
        product_caps={kind: dict(caps) for kind, caps in pack.contact.product_caps.items()},
        trading_days_only=frozenset(pack.contact.trading_days_only),
        jurisdiction=pack.jurisdiction,
        pushed=frozenset(channel.id for channel in pushed),
    )


def contact_reasons(
    touches: Sequence[Touch],
    channel: str,
    offer: str,
    at: dt.datetime,
    policy: ContactPolicy,
    *,
    zone: str = "",
    kind: str = "",
    ahead: Sequence[Touch] = (),
) -> tuple[str, ...]:
    """Why one more contact at ``at`` would break the policy, as message codes.

    A window of D days is rolling: (t − D·24 h, t]. No such window may hold more than its cap with the contact added,
    also none that ends at a touch which is already reserved for later. Caps over all channels or about a kind of
    product count and bind what is pushed, not what customers open themselves. ``ahead`` are touches that campaigns of
    a higher level still plan for the customer: what would take their place waits (``customers.precedence``).
    """
    reasons: list[str] = []
    pushed = channel in policy.pushed
    local = at.astimezone(ZoneInfo(zone or policy.zone))
    if not _open_at(channel, local, policy):
        reasons.append("customers.outside_hours")
    if pushed and kind in policy.trading_days_only and not _trades(local.date(), policy.jurisdiction):
        reasons.append("customers.not_trading")
    full = _full(touches, channel, offer, at, policy, kind)
    reasons.extend(full)
    if ahead and not full and _full([*touches, *ahead], channel, offer, at, policy, kind):
        reasons.append("customers.precedence")
    return tuple(reasons)


def _full(
    touches: Sequence[Touch], channel: str, offer: str, at: dt.datetime, policy: ContactPolicy, kind: str
) -> list[str]:
    """Which caps and cool-downs are used up."""
    reasons: list[str] = []
    if _over(at, [touch.at for touch in touches if touch.channel == channel], policy.channel_caps.get(channel, {})):
        reasons.append("customers.channel_cap")
    if channel not in policy.pushed:
        return reasons
    pushed = [touch for touch in touches if touch.channel in policy.pushed]
    if _over(at, [touch.at for touch in pushed], policy.total_caps):
        reasons.append("customers.total_cap")
    if kind and _over(at, [touch.at for touch in pushed if touch.kind == kind], policy.product_caps.get(kind, {})):
        reasons.append("customers.product_cap")
    same = [touch.at for touch in pushed if touch.offer == offer] if offer and policy.cooldown_days else []
    if same and _over(at, same, {policy.cooldown_days: 1}):
        reasons.append("customers.cooldown")
    return reasons


def _over(at: dt.datetime, others: Sequence[dt.datetime], caps: Mapping[int, int]) -> bool:
    for days, most in caps.items():
        span = dt.timedelta(days=days)
        ends = [at, *(instant for instant in others if at < instant < at + span)]
        if any(sum(1 for instant in others if end - span < instant <= end) >= most for end in ends):
            return True
    return False


def _open_at(channel: str, local: dt.datetime, policy: ContactPolicy) -> bool:
    minute = local.hour * 60 + local.minute
    first, last = (_minute(text) for text in policy.hours.get(channel, ("00:00", "24:00")))
    inside = first <= minute < last if first <= last else minute >= first or minute < last
    if not inside or channel not in policy.pushed or policy.quiet is None:
        return inside
    start, end = (_minute(text) for text in policy.quiet)
    quiet = start <= minute < end if start <= end else minute >= start or minute < end
    return not quiet


@lru_cache(maxsize=512)
def _trades(day: dt.date, jurisdiction: str) -> bool:
    """Whether the market is open: exchanges of mainland China by the State Council's notices, elsewhere weekdays."""
    return is_trading_day(day) if jurisdiction == "CN" else day.weekday() < 5


@lru_cache(maxsize=256)
def _minute(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def longest_window(policy: ContactPolicy) -> int:
    """Days after which a touch can no longer matter."""
    caps = (policy.total_caps, *policy.channel_caps.values(), *policy.product_caps.values())
    windows = [days for cap in caps for days in cap]
    return max([policy.cooldown_days, *windows], default=0)
