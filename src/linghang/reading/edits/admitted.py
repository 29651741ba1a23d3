"""Edits that let in again who was left out: 投诉过的也可以发, let staff back in."""

import re

from linghang.reading.audience.scan import Hit
from linghang.reading.edits.words import Change

_LET_IN = re.compile(
    r"\s?(?:过)?(?:的)?(?:(?:这|那)?[两二俩三几](?:类|种|批|个)(?:人|客户)?)?(?:(?:这|那)(?:批|类|部分|些|拨|群|种))?(?:客户|用户|人|同事)?(?:也|都|现在|就)*(?:可以|能"
    r"|要|得|给)*(?:发|推|触达|提醒|通知|收|参与|参加|放进来|放开|进来|进场|加入"
    r"|加进来|(?:加|放|算|拉|请)(?:回|进)来?|算上|纳入|包括|带上|算进来)"
    r"|\s?(?:customers|users|clients|people|ones)?\s?(?:can (?:be|also)"
    r"|are (?:ok|fine)|(?:come )?back in)"
)
_LET_X_IN = re.compile(r"(?:let|allow|bring|take|have)\s(?:the\s|all\s)?$")
_LETS_IN = re.compile(
    r"(?:放开|放行|恢复|也要|也给|也发给?|加回|重新纳入|include|re-?admit|allow|add back)[^,，。;]{0,6}$"
)


def let_in_together(change: Change, hits: list[Hit]) -> set[int]:
    """员工、投诉这两类都可以发: all of a list share the fate of its last; gives first tokens."""
    let: set[int] = set()
    for place in range(len(hits) - 1, -1, -1):
        hit, later = hits[place], hits[place + 1] if place + 1 < len(hits) else None
        gap = "" if later is None else change.found.text[change.found.tokens[max(hit.places)].end :]
        gap = gap[: max(0, len(gap) - len(change.found.text) + change.found.tokens[later.first].start)] if later else ""
        listed = later is not None and later.first in let and gap.strip() in ("、", "和", "跟", "与", "及", "and", "/")
        if _let_in(change, hit) or (
            listed and any(i["field"] == hit.shape["field"] for i in change.base.get("exclusions", []))
        ):
            let.add(hit.first)
    return let


def _let_in(change: Change, hit: Hit) -> bool:
    """投诉过的也可以发, 员工也放进来: who was left out is meant again."""
    found = change.found
    if not any(item["field"] == hit.shape["field"] for item in change.base.get("exclusions", [])):
        return False
    behind = found.text[found.tokens[max(hit.places)].end :][:14]
    if _LET_X_IN.search(found.before(hit.first, 12)) and re.match(r"\s(?:back )?in(?:\W|$)", behind):
        return True
    return bool(_LET_IN.match(behind) or _LETS_IN.search(found.before(hit.first, 12)))


def readmit(change: Change, hit: Hit) -> None:
    """Take a condition out of the exclusions."""
    for item in change.base.get("exclusions", []):
        if item["field"] == hit.shape["field"]:
            change.step("remove", "exclusions", item, *hit.places)
