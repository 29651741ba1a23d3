"""Wordings of a change in their plain form: what is replaced, what is not, and where the operator said it."""

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from evals.reading import load, score
from linghang import packs
from linghang.reading import read
from linghang.reading.lexer import sentence
from linghang.reading.lexicon import lexicon

DATA = Path(__file__).parents[3] / "evals" / "data"
TODAY = dt.date(2026, 11, 23)
BASE: Mapping[str, Any] = {
    "objective": "activate",
    "product": "credit",
    "audience": [
        {"field": "credit_drawn", "op": "exists", "negated": True, "window_days": 60},
        {"field": "age", "op": "between", "value": [25, 40]},
        {"field": "register_days", "op": "le", "value": 90},
    ],
    "exclusions": [{"field": "complaint", "op": "exists"}],
    "budget_cny": 200000,
    "start": "2026-12-01",
    "end": "2026-12-10",
    "channels": ["push", "sms", "inapp_popup"],
    "slots": ["home_popup"],
    "offer": {"type": "coupon", "face_value_cny": 20, "threshold_cny": 1000, "quantity": 5000},
    "send_window": {"channel": "sms", "start": "09:00", "end": "18:00"},
    "experiment": {"variants": ["A", "B"], "split": [50, 50]},
    "missing": [],
}


def plain(text: str) -> str:
    return sentence(text, lexicon(packs.load("demo")), {}).text


def changed(text: str) -> dict[str, Any]:
    found = read(text, today=TODAY, pack=packs.load("demo"), after=BASE)
    assert found.kind == "edit", (text, found.kind)
    return {key: found.reading.get(key) for key in {*found.reading, *BASE} if found.reading.get(key) != BASE.get(key)}


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("短信那块儿撤下来", "短信去掉"),
        ("去短信", "去掉短信"),
        ("尾巴再拖一个礼拜", "结束再推迟一个礼拜"),
        ("门槛忒高", "门槛太高"),
        ("再搭个开屏", "再加上开屏"),
        ("Rope in WeCom", "include wecom"),
    ],
)
def test_a_wording_is_read_in_its_plain_form(text: str, form: str) -> None:
    assert plain(text) == form


@pytest.mark.parametrize("text", ["预算砍下3万", "批下来20万", "线下网点也上", "出去玩", "名单去重"])
def test_what_only_looks_like_a_wording_stays(text: str) -> None:
    assert plain(text) == text.lower()


def test_a_brief_is_read_in_its_own_words() -> None:
    assert sentence("短信那块儿撤下来", lexicon(packs.load("demo"))).text == "短信那块儿撤下来"


def test_spans_are_those_of_the_words_that_were_typed() -> None:
    text = "前面说的那个短信啊，撤下来吧，预算抠到15万"
    found = read(text, today=TODAY, pack=packs.load("demo"), after=BASE)
    said = {key: [text[low:high] for low, high in places] for key, places in found.spans.items()}
    assert said["channels"] == ["短信"]
    assert said["budget_cny"] == ["15万"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("首页弹窗撤了，别的渠道照旧", {"channels": ["push", "sms"], "slots": None}),
        ("短信靠边站", {"channels": ["push", "inapp_popup"]}),
        ("没用信的改成用过信的", {"audience": [{"field": "credit_drawn", "op": "exists", "window_days": 60}, *BASE["audience"][1:]]}),
        ("注册天数卡紧一点，45天以内", {"audience": [*BASE["audience"][:2], {"field": "register_days", "op": "le", "value": 45}]}),
        ("Stretch the upper age limit by four years.", {"audience": [BASE["audience"][0], {"field": "age", "op": "between", "value": [25, 44]}, BASE["audience"][2]]}),
        ("头尾各缩两天", {"start": "2026-12-03", "end": "2026-12-08"}),
        ("短信时段前后都推迟一个半小时", {"send_window": {"channel": "sms", "start": "10:30", "end": "19:30"}}),
        ("门槛忒高，降到500", {"offer": {**BASE["offer"], "threshold_cny": 500}}),
        ("AB别五五开了，七三", {"experiment": {"variants": ["A", "B"], "split": [70, 30]}}),
        ("投诉过的那批也可以发", {"exclusions": None}),
        ("Same start, but wrap it up on December 6.", {"end": "2026-12-06"}),
        ("一千的门槛吓跑人，改五百", {"offer": {**BASE["offer"], "threshold_cny": 500}}),
        ("券小了点，翻一番吧", {"offer": {**BASE["offer"], "face_value_cny": 40}}),
        ("开始往后推一周，结束跟着推", {"start": "2026-12-08", "end": "2026-12-17"}),
        ("12月5号开始，时长不变", {"start": "2026-12-05", "end": "2026-12-14"}),
        ("券换成满300减30的红包", {"offer": {"type": "red_packet", "face_value_cny": 30, "threshold_cny": 300}}),
        ("Can we drop the SMS?", {"channels": ["push", "inapp_popup"]}),
        ("能不能把短信去掉？", {"channels": ["push", "inapp_popup"]}),
        ("支付成功页先不放，短信这条线撤了", {"channels": ["push", "inapp_popup"]}),
        ("版本A占六成，B占四成", {"experiment": {"variants": ["A", "B"], "split": [60, 40]}}),
        ("一天只许发一条", {"freq_cap": {"max": 1, "window_days": 1}}),
        ("Cap it at three touches per user per week.", {"freq_cap": {"max": 3, "window_days": 7}}),
        ("Use email in place of SMS.", {"channels": ["push", "inapp_popup", "email"]}),
        ("Please keep anyone contacted in the past 14 days out of it.", {"exclusions": [*BASE["exclusions"], {"field": "touched", "op": "exists", "window_days": 14}]}),
        ("总量减到2千5百个", {"offer": {**BASE["offer"], "quantity": 2500}}),
    ],
)  # fmt: skip
def test_classes_of_change(text: str, expected: dict[str, Any]) -> None:
    assert changed(text) == expected


def test_edits_in_the_voices_of_five_people_stay_read() -> None:
    result = score(load(DATA / "reading_own6.jsonl"))
    wrong = {key: tally.wrong for key, tally in result.whole.items() if tally.wrong}
    assert not wrong, json.dumps(wrong, ensure_ascii=False)


def test_a_field_that_the_institution_lacks_is_no_condition() -> None:
    pack = packs.load("uci-bank")
    base = {"product": "savings", "audience": [{"field": "housing", "op": "eq", "value": "yes"}], "missing": []}
    assert read("余额2000以上", today=TODAY, pack=pack, after=base).reading == {}
    both = read("没房贷的也捎上", today=TODAY, pack=pack, after=base)
    assert "audience" not in both.reading
