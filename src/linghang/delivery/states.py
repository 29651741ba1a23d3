"""The life of a send. Once handed over it is never planned again; what nobody knows is never sent again silently."""

from collections.abc import Mapping

from linghang.base.records import SendState

FOLLOWING: Mapping[SendState, frozenset[SendState]] = {
    "planned": frozenset({"handed_over", "delivered", "failed", "unknown", "withheld"}),
    "handed_over": frozenset({"delivered", "failed"}),
    "unknown": frozenset({"handed_over", "delivered", "failed"}),
    "delivered": frozenset(),
    "failed": frozenset(),
    "withheld": frozenset(),
}
"""State → states that a receipt or a decision may bring about. ``unknown`` is settled by a later receipt only."""

ORDER: Mapping[SendState, int] = {
    "planned": 0, "unknown": 1, "handed_over": 2, "withheld": 3, "failed": 4, "delivered": 5,
}  # fmt: skip
"""Of the entries of one send the last in this order is its state."""
