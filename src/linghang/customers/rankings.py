"""What rankings and samples mean, in whole numbers, so that all evaluators cut at the same place."""

import math
from dataclasses import dataclass
from fractions import Fraction

from linghang.base.findings import Finding, Severity
from linghang.base.predicates import Predicate, Ranked, Sampled
from linghang.customers.catalogue import Catalogue, Field, resolve

BITS = 53
"""Bits of a sample's hash."""
_NUMERIC = ("integer", "number", "money", "date")


@dataclass(frozen=True)
class Ranking:
    """The first by a field: ``top`` customers, or the share ``percent`` of those of whom it is known, rounded up."""

    field: Field
    top: int | None
    percent: Fraction
    lowest: bool

    def size(self, known: int) -> int:
        """How many of ``known`` customers are taken."""
        return min(known, self.top if self.top is not None else math.ceil(known * self.percent / 100))


def resolve_ranked(rule: Ranked, catalogue: Catalogue) -> Ranking | Finding:
    """The ranking that a rule means, or the finding that says what is wrong with it."""
    field = catalogue.fields.get(rule.by)
    if field is None:
        found = resolve(Predicate(rule.by, "exists"), catalogue)
        return found if isinstance(found, Finding) else _wrong("audiences.not_a_score", rule.by)
    if field.source not in ("column", "outside") or field.storage not in _NUMERIC:
        return _wrong("audiences.not_a_score", rule.by)
    if (rule.top is None) == (rule.percent is None) or (rule.top is not None and rule.top < 1):
        return _wrong("audiences.bad_top", rule.by)
    percent = Fraction(str(rule.percent if rule.percent is not None else 0))
    if rule.percent is not None and not 0 < percent <= 100:
        return _wrong("audiences.bad_top", rule.by)
    return Ranking(field, rule.top, percent, rule.lowest)


def resolve_sampled(rule: Sampled) -> tuple[int, int] | Finding:
    """The hashes (from, below) of a sample, or the finding that says that it cannot be."""
    try:
        skip, size = Fraction(str(rule.skip_pct)), Fraction(str(rule.sample_pct))
    except ValueError:
        return _wrong("audiences.bad_sample", "sample_pct")
    if not (0 < size <= 100 and skip >= 0 and skip + size <= 100):
        return _wrong("audiences.bad_sample", "sample_pct")
    return math.ceil(skip / 100 * (1 << BITS)), math.ceil((skip + size) / 100 * (1 << BITS))


def _wrong(code: str, about: str) -> Finding:
    return Finding(code, Severity.S2, about, params={"field": about})
