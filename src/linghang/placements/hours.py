"""Local hours in which a channel may speak: the channel's own, cut by quiet hours and by what the operator said."""

from collections.abc import Mapping
from typing import Any

from linghang.packs.model import Channel, ContactBasis

ALL_DAY = ("00:00", "24:00")


def hours_for(channel: Channel, contact: ContactBasis, said: Mapping[str, Any]) -> tuple[str, str] | None:
    """The hours from inclusive to exclusive, or None if nothing is left of them.

    Quiet hours bind what is sent to people (``send``, ``person``); a slot waits until they come. The operator's
    window may narrow, never widen: the law's and the channel's hours hold.
    """
    first, last = (minutes(hour) for hour in channel.hours)
    if channel.kind in ("slot", "media"):
        first, last = minutes(ALL_DAY[0]), minutes(ALL_DAY[1])
    else:
        first, last = _awake(first, last, contact.quiet)
    if said and said.get("channel") in (None, "", channel.id):
        first = max(first, minutes(str(said.get("start", ALL_DAY[0]))))
        last = min(last, minutes(str(said.get("end", ALL_DAY[1]))))
    return (clock(first), clock(last)) if first < last else None


def _awake(first: int, last: int, quiet: tuple[str, str]) -> tuple[int, int]:
    asleep, awake = (minutes(hour) for hour in quiet)
    if asleep > awake:  # over midnight, the usual case
        return max(first, awake), min(last, asleep)
    if first < asleep:
        return first, min(last, asleep)
    return max(first, awake), last


def minutes(hour: str) -> int:
    """Minutes of the day of ``HH:MM``. Raises ValueError for what is no time."""
    hours, _, rest = hour.partition(":")
    found = int(hours) * 60 + int(rest or 0)
    if not 0 <= found <= 1440:
        raise ValueError(f"no time of day: {hour}")
    return found


def clock(minute: int) -> str:
    """``HH:MM`` of a minute of the day."""
    return f"{minute // 60:02d}:{minute % 60:02d}"
