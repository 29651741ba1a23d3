"""What must be asked: the parts of a brief that nobody said and that change the campaign."""

from collections.abc import Mapping
from typing import Any

_PAID = frozenset(("paid_ads", "douyin", "kuaishou", "xiaohongshu"))
ORDER = ("product", "audience", "schedule", "start", "channels", "budget", "campaign", "time")


def missing(values: Mapping[str, Any], *, month_only: bool = False) -> list[str]:
    """The keys to ask for, by the contract: KPI, hold-out and tone have defaults and are never asked."""
    repeat = "base_campaign" in values
    asked = {
        "product": "product" not in values and not repeat,
        "audience": not values.get("audience") and "segments" not in values and not repeat,
        "channels": not values.get("channels") and not values.get("slots") and not repeat,
        "budget": _costs(values) and not any(key in values for key in ("budget_cny", "budget_max_cny")) and not repeat,
    }
    if "start" not in values and "end" not in values and "recurrence" not in values:
        asked["start" if month_only or "duration_days" in values else "schedule"] = True
    return [key for key in ORDER if asked.get(key)]


def _costs(values: Mapping[str, Any]) -> bool:
    return "offer" in values or bool(_PAID & set(values.get("channels", [])))
