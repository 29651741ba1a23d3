"""Pacing: whole customers a day that add up exactly, weighted by the kind of day and the phase."""

import datetime as dt
import math
from collections.abc import Callable, Sequence

from linghang.base.money import split


def pace(total: int, days: Sequence[dt.date], weight: Callable[[dt.date], float]) -> tuple[int, ...]:
    """``total`` customers over ``days`` in proportion to ``weight`` (largest remainder); all zero days if none counts.

    Days without weight get nobody, unless no day has any: then all days count alike.
    """
    if not days:
        return ()
    if total <= 0:
        return tuple(0 for _ in days)
    weights = [max(0.0, weight(day)) for day in days]
    if sum(weights) <= 0:
        weights = [1.0] * len(days)
    return split(total, weights)


def most_a_day(daily: Sequence[int]) -> int:
    """The busiest day's customers."""
    return max(daily, default=0)


def days_at(total: int, a_day: int) -> int:
    """How many days ``total`` customers take at ``a_day`` each. Raises ValueError for nobody a day."""
    if a_day <= 0:
        raise ValueError("a pace needs customers a day")
    return math.ceil(total / a_day)
