"""Every key of a reading × every way of changing it × language × register, with the reading after by construction.

A cell is a text and the steps that it means. Texts are put together from the names of a key and the sentences of an act in
Chinese (plain, chatty, clipped; Simplified and Traditional) and English (plain, chatty, clipped).
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Step = dict[str, Any]


@dataclass(frozen=True)
class Cell:
    """One sentence of a change: the key and act that it is of, the language and what it means."""

    key: str
    act: str
    lang: str
    text: str
    steps: tuple[Step, ...] = field(default=())


BASE: dict[str, Any] = {
    "objective": "convert",
    "product": "fund",
    "audience": [
        {"field": "age", "op": "between", "value": [25, 40]},
        {"field": "city", "op": "in", "value": ["北京", "上海", "深圳"]},
        {"field": "risk_level", "op": "ge", "value": "C3"},
        {"field": "aum_cny", "op": "ge", "value": 50000},
        {"field": "last_login_days", "op": "gt", "value": 30},
        {"field": "gender", "op": "eq", "value": "F"},
        {"field": "page_view", "op": "exists", "value": "fund_page", "window_days": 30},
    ],
    "exclusions": [
        {"field": "segment", "op": "eq", "value": "employee"},
        {"field": "complaint", "op": "exists"},
        {"field": "copy", "op": "contains", "value": "稳赚"},
    ],
    "budget_cny": 200000,
    "budget_max_cny": 400000,
    "budget_reserve_cny": 20000,
    "start": "2026-12-03",
    "end": "2026-12-12",
    "start_time": "10:00",
    "channels": ["push", "sms", "inapp_popup"],
    "slots": ["home_popup"],
    "tone": "premium",
    "style": "guochao",
    "color": ["gold", "red"],
    "offer": {"type": "coupon", "face_value_cny": 20, "threshold_cny": 1000, "quantity": 5000},
    "target": {"metric": "reach", "op": "ge", "value": 100000},
    "holdout_pct": 10,
    "freq_cap": {"max": 2, "window_days": 7},
    "experiment": {"variants": ["A", "B"], "split": [50, 50]},
    "copy_rules": {"title_max_chars": 15, "no_emoji": True},
    "send_window": {"channel": "sms", "start": "10:00", "end": "20:00"},
    "missing": [],
}


def put(path: str, value: Any) -> Step:
    """A step that sets."""
    return {"op": "set", "path": path, "value": value}


def gone(path: str, value: Any = None) -> Step:
    """A step that clears a key, or takes one element out."""
    return {"op": "remove", "path": path} | ({} if value is None else {"value": value})


def more(path: str, value: Any) -> Step:
    """A step that adds one element."""
    return {"op": "add", "path": path, "value": value}


@dataclass(frozen=True)
class Sum:
    """A key that is a sum: how it is named, how its figures are said, its old and new values."""

    path: str
    zh: tuple[str, ...]
    hant: tuple[str, ...]
    en: tuple[str, ...]
    old: tuple[str, str]
    up: tuple[float, str, str]
    down: tuple[float, str, str]
    by: tuple[float, str, str]
    clears: bool = True


SUMS = (
    Sum("budget_cny", ("预算", "总预算", "经费"), ("預算", "總預算"), ("budget", "total budget"), ("20万", "200k"),
        (300000, "30万", "300k"), (150000, "15万", "150k"), (50000, "5万", "50k")),
    Sum("budget_max_cny", ("预算上限", "预算封顶"), ("預算上限",), ("budget cap", "budget ceiling"), ("40万", "400k"),
        (500000, "50万", "500k"), (350000, "35万", "350k"), (50000, "5万", "50k")),
    Sum("budget_reserve_cny", ("预备金", "机动预算", "预留金额"), ("預備金", "備用金"), ("reserve", "contingency"), ("2万", "20k"),
        (30000, "3万", "30k"), (15000, "1.5万", "15k"), (5000, "5000", "5k")),
    Sum("offer.face_value_cny", ("面额", "券的面额", "券面值"), ("面額", "券嘅面額"), ("face value", "coupon value"),
        ("20", "20 yuan"), (30, "30元", "30 yuan"), (15, "15元", "15 yuan"), (5, "5块", "5 yuan"), clears=False),
    Sum("offer.threshold_cny", ("门槛", "使用门槛", "券的门槛"), ("門檻", "使用門檻"), ("threshold", "minimum spend"),
        ("1000", "1,000"), (2000, "2000元", "2,000 yuan"), (500, "500", "500 yuan"), (200, "200", "200 yuan")),
    Sum("offer.quantity", ("发放量", "券的张数", "库存"), ("發放量", "張數"), ("coupon quantity", "stock"), ("5000", "5,000"),
        (8000, "8000张", "8,000"), (3000, "3000张", "3,000"), (1000, "1000张", "1,000")),
    Sum("target.value", ("目标", "触达目标", "目标人数"), ("目標", "觸達目標"), ("target", "reach target"), ("10万", "100k"),
        (150000, "15万", "150k"), (80000, "8万", "80k"), (20000, "2万", "20k"), clears=False),
    Sum("holdout_pct", ("对照组", "对照组比例", "留白"), ("對照組", "對照組比例"), ("holdout", "control group"), ("10%", "10%"),
        (15, "15%", "15%"), (5, "5%", "5%"), (2, "2个点", "2 points")),
    Sum("copy_rules.title_max_chars", ("标题", "标题字数", "标题长度"), ("標題字數", "標題長度"), ("title length", "title limit"),
        ("15个字", "15 characters"), (20, "20个字", "20 characters"), (12, "12个字", "12 characters"),
        (3, "3个字", "3 characters"), clears=False),
)  # fmt: skip

_SUM_ZH = {
    "set": ("{n}改成{up}", "把{n}调整为{up}吧，辛苦", "{n}：{up}", "{n}这块就按{down}来", "麻烦{n}改一下，改到{down}"),
    "to_up": ("{n}提到{up}", "{n}能不能加到{up}", "{n}上调至{up}", "{n}给到{up}"),
    "to_down": ("{n}降到{down}", "{n}压到{down}就行", "{n}下调至{down}", "{n}收一收，{down}"),
    "raise": ("{n}加{by}", "{n}再往上加{by}", "{n}上调{by}", "{n}多给{by}"),
    "lower": ("{n}减{by}", "{n}少给{by}吧", "{n}下调{by}", "{n}往下砍{by}"),
    "halve": ("{n}减半", "{n}砍一半吧", "{n}打对折"),
    "double": ("{n}翻倍", "{n}直接翻一番", "{n}加一倍"),
    "clear": ("{n}不设了", "{n}这个取消吧", "去掉{n}", "{n}先不要了"),
    "not_but": (
        "{n}不是{old}，是{up}",
        "刚才说错了，{n}应该是{up}，不是{old}",
        "{n}写错了，得是{down}",
        "{n}{up}，不是{old}",
    ),
    "pronoun": ("{n}太低了，把它提到{up}", "{n}有点高，给它降到{down}吧", "{n}不够，加到{up}"),
    "stays": ("{n}不变，开始改到12月5号", "{n}维持{old}不动，12月5号开始", "12月5号开始，{n}照旧"),
}
_SUM_HANT = {
    "set": ("{n}改成{up}", "將{n}調整為{up}", "{n}改做{down}"),
    "to_up": ("{n}提高到{up}", "{n}加到{up}啦"),
    "to_down": ("{n}降到{down}", "{n}減到{down}就得"),
    "raise": ("{n}加{by}", "{n}加多{by}", "{n}調高{by}"),
    "lower": ("{n}減{by}", "{n}調低{by}"),
    "halve": ("{n}減半", "{n}斬半"),
    "double": ("{n}翻倍", "{n}加一倍"),
    "clear": ("{n}取消", "唔設{n}喇", "{n}不要了"),
    "not_but": ("{n}不是{old}，是{up}", "{n}唔係{old}，係{up}"),
    "pronoun": ("{n}太低，提到{up}", "{n}太高喇，減到{down}"),
    "stays": ("{n}不變，12月5號開始", "{n}照舊，開始日改到12月5號"),
}
_SUM_EN = {
    "set": ("Set the {n} to {up}.", "please make the {n} {down}", "{n}: {up}", "Let's go with a {n} of {up}."),
    "to_up": ("Raise the {n} to {up}.", "could we bump the {n} up to {up}?", "{n} up to {up}"),
    "to_down": ("Cut the {n} to {down}.", "bring the {n} down to {down} please", "lower {n} to {down}"),
    "raise": ("Increase the {n} by {by}.", "add {by} to the {n}", "raise the {n} by {by} please"),
    "lower": ("Reduce the {n} by {by}.", "take {by} off the {n}", "trim the {n} by {by}"),
    "halve": ("Halve the {n}.", "cut the {n} in half", "{n} by half please, cut it"),
    "double": ("Double the {n}.", "please double the {n}"),
    "clear": ("Remove the {n}.", "drop the {n} please", "no {n} any more"),
    "not_but": (
        "The {n} should be {up}, not {old}.",
        "{n} is {up} instead of {old}",
        "Sorry, I meant a {n} of {up}, not {old}.",
    ),
    "pronoun": ("The {n} is too low, raise it to {up}.", "{n} looks too high, cut it to {down}"),
    "stays": ("Keep the {n} as is, start on Dec 5.", "Start on Dec 5, {n} unchanged."),
}
_STARTS = put("start", "2026-12-05")


def _sum_step(key: Sum, act: str, text: str) -> tuple[Step, ...]:
    root, _, part = key.path.partition(".")
    old = BASE[root][part] if part else BASE[root]
    way = {"to_up": key.up[0], "to_down": key.down[0], "raise": old + key.by[0], "lower": old - key.by[0],
           "halve": old / 2, "double": old * 2}  # fmt: skip
    if act == "clear":
        return (gone(key.path),)
    if act == "stays":
        return (_STARTS,)
    return (put(key.path, way.get(act, key.down[0] if "{down}" in text else key.up[0])),)


def sum_cells() -> Iterator[Cell]:
    """The cells of sums."""
    for key in SUMS:
        for lang, names, table, side in (("zh", key.zh, _SUM_ZH, 0), ("hant", key.hant, _SUM_HANT, 0),
                                         ("en", key.en, _SUM_EN, 1)):  # fmt: skip
            for act, texts in table.items():
                if act == "clear" and not key.clears:
                    continue
                for name, text in itertools.product(names, texts):
                    said = text.format(n=name, up=key.up[1 + side], down=key.down[1 + side], by=key.by[1 + side],
                                       old=key.old[side])  # fmt: skip
                    yield Cell(key.path, act, lang, said, _sum_step(key, act, text))
