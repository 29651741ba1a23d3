"""Values of insights."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Act = Literal["pause", "stop", "slow_down", "speed_up", "top_up", "narrow", "look", "drop_channel"]
"""What a person might do about something seen in a running campaign."""

INVESTED = 1 / 3
"""What a first draft spends of what an opportunity may earn: it pays back even at a third of the estimate."""
_LEAST_YUAN = 500


def proposed_yuan(value_fen: float) -> int:
    """A budget in whole yuan for what may earn ``value_fen``: ``INVESTED`` of it, down to a round 1, 2 or 5."""
    return rounded_yuan(value_fen * INVESTED / 100)


def rounded_yuan(yuan: float) -> int:
    """A sum down to a round 1, 2 or 5; never below what a campaign needs to be worth a plan."""
    most = max(_LEAST_YUAN, int(yuan))
    power = 10 ** (len(str(most)) - 1)
    return next(digit * power for digit in (5, 2, 1) if digit * power <= most)


def money(yuan: int, language: str) -> str:
    """A budget as an operator types it."""
    if language == "en":
        return f"CNY {yuan:,}"
    return f"{yuan / 10_000:g}万" if yuan >= 10_000 else f"{yuan}元"


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
    patch: tuple[Mapping[str, Any], ...] = ()
    """Changes of the sentence's reading, where words alone would not say it exactly."""
