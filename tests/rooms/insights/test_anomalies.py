"""What breaks in a running campaign is told once and for sure; what is only uneven is not."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linghang import insights
from linghang.analysis.model import Day, Report
from linghang.base.findings import Finding
from linghang.base.messages import render
from linghang.delivery import Count
from linghang.insights.anomalies import FEWEST

FIRST = dt.date(2026, 12, 1)
TODAY = dt.date(2026, 12, 8)
NOW = dt.datetime(2026, 12, 8, 2, tzinfo=dt.UTC)


def report(days: Sequence[Day]) -> Report:
    start = dt.datetime(2026, 11, 30, 16, tzinfo=dt.UTC)
    return Report("cmp_x", "p", start, start + dt.timedelta(days=14), False, False, "convert", (), (), (), (), (), (),
                  (), tuple(days))  # fmt: skip


def days(before: dict[str, int], recent: dict[str, int], today: dict[str, int] | None = None) -> list[Day]:
    """Five usual days, the two whole days before today, and today."""
    told = [before] * 5 + [recent] * 2 + ([today] if today is not None else [])
    usual = {"conversions": 8, "claims": 8, "impressions": 300, "clicks": 30, "sent": 100}
    return [Day(date=FIRST + dt.timedelta(days=n), **{**usual, **one}) for n, one in enumerate(told)]


def seen(daily: Sequence[Day], **standing: Any) -> list[Finding]:
    found = insights.watch(report(daily), insights.Standing(100_00, **standing), now=NOW, today=TODAY)
    return [item.finding for item in found if not item.finding.code.endswith("nobody_met_it")]


def codes(daily: Sequence[Day], **standing: Any) -> list[str]:
    return [finding.code.removeprefix("insights.") for finding in seen(daily, **standing)]


def test_usual_days_are_quiet() -> None:
    assert codes(days({}, {})) == []
    assert codes(days({}, {"conversions": 6, "claims": 7, "impressions": 200, "clicks": 20, "sent": 0})) == []


def test_a_present_day_that_has_only_begun_says_nothing() -> None:
    nothing = {"conversions": 0, "claims": 0, "impressions": 0, "clicks": 0, "sent": 0}
    assert codes(days({}, {}, nothing)) == []


@pytest.mark.parametrize(
    ("recent", "code"),
    [
        ({"conversions": 0}, "collapse_conversions"),
        ({"claims": 0, "conversions": 0}, "collapse_claims"),
        ({"clicks": 2, "claims": 0, "conversions": 0}, "collapse_clicks"),
        ({"impressions": 3, "clicks": 0, "claims": 0, "conversions": 0}, "collapse_impressions"),
    ],
)
def test_the_first_link_that_broke_is_told_with_its_figures(recent: dict[str, int], code: str) -> None:
    (found,) = seen(days({}, recent))
    assert found.code == f"insights.{code}"
    assert found.severity == "S2"
    assert {"before", "recent", "days"} <= set(found.evidence)
    for locale in ("zh-CN", "en"):
        for message in (found.code, f"{found.code}_why"):
            told = render(message, {**found.params, "name": "x"}, locale)
            assert told != message
            assert "{" not in told


@given(st.integers(0, 2 * FEWEST // 3 - 1))
@settings(max_examples=20)
def test_few_meetings_are_no_collapse(clicks: int) -> None:
    few = {"clicks": clicks // 2, "claims": 0, "conversions": 0}
    assert "collapse_conversions" not in codes(days({}, few))
    assert "collapse_claims" not in codes(days({}, few))


def test_complaints_that_rise_are_told_and_single_ones_are_not() -> None:
    assert codes(days({"complaints": 0}, {"complaints": 1})) == []
    assert codes(days({"complaints": 0}, {"complaints": 3})) == ["rise_complaints"]
    assert codes(days({"complaints": 3}, {"complaints": 3})) == []
    assert codes(days({"unsubscribes": 1}, {"unsubscribes": 9})) == ["rise_unsubscribes"]


def test_a_failing_channel_is_told_with_the_vendors_reason() -> None:
    tried = (Count("push", "", "delivered", "", 40, 0), Count("push", "", "failed", "vendor.down", 60, 0),
             Count("push", "", "failed", "vendor.full", 2, 0), Count("sms", "", "delivered", "", 100, 0))  # fmt: skip
    (found,) = seen(days({}, {}), tried=tried)
    assert (found.code, found.about) == ("insights.channel_fails", "channels[push]")
    assert found.evidence["reason"] == "vendor.down"
    few = (Count("push", "", "delivered", "", 95, 0), Count("push", "", "failed", "vendor.down", 5, 0))
    assert codes(days({}, {}), tried=few) == []


def test_what_waits_too_long_is_told() -> None:
    assert codes(days({}, {}), overdue={"sms": 500, "push": 3}) == ["channel_stuck"]


def test_stock_that_runs_out_before_the_end() -> None:
    shares = {"a": (100, 0), "b": (100, 5), "c": (100, 50), "d": (0, 0)}
    assert codes(days({}, {}), shares=shares) == ["benefit_gone", "benefit_nearly_gone"]
    assert codes(days({}, {}), pools={"growth": (1000, 99)}) == ["pool_nearly_empty"]
    late = insights.watch(report(days({}, {})), insights.Standing(0, shares={"b": (100, 5)}), today=TODAY,
                          now=NOW + dt.timedelta(days=6))  # fmt: skip
    assert "insights.benefit_nearly_gone" not in [item.finding.code for item in late]
