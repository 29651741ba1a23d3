"""Personal data in the answers of other systems are covered before anybody in a conversation, or a model, sees them."""

from collections.abc import Mapping

from linghang.agents.model import Json
from linghang.base import personal

_DIGITS = 11
"""Fewer digits than a phone has are no personal number."""


def covered(told: Json) -> Json:
    """A value with every piece of personal data in it covered; numbers that look like one become texts."""
    if isinstance(told, str):
        return personal.covered(told)
    if isinstance(told, Mapping):
        return {covered(key) if isinstance(key, str) else key: covered(value) for key, value in told.items()}
    if isinstance(told, list | tuple):
        return [covered(item) for item in told]
    if isinstance(told, int) and not isinstance(told, bool) and len(str(abs(told))) >= _DIGITS:
        shown = covered(str(told))
        return told if shown == str(told) else shown
    return told
