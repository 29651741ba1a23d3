"""The frozen values of times: what a phrase of time means, as a small tree, and the days that it comes to."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Moment:
    """A tree: ``kind`` names the rule, ``args`` its parts. ``clock`` is an hour said with it."""

    kind: str
    args: tuple[Any, ...] = ()
    clock: str = ""


@dataclass(frozen=True)
class Period:
    """Days that a moment comes to; both ends included. ``start`` or ``end`` is None when it was not said.

    ``shape``: a single ``day``; a ``span``; a ``month`` (or longer) named without days; ``festival`` for a day said by
    its name; ``recurrence``; ``start`` or ``end`` alone.
    """

    start: dt.date | None
    end: dt.date | None
    shape: Literal["day", "span", "month", "festival", "recurrence", "start", "end"] = "span"
    clock: str = ""
    recurrence: str = ""
    name: str = ""
    loose: bool = False
    """Whether the start was said as a month only."""


Sense = Literal["moment", "clock", "window", "recurrence", "since"]


@dataclass(frozen=True)
class Phrase:
    """A composed phrase of time. ``ranged`` clocks hold both hours; ``before`` marks days before a deadline."""

    start: int
    end: int
    sense: Sense
    moment: Moment
