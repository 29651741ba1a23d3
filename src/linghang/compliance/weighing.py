"""What all findings of a text weigh together: who warns, teaches or refuses says the words that a seller may not.

A logistic model over few features (which findings stand, whether in quotation marks, what the learned reader thinks of
the clauses and of the whole), fitted by ``scripts/teach_weighing.py`` to texts of a writer whom no pattern and no weight
had seen. It serves the checker's own door; in a campaign nothing is ever outweighed.
"""

import functools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from linghang.base.findings import Severity
from linghang.compliance.learned import Read
from linghang.compliance.model import Hit, MaterialType
from linghang.compliance.patterns import read_shipped

_QUOTED = re.compile('[“"‘「『《][^”"’」』》]{1,40}[”"’」』》]')
_MANY = 3
_SURE = 6.0


@dataclass(frozen=True)
class Weights:
    """One weight a feature, the sum that nothing adds to, and the least probability at which a text breaks a rule."""

    each: tuple[float, ...]
    base: float
    least: float


@functools.cache
def weights() -> Weights:
    """The shipped weights."""
    told = read_shipped("weighing.yaml")
    return Weights(tuple(float(one) for one in told["each"]), float(told["base"]), float(told["least"]))  # type: ignore[arg-type, union-attr]


def outweighed(hits: Sequence[Hit], text: Read, kind: MaterialType, original: str) -> bool:
    """Whether the whole text speaks against its findings. What a fact decides (an hour, a consent) is never outweighed."""
    if not hits or any(not hit.located and not hit.missing for hit in hits):
        return False
    taught = weights()
    sum_ = taught.base + sum(w * x for w, x in zip(taught.each, features(hits, text, kind, original), strict=True))
    return 1 / (1 + math.exp(-sum_)) < taught.least


def features(hits: Sequence[Hit], text: Read, kind: MaterialType, original: str) -> list[float]:
    """The features of a text with its findings, in the order of the weights."""
    quotes = [(match.start(), match.end()) for match in _QUOTED.finditer(original)]
    patterns = [hit for hit in hits if hit.likelihood == 1.0]
    told: list[float] = []
    for severity in (Severity.S1, Severity.S2, Severity.S3):
        of = [hit for hit in patterns if hit.rule.severity is severity]
        inside = [any(low <= hit.span[0] and hit.span[1] <= high + 1 for low, high in quotes) for hit in of]
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
    ]


def _logit(share: float) -> float:
    bound = min(max(share, 1e-9), 1 - 1e-9)
    return max(-_SURE, min(_SURE, math.log(bound / (1 - bound))))
