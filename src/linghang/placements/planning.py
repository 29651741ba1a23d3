"""Plan where and when: a placement per channel or slot and phase, with hours and customers a day; and conflicts."""

import datetime as dt
from collections.abc import Mapping, Sequence

from linghang.base.findings import Finding, Severity
from linghang.campaigns.sections import Allocation, Goal, Phase, Placement, Placements
from linghang.packs.model import Channel, Pack, Playbook, Slot
from linghang.placements.calendar import day_of, days_between, known, phases
from linghang.placements.hours import hours_for
from linghang.placements.model import Booking, Planned
from linghang.placements.pacing import pace

PHASE_WEIGHT: Mapping[str, float] = {"warm_up": 0.6, "burst": 1.5, "encore": 0.9, "main": 1.0}
"""How many customers a day of a phase gets against an even spread."""
LEVEL_RANK: Mapping[str, int] = {"S": 3, "A": 2, "B": 1, "C": 0}


def plan(
    goal: Goal, allocation: Allocation, pack: Pack, *, bookings: Sequence[Booking] = (), today: dt.date | None = None
) -> Planned:
    """The section ``placements``: every channel and slot of the campaign in every phase.

    Customers of an allotment are paced over the whole window, so a channel's days add up to the customers that it
    touches. Conflicts, past days, unknown calendars and hours of which nothing is left are findings.
    """
    dated = goal.phases or dated_phases(goal, pack)
    made: list[Placement] = []
    findings: list[Finding] = []
    for channel in _channels(goal, pack):
        hours = hours_for(channel, pack.contact, goal.send_window)
        if hours is None:
            params = {"channel": channel.id, "from": channel.hours[0], "to": channel.hours[1]}
            findings.append(Finding("placements.no_hours", Severity.S2, "placements", params=params))
            continue
        places = [slot.id for slot in slots_of(channel, goal, pack)] or [""]
        touched = sum(item.customers for item in allocation.allotments if channel.id in item.channels)
        for place in places:
            speaking = [phase for phase in dated if not phase.channels or channel.id in phase.channels]
            made.extend(_paced(channel, place, speaking, hours, touched, goal, closing(pack)))
    findings.extend(conflicts(made, bookings, pack, goal.level))
    findings.extend(_about_days(goal, closing(pack), today))
    return Planned(Placements(tuple(made)), tuple(findings))


def closing(pack: Pack) -> frozenset[str]:
    """Kinds of product that the contact policy does not push on days without trading."""
    return frozenset(pack.contact.trading_days_only)


def dated_phases(goal: Goal, pack: Pack) -> tuple[Phase, ...]:
    """The phases of the goal's playbook over its window."""
    playbook: Playbook | None = next((item for item in pack.playbooks if item.id == goal.playbook), None)
    return phases(goal.start, goal.end, playbook.phases if playbook else (("main", 1.0),))


def slots_of(channel: Channel, goal: Goal, pack: Pack) -> tuple[Slot, ...]:
    """The slots in which a channel shows: those that the goal names, otherwise the channel's first one."""
    own = tuple(slot for slot in pack.slots if slot.channel == channel.id)
    named = tuple(slot for slot in own if slot.id in goal.slots or set(slot.aliases) & set(goal.slots))
    return named or own[:1]


def conflicts(
    placements: Sequence[Placement], bookings: Sequence[Booking], pack: Pack, level: str
) -> tuple[Finding, ...]:
    """A finding for each slot and stretch of days on which more campaigns want it than it has places.

    The campaign of the higher level keeps the place: S2 if that is another one, S4 if it is this one.
    """
    capacity = {slot.id: slot.capacity for slot in pack.slots}
    wanted = sorted(
        {(item.slot, day) for item in placements if item.slot for day in days_between(item.start, item.end)}
    )
    clashes: dict[tuple[str, tuple[str, ...]], list[dt.date]] = {}
    for slot, day in wanted:
        others = [item for item in bookings if item.slot == slot and item.start <= day <= item.end]
        if len(others) >= capacity.get(slot, 1):
            stronger = sorted({item.campaign_id for item in others})
            clashes.setdefault((slot, tuple(stronger)), []).append(day)
    return tuple(
        _clash(slot, ids, days, bookings, capacity.get(slot, 1), level) for (slot, ids), days in clashes.items()
    )


def _clash(
    slot: str, ids: tuple[str, ...], days: Sequence[dt.date], bookings: Sequence[Booking], capacity: int, level: str
) -> Finding:
    others = {item.campaign_id: item for item in bookings if item.campaign_id in ids}
    rank = LEVEL_RANK.get(level, 1)
    ahead = sum(1 for item in others.values() if LEVEL_RANK.get(item.level, 1) >= rank)
    severity = Severity.S2 if ahead >= capacity else Severity.S4
    params = {
        "slot": slot,
        "start": min(days).isoformat(),
        "end": max(days).isoformat(),
        "others": ", ".join(item.name or item.campaign_id for item in others.values()),
        "capacity": capacity,
    }
    return Finding("placements.conflict", severity, f"placements[{slot}]", params=params)


def _channels(goal: Goal, pack: Pack) -> tuple[Channel, ...]:
    return tuple(channel for channel in pack.channels if channel.id in goal.channels or "all" in goal.channels)


def _paced(
    channel: Channel,
    slot: str,
    dated: Sequence[Phase],
    hours: tuple[str, str],
    touched: int,
    goal: Goal,
    closing: frozenset[str],
) -> list[Placement]:
    """One placement a phase. A channel that sends touches everyone once, so it is paced over all phases together."""
    days = [(phase, day) for phase in dated for day in days_between(phase.start, phase.end)]
    weights = {day: _day_weight(day, channel, goal, closing) * PHASE_WEIGHT.get(phase.id, 1.0) for phase, day in days}
    daily = dict(
        zip([day for _, day in days], pace(touched, [day for _, day in days], weights.__getitem__), strict=True)
    )
    return [
        Placement(
            id="-".join(part for part in (channel.id, slot, phase.id) if part),
            channel=channel.id,
            slot=slot,
            phase=phase.id,
            start=phase.start,
            end=phase.end,
            hours=hours,
            daily=tuple(daily[day] for day in days_between(phase.start, phase.end)),
            priority=LEVEL_RANK.get(goal.level, 1),
        )
        for phase in dated
    ]


def _day_weight(day: dt.date, channel: Channel, goal: Goal, closing: frozenset[str]) -> float:
    """Calls go out on working days; what is sold on markets is sent when they trade; slots follow the visitors."""
    kind = day_of(day)
    if channel.kind == "person" and not kind.workday:
        return 0.0
    if channel.kind != "slot" and goal.product_kind in closing and not kind.trading:
        return 0.0
    return 1.0


def _about_days(goal: Goal, closing: frozenset[str], today: dt.date | None) -> list[Finding]:
    findings: list[Finding] = []
    if today is not None and goal.start < today:
        params = {"start": goal.start.isoformat(), "today": today.isoformat()}
        findings.append(Finding("placements.starts_in_past", Severity.S2, "goal.start", params=params))
    if not (known(goal.start) and known(goal.end)):
        params = {"year": goal.end.year}
        findings.append(Finding("placements.calendar_unknown", Severity.S4, "placements", params=params))
    closed = [day for day in days_between(goal.start, goal.end) if not day_of(day).trading]
    if goal.product_kind in closing and len(closed) == (goal.end - goal.start).days + 1:
        findings.append(Finding("placements.markets_closed", Severity.S3, "placements", params={"days": len(closed)}))
    return findings
