"""What a text is for: promotion, service notice, education, warning against fraud, statutory text. And its language."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from linghang.compliance.model import Material, MaterialType
from linghang.compliance.normalise import View
from linghang.compliance.patterns import Pattern, lexicon, read_shipped

_READING = frozenset({"wechat_oa", "short_video", "social", "feed", "poster"})
"""Channels in which a text without any cue is rather to be read than to sell."""


@dataclass(frozen=True)
class _Cue:
    weight: float
    pattern: Pattern
    products: tuple[str, ...]


@functools.cache
def _cues(lang: str) -> Mapping[str, tuple[_Cue, ...]]:
    """Cues by type of material, from ``materials.yaml``: patterns with a weight, some only for certain products."""
    words = lexicon(lang)
    made: dict[str, tuple[_Cue, ...]] = {}
    for kind, groups in read_shipped("materials.yaml")[lang].items():
        cues: list[_Cue] = []
        for group in groups if isinstance(groups, list) else []:
            for source in group["find"]:
                cues.append(_Cue(float(group["weight"]), words.pattern(source), tuple(group.get("products", ()))))
        made[str(kind)] = tuple(cues)
    return made


def scores(view: View, material: Material, lang: str) -> Mapping[str, float]:
    """The weight of the cues found for each type."""
    words = lexicon(lang)
    told: dict[str, float] = {}
    for kind, cues in _cues(lang).items():
        total = 0.0
        for cue in cues:
            if cue.products and material.product not in cue.products:
                continue
            if words.may(cue.pattern, view.text) and cue.pattern.compiled.search(view.text):
                total += cue.weight
        told[kind] = total
    return told


def infer(view: View, material: Material, lang: str, *, promotes: bool, selling: float) -> MaterialType:
    """The type of a material. It is promotion on positive evidence only: ``promotes`` says that words were found which
    only promotion uses, ``selling`` is the learned reader's share that the text wants somebody to buy.

    A warning keeps its type unless it calls to buy more than it warns. Whatever lays out a product that may be had (opens,
    from so much, until then) is promotion, unless it speaks of what the customer holds.
    """
    told = scores(view, material, lang)
    if _offers(told):
        return "promotion"
    others = {kind: told[kind] for kind in _OTHERS}
    best = max(_OTHERS, key=lambda kind: others[kind])
    share = max(selling, 0.5) if promotes else selling
    evidence = told["promotion"] + (3.0 if promotes else 0.0) + _WEIGHT * (share - 0.5)
    if (evidence > others[best] or (promotes and others["antifraud"] == 0)) and (promotes or selling >= _LEAST):
        return "promotion"
    if others[best] > 0:
        return best
    return "education" if material.channel in _READING else "service"


def offers(view: View, material: Material, lang: str) -> bool:
    """Whether a text lays out a product that may be had, and does not speak of what the customer holds."""
    return _offers(scores(view, material, lang))


def _offers(told: Mapping[str, float]) -> bool:
    return told.get("offer", 0) > told.get("held", 0)


_OTHERS: tuple[MaterialType, ...] = ("antifraud", "service", "education", "statutory")
_WEIGHT = 12.0
"""What the reader's share weighs against cues of two points each."""
_LEAST = 0.4
"""Without words of promotion, a text below this share does not sell whatever its cues."""
