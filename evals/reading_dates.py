"""Days of briefs by construction: days × relations × carriers in both languages, with the days worked out beside.

``python -m evals.reading_dates [N [SEED]]`` reads N of them and prints what failed, by class and by ingredient.
"""

import datetime as dt
import random
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from evals.construction import tell
from evals.reading_date_words import (
    BY_LENGTH_EN,
    BY_LENGTH_ZH,
    CARRIERS_EN,
    CARRIERS_ZH,
    FESTIVALS,
    FROM_EN,
    FROM_ZH,
    LENGTH_EN,
    LENGTH_ZH,
    NTH_EN,
    NTH_ZH,
    ON_EN,
    ON_ZH,
    RANGE_EN,
    RANGE_ZH,
    SPANS_EN,
    SPANS_ZH,
    UNTIL_EN,
    UNTIL_ZH,
)
from linghang import packs
from linghang.reading import read

TODAY = dt.date(2026, 11, 23)
_DAY = dt.timedelta(days=1)
_DIGITS = "零一二三四五六七八九十"
_MONTHS = [f"{dt.date(2026, month, 1):%B}" for month in range(1, 13)]
_WEEKDAYS = [f"{TODAY + day * _DAY:%A}" for day in range(7)]
KEYS = ("start", "end", "start_time", "recurrence", "duration_days")
REST = {"product": "fund", "channels": ["push"], "budget_cny": 100000}


@dataclass
class Draw:
    """Draws with one seed and remembers the ingredients."""

    random: random.Random
    lang: str = "zh"
    drawn: list[str] = field(default_factory=list)

    def one(self, choices: Any, name: str = "") -> Any:
        """One of several, remembered under its own words."""
        found = self.random.choice(list(choices))
        self.drawn.append(f"{name}{found if isinstance(found, str) else found[0]}")
        return found


def numeral(value: int) -> str:
    """A number up to 31 in Chinese."""
    tens, ones = divmod(value, 10)
    return (("" if tens == 1 else _DIGITS[tens]) + "十" if tens else "") + (_DIGITS[ones] if ones or not tens else "")


def _ordinal(day: int) -> str:
    return f"{day}{'th' if 10 < day < 14 else {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th')}"


def _day_zh(draw: Draw, day: dt.date) -> str:
    week = "一二三四五六日"[day.weekday()]
    year = {2026: "", 2027: "明年"}[day.year]
    forms = [
        f"{day.month}月{day.day}号", f"{day.month}月{day.day}日", f"{day.month}.{day.day}", f"{day.month}/{day.day}",
        f"{numeral(day.month)}月{numeral(day.day)}号", f"{numeral(day.month)}月{numeral(day.day)}日",
        f"{day.year}年{day.month}月{day.day}日", f"{day:%Y-%m-%d}", f"{day:%Y%m%d}", f"{day:%Y/%m/%d}",
        f"{day.year}.{day.month}.{day.day}", f"{year}{day.month}月{day.day}号", f"{day.month} 月 {day.day} 日",
        f"{day.month}月{day.day}号（周{week}）", f"{day.month}月{day.day}日周{week}", f"{day:%m}月{day:%d}日",
        f"周{week}（{day.month}月{day.day}号）", f"{day.month}月{day.day}日(星期{week.replace('日', '天')})",
    ]  # fmt: skip
    return draw.one(forms, "")


def _day_en(draw: Draw, day: dt.date) -> str:
    month, week = _MONTHS[day.month - 1], _WEEKDAYS[day.weekday()]
    forms = [
        f"{month} {day.day}", f"{month[:3]} {day.day}", f"{day.day} {month}", f"{day.day} {month[:3]}",
        f"{month[:3]} {_ordinal(day.day)}", f"{_ordinal(day.day)} {month[:3]}", f"the {_ordinal(day.day)} of {month}",
        f"{month} {day.day}, {day.year}", f"{day:%Y-%m-%d}", f"{week}, {month} {day.day}", f"{week} {month[:3]} {day.day}",
        f"{day.day} {month[:3]} {day.year}", f"{week} {day.day} {month}", f"{month[:3]}. {day.day}",
        f"{day.month}/{day.day}", f"{week[:3]} {day.day} {month[:3]}", f"{month} {_ordinal(day.day)}, {day.year}",
        f"{week} the {_ordinal(day.day)} of {month}",
    ]  # fmt: skip
    return draw.one(forms, "")


def dated(draw: Draw, low: int = 3, high: int = 100) -> tuple[str, dt.date]:
    """A day told by its date."""
    day = TODAY + draw.random.randrange(low, high) * _DAY
    return (_day_zh if draw.lang == "zh" else _day_en)(draw, day), day


def near(draw: Draw) -> tuple[str, dt.date]:
    """A day told from today: 下周三, 后天, in ten days' sense."""
    monday = TODAY - TODAY.weekday() * _DAY
    week, weekday = draw.random.randrange(0, 3), draw.random.randrange(0, 7)
    if week == 0:
        weekday = draw.random.randrange(2, 7)
    day = monday + (7 * week + weekday) * _DAY
    if draw.lang == "zh":
        name = "一二三四五六日"[weekday]
        prefix = draw.one((("本", "这", "这个"), ("下", "下个"), ("下下", "下下个"))[week], "week ")
        said = draw.one(["周", "星期", "礼拜"], "week ")
        choices = [f"{prefix}{said}{name}"] * 4 + (
            [f"周{name}", f"星期{name.replace('日', '天')}"] if week == 0 else []
        )
    else:
        name = _WEEKDAYS[weekday]
        choices = [[f"this {name}", f"this coming {name}"], [f"next {name}", f"{name} next week", f"{name} of next week"],
                   [f"{name} the week after next"]][week]  # fmt: skip
    found: list[tuple[str, dt.date]] = [(text, day) for text in choices]
    table = {"zh": [("明天", 1), ("后天", 2), ("大后天", 3), ("明日", 1), ("明儿", 1), ("后儿", 2)],
             "en": [("tomorrow", 1), ("the day after tomorrow", 2)]}[draw.lang]  # fmt: skip
    found += [(text, TODAY + days * _DAY) for text, days in table]
    return draw.one(found, "near ")


def after_days(draw: Draw) -> tuple[str, dt.date]:
    """三天后, in ten days: a day told by its distance."""
    days, weeks = draw.random.randrange(3, 15), draw.random.randrange(1, 4)
    if draw.lang == "zh":
        number = draw.one([str(days), numeral(days)], "n ")
        many = draw.one([str(weeks), "一两三"[weeks - 1]], "n ")
        forms = [(f"{number}天后", days), (f"{number}天之后", days), (f"过{number}天", days), (f"{number}天以后", days),
                 (f"{many}周后", 7 * weeks), (f"{many}个星期后", 7 * weeks), (f"再过{number}天", days),
                 (f"{many}周之后", 7 * weeks)]  # fmt: skip
    else:
        spelled = {1: "a", 2: "two", 3: "three"}[weeks]
        forms = [(f"in {days} days", days), (f"{days} days from now", days), (f"{days} days from today", days),
                 (f"{spelled} week{'s' * (weeks > 1)} from now", 7 * weeks), (f"in {spelled} week{'s' * (weeks > 1)}",
                 7 * weeks), (f"{days} days later", days)]  # fmt: skip
    text, distance = draw.one(forms, "after ")
    return text, TODAY + distance * _DAY


def feast(draw: Draw) -> tuple[str, dt.date]:
    """A day told by its name, or beside one."""
    name, english, day = draw.one(FESTIVALS, "feast ")
    forms = [(name, 0)] * 3 + [(f"{name}前一天", -1), (f"{name}后一天", 1), (f"{name}前夕", -1), (f"{name}第二天", 1),
                               (f"{name}次日", 1), (f"{name}的前一天", -1), (f"{name}前1天", -1)]  # fmt: skip
    if draw.lang == "en":
        forms = [(english, 0)] * 3 + [(f"the day before {english}", -1), (f"the day after {english}", 1)]
    text, shift = draw.one(forms, "")
    return text, day + shift * _DAY


def _nth(draw: Draw) -> tuple[str, dt.date]:
    """12月第一个周五, the last Monday of December."""
    month, count = draw.random.choice([(2026, 12), (2027, 1), (2027, 2)]), draw.random.choice([1, 2, 3, -1])
    weekday = draw.random.randrange(0, 7)
    first = dt.date(*month, 1)
    days = [first + i * _DAY for i in range(31) if (first + i * _DAY).month == month[1]]
    fitting = [day for day in days if day.weekday() == weekday]
    day = fitting[count - 1] if count > 0 else fitting[-1]
    if draw.lang == "zh":
        ordinal = {1: "第一个", 2: "第二个", 3: "第三个", -1: "最后一个"}[count]
        of = draw.one([f"{month[1]}月", f"{month[1]}月的"] + (["下个月", "下月的"] if month[1] == 12 else []), "nth ")
        return draw.one(NTH_ZH, "nth ").format(m=of, n=ordinal, w="一二三四五六日"[weekday]), day
    ordinal = {1: "first", 2: "second", 3: "third", -1: "last"}[count]
    of = draw.one([_MONTHS[month[1] - 1]] + (["next month"] if month[1] == 12 else []), "nth ")
    return draw.one(NTH_EN, "nth ").format(m=of, n=ordinal, w=_WEEKDAYS[weekday]), day


def point(draw: Draw) -> tuple[str, dt.date]:
    """A day in any of the ways."""
    return draw.random.choice([dated, dated, dated, near, near, after_days, feast, _nth])(draw)


def hour(draw: Draw) -> tuple[str, str]:
    """An hour of a day."""
    table = {
        "zh": [("晚8点", "20:00"), ("上午10点", "10:00"), ("早上9点半", "09:30"), ("下午3点", "15:00"), ("中午12点", "12:00"),
               ("20:00", "20:00"), ("晚上七点半", "19:30"), ("上午十点整", "10:00"), ("0点", "00:00"), ("傍晚6点", "18:00"),
               ("下午两点一刻", "14:15"), ("早8点", "08:00"), ("晚上 8 点", "20:00"), ("10:30", "10:30")],
        "en": [("at 8pm", "20:00"), ("at 10am", "10:00"), ("at 9:30 am", "09:30"), ("at noon", "12:00"),
               ("at 20:00", "20:00"), ("8 pm", "20:00"), ("at 7 in the evening", "19:00"), ("at 10 a.m.", "10:00"),
               ("at half past nine in the morning", "09:30"), ("9am", "09:00")],
    }[draw.lang]  # fmt: skip
    return draw.one(table, "hour ")


Made = tuple[str, dict[str, Any]]


def _words(draw: Draw, zh: Any, en: Any, name: str) -> Any:
    return draw.one(zh if draw.lang == "zh" else en, name)


def _on(draw: Draw) -> Made:
    text, day = point(draw)
    frame = "{a}" if text.startswith("in ") else _words(draw, ON_ZH, ON_EN, "on ")
    return frame.format(a=text), {"start": day.isoformat()}


def _at_hour(draw: Draw) -> Made:
    text, day = draw.random.choice([dated, near])(draw)
    said, clock = hour(draw)
    join = "" if draw.lang == "zh" and not (text[-1].isdigit() and said[0].isdigit()) else " "
    return f"{text}{join}{said}", {"start": day.isoformat(), "start_time": clock}


def _from(draw: Draw) -> Made:
    text, day = point(draw)
    if text.startswith("in "):
        return draw.one(["starting {a}", "launching {a}", "goes live {a}", "starts {a}"], "from ").format(a=text), {
            "start": day.isoformat()
        }
    return _words(draw, FROM_ZH, FROM_EN, "from ").format(a=text), {"start": day.isoformat()}


def _until(draw: Draw) -> Made:
    text, day = draw.random.choice([dated, dated, near, _nth])(draw)
    return _words(draw, UNTIL_ZH, UNTIL_EN, "until ").format(a=text), {"end": day.isoformat()}


def _range(draw: Draw) -> Made:
    low, start = point(draw)
    while low.startswith(("in ", "过")) or low.endswith(("later", "from now")):
        low, start = point(draw)
    for _ in range(60):
        kept = list(draw.drawn)
        high, end = draw.random.choice([dated, dated, near, feast])(draw)
        if start < end <= start + 100 * _DAY:
            break
        draw.drawn[:] = kept
    else:
        low, start = "明天" if draw.lang == "zh" else "tomorrow", TODAY + _DAY
        high, end = dated(draw, 10, 60)
    frame = _words(draw, RANGE_ZH, RANGE_EN, "range ")
    return frame.format(a=low, b=high), {"start": start.isoformat(), "end": end.isoformat()}


def _short(draw: Draw) -> Made:
    """12月3-9号, the 3rd to the 9th of December: one month for both."""
    start = TODAY + draw.random.randrange(8, 80) * _DAY
    last = (start.replace(day=28) + 4 * _DAY).replace(day=1) - _DAY
    if (last - start).days < 2:
        start = start.replace(day=5) if start.replace(day=5) > TODAY else dt.date(2026, 12, 5)
    last = (start.replace(day=28) + 4 * _DAY).replace(day=1) - _DAY
    end = start + draw.random.randrange(1, (last - start).days) * _DAY
    m, a, b, month = start.month, start.day, end.day, _MONTHS[start.month - 1]
    if draw.lang == "zh":
        wa, wb = "一二三四五六日"[start.weekday()], "一二三四五六日"[end.weekday()]
        forms = [f"{m}月{a}-{b}号", f"{m}月{a}号-{b}号", f"{m}月{a}日至{b}日", f"{m}.{a}-{m}.{b}", f"{m}.{a}—{m}.{b}",
                 f"{m}/{a}~{m}/{b}", f"{m}/{a}-{m}/{b}", f"{start:%m%d}-{end:%m%d}", f"{m}月{a}到{b}号", f"{m}月{a}~{b}日",
                 f"{m}月{a}日（周{wa}）至{m}月{b}日（周{wb}）", f"{m}月{a}日(周{wa})-{b}日(周{wb})", f"{m}月{a}日—{m}月{b}日",
                 f"{m}月{a}号到{m}月{b}号", f"{start:%Y.%m.%d}-{end:%Y.%m.%d}", f"{start:%Y/%m/%d}-{end:%Y/%m/%d}",
                 f"{start:%Y-%m-%d}~{end:%Y-%m-%d}", f"{start.year}年{m}月{a}日至{m}月{b}日", f"{m}月{a}——{b}日",
                 f"{numeral(m)}月{numeral(a)}到{numeral(b)}号", f"{m}.{a}~{b}", f"{m}月{a}号开始{b}号结束", f"{m}.{a}到{m}.{b}",
                 f"{m}月{a}号～{b}号", f"{m}月{a}日起至{b}日止", f"{start:%Y-%m-%d} 到 {end:%Y-%m-%d}", f"{m}月{a} - {b}日",
                 f"{start:%Y%m%d}-{end:%Y%m%d}", f"{start:%Y%m%d}至{end:%Y%m%d}", f"{m}月{a}日-{m}月{b}日"]  # fmt: skip
    else:
        short = month[:3]
        forms = [f"{short} {a}-{b}", f"{month} {a} to {b}", f"{a}-{b} {short}", f"{_ordinal(a)} to {_ordinal(b)} of {short}",
                 f"the {_ordinal(a)} to the {_ordinal(b)} of {month}", f"{short} {_ordinal(a)}–{_ordinal(b)}", f"from {month} {a} to {b}",
                 f"{a} to {b} {month}", f"{short} {a} through {b}", f"between {month} {a} and {b}", f"from {a} through {b} {month}",
                 f"{short} {a} – {short} {b}", f"{m}/{a}-{m}/{b}", f"{a} {short} – {b} {short}", f"from the {_ordinal(a)} until the {_ordinal(b)} of {month}",
                 f"{start:%Y-%m-%d} – {end:%Y-%m-%d}", f"{month} {a} until {b}", f"between the {_ordinal(a)} and {_ordinal(b)} of {month}",
                 f"{month} {_ordinal(a)} through {_ordinal(b)}", f"{a} through {b} {month} {start.year}", f"{month} {a}–{b}, {start.year}"]  # fmt: skip
    return draw.one(forms, "short "), {"start": start.isoformat(), "end": end.isoformat()}


def _length(draw: Draw) -> tuple[str, int]:
    return _words(draw, LENGTH_ZH, LENGTH_EN, "length ")


def _run(draw: Draw) -> Made:
    text, day = draw.random.choice([dated, dated, near, feast, _nth])(draw)
    length, days = _length(draw)
    frame = _words(draw, BY_LENGTH_ZH, BY_LENGTH_EN, "run ")
    return frame.format(a=text, n=length), {"start": day.isoformat(), "end": (day + (days - 1) * _DAY).isoformat()}


def _span(draw: Draw) -> Made:
    text, start, end = _words(draw, SPANS_ZH, SPANS_EN, "span ")
    return text, {key: value for key, value in (("start", start), ("end", end)) if value}


def _rhythm(draw: Draw) -> Made:
    weekday = draw.random.randrange(0, 7)
    name = _WEEKDAYS[weekday]
    first = TODAY + ((weekday - TODAY.weekday()) % 7) * _DAY
    made: dict[str, Any] = {"recurrence": f"weekly:{name[:3].lower()}"}
    if draw.lang == "zh":
        said = draw.one(["每周{}", "每个周{}", "每逢周{}", "每星期{}", "每个星期{}", "每个礼拜{}"], "rhythm ")
        said = said.format("一二三四五六日"[weekday])
    else:
        said = draw.one(
            ["every {}", "each {}", "weekly on {}s", "on {}s every week", "every week on {}"], "rhythm "
        ).format(name)
    way = draw.random.randrange(3)
    if way == 0:
        return said, made | {"start": first.isoformat()}
    end_text, end = dated(draw, 30, 90)
    if way == 1:
        frame = _words(draw, ["{r}，到{b}为止", "{r}，{b}结束", "{r}，做到{b}", "{r}发，直到{b}"],
                       ["{r} until {b}", "{r} through {b}", "{r}, ending {b}"], "rhythm ")  # fmt: skip
        return frame.format(r=said, b=end_text), made | {"start": first.isoformat(), "end": end.isoformat()}
    start = first + 7 * draw.random.randrange(1, 3) * _DAY
    begin = (_day_zh if draw.lang == "zh" else _day_en)(draw, start)
    frame = _words(draw, ["{a}起{r}", "从{a}开始，{r}", "{a}开始{r}发一次"], ["{r} from {a}", "{r} starting {a}", "from {a}, {r}"],
                   "rhythm ")  # fmt: skip
    return frame.format(a=begin, r=said), made | {"start": start.isoformat()}


MAKERS: Mapping[str, Callable[[Draw], Made]] = {
    "on": _on, "hour": _at_hour, "from": _from, "until": _until, "range": _range, "short": _short, "run": _run,
    "span": _span, "rhythm": _rhythm,
}  # fmt: skip
_SHARES = (
    "on",
    "hour",
    "from",
    "until",
    "range",
    "range",
    "range",
    "short",
    "short",
    "run",
    "run",
    "span",
    "span",
    "rhythm",
)


def sentences(count: int, seed: int) -> Iterator[tuple[str, str, dict[str, Any], list[str]]]:
    """``count`` briefs, each class in turn: the class, the text, the days that it must have, the ingredients."""
    draw = Draw(random.Random(seed))
    for number in range(count):
        name = _SHARES[number % len(_SHARES)]
        draw.drawn, draw.lang = [], draw.random.choice(["zh", "zh", "en"])
        said, made = MAKERS[name](draw)
        carrier: str = _words(draw, CARRIERS_ZH, CARRIERS_EN, "in ")
        text = carrier.replace("{t}", said)
        if draw.lang == "en":
            text = text[0].upper() + text[1:]
        yield name, text, made, draw.drawn


def wrong(text: str, wanted: Mapping[str, Any], pack: Any) -> dict[str, tuple[Any, Any]]:
    """The keys of days, and what stands beside them in every carrier, that are read otherwise."""
    found = read(text, today=TODAY, pack=pack)
    if found.kind != "brief":
        return {"kind": ("brief", found.kind)}
    whole = dict.fromkeys(KEYS) | REST | dict(wanted)
    given = {key: found.reading.get(key) for key in whole}
    bad = {key: (whole[key], given[key]) for key in whole if whole[key] != given[key]}
    people = found.reading.get("audience")
    if people != [{"field": "lifecycle", "op": "eq", "value": "existing"}]:
        bad["audience"] = ("existing", people)
    asked = [key for key in found.reading["missing"] if key in ("schedule", "start")]
    return bad | ({"missing": ([], asked)} if asked else {})


def main(count: str = "2800", seed: str = "1", shown: str = "400") -> int:
    """Print what failed: the sentences, how many of each class, and the ingredients that fail most."""
    pack = packs.load("demo")
    tell(sentences(int(count), int(seed)), lambda _, text, wanted: wrong(text, wanted, pack), int(shown))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
