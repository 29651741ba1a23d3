"""Windows are half-open in UTC; ids sort by time."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linghang.base.ids import new_id
from linghang.base.windows import Window, days

zones = st.sampled_from(["Asia/Shanghai", "Europe/Lisbon", "America/New_York", "UTC", "Australia/Lord_Howe"])
dates = st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 30))


@given(dates, st.integers(0, 60), zones)
def test_neighbouring_windows_touch_and_do_not_overlap(first: dt.date, length: int, zone: str) -> None:
    last = first + dt.timedelta(days=length)
    one, following = days(first, last, zone), days(last + dt.timedelta(days=1), last + dt.timedelta(days=3), zone)
    assert one.end == following.start
    assert not one.overlaps(following)
    assert one.start in one
    assert one.end not in one


def test_seven_days_are_seven_days_of_the_zone() -> None:
    window = days(dt.date(2026, 11, 17), dt.date(2026, 11, 23), "Asia/Shanghai")
    assert window.start == dt.datetime(2026, 11, 16, 16, tzinfo=dt.UTC)
    assert window.end == dt.datetime(2026, 11, 23, 16, tzinfo=dt.UTC)


def test_a_window_needs_order_and_a_zone() -> None:
    now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    with pytest.raises(ValueError, match="end before"):
        Window(now, now - dt.timedelta(seconds=1))
    with pytest.raises(ValueError, match="zone"):
        Window(dt.datetime(2026, 1, 1), now)


@given(st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2030, 1, 1), timezones=st.just(dt.UTC)), st.integers(1, 10**6))
def test_ids_sort_by_time(now: dt.datetime, later_ms: int) -> None:
    one, other = new_id("cmp", now), new_id("cmp", now + dt.timedelta(milliseconds=later_ms))
    assert one < other
    assert one.startswith("cmp_")
    assert len(one) == 30
