"""Every message has both languages, and every code that the sources name has a message."""

import datetime as dt
import json
import re
from pathlib import Path
from string import Formatter

import pytest

import linghang
from linghang.base.errors import RefusedError
from linghang.base.findings import Finding, Severity
from linghang.base.messages import catalogue, render, spoken
from linghang.doors.wire import error_json, error_of

AT = "2026-11-29T16:30:05.257+00:00"
SOURCE = Path(linghang.__file__).parent


def test_both_languages_take_the_same_parameters() -> None:
    for code, sentence in catalogue().items():
        # A name may come in a language of its own (label, label_en), so only their being there is compared.
        zh, en = (any(name for _, name, _, _ in Formatter().parse(sentence[lang])) for lang in ("zh", "en"))
        assert zh == en, code


def test_chinese_sentences_are_chinese() -> None:
    for code, sentence in catalogue().items():
        words = "".join(text for text, _, _, _ in Formatter().parse(sentence["zh"]))
        if not code.startswith(("label.", "unit.")) and len(words) > 12:
            assert re.search(r"[\u4e00-\u9fff]", sentence["zh"]), code


def test_every_error_raised_has_a_message() -> None:
    raised = re.compile(r"(?:Error|Finding)\(\s*\"([a-z_]+(?:\.[a-z_]+)+)\"")
    codes = {code for file in SOURCE.rglob("*.py") for code in raised.findall(file.read_text("utf-8"))}
    assert codes
    assert sorted(codes - set(catalogue())) == []


def test_an_unknown_code_is_shown_as_it_is() -> None:
    assert render("no.such_code", {"a": 1}) == "no.such_code {'a': 1}"


def test_instants_and_sections_of_an_error_are_told_as_people_read_them() -> None:
    told = {"at": "2026-11-29T16:30:05.257+00:00", "section": "copy", "status": "draft", "count": 2}
    here = {"at": "2026年11月30日 00:30", "section": "文案", "status": "草稿", "count": 2}
    assert spoken(told, zone="Asia/Shanghai") == here
    assert spoken(told)["at"] == "2026年11月29日 16:30 UTC"
    assert spoken(told, "en")["at"] == "29 Nov 2026 16:30 UTC"


@pytest.mark.parametrize("day", ["2026-12-08", dt.date(2026, 12, 8)])
def test_a_day_is_told_as_people_write_it(day: object) -> None:
    assert render("goal.starts_in_past", {"start": day}) == "开始日期2026年12月8日已经过去，请改为今天或以后。"
    assert "8 Dec 2026" in render("goal.starts_in_past", {"start": day}, "en")


@pytest.mark.parametrize("other", ["2026-13-40", "2026-12-08.csv", 20261208, None])
def test_what_is_no_day_is_told_as_it_is(other: object) -> None:
    assert str(other) in render("goal.starts_in_past", {"start": other})


def test_an_error_over_the_wire_tells_its_instants_by_the_institutions_clocks() -> None:
    raised = RefusedError("approvals.lapsed_at", (Finding("x.y", Severity.S2, "", params={"at": AT}),), at=AT)
    shape = error_json(raised, "zh-CN", "Asia/Shanghai")
    back = error_of(json.loads(json.dumps(shape)))
    assert back.zone == "Asia/Shanghai"
    # Told again at a door that knows no zone of its own.
    for told in (shape, error_json(back, "zh-CN")):
        assert "2026年11月30日 00:30" in str(told["message"])
        assert "2026年11月30日 00:30" in str(told["findings"][0]["message"])
    assert "UTC" in error_json(raised, "zh-CN")["message"]
