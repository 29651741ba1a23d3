"""Messages of several edits: each piece changes what the ones before it left, and each figure goes to its own head."""

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from evals.reading import load, score
from linghang import packs
from linghang.reading import read

TODAY = dt.date(2026, 11, 23)
DATA = Path(__file__).parents[3] / "evals" / "data"
BASE: Mapping[str, Any] = {
    "objective": "convert",
    "product": "fund",
    "audience": [
        {"field": "age", "op": "between", "value": [25, 40]},
        {"field": "city", "op": "in", "value": ["上海", "南京"]},
        {"field": "aum_cny", "op": "ge", "value": 50000},
    ],
    "budget_cny": 300000,
    "start": "2026-12-01",
    "end": "2026-12-14",
    "channels": ["push", "sms"],
    "offer": {"type": "coupon", "face_value_cny": 20, "threshold_cny": 200},
    "holdout_pct": 10,
    "missing": [],
}


def after(text: str) -> dict[str, Any]:
    found = read(text, today=TODAY, pack=packs.load("demo"), after=BASE)
    assert found.kind == "edit", (found.kind, found.alternatives)
    return {key: value for key, value in found.reading.items() if value != BASE.get(key)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("预算加到50万，短信不要了，下周一开始", {"budget_cny": 500000, "channels": ["push"], "start": "2026-11-30"}),
        ("1. 预算35万 2. 去掉短信 3. 对照组留15%", {"budget_cny": 350000, "channels": ["push"], "holdout_pct": 15}),
        ("预算减半 结束提前三天 对照组留15%", {"budget_cny": 150000, "end": "2026-12-11", "holdout_pct": 15}),
        ("Drop SMS, cut the budget to 200k and start on Dec 3", {"channels": ["push"], "budget_cny": 200000, "start": "2026-12-03"}),
        ("短信太打扰了，撤了吧", {"channels": ["push"]}),
        ("短信别发了，改走公众号", {"channels": ["push", "wechat_oa"]}),
        ("30万太多了，20万就够", {"budget_cny": 200000}),
        ("往后拖五天，结束日期不变", {"start": "2026-12-06"}),
        ("券面额50门槛500", {"offer": {"type": "coupon", "face_value_cny": 50, "threshold_cny": 500}}),
        ("对照组加5个点，券再便宜5块", {"holdout_pct": 15}),
    ],
)  # fmt: skip
def test_each_piece_is_one_change(text: str, expected: dict[str, Any]) -> None:
    changed = after(text)
    assert {key: changed.get(key) for key in expected} == expected
    assert set(changed) - set(expected) <= {"offer"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("AUM别卡那么高，2万就行", {"field": "aum_cny", "op": "ge", "value": 20000}),
        ("年龄不设上限", {"field": "age", "op": "ge", "value": 25}),
        ("最低年龄30", {"field": "age", "op": "between", "value": [30, 40]}),
        ("上海以外的先不做", {"field": "city", "op": "eq", "value": "上海"}),
        ("再圈上武汉", {"field": "city", "op": "in", "value": ["上海", "南京", "武汉"]}),
    ],
)
def test_a_condition_changes_in_its_own_form(text: str, value: dict[str, Any]) -> None:
    assert value in after(text)["audience"]
    assert set(after(text)) == {"audience"}


@pytest.mark.parametrize("text", ["年龄条件拿掉", "不限年龄了", "年龄不卡了", "drop the age filter", "岁数无所谓"])
def test_a_condition_goes_by_the_name_of_its_field(text: str) -> None:
    assert [item["field"] for item in after(text)["audience"]] == ["city", "aum_cny"]


def test_spans_of_later_pieces_stand_where_they_were_said() -> None:
    text = "预算加到50万，短信不要了，对照组留15%"
    found = read(text, today=TODAY, pack=packs.load("demo"), after=BASE)
    said = {key: [text[low:high] for low, high in places] for key, places in found.spans.items()}
    assert said["budget_cny"] == ["50万"]
    assert said["channels"] == ["短信"]
    assert said["holdout_pct"] == ["15%"]


def test_the_matrix_of_edits_and_questions_stays_read() -> None:
    cases = load(DATA / "reading_own5.jsonl")
    result = score(cases)
    wrong = {key: tally.wrong for key, tally in result.whole.items() if tally.wrong}
    assert not wrong, json.dumps(wrong, ensure_ascii=False)
