"""Days add up, hours never widen what the law allows, slots are not booked twice, and markets are asked first."""

import datetime as dt
import itertools
from dataclasses import replace

import pytest
from benefits.samples import AUDIENCE, CALL, GOAL, LAYERS, PACK, SMS
from hypothesis import given
from hypothesis import strategies as st

from linghang.benefits import allocate
from linghang.packs.model import ContactBasis
from linghang.placements import Booking, conflicts, day_of, days_at, days_between, hours_for, pace, phases, plan
from linghang.placements.hours import minutes

ALLOCATION = allocate(GOAL, LAYERS, AUDIENCE, PACK, plan="balanced").allocation
DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2027, 6, 1))


@given(DAYS, st.integers(0, 60), st.lists(st.floats(0.05, 1), min_size=1, max_size=4))
def test_phases_follow_each_other_and_fill_the_window(start: dt.date, length: int, shares: list[float]) -> None:
    end = start + dt.timedelta(days=length)
    made = phases(start, end, [(f"p{i}", share) for i, share in enumerate(shares)])
    assert made[0].start == start
    assert made[-1].end == end
    for before, after in itertools.pairwise(made):
        assert after.start == before.end + dt.timedelta(days=1)
    assert all(phase.start <= phase.end for phase in made)
    assert len(made) in (1, len(shares))


def test_a_window_that_ends_first_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot end"):
        phases(dt.date(2026, 12, 2), dt.date(2026, 12, 1), [("main", 1.0)])


@given(st.integers(0, 10**7), st.integers(1, 90), st.lists(st.floats(0, 3), min_size=7, max_size=7))
def test_a_pace_adds_up_exactly(total: int, length: int, weights: list[float]) -> None:
    days = days_between(dt.date(2026, 11, 30), dt.date(2026, 11, 30) + dt.timedelta(days=length - 1))
    daily = pace(total, days, lambda day: weights[day.weekday()])
    assert sum(daily) == total
    assert len(daily) == length
    assert min(daily) >= 0


def test_every_channel_and_slot_is_planned_in_every_phase() -> None:
    goal = replace(GOAL, playbook="festival", phases=(), slots=("home_banner",))
    planned = plan(goal, ALLOCATION, PACK).placements.placements
    assert {item.phase for item in planned} == {"warm_up", "burst", "encore"}
    for channel in ("push", "sms", "inapp_banner"):
        touched = sum(item.customers for item in ALLOCATION.allotments if channel in item.channels)
        assert sum(sum(item.daily) for item in planned if item.channel == channel) == touched
    burst = next(item for item in planned if item.phase == "burst" and item.channel == "inapp_banner")
    warm = next(item for item in planned if item.phase == "warm_up" and item.channel == "inapp_banner")
    assert max(burst.daily) > max(warm.daily)


def test_funds_are_sent_on_trading_days() -> None:
    planned = plan(GOAL, ALLOCATION, PACK).placements.placements
    sms = next(item for item in planned if item.channel == "sms")
    for day, count in zip(days_between(sms.start, sms.end), sms.daily, strict=True):
        assert (count > 0) == day_of(day).trading


def test_people_call_on_working_days() -> None:
    called = tuple(replace(item, channels=("call",)) for item in ALLOCATION.allotments)
    start, end = dt.date(2026, 9, 28), dt.date(2026, 10, 11)
    goal = replace(GOAL, product_kind="insurance", channels=("call",), slots=(), start=start, end=end, phases=())
    (call,) = plan(goal, replace(ALLOCATION, allotments=called), PACK).placements.placements
    told = dict(zip(days_between(start, end), call.daily, strict=True))
    assert sum(told.values()) == sum(item.customers for item in called)
    assert {day for day, count in told.items() if count} == {day for day in told if day_of(day).workday}
    assert told[dt.date(2026, 10, 10)], "a Saturday that makes up for the holiday"


def test_the_official_calendar_is_known() -> None:
    assert day_of(dt.date(2026, 10, 1)).festival == "national_day"
    assert not day_of(dt.date(2026, 10, 1)).workday
    make_up = day_of(dt.date(2026, 10, 10))  # a Saturday on which people work and markets stay closed
    assert (make_up.workday, make_up.trading) == (True, False)
    far = day_of(dt.date(2035, 10, 1))
    assert (far.workday, far.festival) == (True, "")


@given(st.integers(0, 23), st.integers(1, 24), st.integers(18, 23), st.integers(5, 10))
def test_said_hours_narrow_and_never_widen(first: int, last: int, asleep: int, awake: int) -> None:
    contact = ContactBasis("none", PACK.label, quiet=(f"{asleep:02d}:00", f"{awake:02d}:00"))
    hours = hours_for(SMS, contact, {"start": f"{first:02d}:00", "end": f"{last:02d}:00"})
    if hours is not None:
        begin, end = (minutes(hour) for hour in hours)
        assert begin < end
        assert begin >= max(8, awake, first) * 60
        assert end <= min(20, asleep, last) * 60


def test_hours_of_which_nothing_is_left_are_a_finding() -> None:
    goal = replace(GOAL, send_window={"channel": "sms", "start": "22:00", "end": "23:00"})
    done = plan(goal, ALLOCATION, PACK)
    assert [finding.code for finding in done.findings] == ["placements.no_hours"]
    assert {item.channel for item in done.placements.placements} == {"push", "inapp_banner"}
    assert hours_for(CALL, PACK.contact, {}) == ("09:00", "20:00")


def booking(campaign: str, level: str = "B", slot: str = "home_banner") -> Booking:
    return Booking(campaign, campaign, slot, dt.date(2026, 12, 1), dt.date(2026, 12, 3), level)


def test_a_slot_is_full_only_when_its_capacity_is() -> None:
    planned = plan(GOAL, ALLOCATION, PACK).placements.placements
    assert conflicts(planned, [booking("x")], PACK, "B") == ()  # the banner has room for two
    found = conflicts(planned, [booking("x"), booking("y")], PACK, "B")
    assert len(found) == 1
    assert (found[0].severity, found[0].params["start"], found[0].params["end"]) == ("S2", "2026-12-01", "2026-12-03")
    ahead = conflicts(planned, [booking("x"), booking("y", "C")], PACK, "A")
    assert [finding.severity for finding in ahead] == ["S4"]  # this one is stronger, so the others must know
    assert conflicts(planned, [booking("x", slot="home_popup")], PACK, "B") == ()


def test_days_that_cannot_be_planned_are_findings() -> None:
    late = plan(GOAL, ALLOCATION, PACK, today=dt.date(2026, 12, 5))
    assert "placements.starts_in_past" in [finding.code for finding in late.findings]
    week = replace(GOAL, start=dt.date(2026, 10, 2), end=dt.date(2026, 10, 6), phases=())
    closed = plan(week, ALLOCATION, PACK)
    assert "placements.markets_closed" in [finding.code for finding in closed.findings]
    sms = [item for item in closed.placements.placements if item.channel == "sms"]
    assert sum(sum(item.daily) for item in sms) == sum(
        item.customers for item in ALLOCATION.allotments if "sms" in item.channels
    )
    far = replace(GOAL, start=dt.date(2035, 1, 8), end=dt.date(2035, 1, 12), phases=())
    assert "placements.calendar_unknown" in [finding.code for finding in plan(far, ALLOCATION, PACK).findings]


def test_days_at_a_pace() -> None:
    assert days_at(1001, 100) == 11
    with pytest.raises(ValueError, match="a day"):
        days_at(5, 0)
