"""What is being gathered while a sentence is read: values by key, the words behind them, what was inferred."""

from dataclasses import dataclass, field
from typing import Any

from linghang.reading.model import Assumption, Span
from linghang.reading.sentence import Sentence


@dataclass
class Draft:
    """The values found so far. ``put`` keeps the first value of a key unless told to replace it."""

    sentence: Sentence
    values: dict[str, Any] = field(default_factory=dict)
    spans: dict[str, list[Span]] = field(default_factory=dict)
    assumptions: list[Assumption] = field(default_factory=list)
    hints: dict[str, Any] = field(default_factory=dict)

    def put(self, key: str, value: Any, *places: int, replace: bool = False) -> None:
        """Set a key with the tokens that say it, which are then used up."""
        if key in self.values and not replace:
            return
        self.values[key] = value
        for place in places:
            self.support(key, place)

    def add(self, key: str, value: Any, *places: int) -> None:
        """Append to a list, once."""
        items: list[Any] = self.values.setdefault(key, [])
        if value not in items:
            items.append(value)
        for place in places:
            self.support(key, place)

    def support(self, key: str, place: int) -> None:
        """Note that a token supports a key, and use it up."""
        token = self.sentence.tokens[place]
        self.note(key, token.start, token.end)
        self.sentence.used.add(place)

    def note(self, key: str, start: int, end: int) -> None:
        """Note that a stretch of the normalised text supports a key."""
        span = self.sentence.normal.span(start, end)
        known = self.spans.setdefault(key, [])
        if span not in known and span != (0, 0):
            known.append(span)

    def assume(self, key: str, value: Any, reason: str) -> None:
        """Set a key that nobody said, with the code of the reason."""
        self.values[key] = value
        self.assumptions.append(Assumption(key, value, reason))
