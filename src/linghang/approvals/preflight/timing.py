"""Pre-flight of name and time: what is asked back, the window, its phases, and whether there is time to prepare."""

import datetime as dt
from collections.abc import Iterable
from itertools import pairwise

from linghang.approvals.preflight.look import Look, found
from linghang.base.findings import Finding, Severity

LONGEST_NAME = 60
LONGEST_DAYS = 90
"""Coupon batches span at most 90 days (WeChat Pay's public specification)."""
LEAD_DAYS = {"S": 3, "A": 2, "B": 1, "C": 1}
"""Days between review and start by level: smoke cases run 3, 2 and 1 days ahead (domain.md, step 13)."""


def open_questions(look: Look) -> Iterable[Finding]:
    """What the brief left open and would change the result."""
    for key in look.goal.missing:
        if key in ("product", "audience"):
            yield found("unanswered", Severity.S1, f"goal.{key}", key=key)


def name(look: Look) -> Iterable[Finding]:
    """A name that people can tell apart."""
    text = look.goal.name.strip()
    if not text:
        yield found("no_name", Severity.S2, "goal.name")
    if len(text) > LONGEST_NAME:
        yield found("name_too_long", Severity.S2, "goal.name", length=len(text), longest=LONGEST_NAME)


def window(look: Look) -> Iterable[Finding]:
    """The campaign's days."""
    goal = look.goal
    if goal.end < goal.start:
        yield found("window_reversed", Severity.S1, "goal.start", start=str(goal.start), end=str(goal.end))
        return
    days = (goal.end - goal.start).days + 1
    if days > LONGEST_DAYS:
        yield found("window_long", Severity.S3, "goal.end", days=days, longest=LONGEST_DAYS)
    if look.today is None:
        return
    if goal.end < look.today:
        yield found("window_past", Severity.S1, "goal.end", end=str(goal.end), today=str(look.today))
    elif goal.start < look.today:
        yield found("starts_in_past", Severity.S2, "goal.start", start=str(goal.start), today=str(look.today))
    elif (goal.start - look.today).days < LEAD_DAYS[goal.level]:
        yield found("little_lead", Severity.S4, "goal.start", days=(goal.start - look.today).days, level=goal.level)


def phases(look: Look) -> Iterable[Finding]:
    """Phases cover the window, one after the other."""
    goal = look.goal
    ordered = sorted(goal.phases, key=lambda phase: phase.start)
    for phase in ordered:
        if phase.end < phase.start:
            yield found("phase_reversed", Severity.S1, f"goal.phases[{phase.id}]", phase=phase.id)
        if phase.start < goal.start or phase.end > goal.end:
            yield found("phase_outside", Severity.S2, f"goal.phases[{phase.id}]", phase=phase.id)
    for one, other in pairwise(ordered):
        if other.start <= one.end:
            yield found("phases_overlap", Severity.S2, "goal.phases", one=one.id, other=other.id)
        elif other.start > one.end + dt.timedelta(days=1):
            yield found("phases_gap", Severity.S3, "goal.phases", one=one.id, other=other.id)


def hours(look: Look) -> Iterable[Finding]:
    """A time at which everything is to go out must be one at which something may."""
    start = look.goal.start_time
    if not start:
        return
    for channel in (look.channels.get(name) for name in look.goal.channels):
        if channel is not None and channel.kind == "send" and not channel.hours[0] <= start < channel.hours[1]:
            yield found(
                "start_time_outside_hours",
                Severity.S1,
                "goal.start_time",
                time=start,
                channel=channel.id,
                first=channel.hours[0],
                last=channel.hours[1],
            )
