"""The time algebra: phrases on a Monday, 23 November 2026, and what must hold on any day."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linghang.reading.normalise import normalise
from linghang.reading.times import festivals, phrases, resolve, shift
from linghang.reading.times.moments import Moment

TODAY = dt.date(2026, 11, 23)
DAY = dt.timedelta(days=1)


def days(text: str, today: dt.date = TODAY, lean: int = 1) -> tuple[str, str]:
    """Start and end of the only phrase of time in a text."""
    (found,) = [p for p in phrases(normalise(text).text) if p.sense != "clock"]
    period = resolve(found.moment, today, lean)
    assert period is not None
    return str(period.start or ""), str(period.end or "")


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("明天到月底", "2026-11-24", "2026-11-30"), ("12.1-12.15", "2026-12-01", "2026-12-15"), ("12月9号到12号", "2026-12-09", "2026-12-12"), ("即日起", "2026-11-23", ""),
        ("下月初开始两周", "2026-12-01", "2026-12-14"), ("周一到周日", "2026-11-23", "2026-11-29"), ("年底前", "", "2026-12-31"), ("本周五起三天", "2026-11-27", "2026-11-29"),
        ("两天后", "2026-11-25", "2026-11-25"), ("12月31号开始，到12月1号结束", "2026-12-31", "2026-12-01"), ("除夕晚8点到初六", "2027-02-05", "2027-02-11"), ("黑五当天", "2026-11-27", "2026-11-27"),
        ("12月第一周", "2026-12-01", "2026-12-07"), ("十二月中下旬", "2026-12-11", "2026-12-31"), ("下周三前", "", "2026-12-02"), ("whole December", "2026-12-01", "2026-12-31"),
        ("tomorrow to month end", "2026-11-24", "2026-11-30"), ("next week", "2026-11-30", "2026-12-06"), ("Nov 27 to Dec 6", "2026-11-27", "2026-12-06"), ("双12前三天", "2026-12-09", "2026-12-11"),
        ("下周五到月底", "2026-12-04", "2026-12-31"), ("下周一开始两周", "2026-11-30", "2026-12-13"), ("12月1-15号", "2026-12-01", "2026-12-15"), ("这周末", "2026-11-28", "2026-11-29"),
        ("12.20-1.5", "2026-12-20", "2027-01-05"), ("元旦前", "", "2026-12-31"), ("下个月5号到15号", "2026-12-05", "2026-12-15"), ("25号到下月5号", "2026-11-25", "2026-12-05"),
        ("mid-December to end of December", "2026-12-11", "2026-12-31"), ("from Dec 1 for 10 days", "2026-12-01", "2026-12-10"), ("starting next Monday for two weeks", "2026-11-30", "2026-12-13"),
        ("by Dec 6", "", "2026-12-06"), ("before Christmas", "", "2026-12-24"), ("明年1月1号起一个月", "2027-01-01", "2027-01-31"), ("下下周一到周五", "2026-12-07", "2026-12-11"), ("三天后开始，持续一周", "2026-11-26", "2026-12-02"),
        ("元宵节", "2027-02-20", "2027-02-20"), ("腊八", "2027-01-15", "2027-01-15"), ("春节后首个交易日", "2027-02-15", "2027-02-15"), ("十二月第二个周末", "2026-12-12", "2026-12-13"),
        ("11月30日-12月6日", "2026-11-30", "2026-12-06"), ("每周三", "2026-11-25", ""), ("每月15号", "2026-12-15", ""), ("Tuesday", "2026-12-01", "2026-12-01"), ("Friday", "2026-11-27", "2026-11-27"),
        ("双旦活动（12月24到1月3）", "2026-12-24", "2027-01-03"), ("幫我12月1號到12號", "2026-12-01", "2026-12-12"),
    ],
)  # fmt: skip
def test_phrases_of_a_brief(text: str, start: str, end: str) -> None:
    assert days(text) == (start, end)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("昨天", "2026-11-22", "2026-11-22"), ("上个月", "2026-10-01", "2026-10-31"), ("近7天", "2026-11-16", "2026-11-22"), ("month to date", "2026-11-01", "2026-11-23"), ("上周", "2026-11-16", "2026-11-22"),
        ("双11", "2026-11-11", "2026-11-11"), ("去年双11", "2025-11-11", "2025-11-11"), ("11月1号到11月15号", "2026-11-01", "2026-11-15"), ("上周五", "2026-11-20", "2026-11-20"), ("三季度", "2026-07-01", "2026-09-30"),
        ("上季度", "2026-07-01", "2026-09-30"), ("今年以来", "2026-01-01", "2026-11-23"), ("last 30 days", "2026-10-24", "2026-11-22"), ("12月", "2026-12-01", "2026-12-31"),
    ],
)  # fmt: skip
def test_phrases_of_a_question_look_back(text: str, start: str, end: str) -> None:
    assert days(text, lean=-1) == (start, end)


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("明天上午十点", "10:00"),
        ("今晚8点", "20:00"),
        ("周三九点半", "09:30"),
        ("Friday 8pm", "20:00"),
        ("明天中午12点", "12:00"),
        ("12月3号下午2点", "14:00"),
        ("next Thursday at 6pm", "18:00"),
    ],
)
def test_hours_join_their_day(text: str, clock: str) -> None:
    (found,) = phrases(normalise(text).text)
    assert found.moment.clock == clock


@pytest.mark.parametrize(
    "text", ["温情一点", "早一点", "提两点建议", "百分之三点五", "两万五批", "免息券7天", "7天年化", "费率0.15%"]
)
def test_what_only_looks_like_time(text: str) -> None:
    assert [p for p in phrases(normalise(text).text) if p.sense in ("moment", "clock")] == []


dates = st.dates(dt.date(2015, 1, 1), dt.date(2050, 12, 31))


@given(dates, st.integers(1, 60))
def test_a_run_of_n_days_has_n_days(today: dt.date, count: int) -> None:
    period = resolve(Moment("run", (Moment("offset", (1,)), float(count), "day")), today)
    assert period is not None
    assert period.start == today + DAY
    assert (period.end - period.start).days == count - 1  # type: ignore[operator]


@given(dates, st.integers(1, 12), st.integers(1, 28))
def test_a_date_without_a_year_is_never_past_in_a_brief_nor_far_ahead_in_a_question(
    today: dt.date, month: int, day: int
) -> None:
    ahead, back = (resolve(Moment("date", (None, month, day)), today, lean) for lean in (1, -1))
    assert ahead is not None
    assert back is not None
    assert today <= ahead.start < today + 367 * DAY  # type: ignore[operator]
    # The next month is asked about too early rather than long ago.
    near = today < back.start and month <= today.month + 1  # type: ignore[operator]
    assert near or today - 367 * DAY < back.start <= today  # type: ignore[operator]


@given(dates, st.integers(0, 6))
def test_weeks_run_from_monday_to_sunday(today: dt.date, weekday: int) -> None:
    week = resolve(Moment("week", (1,)), today)
    day = resolve(Moment("weekday", (1, weekday)), today)
    assert week is not None
    assert day is not None
    assert (week.start.weekday(), week.end.weekday()) == (0, 6)  # type: ignore[union-attr]
    assert week.start <= day.start <= week.end  # type: ignore[operator]
    assert day.start.weekday() == weekday  # type: ignore[union-attr]


@given(dates, st.integers(1, 400), st.sampled_from(["day", "week", "month"]))
def test_a_look_back_ends_yesterday(today: dt.date, amount: int, unit: str) -> None:
    period = resolve(Moment("past", (float(amount), unit)), today, -1)
    assert period is not None
    assert period.end == today - DAY
    assert period.start <= period.end  # type: ignore[operator]


@given(dates, st.integers(-24, 24))
def test_months_keep_the_day_or_the_last_one(day: dt.date, months: int) -> None:
    moved = shift(day, months, "month")
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == day.day or (moved + DAY).day == 1


@given(dates, dates)
def test_a_range_of_full_dates_is_taken_as_said(first: dt.date, last: dt.date) -> None:
    text = f"{first.year}年{first.month}月{first.day}日到{last.year}年{last.month}月{last.day}日"
    assert days(text) == (first.isoformat(), last.isoformat())


@given(dates, st.sampled_from(festivals.FESTIVALS))
def test_the_next_festival_is_ahead_and_the_last_behind(today: dt.date, name: str) -> None:
    assert festivals.nearest(name, today, -1) <= today <= festivals.nearest(name, today, 1)
    assert (festivals.nearest(name, today, 1) - today).days < 800


@given(dates, st.integers(1, 10))
def test_trading_days_are_weekdays_and_move_on(today: dt.date, count: int) -> None:
    found = festivals.trading_day(today, count)
    assert found > today
    assert festivals.is_trading_day(found)


@pytest.mark.parametrize(
    ("name", "month", "day"),
    [("春节", 1, 1), ("元宵节", 1, 15), ("端午节", 5, 5), ("七夕", 7, 7), ("中秋节", 8, 15), ("重阳节", 9, 9)],
)
def test_the_lunar_table_is_the_lunar_calendar(name: str, month: int, day: int) -> None:
    lunar = pytest.importorskip("lunar_python").Lunar
    for year in range(2006, 2060):
        solar = lunar.fromYmd(year, month, day).getSolar()
        assert festivals.festival(name, year) == dt.date(solar.getYear(), solar.getMonth(), solar.getDay())


@given(st.text(max_size=80))
def test_any_text_yields_phrases_inside_it(text: str) -> None:
    normal = normalise(text).text
    last = 0
    for found in phrases(normal):
        assert 0 <= found.start < found.end <= len(normal)
        assert found.end > last
        last = found.end
