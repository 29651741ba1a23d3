"""Values of placements: what other campaigns have booked, and a plan with what is to be said of it."""

import datetime as dt
from dataclasses import dataclass

from linghang.base.findings import Finding
from linghang.campaigns.sections import Placements


@dataclass(frozen=True)
class Booking:
    """A slot that another campaign occupies, both days included. A higher ``level`` rank wins a conflict."""

    campaign_id: str
    name: str
    slot: str
    start: dt.date
    end: dt.date
    level: str = "B"


@dataclass(frozen=True)
class Day:
    """A day of the calendar: whether people work and markets trade, and the festival's name if it is one."""

    date: dt.date
    workday: bool
    trading: bool
    festival: str = ""


@dataclass(frozen=True)
class Planned:
    """The calendar of the campaign with findings: conflicts, closed markets, empty windows of hours."""

    placements: Placements
    findings: tuple[Finding, ...] = ()
