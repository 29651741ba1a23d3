"""Two audiences compared: who is in both, which conditions differ, and in what their customers differ most."""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

from linghang.audiences.counting import conditions
from linghang.audiences.index.bits import Words, count
from linghang.audiences.index.opened import Index
from linghang.audiences.profiles import profile_of
from linghang.base.predicates import Rule

_SURE = 3.0
"""Standard errors from which two shares are told to differ."""


@dataclass(frozen=True)
class Difference:
    """A value that is more usual in one of two audiences: its share of each."""

    field: str
    value: str
    one: float
    other: float


@dataclass(frozen=True)
class Comparison:
    """``left`` are only in one, ``came`` only in the other. ``alike`` is what both share of all in either (Jaccard).

    ``differences`` are the shares furthest apart, beyond three standard errors.
    """

    one: int
    other: int
    both: int
    left: int
    came: int
    alike: float
    differences: tuple[Difference, ...]


def compare(
    one: Words, other: Words, index: Index, fields: Sequence[str], today: dt.date | None = None, *, most: int = 8
) -> Comparison:
    """Two audiences (bitsets) over fields of the customer table."""
    sizes = (count(one), count(other))
    both = count(one & other)
    either = sizes[0] + sizes[1] - both
    found: list[Difference] = []
    for mine, theirs in zip(
        profile_of(one, index, fields, today), profile_of(other, index, fields, today), strict=True
    ):
        shares = {bar.value: bar.share for bar in theirs.bars}
        found += [Difference(mine.field, bar.value, bar.share, shares.get(bar.value, 0.0)) for bar in mine.bars]
    sure = [item for item in found if _errors(item, sizes) > _SURE]
    ordered = sorted(sure, key=lambda item: -abs(item.one - item.other))[:most]
    return Comparison(
        *sizes, both, sizes[0] - both, sizes[1] - both, both / either if either else 1.0, tuple(ordered)
    )  # fmt: skip


def _errors(item: Difference, sizes: tuple[int, int]) -> float:
    """How many standard errors two shares are apart."""
    if not all(sizes):
        return 0.0
    pooled = (item.one * sizes[0] + item.other * sizes[1]) / sum(sizes)
    error = math.sqrt(pooled * (1 - pooled) * (1 / sizes[0] + 1 / sizes[1]))
    return abs(item.one - item.other) / error if error else 0.0


def differing(one: Rule, other: Rule) -> tuple[tuple[Rule, ...], tuple[Rule, ...], tuple[Rule, ...]]:
    """(conditions of both rules, those of the first only, those of the second only)."""
    mine, theirs = conditions(one), conditions(other)
    both = tuple(part for part in mine if part in theirs)
    return both, tuple(p for p in mine if p not in theirs), tuple(p for p in theirs if p not in mine)
