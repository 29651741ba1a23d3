"""Edits of what is offered, what is sold and what it is for."""

import re
from typing import Any

from linghang.reading.draft import Draft
from linghang.reading.edits.words import DROP, SWAP, Change
from linghang.reading.offers import offers

_CHANGE_OFFER = re.compile(
    r"代替|替代|取代|顶替|rather than|变成|换成|改成|改为|改发|换|改送|改(?!动|进|到)|加(?:个|一个|一张|张)?|送|发"
    r"|给(?!客户|用户|人)|补|来(?:个|张|点)|上(?:个|张)|搞|配|switch|swap|turn|replace|change|use|add|give|instead|再来"
)
_INTO = re.compile(rf"{SWAP.pattern}|(?<![a-z])(?:for|with|into)(?![a-z])")
_RATHER = re.compile(r"代替|替代|取代|顶替|替掉|instead of|in place of|rather than|而不是")
_PRODUCT = re.compile(
    r"(?:(?:我们|咱们?|这边)做|产品|标的|主推|改推|换推|推|卖|promote|product|换成|改成|改为|sell)[^,，。;]{0,8}$"
)
_OBJECTIVE = re.compile(r"目的|目标|改成|改为|换成|改做|objective|goal|改")


_WAIVED = re.compile(
    r"(?:费率?|费用|手续费|申购费|服务费)(?:全免|全部减免|免了|免掉|为?0|免单)|免(?:收|除"
    r"|掉)?(?:申购费|手续费|服务费|费率?)|0费率|零费率|zero fees?|waive[^,.;]{0,12}fees?|free of fees?"
)
_WARE = r"(?P<new>[\u4e00-\u9fffa-z][\u4e00-\u9fffa-z0-9]{1,11}?)(?=吧|哈|了|$|[,，。;；])"
_OTHER_GIFT = re.compile(rf"(?:换成|改成|改为|改送|换|换送|改发|改)(?:送)?(?:一?[个份张套])?{_WARE}")


def _gift(change: Change) -> bool:
    """礼品换成洗护礼包, 体检卡不送了: what a gift is."""
    found, offer = change.found, change.base.get("offer")
    if not isinstance(offer, dict) or offer.get("type") != "gift":
        return False
    old = str(offer.get("desc", ""))
    named = (old and old in found.text) or re.search(r"礼品|礼物|赠品|奖品|gift", found.text)
    if not named:
        return False
    if hit := _OTHER_GIFT.search(found.text):
        if any(found.tokens[p].senses["offer"] not in ("gift", offer["type"]) for p in found.where("offer")):
            return False
        change.step("set", "offer.desc", found.normal.plain(*hit.span("new")))
        found.used.update(range(len(found.tokens)))
        return True
    if DROP.search(found.text):
        change.step("remove", "offer")
        found.used.update(range(len(found.tokens)))
        return True
    return False


def _waived(change: Change) -> bool:
    """手续费全免: nothing of the fee is left."""
    if not _WAIVED.search(change.found.text):
        return False
    if change.base.get("offer", {}).get("type") == "fee_discount":
        change.step("set", "offer.fee_discount", 0)
    else:
        change.step("set", "offer", {"type": "fee_discount", "fee_discount": 0})
    change.found.used.update(change.found.where("offer"))
    return True


# 红包不发了，发等额的优惠券
_SAME_SUM = re.compile(r"等额|同额|同样金额|同等金额|(?:金额|面额)(?:一样|相同|不变)|same (?:amount|value)")


def _gone(change: Change) -> dict[str, Any]:
    """The offer that the message began with."""
    first = change.notes.get("first", {}).get("offer", {})
    return dict(first) if isinstance(first, dict) else {}


def gifts(change: Change) -> None:
    """A new kind of offer; its figure comes along, the rest of the old one goes."""
    found = change.found
    if _gift(change) or _waived(change):
        return
    spoken = list(found.where("offer"))
    old = change.base.get("offer", {}) or (_gone(change) if _SAME_SUM.search(found.text) else {})
    if not spoken or (old and not _CHANGE_OFFER.search(found.text)):
        return
    kinds = [found.tokens[place].senses["offer"] for place in spoken]
    if old and len(spoken) == 1 and (kinds[0] == old.get("type") or not _says_new_kind(change, spoken[0])):
        return
    used = set(found.used)
    if len(spoken) > 1 and _RATHER.search(found.text[found.tokens[spoken[0]].end : found.tokens[spoken[-1]].start]):
        # 抽奖代替券: what comes stands first.
        found.used.update(spoken[1:])
    elif len(spoken) > 1 and _INTO.search(found.text[found.tokens[spoken[0]].end : found.tokens[spoken[-1]].start]):
        found.used.update(spoken[:-1])
    draft = Draft(found)
    offers(draft)
    found.used.clear()
    found.used.update(used)
    new: dict[str, Any] = draft.values.get("offer", {})
    if not new or (old and new.get("type") == old.get("type")):
        return
    if (
        old
        and "face_value_cny" not in new
        and set(new) == {"type"}
        and "face_value_cny" in old
        and {new["type"], old["type"]} <= {"coupon", "red_packet", "discount", "cashback"}
    ):
        new = {**old, "type": new["type"]}
    change.step("set", "offer", new, *spoken)
    for place in list(found.where("quantity")):
        quantity = found.quantity(place)
        if quantity is not None and quantity.value in new.values():
            found.used.add(place)


def _says_new_kind(change: Change, place: int) -> bool:
    return bool(
        re.search(
            r"(?:换成|变成|改成|改为|改发|换|改送|改|加个?|加一张|送|发|to|with|use|add|a|an)\s*(?:送"
            r"|发)?(?:一?[个张份点]|a\s)?"
            r"(?:[\d.]+[万千k]?\s?(?:元|块钱?|折|天|个|分|yuan|rmb)?的?)?"
            r"(?:满\s?\d+(?:元|块)?[减送返]\s?\d+(?:元|块)?的?|[等同]额的?|同[样等]金额的?)?\s*$",
            change.found.before(place, 20),
        )
    ) or (change.found.quantity(place - 1) is not None and "offer" not in change.base)


_NOT_IT = re.compile(
    r"(?:不是|而非|别|不要|不|甭|(?<![a-z])not|don't|instead of|rather than|no longer)\s?(?:推|放|卖|做|主推|营销"
    r"|提|push |sell |promote )*"
    r"(?:the |our )?$"
)
_DROPPED = re.compile(r"(?:就|先|都)?(?:不要|不推|不做|不卖|别推|别做|去掉|算了|不放)")


def wares(change: Change) -> None:
    """A new product or objective."""
    _product(change)
    _objective(change)


def _product(change: Change) -> None:
    """主推换成黄金, 是白条不是金条, 别放理财了，换基金: what is sold, not what is turned down."""
    found, held = change.found, str(change.base.get("product_detail", "")).lower()
    if (risk := _BY_RISK.search(found.text)) and (old := _RISKS.fullmatch(held)):
        # 产品收到R2及以下: what is sold is named by its risk.
        change.step("set", "product_detail", f"{risk['grade'].upper()}及以下{old['kind']}")
        found.used.update(found.where("grade"))
        return
    refused = [place for place in found.where("product") if _refused(change, place)]
    for place in [p for p in found.where("product") if p not in refused]:
        spec = found.tokens[place].senses["product"]
        asked = "product" not in change.base and place not in found.used
        swapped = place > 0 and found.tokens[place - 1].text == held and bool(SWAP.search(found.gap(place - 1, place)))
        alone = found.text.strip(" .。!！") == found.tokens[place].text
        if re.search(r"(?:from|从|由)\s?$", found.before(place, 6)) and place + 1 < len(found.tokens):
            continue
        alone = (
            alone
            or bool(_INTO_EN.search(found.before(place, 40)))
            or (held in str(change.notes.get("message", "")) and bool(_SWAPPED.search(found.before(place, 4))))
        )
        stands_in = bool(_STANDS_IN.match(found.after(place, 6)))
        wanted = (
            asked or swapped or alone or stands_in or bool(refused) or bool(_PRODUCT.search(found.before(place, 12)))
        )
        if not wanted or found.tokens[place].has("state"):
            continue
        if spec["kind"] != change.base.get("product"):
            change.step("set", "product", spec["kind"], place)
        if spec["detail"] and spec["detail"] != change.base.get("product_detail"):
            change.step("set", "product_detail", spec["detail"], place)
        elif not spec["detail"] and "product_detail" in change.base and spec["kind"] != change.base.get("product"):
            change.step("remove", "product_detail")


_RISKS = re.compile(r"r[1-5]及以下(?P<kind>.*)")
_BY_RISK = re.compile(r"(?:产品|标的|基金|风险|只?[推卖做])[^,，。;]{0,8}?(?P<grade>r[1-5])(?:及|和|或|或者)?以下")
_INTO_EN = re.compile(r"product [a-z +-]{0,24}\sto\s$")
_SWAPPED = re.compile(r"[换改](?:成|为|做|推|用)?$")
_STANDS_IN = re.compile(r"(?:来)?(?:顶上|顶替|顶一?下|补上|补位|代替|替代|替上|接上|instead)")
"""拿小金库顶上: what takes the place of the product."""


def _refused(change: Change, place: int) -> bool:
    found = change.found
    return bool(_NOT_IT.search(found.before(place, 8)) or _DROPPED.match(found.text[found.tokens[place].end :]))


# 不是拉新了，是促活: what it is no longer for, and what it is.
_NOT_FOR = re.compile(
    r"(?:不是|别|不|不再|甭|不用)(?:再)?(?:按|算|报|做|搞|当|冲|要)?$|(?<![a-z])not (?:as )?(?:an? )?$"
)
_FOR = re.compile(
    r"(?:是|(?<![预结计清])算|按|当|报|归)(?:成|作|为)?$|(?:treat|count|book|run|call)(?: (?:this|it))? as (?:an? )?$"
)


def _objective(change: Change) -> None:
    found = change.found
    for place in list(found.where("objective")):
        if _NOT_FOR.search(found.before(place, 8)):
            continue
        if (
            (_OBJECTIVE.search(found.clause_text(place)) or _FOR.search(found.before(place, 20)))
            and not found.tokens[place].has("offer", "act", "metric_word", "state")
        ) or re.search(
            r"(?:目的|目标|改成|改为|换成|改做|(?:objective|goal|purpose)(?: (?:to|is|becomes"
            r"|should be))?)(?:是|改成|改为|换成|为)?\s*$",
            found.before(place, 22),
        ):
            if (
                place + 1 < len(found.tokens)
                and found.tokens[place + 1].has("offer")
                and not found.gap(place, place + 1)
            ):
                # 首购立减 is an offer.
                continue
            value = found.tokens[place].senses["objective"]
            if value == change.base.get("objective") and len(list(found.where("objective"))) > 1:
                # 目的从升级改为留存: the one that holds is named before the new one.
                continue
            if value != change.base.get("objective"):
                change.step("set", "objective", value, place)
            return
