"""Figures, money, days and instants as people write them, in Chinese and in English."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from linghang.base.messages import MONTHS, catalogue, render

_DAYS = {"zh": "一二三四五六日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}


class Words:
    """How one reader reads: the sentences and figures of a locale."""

    def __init__(self, locale: str, zone: str = "Asia/Shanghai") -> None:
        self.locale = "en" if locale.startswith("en") else "zh-CN"
        self.zone = zone

    @property
    def chinese(self) -> bool:
        """Whether the reader reads Chinese."""
        return self.locale != "en"

    def __call__(self, code: str, **params: object) -> str:
        """The studio's sentence of a code (``desk.title``)."""
        return render(f"studio.{code}", params, self.locale)

    def told(self, code: str, params: Mapping[str, object] | None = None, otherwise: str = "") -> str:
        """Another room's sentence; ``otherwise`` (or the code) where no room has one."""
        return render(code, params or {}, self.locale) if code in catalogue() else (otherwise or code)

    def figure_name(self, name: str) -> str:
        """What a figure is called: by the room that makes it, or by the studio."""
        return self.told(f"figure.{name}", otherwise=self(f"figure.{name}") if self.has(f"figure.{name}") else name)

    def value(self, id: str) -> str:
        """What a value is called: by the documents, or by the studio; the value itself where neither knows it."""
        return self.told(f"value.{id}", otherwise=self(f"value.{id}") if self.has(f"value.{id}") else id)

    def meaning(self, name: str) -> str:
        """The definition of a figure; empty where it has none."""
        return self(f"define.{name}") if self.has(f"define.{name}") else ""

    def acts(self, words: str) -> str:
        """The skills that words mean, with commas: those whose titles hold them; names of skills stay as they are."""
        meant = words.strip().casefold()
        titles = ((code, self.told(code)) for code in catalogue() if code.startswith("skill_title."))
        found = [code.removeprefix("skill_title.") for code, title in titles if meant in title.casefold()]
        found += [
            f"access.{code.removeprefix('studio.audit.act_')}" for code in catalogue()
            if code.startswith("studio.audit.act_") and meant in self.told(code).casefold()
        ]  # fmt: skip
        return ",".join(sorted(found)) if found and "." not in meant else words.strip()

    def has(self, code: str) -> bool:
        """Whether there is a sentence for the studio's code."""
        return f"studio.{code}" in catalogue()

    def count(self, value: float | None) -> str:
        """A number of things, exact, with thousands separators."""
        return "—" if value is None else f"{value:,.0f}"

    def short(self, value: float | None) -> str:
        """A number of things in three or four figures: 12.8万 or 128K."""
        if value is None:
            return "—"
        steps = ((1e8, "亿"), (1e4, "万")) if self.chinese else ((1e9, "B"), (1e6, "M"), (1e4, "K"))
        for least, unit in steps:
            if abs(value) >= least:
                scale = 1e3 if unit == "K" else least
                return f"{_trim(value / scale)}{'' if not self.chinese else ' '}{unit}"
        return f"{value:,.0f}" if abs(value) >= 100 or float(value).is_integer() else f"{value:,.1f}"

    def money(self, fen: float | None) -> str:
        """Yuan: 万 from ten thousand on in Chinese, the fen where there are any below."""
        if fen is None:
            return "—"
        yuan = fen / 100
        sign = "−" if yuan < 0 else ""
        if self.chinese and abs(yuan) >= 1e4:
            unit, scale = ("亿", 1e8) if abs(yuan) >= 1e8 else ("万", 1e4)
            return f"{sign}¥{_trim(abs(yuan) / scale)} {unit}"
        text = f"{abs(yuan):,.2f}"
        return f"{sign}¥{text.removesuffix('.00')}" if abs(yuan) < 1e4 else f"{sign}¥{abs(yuan):,.0f}"

    def law(self, evidence: Mapping[str, Any]) -> str:
        """The law and article that a finding cites, by their English names in English where they have any."""
        keys = ("law", "article")
        told = [evidence.get(key) if self.chinese else evidence.get(f"{key}_en") or evidence.get(key) for key in keys]
        return " ".join(str(one) for one in told if one)

    def share(self, value: float | None, digits: int | None = None) -> str:
        """A share as a percentage; small ones keep more digits."""
        if value is None:
            return "—"
        places = digits if digits is not None else (2 if abs(value) < 0.1 else 1)
        return f"{value * 100:.{places}f}%".replace("-", "−")

    def figure(self, value: float | None, unit: str) -> str:
        """A figure of a unit (count, share, fen, ratio, days)."""
        if value is None:
            return "—"
        if unit == "share":
            return self.share(value)
        if unit == "fen":
            return self.money(value)
        if unit == "ratio":
            return f"{value:.2f}".replace("-", "−")
        told = (
            self.short(value)
            if abs(value) >= 1e4
            else (f"{value:,.0f}" if abs(value) >= 10 else f"{value:,.1f}".removesuffix(".0"))
        )
        return told.replace("-", "−")

    def interval(self, low: float | None, high: float | None, unit: str) -> str:
        """An interval of a unit."""
        if low is None or high is None:
            return ""
        between = (" 至 " if self.chinese else " to ") if low < 0 else " – "
        return f"{self.figure(low, unit)}{between}{self.figure(high, unit)}"

    def day(self, iso: Any, *, year: bool = False, weekday: bool = False) -> str:
        """A day: 11月30日 or 30 Nov."""
        date = dt.date.fromisoformat(str(iso)[:10]) if iso else None
        if date is None:
            return "—"
        if self.chinese:
            text = f"{date.year}年" if year else ""
            return f"{text}{date.month}月{date.day}日" + (f" 周{_DAYS['zh'][date.weekday()]}" if weekday else "")
        text = f"{date.day} {MONTHS[date.month - 1]}" + (f" {date.year}" if year else "")
        return f"{_DAYS['en'][date.weekday()]} {text}" if weekday else text

    def days(self, start: Any, end: Any) -> str:
        """A window of days."""
        return f"{self.day(start)} – {self.day(end)}" if start != end else self.day(start)

    def instant(self, iso: Any, *, seconds: bool = False) -> str:
        """An instant in the institution's zone: 11月30日 09:05."""
        if not iso:
            return "—"
        at = dt.datetime.fromisoformat(str(iso).replace("Z", "+00:00")).astimezone(ZoneInfo(self.zone))
        return f"{self.day(at.date())} {at:%H:%M:%S}" if seconds else f"{self.day(at.date())} {at:%H:%M}"

    def millis(self, value: float | None) -> str:
        """How long something took."""
        if not value:
            return ""
        if value < 1:
            return "<1 ms"
        return f"{value:.0f} ms" if value < 1000 else f"{value / 1000:.1f} s"

    def listed(self, items: list[str]) -> str:
        """Things one after another."""
        return ("、" if self.chinese else ", ").join(items)


def _trim(value: float) -> str:
    text = f"{value:.1f}" if abs(value) < 1000 else f"{value:,.0f}"
    return text.removesuffix(".0")
