"""The frozen values of reading: what a sentence was found to say, with the words that say it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal[
    "brief", "edit", "analysis", "knowledge", "check", "smalltalk", "out_of_scope", "unclear"
]  # fmt: skip
Span = tuple[int, int]
"""Code points of the operator's own text, half-open."""


@dataclass(frozen=True)
class Assumption:
    """A value that was inferred rather than said: the key, the value, and the code of the reason."""

    key: str
    value: Any
    reason: str


@dataclass(frozen=True)
class Alternative:
    """A way in which an unclear sentence could be meant, with how likely it is (0–1)."""

    kind: Kind
    confidence: float


@dataclass(frozen=True)
class Reading:
    """What a sentence means.

    ``reading`` holds only the keys of the contract; for an edit it is the reading after the ``patch``. ``spans`` maps a
    key (or ``audience[risk_level]``) to the words that support it. ``kind`` ``unclear`` acts on nothing and names
    the likeliest ``alternatives``. ``act`` says more finely what is wanted of a brief (``plan``, ``copy``).
    """

    kind: Kind
    reading: Mapping[str, Any]
    patch: tuple[Mapping[str, Any], ...] = ()
    spans: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    assumptions: tuple[Assumption, ...] = ()
    confidence: float = 1.0
    alternatives: tuple[Alternative, ...] = ()
    act: str = ""


@dataclass(frozen=True)
class Token:
    """A typed piece of the normalised text, ``[start, end)``, with a value for each sense that it may have."""

    start: int
    end: int
    text: str
    senses: Mapping[str, Any]

    def has(self, *names: str) -> bool:
        """Whether it has one of the senses."""
        return any(name in self.senses for name in names)
