"""The plain values of any text: figures and days with the places where they stand, for whoever has a field for them."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from linghang.packs.model import Pack
from linghang.reading.lexer import sentence
from linghang.reading.lexicon import lexicon
from linghang.reading.model import Span
from linghang.reading.times.moments import resolve


@dataclass(frozen=True)
class Valued:
    """A figure (money in yuan, days as days) or a day (ISO) with its place in the text."""

    kind: Literal["number", "date"]
    value: float | int | str
    span: Span


_OF_ITSELF = frozenset({"一个", "一条", "一份", "一张", "one"})
"""One of a thing is said of the thing (建一个工单), and no figure."""


def valued(text: str, *, today: dt.date, pack: Pack | None) -> tuple[Valued, ...]:
    """The figures and days of a text, in their order; what is a day is no figure."""
    found = sentence(text, lexicon(pack))
    made: list[Valued] = []
    for place, token in enumerate(found.tokens):
        span = found.normal.span(token.start, token.end)
        if token.has("moment"):
            period = resolve(token.senses["time"], today, 1)
            day = period and (period.start or period.end)
            if day is not None:
                made.append(Valued("date", day.isoformat(), span))
                continue
        quantity = found.quantity(place)
        if quantity is not None and quantity.form == "one" and token.text not in _OF_ITSELF:
            made.append(Valued("number", quantity.value, span))
    return tuple(made)
