"""Claims in English under Chinese law: the English rules understand them, the Chinese ones are cited.

The Chinese rules know Chinese words, and an advertisement in English binds them all the same. ``claims_in_english.yaml``
says which Chinese rules forbid what an English one does; the first that binds the product is cited.
"""

import datetime as dt
import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from linghang.compliance.loading import load_rules
from linghang.compliance.matching import Match, applies, matches
from linghang.compliance.model import Material, MaterialType, Rule
from linghang.compliance.normalise import View, is_chinese
from linghang.compliance.patterns import lexicon, read_shipped

_WORDS = 3
"""Fewer English words than these are a name or a slogan that the Chinese patterns know."""


def tongue_of(material: Material) -> str:
    """The language a material is to be read in: that of its words, not of its law."""
    if material.jurisdiction != "CN":
        return "en"
    english = not is_chinese(material.text) and sum(word.isascii() for word in material.text.split()) >= _WORDS
    return "en" if english else "zh"


def named(rules: Sequence[Rule], material: Material, kind: MaterialType = "promotion") -> dict[str, Rule]:
    """The rules by their names; for English words under Chinese law also by those of the English rules that mean the same."""
    known = {rule.id: rule for rule in rules}
    if material.jurisdiction == "CN" and tongue_of(material) == "en":
        for english, chinese in _same().items():
            rule = next(
                (known[name] for name in chinese if name in known and applies(known[name], material, kind)), None
            )
            if rule is not None:
                known[english] = rule
    return known


def translated(
    view: View, material: Material, names: Mapping[str, Rule], day: dt.date, *, beside: Sequence[Match] = ()
) -> Iterator[Match]:
    """What the English rules find in an English text under Chinese law, by the Chinese rules that forbid it.

    Words that a Chinese rule itself named (``beside``) are its own.
    """
    rules = [rule for rule in _english(day) if rule.id in names]
    taken = [match.span for match in beside]
    for match in matches(rules, view, material, "promotion", lexicon("en")):
        if not any(low < match.span[1] and match.span[0] < high for low, high in taken):
            yield replace(match, rule=names[match.rule.id])


@functools.lru_cache(maxsize=8)
def _english(day: dt.date) -> tuple[Rule, ...]:
    return tuple(rule for name in ("US", "UK", "EU") for rule in load_rules(name, day) if rule.id in _same())


@functools.cache
def _same() -> Mapping[str, tuple[str, ...]]:
    told: Mapping[str, object] = read_shipped("claims_in_english.yaml")
    return {english: tuple(map(str, chinese)) for english, chinese in told.items() if isinstance(chinese, list)}
