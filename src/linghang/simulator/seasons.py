"""When things happen: how much each day of a year and each hour of a day weighs."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np

from linghang.simulator.draws import Floats
from linghang.simulator.parameters import parameters

DAY = dt.timedelta(days=1)
_SHOPPING = {(6, day) for day in range(16, 21)} | {(11, day) for day in (1, 2, 3, 8, 9, 10, 11)} | {(12, 11), (12, 12)}
_PAYDAYS = (5, 10, 15, 25)


def day_weights(season: str, today: dt.date, days: int) -> Floats:
    """The weight of each of the ``days`` days that end the day before ``today``, oldest first."""
    told: Mapping[str, Any] = parameters()["season"][season]
    festivals = [dt.date.fromisoformat(text) for text in parameters()["season"]["spring_festival"]]
    return np.array([_weight(today - (days - n) * DAY, told, festivals) for n in range(days)])


def _weight(day: dt.date, told: Mapping[str, Any], festivals: list[dt.date]) -> float:
    weight = float(told["week"][day.weekday()])
    if any(-3 <= (day - festival).days <= 6 for festival in festivals):
        weight *= told["spring"]
    if (day.month, day.day) in _SHOPPING:
        weight *= told["shopping_days"]
    if day.day in _PAYDAYS:
        weight *= told["payday"]
    if (day + 2 * DAY).month != day.month:
        weight *= told["month_end"]
    return weight


def hour_edges(pattern: str) -> Floats:
    """The share of a day's happenings before each hour ends."""
    weights = np.asarray(parameters()["hours"][pattern], np.float64)
    return np.cumsum(weights) / weights.sum()
