"""How often and when a customer may be contacted. One meaning, for estimate, decision and send."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from linghang.customers.model import ContactPolicy
from linghang.packs.model import Pack


@dataclass(frozen=True)
class Touch:
    """A contact that counts: handed over, or reserved for a message that may still go out."""

    channel: str
    at: dt.datetime
    package: str = ""
    offer: str = ""


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
        pushed=frozenset(channel.id for channel in pushed),
    )


def contact_reasons(
    touches: Sequence[Touch], channel: str, offer: str, at: dt.datetime, policy: ContactPolicy, *, zone: str = ""
) -> tuple[str, ...]:
    """Why one more contact at ``at`` would break the policy, as message codes.

    A window of D days is rolling: (t − D·24 h, t]. No such window may hold more than its cap with the contact added,
    also none that ends at a touch which is already reserved for later. Caps over all channels count and bind what is
    pushed, not what customers open themselves.
    """
    reasons: list[str] = []
    if not _open_at(channel, at, policy, zone or policy.zone):
        reasons.append("customers.outside_hours")
    if _over(at, [touch.at for touch in touches if touch.channel == channel], policy.channel_caps.get(channel, {})):
        reasons.append("customers.channel_cap")
    pushed = [touch.at for touch in touches if touch.channel in policy.pushed]
    if channel in policy.pushed and _over(at, pushed, policy.total_caps):
        reasons.append("customers.total_cap")
    if offer and policy.cooldown_days:
        same = [touch.at for touch in touches if touch.offer == offer and touch.channel in policy.pushed]
        if channel in policy.pushed and _over(at, same, {policy.cooldown_days: 1}):
            reasons.append("customers.cooldown")
    return tuple(reasons)


def _over(at: dt.datetime, others: Sequence[dt.datetime], caps: Mapping[int, int]) -> bool:
    for days, most in caps.items():
        span = dt.timedelta(days=days)
        ends = [at, *(instant for instant in others if at < instant < at + span)]
        if any(sum(1 for instant in others if end - span < instant <= end) >= most for end in ends):
            return True
    return False


def _open_at(channel: str, at: dt.datetime, policy: ContactPolicy, zone: str) -> bool:
    local = at.astimezone(ZoneInfo(zone))
    minute = local.hour * 60 + local.minute
    first, last = (_minute(text) for text in policy.hours.get(channel, ("00:00", "24:00")))
    inside = first <= minute < last if first <= last else minute >= first or minute < last
    if not inside or channel not in policy.pushed or policy.quiet is None:
        return inside
    start, end = (_minute(text) for text in policy.quiet)
    quiet = start <= minute < end if start <= end else minute >= start or minute < end
    return not quiet


def _minute(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def longest_window(policy: ContactPolicy) -> int:
    """Days after which a touch can no longer matter."""
    windows = [*policy.total_caps, *(days for caps in policy.channel_caps.values() for days in caps)]
    return max([policy.cooldown_days, *windows], default=0)
