"""One truth in figures: every number of a text is a number of the offer's facts, or the text is not used."""

import re
from collections.abc import Iterable, Mapping

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_HANZI = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2}
_SPELT = re.compile(
    r"([零一二三四五六七八九两十百千万亿]+)(?:个)?(?:元|块钱|折|天|日|期|倍|成|克|折扣|%|％|BP|个点|个百分点)|百分之([零一二三四五六七八九十百]+)"
)
"""Numbers in characters, where they count what an offer counts; 一起, 哪一块 and 三分钟 are none."""
_AMOUNT = re.compile(
    r"(¥[^\S\n]?)?(?<![\d.])(\d[\d,]*(?:\.\d+)?)"
    r"([^\S\n]?(?:万元|亿元|万|元|块钱|天|日|折|[%％](?: off)?|期|月|年|克|BP|倍|次|秒|分钟|小时|个点|days?|grams?|bp)"
    r"\b|"
    r"[^\S\n]?(?:万元|亿元|万|元|块钱|天|日|折|[%％]|期|月|年|克|BP|倍|次|秒|分钟|小时|个点))?"
)
_UNIT_NAMES = {"¥": "元", "块钱": "元", "块": "元", "％": "%", "days": "day", "grams": "gram", "个百分点": "个点"}


def numbers(text: str) -> frozenset[str]:
    """The numbers of a text in one form: ``1,000.50`` and ``1000.5`` are the same, 三十天 is 30."""
    found = {_plain(match) for match in _NUMBER.findall(text)}
    for match in _SPELT.finditer(text):
        value = _value(match[1] or match[2])
        if value is not None:
            found.add(str(value))
    return frozenset(found)


def amounts(text: str) -> frozenset[str]:
    """The numbers of a text with what they count: 30天 and 30元 are two; a number that counts nothing stands alone."""
    found = {
        f"{_plain(match[2])}{_UNIT_NAMES.get(unit := (match[1] or match[3] or '').strip().lower(), unit)}"
        for match in _AMOUNT.finditer(text)
    }
    for match in _SPELT.finditer(text):
        value = _value(match[1] or match[2])
        if value is not None:
            unit = match[0][len(match[1]) :].removeprefix("个") if match[1] else "%"
            found.add(f"{value}{_UNIT_NAMES.get(unit.lower(), unit.lower())}")
    return frozenset(found)


def strange_numbers(text: str, facts: Mapping[str, str], *, extra: Iterable[str] = ()) -> frozenset[str]:
    """Numbers of a text that neither a fact has nor one of the ``extra`` lines (disclosures, signature)."""
    return amounts(text) - amounts("\n".join((*facts.values(), *extra)))


def _plain(number: str) -> str:
    value = number.replace(",", "")
    return value.rstrip("0").rstrip(".") if "." in value else value.lstrip("0") or "0"


def _value(words: str) -> int | None:
    """What a number in characters is worth, up to hundreds of millions; None for what is no number."""
    total = section = digit = 0
    for word in words:
        if word in _HANZI:
            digit = _HANZI[word]
        elif word in "十百千":
            section += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[word]
            digit = 0
        elif word in "万亿":
            total = (total + section + digit) * {"万": 10_000, "亿": 100_000_000}[word]
            section = digit = 0
        else:
            return None
    return total + section + digit
