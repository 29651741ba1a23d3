"""What a writer thinks of his words: he denies them, condemns them, warns of them, only quotes or asks them.

Which words say so is data (``packs/data/rules/stance.yaml``, read and reviewed like the rules' exceptions); here stands
where each group is looked for. Words of which he thinks so are no claim of his.
"""

import functools
import re
from bisect import bisect_right
from collections.abc import Mapping

from linghang.compliance.patterns import read_shipped
from linghang.compliance.pieces import piece, sentence

_QUOTE = re.compile('[“"‘「『《]([^“”"‘’「」『』《》\n]{1,40})[”"’」』》]')
_REACH = 80
"""So far from the words a denial or a condemnation is looked for."""
_NEAR, _LISTED = 9, 30
"""So far a denial governs words, and words in a list that it heads."""
_PROMISES = frozenset("保承担许兜刚")
"""First characters of words that promise: a negation right before one denies the promise."""
_TEXTS = 32


def excused(text: str, start: int, end: int, *, chinese: bool) -> bool:
    """Whether the writer denies, condemns, or only quotes what stands at ``start:end`` of a normalised text."""
    if not chinese:
        return _excused_english(text, start, end)
    before = text[max(piece(text, start, start)[0], start - _REACH) : start]
    if _words("zh")["negation"].search(before) or _denied(before):
        return True
    # «不保证本金»: the promise itself is what was matched, and the denial stands right before it.
    if before.endswith(("不", "未", "非")) and text[start] in _PROMISES:
        return True
    return warned_of(text, start, end)


def warned_of(text: str, start: int, end: int) -> bool:
    """Whether a Chinese text warns of the words, condemns them, or only quotes them."""
    first, last = sentence(text, start, end)
    if _words("zh")["condemned"].match(text[end : min(last + 8, end + _REACH)]):
        return True
    if _says("zh", "warning", text, first, last) and not _says("zh", "pull", text):
        return True
    return _only_quoted(text, start, end) or _named_only(text, start)


def disowned(text: str, start: int, end: int, *, chinese: bool) -> bool:
    """Whether the clause at ``start:end`` itself denies, condemns or asks what it says (not excused: its neighbours)."""
    if not chinese:
        return _says("en", "disowns", text, start, end)
    low, high = sentence(text, start, end)
    asked = text[high : high + 1] == "?" and _says("zh", "asks", text, low, high)
    asks = asked and not _says("zh", "pull", text) and not _says("zh", "offer", text)
    return asks or (_says("zh", "disowns", text, start, end) and not _says("zh", "but", text, start, end))


def _named_only(text: str, start: int) -> bool:
    """Whether a text which condemns or teaches quotes the words, or names them as a title."""
    quote = _quote_around(text, start)
    if quote is None:
        return False
    if text[quote[0]] == "《":
        return _says("zh", "lesson", text)
    return _says("zh", "condemns", text) and not _says("zh", "pull", text)


def _denied(before: str) -> bool:
    """Whether the last denial before a match still governs it: near, or at the head of a list."""
    told = _words("zh")
    for denial in reversed(list(told["denial"].finditer(before))):
        gap = before[denial.end() :]
        near = len(gap) <= _NEAR or (len(gap) <= _LISTED and told["listed"].search(gap) is not None)
        if near and not told["not_denied"].search(gap):
            return True
    return False


def _excused_english(text: str, start: int, end: int) -> bool:
    told = _words("en")
    before = text[max(piece(text, start, start, chinese=False)[0], start - _REACH) : start]
    if (denied := told["denial"].search(before)) and not told["not_denied"].search(denied.group("gap")):
        return True
    first, last = sentence(text, start, end, chinese=False)
    if told["no_such"].search(before) or told["asked"].search(text[first : last + 1]):
        return True
    if told["condemned"].match(text[end : min(last, end + _REACH)]):
        return True
    return _says("en", "warning", text, first, last)


def _only_quoted(text: str, start: int, end: int) -> bool:
    quote = _quote_around(text, start)
    if quote is None or end > quote[1]:
        return False
    told = _words("zh")
    after, before = text[quote[1] : quote[1] + 8], text[max(0, quote[0] - 10) : quote[0]]
    return bool(told["quoted_after"].match(after) or told["quoted_before"].search(before))


@functools.cache
def _words(lang: str) -> Mapping[str, re.Pattern[str]]:
    """The groups of ``stance.yaml``, each as one pattern."""
    groups: Mapping[str, list[str]] = read_shipped("stance.yaml")[lang]  # type: ignore[assignment]
    return {name: re.compile("|".join(sources)) for name, sources in groups.items()}


@functools.lru_cache(maxsize=_TEXTS)
def _quotes(text: str) -> tuple[tuple[int, int], ...]:
    """The quotations of a text."""
    return tuple(match.span() for match in _QUOTE.finditer(text))


def _quote_around(text: str, start: int) -> tuple[int, int] | None:
    quotes = _quotes(text)
    place = bisect_right(quotes, (start, len(text)))
    return quotes[place - 1] if place and start < quotes[place - 1][1] else None


@functools.lru_cache(maxsize=_TEXTS * 4)
def _says(lang: str, group: str, text: str, start: int = 0, end: int | None = None) -> bool:
    """Whether words of a group stand in a piece of a text."""
    return _words(lang)[group].search(text[start:end]) is not None
