"""What a text is for: promotion, service notice, education, warning against fraud, statutory text. And its language."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from linghang.compliance.model import Material, MaterialType
from linghang.compliance.normalise import View
from linghang.compliance.patterns import Pattern, lexicon, read_shipped

_READING = frozenset({"wechat_oa"})
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
    from_concepts = lexicon(lang).scan(view.text)
    told: dict[str, float] = {}
    for kind, cues in _cues(lang).items():
        total = 0.0
        for cue in cues:
            if cue.products and material.product not in cue.products:
                continue
            if all(need[1:-1] in from_concepts if need[0] == "<" else need in view.text for need in cue.pattern.needs):
                total += cue.weight if cue.pattern.compiled.search(view.text) else 0.0
        told[kind] = total
    return told


def infer(view: View, material: Material, lang: str, *, promotes: bool) -> MaterialType:
    """The type of a material; ``promotes`` says that words were found which only promotion uses.

    A warning or a notice keeps its type unless it calls to buy more than it informs; a text without any cue sells.
    """
    told = scores(view, material, lang)
    promotion = told["promotion"] + (3.0 if promotes else 0.0)
    others = {kind: told[kind] for kind in ("antifraud", "service", "education", "statutory")}
    best = max(others, key=lambda kind: others[kind])
    if promotion > others[best] or (promotes and promotion >= others[best]):
        return "promotion"
    if others[best] > 0:
        return best  # type: ignore[return-value]
    return "education" if material.channel in _READING else "promotion"
