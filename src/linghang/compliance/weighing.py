"""What all findings of a text weigh together: who warns, teaches or refuses says the words that a seller may not.

A logistic model over few features: which findings stand and whether in quotation marks, what the learned reader thinks
of the clauses and the whole, what they resemble (``neighbours``), what the text is for. ``scripts/teach_weighing.py`` fits
it to texts of writers whom reader and bank had not seen. How likely a text must be to break a rule depends on what stands
against it: clear words of an S1 hardly need anything, a text in which nothing was found needs much. It serves the
checker's own door; in a campaign nothing is ever outweighed, nothing added.
"""

import functools
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from linghang.base.findings import Severity
from linghang.compliance.learned import Read, blamed
from linghang.compliance.model import Hit, MaterialType
from linghang.compliance.patterns import read_shipped

Standing = Literal["serious", "worded", "heard", "lacking", "nothing"]
"""What stands against a text: clear words of an S1 outside quotation marks, other words that a pattern names, only what
the learned reader heard, only a missing disclosure, or nothing."""
_QUOTED = re.compile('[“"‘「『《][^”"’」』》]{1,40}[”"’」』》]')
_MANY = 3
_SURE = 6.0


@dataclass(frozen=True)
class Weights:
    """One weight a feature, the sum that nothing adds to, and for each standing the least probability of a breach."""

    each: tuple[float, ...]
    base: float
    least: Mapping[Standing, float]


@functools.cache
def weights() -> Weights:
    """The shipped weights."""
    told = read_shipped("weighing.yaml")
    least: Mapping[Standing, float] = {name: float(share) for name, share in told["least"].items()}  # type: ignore[misc, arg-type]
    return Weights(tuple(float(one) for one in told["each"]), float(told["base"]), least)  # type: ignore[arg-type, union-attr]


def stands(hits: Sequence[Hit], text: Read, kind: MaterialType, original: str) -> bool:
    """Whether a text breaks a rule, all told. What a fact decides (an hour, a consent) is never outweighed."""
    if any(not hit.located and not hit.missing for hit in hits):
        return True
    taught = weights()
    sum_ = taught.base + sum(w * x for w, x in zip(taught.each, features(hits, text, kind, original), strict=True))
    return 1 / (1 + math.exp(-sum_)) >= taught.least[standing(hits, original)]


def standing(hits: Sequence[Hit], original: str) -> Standing:
    """What stands against a text (facts apart)."""
    worded = [hit for hit in hits if hit.likelihood == 1.0 and hit.located and not hit.missing]
    quotes = _quotes(original)
    if any(hit.rule.severity is Severity.S1 and not _inside(hit, quotes) for hit in worded):
        return "serious"
    if worded:
        return "worded"
    if any(not hit.missing for hit in hits):
        return "heard"
    return "lacking" if hits else "nothing"


def _quotes(original: str) -> list[tuple[int, int]]:
    return [match.span() for match in _QUOTED.finditer(original)]


def _inside(hit: Hit, quotes: Sequence[tuple[int, int]]) -> bool:
    return any(low <= hit.span[0] and hit.span[1] <= high + 1 for low, high in quotes)


def features(hits: Sequence[Hit], text: Read, kind: MaterialType, original: str) -> list[float]:
    """The features of a text with its findings, in the order of the weights."""
    quotes = _quotes(original)
    patterns = [hit for hit in hits if hit.likelihood == 1.0]
    told: list[float] = []
    for severity in (Severity.S1, Severity.S2, Severity.S3):
        of = [hit for hit in patterns if hit.rule.severity is severity]
        inside = [_inside(hit, quotes) for hit in of]
        told += [float(not all(inside)), float(any(inside)), float(min(_MANY, len(of)))]
    scores = sorted((_logit(one.wrong) for one in text.clauses), reverse=True) or [-_SURE]
    under = [
        _logit(one.wrong)
        for hit in patterns
        if hit.located
        for one in text.clauses
        if text.view.starts[one.start] < hit.span[1] and text.view.ends[one.end - 1] > hit.span[0]
    ]
    selling, chinese = _logit(text.selling), float(text.lang == "zh")
    against = standing(hits, original)
    return [
        *told,
        float(len(hits) - len(patterns)),
        float(any(hit.missing for hit in hits)),
        float(bool(quotes)),
        float("?" in original or "？" in original),
        *(float(kind == name) for name in ("promotion", "education", "antifraud", "service")),
        min(len(original), 500) / 100,
        selling,
        scores[0],
        sum(scores[:_MANY]) / len(scores[:_MANY]),
        max(under, default=0.0),
        float(bool(under)),
        selling * chinese,
        scores[0] * chinese,
        chinese,
        *(float(against == name) for name in ("serious", "heard", "lacking", "nothing")),
        *_resemblance(text, chinese),
    ]


def _resemblance(text: Read, chinese: float) -> list[float]:
    """What the clauses and the whole resemble; nothing where no meaning was asked for."""
    if text.meaning is None:
        return [0.0] * 7
    near = sorted(text.meaning.clauses, reverse=True)
    few = near[:_MANY]
    both = max((blamed(one, margin) for one, margin in zip(text.alone, text.meaning.clauses, strict=True)), default=0)
    whole = text.meaning.whole
    return [near[0], sum(few) / len(few), both, whole, text.meaning.selling, near[0] * chinese, whole * chinese]


def _logit(share: float) -> float:
    bound = min(max(share, 1e-9), 1 - 1e-9)
    return max(-_SURE, min(_SURE, math.log(bound / (1 - bound))))
