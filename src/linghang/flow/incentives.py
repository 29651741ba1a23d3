"""Whether a campaign is to give nothing: a brief or an edit that says so (不发券, 纯提醒, no incentive) is a reminder.

The schema of readings has no key for it, so that it is carried by the goal: its offer is of type ``none``.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

NONE: Mapping[str, Any] = {"type": "none"}
"""The offer of a campaign that gives nothing."""
_WHAT = (
    r"(?:(?:任何|什么|额外|新的?|其他|其它|另外)?(?:的)?"
    r"(?:优惠券|券|红包|权益|优惠|礼品|礼|奖励|奖品|福利|补贴|积分|好处|利益)(?:和|或|、|跟)?)+"
)
_NOTHING = re.compile(
    rf"(?:不(?:需要|用|必|要|想|打算|再|另|另外|额外)?(?:发|给|送|配|带|含|派|设|加|放|挂|搞|做|上)?|别(?:再)?(?:发|给|送|配|带)|"
    rf"无需(?:发|给|送|配)?|没有?|无|免(?:发|送))(?:客户|用户|他们|大家|人家)?{_WHAT}(?:了|的|就行|即可)?"
    r"|(?:纯|单纯|仅|只|光|就|只是|仅仅)(?:做|是|发)?(?:个|一个|条|一条)?提醒(?!.{0,6}(?:发|送|给).{0,4}(?:券|红包|权益))"
    r"|\b(?:no|without|not? (?:give|offer|send)(?:ing)?|don'?t (?:give|offer|send)|skip the|leave out the)\s+"
    r"(?:(?:any|an|a|new|extra|further|more)\s+)?"
    r"(?:incentives?|benefits?|coupons?|vouchers?|rewards?|offers?|gifts?|discounts?|perks?|red packets?)\b"
    r"|\b(?:pure(?:ly)? (?:a )?|just a |only a |simply a )reminder\b|\breminder[ -]only\b|\bincentive[ -]free\b",
    re.IGNORECASE,
)
_SOMETHING = re.compile(
    rf"(?:可以|还是|恢复|改为|改成|重新)(?:发|给|送|配)(?:点|一?张|一?个)?{_WHAT}"
    r"|\b(?:do|please|let'?s) (?:give|offer|send) (?:a|an|the|some) "
    r"(?:incentive|benefit|coupon|voucher|reward|offer|gift|discount)",
    re.IGNORECASE,
)
_PEOPLE = re.compile(r"的?(?:老|新)?(?:客户|用户|会员|人群|人)")


def declined(text: str) -> bool | None:
    """Whether a sentence says that nothing is given (True), that something is after all (False), or neither (None)."""
    said = [(match.end(), True) for match in _NOTHING.finditer(text) if not _of_people(text, match)]
    said += [(match.end(), False) for match in _SOMETHING.finditer(text)]
    return max(said, default=(0, None))[1]


def spans(text: str) -> list[tuple[int, int]]:
    """Where a sentence says it."""
    return [match.span() for pattern in (_NOTHING, _SOMETHING) for match in pattern.finditer(text)]


def given_nothing(text: str, edits: Iterable[str] = ()) -> bool:
    """Whether the brief with its edits ends in giving nothing: the last that speaks of it counts."""
    return next((told for said in (*reversed(list(edits)), text) if (told := declined(said)) is not None), False)


def _of_people(text: str, match: re.Match[str]) -> bool:
    """Whether the words are about customers (没有优惠券的客户), not about what is given."""
    behind = text[match.end() - match.group().endswith("的") :]
    return behind.startswith("的") and _PEOPLE.match(behind) is not None
