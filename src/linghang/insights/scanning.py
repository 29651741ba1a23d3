"""The scan: patterns counted on the institution's own customers, valued by its own history, the most valuable first."""

import datetime as dt
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import yaml

from linghang import audiences, estimates
from linghang.audiences import Index
from linghang.base.findings import blocks
from linghang.insights.model import Opportunity, money, proposed_yuan
from linghang.packs.model import Pack, Product

LEAST = 50
"""Fewer customers than this are no opportunity: nothing could be told about what a campaign does to them."""
SHARE_REACHED = 0.5
"""A cautious share of those who match that a campaign reaches."""


@cache
def patterns() -> tuple[Mapping[str, Any], ...]:
    """The shipped kinds of opportunities."""
    text = (resources.files("linghang.insights") / "patterns.yaml").read_text("utf-8")
    return tuple(yaml.safe_load(text))


def scan(
    index: Index, pack: Pack, *, today: dt.date | None = None, dismissed: frozenset[str] = frozenset(), most: int = 8
) -> tuple[Opportunity, ...]:
    """Opportunities among the present customers on a day (the index's own by default), the most valuable first.

    Counts are exact; values are size × usual response × margin.

    What was dismissed is left out, and so is what concerns fewer than ``LEAST`` customers.
    """
    names = {attribute.name for attribute in pack.attributes} | {event.name for event in pack.events}
    found: list[Opportunity] = []
    for pattern in patterns():
        if not set(pattern["needs"]) <= names:
            continue
        for kind in pattern["kinds"]:
            product = _offered(pack, kind)
            made = _counted(pattern, kind, product, index, pack, today) if product is not None else None
            if made is not None and made.id not in dismissed:
                found.append(made)
    return tuple(sorted(found, key=lambda item: (-item.value_fen, item.id))[:most])


def _offered(pack: Pack, kind: str) -> Product | None:
    """The product of a kind with the least risk."""
    return min((item for item in pack.products if item.kind == kind), key=lambda item: item.risk or "R0", default=None)


def _counted(
    pattern: Mapping[str, Any], kind: str, product: Product, index: Index, pack: Pack, today: dt.date | None
) -> Opportunity | None:
    rule = audiences.parse(_filled(pattern["rule"], {"kind_id": kind}))
    if blocks(audiences.validate(rule, pack)):
        return None
    done = audiences.screen(rule, index, pack, product=product, channels=(), today=today)
    if done.count < LEAST:
        return None
    rate, source = estimates.ground_rate("convert", product.id, kind, pack)
    value = round(done.count * SHARE_REACHED * rate * product.margin_fen)
    budget = proposed_yuan(value)
    words = {language: _sentence(pattern, kind, product, pack, budget, language) for language in ("zh", "en")}
    return Opportunity(
        id=f"{pattern['id']}:{kind}",
        code=f"insights.{pattern['id']}",
        size=done.count,
        value_fen=value,
        product=product.id,
        brief=words,
        params={
            "size": done.count,
            "matched": done.matched,
            "product": product.label.zh,
            "product_en": product.label.en,
        },
        evidence={
            "rule": audiences.as_json(rule),
            "matched": done.matched,
            "may_be_addressed": done.count,
            "usual_response": rate,
            "source": source,
            "margin_fen": product.margin_fen,
            "as_of": (today or index.as_of).isoformat(),
        },
    )


def _sentence(pattern: Mapping[str, Any], kind: str, product: Product, pack: Pack, budget: int, language: str) -> str:
    known = {channel.id: channel for channel in pack.channels}
    used = [known[name].label.of(language) for name in pattern["channels"] if name in known]
    joint = "加" if language == "zh" else " and "
    return str(pattern["brief"][language]).format(
        kind=KINDS[kind][language == "en"],
        product=product.label.of(language),
        channels=joint.join(used),
        budget=money(budget, language),
    )


KINDS: Mapping[str, tuple[str, str]] = {
    "wealth": ("理财", "wealth products"),
    "fund": ("基金", "funds"),
    "gold": ("黄金", "gold"),
    "insurance": ("保险", "insurance"),
    "deposit": ("存款", "deposits"),
    "credit": ("信贷", "credit"),
    "mmf": ("货币基金", "money funds"),
}
"""A product's kind in words, Chinese and English."""


def _filled(value: Any, words: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return value.format_map(words)
    if isinstance(value, list):
        return [_filled(item, words) for item in value]
    if isinstance(value, dict):
        return {key: _filled(item, words) for key, item in value.items()}
    return value
