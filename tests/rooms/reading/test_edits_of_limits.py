"""Edits that free, cap or allow: 不限PLUS了, 封顶, “排名”可以写, and figures of exclusions."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest

from linghang import packs
from linghang.reading import read

BASE: Mapping[str, Any] = {
    "objective": "convert",
    "product": "fund",
    "audience": [
        {"field": "member_tier", "op": "eq", "value": "PLUS"},
        {"field": "churn_score", "op": "ge", "value": 0.9},
    ],
    "exclusions": [
        {"field": "copy", "op": "contains", "value": "排名"},
        {"field": "touched", "op": "exists", "window_days": 7},
    ],
    "budget_cny": 200_000,
    "channels": ["push"],
    "start": "2026-12-01",
    "end": "2026-12-10",
    "offer": {"type": "interest_free_coupon", "interest_free_days": 7},
    "missing": [],
}


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("预算封顶25万", "budget_max_cny", 250_000),
        ("top10%改成top20%", "audience[churn_score]", {"field": "churn_score", "op": "ge", "value": 0.8}),
        ("近7天触达过的改成近14天", "exclusions[touched]", {"field": "touched", "op": "exists", "window_days": 14}),
        ("免息券延长到14天", "offer.interest_free_days", 14),
        ("排名可以写", "exclusions", {"field": "copy", "op": "contains", "value": "排名"}),
        ("不限PLUS了", "audience", {"field": "member_tier", "op": "eq", "value": "PLUS"}),
    ],
)
def test_an_edit_changes_what_it_names(text: str, path: str, value: Any) -> None:
    found = read(text, today=dt.date(2026, 11, 23), pack=packs.load("demo"), after=BASE)
    assert found.kind == "edit"
    assert [(step["path"], step["value"]) for step in found.patch if step["path"] != "missing"] == [(path, value)]
