"""Properties: every spelling of a number reads as that number, every day of two years, undo gives back, spans support."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linghang import packs
from linghang.base.patches import apply
from linghang.reading import read
from linghang.reading.quantities import number, quantities

TODAY = dt.date(2026, 11, 23)
PACK = packs.load("demo")
DATA = Path(__file__).parents[3] / "evals/data"
_DIGITS = "零一二三四五六七八九"


def spelled(value: int) -> str:
    """A whole number below a hundred million in Chinese numerals, as one writes it."""
    if value >= 10_000:
        high, low = divmod(value, 10_000)
        gap = "零" if 0 < low < 1000 else ""
        return spelled(high) + "万" + (gap + spelled(low) if low else "")
    text, zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, unit)
        if digit:
            text += ("零" if zero and text else "") + _DIGITS[digit] + name
            zero = False
        else:
            zero = True
    return text or "零"


@settings(max_examples=300)
@given(st.integers(1, 99_999_999))
def test_a_number_in_chinese_numerals_comes_back(value: int) -> None:
    assert number(spelled(value)) == value


@settings(max_examples=200)
@given(
    st.integers(1, 9999),
    st.sampled_from(["{}万", "{}w", "{}个w", "{}W", "{}万元", "{}万块", "¥{}万", "{}0000", "{}0k", "{},0000元"]),
)
def test_a_budget_in_every_spelling_is_the_same_money(tens: int, form: str) -> None:
    text = form.format(tens) if form != "{},0000元" else f"{tens * 10_000:,}元"
    found = read(f"推基金，push，老客，预算{text}，下周", today=TODAY, pack=PACK).reading
    assert found["budget_cny"] == tens * 10_000


@settings(max_examples=100)
@given(st.integers(1, 99), st.integers(2, 9))
def test_a_share_reads_as_points(points: int, parts: int) -> None:
    assert quantities(f"百分之{spelled(points)}")[0][2].values == (points,)
    assert quantities(f"{_DIGITS[parts]}分之一")[0][2].values[0] == pytest.approx(100 / parts)


@settings(max_examples=250)
@given(
    st.dates(dt.date(2026, 11, 23), dt.date(2027, 11, 22)),
    st.sampled_from(
        ["{m}月{d}号", "{m}月{d}日", "{m}.{d}", "{m}/{d}", "{y}-{m:02}-{d:02}", "{y}年{m}月{d}日", "{y}{m:02}{d:02}"]
    ),
)
def test_every_day_of_the_year_ahead_in_every_form(day: dt.date, form: str) -> None:
    said = form.format(y=day.year, m=day.month, d=day.day)
    found = read(f"推基金，push，{said}开始，做三天", today=TODAY, pack=PACK).reading
    assert found.get("start") == day.isoformat(), said
    assert found.get("end") == (day + dt.timedelta(days=2)).isoformat(), said


@settings(max_examples=250)
@given(
    st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31)), st.integers(0, 6), st.sampled_from(["本", "这", "下", "下下"])
)
def test_a_weekday_from_any_day(today: dt.date, weekday: int, which: str) -> None:
    found = read(f"推基金，push，{which}周{'一二三四五六日'[weekday]}发", today=today, pack=PACK).reading
    monday = today - dt.timedelta(days=today.weekday())
    wanted = monday + dt.timedelta(days=7 * {"本": 0, "这": 0, "下": 1, "下下": 2}[which] + weekday)
    if wanted >= today:
        assert found["start"] == wanted.isoformat()


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("春节", ("2026-02-17", "2027-02-06")), ("除夕", ("2026-02-16", "2027-02-05")), ("元宵", ("2026-03-03", "2027-02-20")), ("端午", ("2026-06-19", "2027-06-09")),
        ("中秋", ("2026-09-25", "2027-09-15")), ("七夕", ("2026-08-19", "2027-08-08")), ("国庆", ("2026-10-01", "2027-10-01")), ("双11", ("2026-11-11", "2027-11-11")),
        ("618", ("2026-06-18", "2027-06-18")), ("圣诞", ("2026-12-25", "2027-12-25")), ("母亲节", ("2026-05-10", "2027-05-09")), ("黑五", ("2026-11-27", "2027-11-26")),
    ],
)  # fmt: skip
def test_a_festival_is_the_next_one_from_any_day_of_two_years(name: str, days: tuple[str, str]) -> None:
    for first in (dt.date(2026, 1, 1), dt.date(2026, 6, 1), dt.date(2027, 1, 20)):
        ahead = [day for day in days if day >= first.isoformat()]
        if ahead:
            found = read(f"推基金，push，{name}当天", today=first, pack=PACK).reading
            assert found["start"] == ahead[0], (name, first)


def _cases(kind: str) -> list[dict[str, Any]]:
    lines = (DATA / "reading_own4.jsonl").read_text("utf-8").splitlines()
    return [case for case in map(json.loads, lines) if case["kind"] == kind]


def test_every_edit_can_be_undone() -> None:
    bases = {case["id"]: case["expect"] for case in (*_cases("brief"), *_cases("base"))}
    done = 0
    for case in _cases("edit"):
        base = bases[case["after"]]
        found = read(case["text"], today=TODAY, pack=PACK, after=base)
        if found.kind == "edit":
            after, undo = apply(base, found.patch)
            assert after == found.reading, case["text"]
            assert apply(after, undo)[0] == base, case["text"]
            done += 1
    assert done > 400


def test_every_value_carries_the_words_that_say_it() -> None:
    for case in (*_cases("brief"), *_cases("analysis")):
        found = read(case["text"], today=TODAY, pack=PACK)
        inferred = {item.key for item in found.assumptions} | {"missing", "flags"}
        told = {key for key, value in found.reading.items() if value not in ([], None)} - inferred
        supported = {key.split("[")[0].split(".")[0] for key in found.spans}
        assert told <= supported, (case["text"], told - supported)
        for places in found.spans.values():
            assert all(0 <= low < high <= len(case["text"]) for low, high in places), case["text"]


_SAID_ONCE = ("budget_cny", "budget_max_cny", "budget_reserve_cny", "offer", "holdout_pct", "freq_cap", "start_time",
    "target", "experiment")  # fmt: skip


def test_without_its_words_a_value_is_gone() -> None:
    taken = 0
    for case in _cases("brief"):
        found = read(case["text"], today=TODAY, pack=PACK)
        assumed = {item.key for item in found.assumptions}
        for key in (key for key in _SAID_ONCE if key in found.reading and key not in assumed):
            letters = list(case["text"])
            for low, high in (
                place for name, places in found.spans.items() if name.split("[")[0] == key for place in places
            ):
                letters[low:high] = " " * (high - low)
            again = read("".join(letters), today=TODAY, pack=PACK)
            assert again.reading.get(key) != found.reading[key], (key, case["text"])
            taken += 1
    assert taken > 80


@settings(max_examples=150)
@given(st.text(max_size=60))
def test_any_text_is_read_without_an_error_and_nonsense_acts_on_nothing(text: str) -> None:
    found = read(text, today=TODAY, pack=PACK)
    assert found.kind != "edit"
    if found.kind == "unclear":
        assert found.reading == {}
        assert 1 <= len(found.alternatives) <= 3


@pytest.mark.parametrize(
    "text", ["嗯嗯呃", "那个啥来着", "asdf qwer", "？？？", "🤷", "。。。", "1", "白条开通", "这个那个"]
)
def test_below_the_threshold_it_asks_with_the_likeliest_readings(text: str) -> None:
    for after in (None, {"product": "fund", "budget_cny": 100000, "channels": ["push"], "missing": []}):
        found = read(text, today=TODAY, pack=PACK, after=after)
        assert found.reading == {} or found.kind == "brief", (text, found.kind)
        assert found.kind != "edit"
        if found.kind == "unclear":
            assert len(found.alternatives) == 3
