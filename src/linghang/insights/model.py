"""Values of insights."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Opportunity:
    """A reason to talk to somebody. ``value_fen`` is the expected gross margin of those who would respond.

    ``code`` and ``params`` give the title and the reason; ``brief`` maps a language to a sentence that ``campaign.new``
    takes; ``evidence`` are the figures that it rests on, with the rule that was counted.
    """

    id: str
    code: str
    size: int
    value_fen: int
    product: str
    brief: Mapping[str, str]
    params: Mapping[str, str | int | float] = field(default_factory=dict)
    evidence: Mapping[str, Any] = field(default_factory=dict)
