"""A change that says a value and no key is guessed at: every key that takes such a value, and only what could be."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linghang import packs
from linghang.base.patches import apply
from linghang.reading import candidates

TODAY = dt.date(2026, 11, 29)
PACK = packs.load("demo")
LAPSED = {"field": "last_login_days", "op": "gt", "value": 30}
BASE: dict[str, Any] = {
    "product": "savings", "audience": [LAPSED, {"field": "member_tier", "op": "eq", "value": "platinum"}],
    "budget_cny": 500_000, "start": "2026-12-01", "end": "2026-12-12", "channels": ["sms", "push"],
    "offer": {"type": "coupon", "face_value_cny": 10, "threshold_cny": 100, "quantity": 5000}, "missing": [],
}  # fmt: skip


def meant(text: str, *, recent: tuple[str, ...] = (), **more: Any) -> list[tuple[str, Any]]:
    found = candidates(text, BASE | more, today=TODAY, pack=PACK, recent=recent)
    return [(str(step["path"]), step.get("value")) for one in found for step in one.patch]


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("改成30", "budget_cny", 300_000),
        ("改成30", "offer.face_value_cny", 30),
        ("加5", "offer.face_value_cny", 15),
        ("少20", "budget_cny", 300_000),
        ("8000", "offer.quantity", 8000),
        ("15%", "holdout_pct", 15),
        ("30%", "budget_cny", 650_000),
        ("三天", "end", "2026-12-03"),
        ("加三天", "audience[last_login_days]", {**LAPSED, "value": 33}),
        ("12号", "end", "2026-12-23"),
        ("再多一点", "budget_cny", 550_000),
        ("太贵了", "budget_cny", 450_000),
        ("往后挪", "start", "2026-12-02"),
        ("时间短一点", "end", "2026-12-09"),
        ("短信", "channels", ["sms"]),
        ("企微", "channels", "wecom"),
        ("去掉吧", "offer", None),
        ("再加一个", "channels", "email"),
        ("换一个", "offer.type", "red_packet"),
        ("金色", "color", ["gold"]),
        ("上海", "exclusions", {"field": "city", "op": "eq", "value": "上海"}),
        ("make it 30", "budget_cny", 300_000),
        ("drop it", "offer", None),
        ("预算改一下", "budget_cny", 450_000),
    ],
)
def test_a_value_is_offered_at_the_keys_that_take_it(text: str, path: str, value: Any) -> None:
    assert (path, value) in meant(text)


def test_three_at_most_are_offered_and_each_changes_something_else() -> None:
    found = candidates("改成30", BASE, today=TODAY, pack=PACK)
    assert len(found) == 3
    assert len({str(one.reading) for one in found}) == 3
    assert len({one.patch[0]["path"] for one in found}) == 3


def test_what_the_campaign_could_not_be_is_left_out() -> None:
    assert ("offer.face_value_cny", 200) not in meant("改成200"), "a coupon above its threshold"
    assert ("end", "2026-11-20") not in meant("11月20号"), "an end before today"
    assert all(path != "start" or value >= "2026-11-29" for path, value in meant("提前"))
    assert ("holdout_pct", 80) not in meant("80%")


def test_a_bare_figure_goes_on_about_what_was_changed_last() -> None:
    assert meant("改成30")[0][0] == "budget_cny"
    assert meant("改成30", recent=("offer.face_value_cny",))[0][0].startswith("offer.")


@pytest.mark.parametrize("text", ["", "今天天气真不错", "谢谢", "啦啦啦嘟嘟", "x" * 4000])
def test_what_asks_for_no_change_has_no_candidates(text: str) -> None:
    assert candidates(text, BASE, today=TODAY, pack=PACK) == ()


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["改成{}", "{}", "加{}", "减{}", "{}天", "{}%", "{}元", "再多{}张", "to {}"]), st.integers(0, 10**7)
)
def test_every_candidate_applies_and_says_what_it_leaves(shape: str, number: int) -> None:
    for one in candidates(shape.format(number), BASE, today=TODAY, pack=PACK):
        after, _ = apply(BASE, one.patch)
        assert {key: value for key, value in after.items() if value != []} == {
            key: value for key, value in one.reading.items() if value != []
        }
        assert one.reading != BASE
