"""Where and when: slots, channels, phases, hours, pacing and conflicts with what others have booked."""

from linghang.placements.calendar import day_of, days_between, phases
from linghang.placements.hours import hours_for
from linghang.placements.model import Booking, Day, Planned
from linghang.placements.pacing import days_at, most_a_day, pace
from linghang.placements.planning import conflicts, dated_phases, plan, slots_of

__all__ = [
    "Booking",
    "Day",
    "Planned",
    "conflicts",
    "dated_phases",
    "day_of",
    "days_at",
    "days_between",
    "hours_for",
    "most_a_day",
    "pace",
    "phases",
    "plan",
    "slots_of",
]
