"""Wordings in the one form that the readers know: of a change 捎上, 搭个, rope in → 加上, of a brief 请回来 → 召回.

A wording is replaced in the normalised text and keeps the places of the operator's own words, so that spans stay true.
"""

import functools
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

import yaml

from linghang.reading.normalise import Normal, rewritten

_MACROS = {
    "{end}": r"(?=\s*(?:$|[,，。;；!！?？\n]))",
    "{num}": r"(?:\d|[一二两三四五六七八九十百半几])",
}
_FIRST = re.compile(r"(?:^|[\s,，。;；:：把将和跟、先再也就都])$")
_MARK = re.compile(r"(?:吗|么|呢|不)?[?？]\s*$")
_Find = Callable[[str], Iterable[tuple[int, int, Mapping[str, Any]]]]


@dataclass(frozen=True)
class _Rule:
    """A plain wording, the words that it stands for, and the senses that must begin behind them or end before them."""

    to: str
    words: re.Pattern[str]
    following: frozenset[str]
    preceding: frozenset[str]
    first: bool


def reworded(normal: Normal, find: _Find) -> Normal:
    """The text of a change in plain wordings; ``find`` gives the words of the lexicon in a text."""
    polite, fillers, words = _tables("wordings", "polite", "fillers", "words")
    asked = _pass(normal, polite, find)
    if asked is not normal and (mark := _MARK.search(asked.text)) is not None:
        # Can we cap the budget at 220k? wishes, and asks nothing.
        asked = rewritten(asked, [(mark.start(), len(asked.text), "")])
    return _pass(_pass(asked, fillers, find), words, find)


def retold(normal: Normal, find: _Find) -> Normal:
    """The text of a brief or a question in plain wordings."""
    (told,) = _tables("told", "told")
    return _pass(normal, told, find)


def _pass(normal: Normal, table: tuple[_Rule, ...], find: _Find) -> Normal:
    hits = [(*hit.span(), rule) for rule in table for hit in rule.words.finditer(normal.text)]
    if not hits:
        return normal
    words = _Words.of(find(normal.text))
    made: list[tuple[int, int, str]] = []
    for start, end, rule in sorted(hits, key=lambda item: item[0]):
        if (not made or start >= made[-1][1]) and _fits(rule, normal.text, start, end, words):
            made.append((start, end, rule.to))
    return rewritten(normal, made)


@dataclass(frozen=True)
class _Words:
    """The words of the trade in a text: the senses that begin and end at a place, and the places inside of words."""

    begin: Mapping[int, set[str]]
    end: Mapping[int, set[str]]
    inside: frozenset[int]

    @classmethod
    def of(cls, found: Iterable[tuple[int, int, Mapping[str, Any]]]) -> "_Words":
        """The index of what a lexicon found."""
        begin: dict[int, set[str]] = {}
        end: dict[int, set[str]] = {}
        inside: set[int] = set()
        for low, high, senses in found:
            begin.setdefault(low, set()).update(senses)
            end.setdefault(high, set()).update(senses)
            inside.update(range(low + 1, high))
        return cls(begin, end, frozenset(inside))


def _fits(rule: _Rule, text: str, start: int, end: int, words: _Words) -> bool:
    if start in words.inside or end in words.inside:
        # A wording never begins or ends inside a word of the trade.
        return False
    if rule.first and not _FIRST.search(text[max(0, start - 4) : start] if start else ""):
        return False
    if "any" in rule.preceding:
        if not text[max(0, start - 40) : start].strip(" ,，。;；"):
            return False
    elif rule.preceding and not rule.preceding & words.end.get(start, set()):
        return False
    return not rule.following or bool(rule.following & words.begin.get(end, set()))


@functools.cache
def _tables(file: str, *names: str) -> tuple[tuple[_Rule, ...], ...]:
    text = resources.files("linghang.reading").joinpath(f"lexicon/{file}.yaml").read_text("utf-8")
    table: dict[str, list[dict[str, Any]]] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return tuple(_rules(table[name]) for name in names)


def _rules(rows: list[dict[str, Any]]) -> tuple[_Rule, ...]:
    return tuple(
        _Rule(
            str(row["to"]),
            re.compile("|".join(_expanded(str(each)) for each in row["w"])),
            frozenset(row.get("next", [])),
            frozenset(row.get("last", [])),
            bool(row.get("first")),
        )
        for row in rows
    )


def _expanded(pattern: str) -> str:
    """The pattern with its macros; what begins with a Latin letter begins a word."""
    for name, value in _MACROS.items():
        pattern = pattern.replace(name, value)
    return f"(?<![a-z])(?:{pattern})" if re.match(r"(?:\(\?:)?[a-z]", pattern) else f"(?:{pattern})"
