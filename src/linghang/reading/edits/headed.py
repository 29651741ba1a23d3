"""Figures with the word that they belong to: 门槛降到100, 对照加5个点, title max 20 chars.

A head (门槛, 面额, 对照, …) names the path; the figure takes the nearest head before it within its piece, else the one
right behind it; the verbs between say how it counts. Figures whose unit does not suit the head are left to others.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from linghang.reading.edits.keys import KEYS, Key
from linghang.reading.edits.sums import sums_together
from linghang.reading.edits.words import DROP, LESS, MORE, Change, computed, verb_after
from linghang.reading.quantities import Quantity, whole

HEADS = tuple(key for key in KEYS if key.units)
_NEEDS = ("offer.", "target.")
_PIECES = ("张", "份", "个", "套", "枚", "coupons", "vouchers")
_SHIFT = re.compile(r"天|日|周|月|年|days?|weeks?|months?")
_NOT_HEADED = re.compile(r"按(?:单张|每|单个)|目标(?:客群|人群|用户|客户)|target (?:audience|users|customers)")
_DROPPED = re.compile(rf"[^,，。;]{{0,6}}?(?:{DROP.pattern})")
# 500门槛, 拿1万出来做预备金, 10k as contingency.
_OWN = re.compile(
    r"\s?(?:元|块钱?|yuan)?\s?(?:的|of|as|for)?\s?(?:the |an? )?|(?:元|块钱?)?(?:出来)?(?:当|留)?(?:做"
    r"|作|为|作为|当作?|用作)?"
)
# add 200 to the threshold, take 3 characters off the title: what the figure is put on or taken from.
_ON_OR_OFF = re.compile(r"\s?(?:yuan|rmb)?\s(?:(?:on)?to|off|from|out of) (?:the |our |its )?(?:[a-z]+ )?")
_OUT_OF = re.compile(r"(?:里面?|里头|中|内)(?:再|先)?(?:拿|抽|划|留|匀|切|扣|拨|分|出)[^,，。;]{0,3}$")
_OTHERS = re.compile(r"预算|费用|上限|每|岁|aum|资产|余额|登录|浏览|注册|到期|budget|age")
# coupon quantity: the last noun of the compound counts.
_COMPOUND = re.compile(r"(?:coupon|voucher|offer|packet) (quantity|stock|threshold|minimum|count)")
_NEAR = 16
_PARTED = re.compile(r"[,，。;；]")


def headed(change: Change) -> None:
    """Steps for every free figure with a head of its own."""
    found = change.found
    if _NOT_HEADED.search(found.text):
        return
    last = 0
    for place in list(found.where("quantity")):
        quantity = found.quantity(place)
        if quantity is None or found.tokens[place].has("time", "window"):
            continue
        token = found.tokens[place]
        wider = found.text[last : token.start]
        before = _PARTED.split(wider)[-1]
        behind = _PARTED.split(found.text[token.end : _next(change, place)])[0]
        named, own = _nearest(change.base, before, quantity), _behind(change.base, behind, quantity)
        # 从预算里抽3万作为预备费: what the sum becomes counts, not what it is taken from.
        head = own if own is not None and _OUT_OF.search(before) else named or own
        if head is not None and head.path == "budget_max_cny" and _of_field(change, place):
            head = None
        if head is not None and head.path == "offer.threshold_cny" and _BAR_OF_PEOPLE.search(found.text):
            head = None
        of_people = any(t.has("field") and t.text != "金额" for t in found.tokens[:place])
        if head is None and not of_people and not _OTHERS.search(before + behind):
            # 门槛太高，降到500: what the part before complains of.
            head = _nearest(change.base, wider, quantity)
        last = token.end
        if head is None or quantity.form != "one" or verb_after(behind[:20]) == "drop" or _DROPPED.match(behind):
            continue
        both = quantity.unit == "pct" or re.search(r"各|都|一起|一并", before)
        together = sums_together(change.base, before) if both else []
        heads = [next(each for each in HEADS if each.path == path) for path in together] or [head]
        for each in heads:
            if _set(change, each, place, quantity, before + behind, before):
                last = token.end


# 额度门槛放宽到1万: who may come, not from how much a coupon counts.
_BAR_OF_PEOPLE = re.compile(
    r"(?:额度|资产|aum|收入|存款|余额|持仓|年龄|登录|评级|等级)(?:的|那个|这个)?门槛", re.IGNORECASE
)


def _of_field(change: Change, place: int) -> bool:
    """额度上限10万: the end of a condition, no ceiling of the budget."""
    found = change.found
    return any(
        t.has("field") and found.clause_at(t.start) == found.clause(place)
        for t in found.tokens[max(0, place - 3) : place]
    )


def _next(change: Change, place: int) -> int:
    later = [p for p in range(place + 1, len(change.found.tokens)) if change.found.quantity(p) is not None]
    return change.found.tokens[later[0]].start if later else len(change.found.text)


def _nearest(base: Mapping[str, Any], before: str, quantity: Quantity) -> Key | None:
    """The head said last before a figure; of heads that end at the same place the longest."""
    best: tuple[int, int] = (0, 0)
    chosen: Key | None = None
    for head in HEADS:
        for hit in head.beside.finditer(before):
            if (hit.end(), len(hit[0])) > best and _takes(base, head, quantity):
                best, chosen = (hit.end(), len(hit[0])), head
    return chosen


def _behind(base: Mapping[str, Any], behind: str, quantity: Quantity) -> Key | None:
    """A head right behind its figure: 500门槛, 20% holdout, 30元面额."""
    behind = _COMPOUND.sub(r"\1", behind)
    hits = [(hit.start(), -len(hit[0]), place) for place, head in enumerate(HEADS)
            if (hit := head.beside.search(behind[:28])) is not None]  # fmt: skip
    for start, _, place in sorted(hits):
        head = HEADS[place]
        own = head.behind and start <= _NEAR and _OWN.fullmatch(behind[:start])
        if own or _ON_OR_OFF.fullmatch(behind[:start]):
            return head if _takes(base, head, quantity) else None
    return None


def _takes(base: Mapping[str, Any], head: Key, quantity: Quantity) -> bool:
    relative = quantity.unit == "pct" and "" in head.units and head.held(base) is not None
    if quantity.unit not in head.units and not relative:
        return False
    if (
        quantity.unit == "piece"
        and head.path == "offer.quantity"
        and (quantity.values[0] < 10 or quantity.word not in _PIECES)
    ):
        return False
    if head.path.startswith(_NEEDS) and not head.takes_part(base):
        return False
    if head.path == "offer.fee_discount" and base["offer"].get("type") != "fee_discount":
        return False
    if head.path == "offer.interest_free_days" and base["offer"].get("type") != "interest_free_coupon":
        return False
    return not (head.path == "budget_max_cny" and quantity.values[0] < 1000) or "." in head.path


def _set(change: Change, head: Key, place: int, quantity: Quantity, clause: str, before: str) -> bool:
    old = head.held(change.base)
    if quantity.unit == "pct" and "pct" not in head.units and old is None:
        return False
    if head.path == "offer.fee_discount":
        share = quantity.values[0] / (10 if quantity.unit == "fold" and quantity.values[0] < 10 else 100)
        change.step("set", head.path, round(share, 4), place)
        return True
    if (
        head.path == "budget_reserve_cny"
        and quantity.unit == "pct"
        and not (MORE.search(before) or LESS.search(before))
    ):
        total = change.base.get("budget_cny")
        if total is None:
            return False
        change.step("set", head.path, whole(round(total * quantity.values[0] / 100, 2)), place)
        return True
    plain = quantity
    if head.path == "target.value" and quantity.unit == "pct" and (old is None or old <= 1):
        plain = replace(quantity, unit="", values=tuple(round(v / 100, 6) for v in quantity.values))
    elif head.path == "holdout_pct" or quantity.unit in ("times", "char"):
        plain = replace(quantity, unit="")
    new = quantity.value if old is None else computed(old, plain, clause, before)
    if new is None or new < 0:
        return False
    change.step("set", head.path, new, place)
    return True
