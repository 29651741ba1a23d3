"""Edits of the goal: another metric, another figure, the KPI."""

import re

from linghang.reading.draft import Draft
from linghang.reading.edits.words import LESS, MORE, Change
from linghang.reading.goals import goals

# 目标人数提到15万, the target number: a figure of the metric that holds.
_GENERIC = re.compile(
    r"目标(?:人数|户数|数(?![^,，。;]*[增新])|值|量)|(?:人数|户数)目标|target (?:number|figure|count)"
)
_NEW = re.compile(r"\bnew (?:customers?|users?|clients?|accounts?)")


def aims(change: Change) -> None:
    """A goal with a figure (目标定为新增8000户) reads as in a brief."""
    if not re.search(r"目标|kpi|target|goal|指标|考核|主要?看|北极星", change.found.text):
        _goal_by_metric(change)
        return
    used = set(change.found.used)
    draft = Draft(change.found)
    goals(draft)
    if "kpi" in draft.values and "target" not in draft.values and draft.values["kpi"] != change.base.get("kpi"):
        change.step("set", "kpi", draft.values["kpi"])
        return
    target = draft.values.get("target")
    held, words = change.base.get("target"), change.found.text
    named = _NEW.search(words) or any(
        target and t.senses.get("metric_word") == target["metric"] for t in change.found.tokens
    )
    if target and held and (_GENERIC.search(words) or not named):
        # 目标调低到五千户: the metric that holds, unless another is named.
        change.found.used.clear()
        change.found.used.update(used)
        return
    relative = (MORE.search(words) or LESS.search(words)) and not re.search(r"[到至为]|成(?!本|交|单)|to ", words)
    if (
        target
        and not (relative and change.base.get("target"))
        and (not change.base.get("target") or target["metric"] != change.base["target"].get("metric"))
    ):
        change.step("set", "target", target)
    elif target and held and named and not relative and target.get("value") != held.get("value"):
        # 10,000 new customers is the target: the metric that holds, by its name.
        change.step("set", "target.value", target["value"])
    else:
        change.found.used.clear()
        change.found.used.update(used)


_AIM = re.compile(
    r"(?:go|aim|shoot|push)(?: up)? (?:for|to|higher|lower)|(?:make|bump|raise|push|set|move) it(?: up)?|做到|冲到?"
    r"|提到|拉到|达到|改到|改成|改为|要到|争取"
)


def _goal_by_metric(change: Change) -> None:
    """let's go for 300k reach: a figure beside the very metric that the goal is of."""
    held, found = change.base.get("target"), change.found
    if not isinstance(held, dict) or not _AIM.search(found.text):
        return
    for place in found.where("metric_word"):
        if found.tokens[place].senses["metric_word"] != held.get("metric"):
            continue
        for other in (place - 1, place + 1, place + 2):
            quantity = found.quantity(other) if 0 <= other < len(found.tokens) else None
            if quantity is not None and quantity.form == "one" and quantity.unit in ("", "people", "pct"):
                share = quantity.unit == "pct" and held.get("value", 0) <= 1
                value = round(quantity.values[0] / 100, 6) if share else quantity.value
                change.step("set", "target.value", value, place, other)
                return
