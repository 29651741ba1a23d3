"""Pre-flight of places and times: channels, slots, hours, pacing, frequency."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from linghang.approvals.preflight.look import Look, found
from linghang.base.findings import Finding, Severity
from linghang.campaigns.sections import Placement


def known(look: Look) -> Iterable[Finding]:
    """Channels and slots are the institution's, and each channel has a place in the calendar."""
    placed = {placement.channel for placement in look.placements.placements}
    for channel in look.goal.channels:
        if channel not in look.channels:
            yield found("unknown_channel", Severity.S1, f"goal.channels[{channel}]", channel=channel)
        elif channel not in placed:
            yield found("channel_without_placement", Severity.S2, f"placements[{channel}]", channel=channel)
    for slot in look.goal.slots:
        if slot not in look.slots and not any(slot in item.aliases for item in look.pack.slots):
            yield found("unknown_slot", Severity.S1, f"goal.slots[{slot}]", slot=slot)
    for name, times in Counter(placement.id for placement in look.placements.placements).items():
        if times > 1:
            yield found("placement_twice", Severity.S1, f"placements[{name}]", placement=name)


def days(look: Look) -> Iterable[Finding]:
    """Each placement lies within the campaign's window, with a number for each of its days."""
    for placement in look.placements.placements:
        about = f"placements[{placement.id}]"
        if placement.start < look.goal.start or placement.end > look.goal.end or placement.end < placement.start:
            yield found("placement_outside", Severity.S1, about, placement=placement.id)
        elif len(placement.daily) != (placement.end - placement.start).days + 1:
            yield found("pacing_incomplete", Severity.S1, about, placement=placement.id)
        if any(count < 0 for count in placement.daily):
            yield found("pacing_negative", Severity.S1, about, placement=placement.id)
        if placement.slot and placement.slot in look.slots and look.slots[placement.slot].channel != placement.channel:
            yield found("slot_of_other_channel", Severity.S1, about, slot=placement.slot, channel=placement.channel)


def silent_phases(look: Look) -> Iterable[Finding]:
    """In each phase something is said."""
    placed = look.placements.placements
    for phase in look.goal.phases:
        if not any(item.start <= phase.end and phase.start <= item.end for item in placed):
            yield found("phase_without_placement", Severity.S3, f"goal.phases[{phase.id}]", phase=phase.id)


def hours(look: Look) -> Iterable[Finding]:
    """Nothing is sent outside the channel's hours or in the quiet hours."""
    for placement in look.placements.placements:
        channel = look.channels.get(placement.channel)
        first, last = _minutes(placement.hours[0]), _minutes(placement.hours[1])
        about = f"placements[{placement.id}]"
        if first >= last:
            yield found("hours_empty", Severity.S1, about, placement=placement.id)
        elif channel is not None and channel.kind in ("send", "person"):
            outside = first < _minutes(channel.hours[0]) or last > _minutes(channel.hours[1])
            if outside or _in_quiet(placement, look):
                yield found(
                    "hours_outside",
                    Severity.S1,
                    about,
                    placement=placement.id,
                    first=placement.hours[0],
                    last=placement.hours[1],
                )


def _in_quiet(placement: Placement, look: Look) -> bool:
    asleep, awake = (_minutes(hour) for hour in look.pack.contact.quiet)
    first, last = _minutes(placement.hours[0]), _minutes(placement.hours[1])
    if asleep > awake:
        return first < awake or last > asleep
    return first < awake and last > asleep


def _minutes(hour: str) -> int:
    hours, _, rest = hour.partition(":")
    return int(hours) * 60 + int(rest or 0)


def pacing(look: Look) -> Iterable[Finding]:
    """A channel's days add up to the customers that it is to touch."""
    planned: Counter[tuple[str, str]] = Counter()
    for placement in look.placements.placements:
        planned[placement.channel, placement.slot] += sum(placement.daily)
    for (channel, slot), count in planned.items():
        touched = sum(item.customers for item in look.allocation.allotments if channel in item.channels)
        if count != touched:
            yield found(
                "pacing_does_not_add_up",
                Severity.S2,
                f"placements[{channel}{'-' + slot if slot else ''}]",
                channel=channel,
                planned=count,
                touched=touched,
            )


def overlapping(look: Look) -> Iterable[Finding]:
    """One place is not booked twice for the same days by this campaign itself."""
    booked: dict[tuple[str, str], list[Placement]] = {}
    for placement in look.placements.placements:
        others = booked.setdefault((placement.channel, placement.slot), [])
        for other in others:
            if placement.start <= other.end and other.start <= placement.end:
                yield found(
                    "placements_overlap",
                    Severity.S2,
                    f"placements[{placement.id}]",
                    one=other.id,
                    other=placement.id,
                )
        others.append(placement)


def frequency(look: Look) -> Iterable[Finding]:
    """A cap that the brief asks for may be stricter than the channels' own, never looser."""
    most, window = look.goal.freq_cap.get("max"), look.goal.freq_cap.get("window_days")
    if not isinstance(most, int | float) or not isinstance(window, int | float):
        return
    for name in look.goal.channels:
        channel = look.channels.get(name)
        for days, cap in (channel.caps if channel else {}).items():
            if days <= window and most > cap * -(-window // days):
                yield found("cap_looser_than_policy", Severity.S3, "goal.freq_cap", channel=name, cap=cap, days=days)


def contact(look: Look) -> Iterable[Finding]:
    """On what ground people are contacted: without consent data only a shadow run is possible."""
    sending = [name for name in look.goal.channels if name in look.channels and look.channels[name].kind == "send"]
    if sending and look.pack.contact.basis == "none":
        yield found("shadow_only", Severity.S3, "goal.channels", channels=", ".join(sending))


def calendar(look: Look) -> Iterable[Finding]:
    """A weekly rhythm needs a day of its kind within the window."""
    kind, _, day = look.goal.recurrence.partition(":")
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    if kind != "weekly" or day not in names:
        return
    length = (look.goal.end - look.goal.start).days + 1
    window = [look.goal.start + dt.timedelta(days=i) for i in range(min(7, max(0, length)))]
    if names.index(day) not in {each.weekday() for each in window}:
        yield found("rhythm_never_falls", Severity.S1, "goal.recurrence", day=day)
