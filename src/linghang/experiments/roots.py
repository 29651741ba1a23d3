"""Where an increasing or decreasing function crosses zero: plain bisection, so that no optimiser is imported."""

from collections.abc import Callable


def crossing(function: Callable[[float], float], low: float, high: float, halvings: int = 60) -> float:
    """The point between ``low`` and ``high`` where the function changes its sign.

    Raises ValueError if both ends have the same sign.
    """
    below, above = function(low), function(high)
    if below * above > 0:
        raise ValueError(f"no crossing between {low} and {high}")
    for _ in range(halvings):
        middle = (low + high) / 2
        value = function(middle)
        if value * above > 0:
            high, above = middle, value
        else:
            low = middle
    return (low + high) / 2
