"""What the Chinese rules and laws say, in short, for readers of English. The Chinese words bind, and stay beside it."""

import functools
import re
from collections.abc import Mapping

import yaml

from linghang.compliance.glyphs import rules_folder
from linghang.compliance.model import Rule


def says_in_english(rule: Rule) -> str:
    """A rule's summary; its own words where they are English; for an institution's own Chinese rule, that it is Chinese."""
    if rule.jurisdiction != "CN":
        return rule.says
    known = _english()["rules"].get(rule.id) if rule.source == "cn.yaml" else None
    return known or (rule.says if rule.says.isascii() else f"(worded in Chinese) {rule.says}")


def law_in_english(law: str) -> str:
    """A law's name; the name itself where there is no other."""
    return _english()["laws"].get(law, law)


def article_in_english(article: str) -> str:
    """Where in a law: 第25条第1项 → Art. 25 item 1. Numbers written as words stay as they are."""
    told = article
    for pattern, english in _PARTS:
        told = pattern.sub(english, told)
    return told.replace("、", ", ").strip()


_PARTS = tuple(
    (re.compile(rf"第(\d+(?:[-–、]\d+)*){unit}"), rf"{english} \1 ")
    for unit, english in (("条", "Art."), ("款", "para."), ("项", "item"), ("章", "Ch."), ("部分", "Part"))
)


@functools.cache
def _english() -> Mapping[str, Mapping[str, str]]:
    return yaml.safe_load((rules_folder() / "english.yaml").read_text("utf-8"))
