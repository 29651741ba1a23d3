"""Slips of the ear: 李财 for 理财, 断信 for 短信. A word of the trade with one character that only sounds right."""

import functools
import re
from collections.abc import Iterable
from dataclasses import replace
from importlib import resources
from typing import Any

import ahocorasick
import yaml

from linghang.reading.normalise import Normal

# Where the pair could also be the end of one word and the start of the next, it must stand between such borders.
_LEFT = re.compile(r"(?:^|[\s\d,，。;；:：、+!！?？()（）a-z和与跟或发用走做推送加的给搞只还过买])$")
_RIGHT = re.compile(r"(?:$|[\s\d,，。;；:：、+!！?？()（）a-z和与跟或发的了就也券还没未不为是])")


@functools.cache
def _slips() -> tuple[Any, dict[str, tuple[str, bool]]]:
    text = resources.files("linghang.reading").joinpath("lexicon/homophones.yaml").read_text("utf-8")
    table: dict[str, list[list[str]]] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    found: dict[str, tuple[str, bool]] = {}
    for word, ranks in table.items():
        for sure, places in zip((True, False), ranks, strict=True):
            for place, chars in enumerate(places):
                for char in chars:
                    found.setdefault(word[:place] + char + word[place + 1 :], (word, sure))
    automaton = ahocorasick.Automaton()
    for slip in found:
        automaton.add_word(slip, slip)
    automaton.make_automaton()
    return automaton, found


def mended(normal: Normal, words: Iterable[tuple[int, int, Any]]) -> Normal:
    """The text with slips of the ear put right; what overlaps a known word of the lexicon is no slip."""
    text = normal.text
    automaton, table = _slips()
    hits = [(last - len(slip) + 1, last + 1, slip) for last, slip in automaton.iter(text)]
    if not hits:
        return normal
    known = [(start, end) for start, end, _ in words if end - start > 1]
    for start, end, slip in hits:
        right, sure = table[slip]
        if any(low < end and start < high for low, high in known):
            continue
        left = any(high == start for _, high in known) or _LEFT.search(text[max(0, start - 1) : start])
        if sure or (left and (any(low == end for low, _ in known) or _RIGHT.match(text[end : end + 1]))):
            text = text[:start] + right + text[end:]
    return replace(normal, text=text)
