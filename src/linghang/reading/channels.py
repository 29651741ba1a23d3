"""Channels and slots: which are wanted, which are not, and which belong to what customers did."""

import re

from linghang.reading.draft import Draft
from linghang.reading.sentence import Sentence

_NOT_BEFORE = re.compile(
    r"(?:不要|不用|不发|不走|不做|不打|不投|不能用|不使用|不考虑|不需要|不通过|不群发|别群发|不要群发|不再用"
    r"|不想用|先不|暂不|别用|别发"
    r"|不想要|不希望|不愿意?|不太想|别再|不必|无需|别打|别走|别投|别做|别|禁用|停用|停掉|关掉|去掉|拿掉|砍掉"
    r"|撤掉|取消|除了|排除|无|不|no|without|not"
    r"|no more|nothing|don't|do not|stop|"
    r"exclude|excluding|except|skip|avoid|never)\s?(?:任何|给(?:客户|用户|他们|大家|人)打?|用|发|走|做|打|再"
    r"|any|via|by|over|through|on"
    r"|us(?:e|ing)|go with|include"
    r"|rely on|send(?:ing)?|the)?\s*$"
)
_NOT_AFTER = re.compile(
    r"^(?:渠道)?(?:就|都|也|先|暂时)?(?:不要|不发|不用|不做|别发|别用|别做|免了|算了|停了|停掉|关了|关掉|去掉"
    r"|砍掉|拿掉|撤掉|不投|不打|不走|除外|不上|先停)(?!过)"
)
_LIST = re.compile(r"^[\s]*(?:和|、|与|及|以及|或者?|/|\+|&|,|，|or|and|nor)?[\s]*(?:any\s|no\s)?$")
_DEED_BEFORE = re.compile(
    r"(?:收到过?|收过|发过|打过|接过|点过|点击过?|点开过?|点进过?|打开过?|看过|读过|退订过?|投诉过?|授权|同意"
    r"|拒收|来自|点了"
    r"|点开|打开了|看了|opened|clicked|received|got)(?:的|了|我们的?|a|an|our|the)?\s*$"
)
_DEED_AFTER = re.compile(
    r"^(?:触达过|联系过|发送过|点击过|打开过|没打开|没点|未点击|未打开|未读|退订|授权|同意|来的|来源|线索|号码"
    r"|搜过|搜索过|搜|已发|失败的|opened|opt)"
)
_PLACE = {"inapp_popup": "home_popup", "inapp_banner": "home_banner", "splash": "splash"}
_MEDIA = frozenset(("douyin", "kuaishou", "xiaohongshu"))
_JOIN = re.compile(r"\s*(?:\+|和|、|与|及|&|/|以及|,|，|and)\s*")


def channels(draft: Draft) -> None:
    """Put ``channels`` and ``slots``; channels that are refused become exclusions."""
    found = draft.sentence
    refused: set[int] = set()
    for place in list(found.find(lambda token: token.has("channel", "slot"))):
        if _is_deed(found, place) or _sends_one(found, place):
            continue
        if _refused(found, place, refused):
            refused.add(place)
            _refuse(draft, place)
        else:
            _take(draft, place)
    _counted(draft)
    if "channels" not in draft.values and (hit := _ANY_OTHER.search(found.text)):
        draft.values["channels"] = ["all"]
        draft.note("channels", *hit.span())
    taken = {e["value"] for e in draft.values.get("exclusions", []) if e["field"] == "channel"}
    if "channels" in draft.values:
        named = set(draft.values["channels"])
        if named & _MEDIA and "paid_ads" in named and not re.search(r"投流|广点通|巨量|百度|朋友圈|paid", found.text):
            # 抖音信息流广告 and douyin ads name the medium; the word for advertising adds no channel.
            taken = taken | {"paid_ads"}
        draft.values["channels"] = [name for name in draft.values["channels"] if name not in taken]
        if not draft.values["channels"]:
            del draft.values["channels"]


_COUNTED = {"emails": "email", "pushes": "push", "texts": "sms"}


def _counted(draft: Draft) -> None:
    """three emails for savers: how many there are of a channel names it, unless it caps how often."""
    found = draft.sentence
    for place in list(found.where("quantity")):
        quantity = found.quantity(place)
        name = _COUNTED.get(quantity.word) if quantity is not None else None
        if name is not None and not re.search(r"(?<![a-z])(?:a|per|each|every|max|most)\s", found.clause_text(place)):
            draft.add("channels", name, place)


_BY_HAND = re.compile(r"一对一|1对1|1v1|客户经理|理财经理")


_MANAGED = re.compile(
    r"(?:名下|管户|管理的|所管|维护的|服务的)|[^,，。;]{0,8}(?:没|未)(?:有)?(?:跟进|联系|拜访|沟通|对接"
    r"|回访)"
)
_ANY_OTHER = re.compile(
    r"(?:其他|其它|别的|剩下的?|其余)(?:的)?(?:渠道|触点)?(?:都|全|均)?(?:可以|行|能用|随便|要|上|开|ok)"
    r"|(?:any|all) other channels?"
)


_BEGINS = re.compile(r"(?:开始|正式|启动|起|上线|结束|停止|持续|截止|完成)$")
_HOLDER = re.compile(r"\s?(?:holders?|members?|users?|owners?|customers?|spend)(?![a-z])")


def _is_deed(found: Sentence, place: int) -> bool:
    if found.tokens[place].text in ("card", "cards") and _HOLDER.match(found.after(place, 12)):
        return True
    if found.tokens[place].text == "投放" and _BEGINS.search(found.before(place, 6)):
        # 12月5号开始投放: that it begins tells no channel.
        return True
    if (
        found.tokens[place].text == "投放"
        and place
        and found.tokens[place - 1].has("channel")
        and not found.gap(place - 1, place)
    ):
        # 弹窗投放 buys no media.
        return True
    if found.tokens[place].has("state") or manner(found, place) or _MANAGED.match(found.after(place, 16)):
        return True
    return bool(_DEED_BEFORE.search(found.before(place)) or _DEED_AFTER.match(found.after(place)))


def manner(found: Sentence, place: int) -> bool:
    """企微一对一, 客户经理外呼: one-to-one and the manager tell how the channel beside them is used."""
    if not _BY_HAND.fullmatch(found.tokens[place].text):
        return False
    near = [p for p in (place - 1, place + 1) if 0 <= p < len(found.tokens) and found.tokens[p].has("channel")]
    return any(found.gap(min(p, place), max(p, place)).strip(" 的做用通过打") == "" for p in near)


def _sends_one(found: Sentence, place: int) -> bool:
    """给全量推一条账单,公众号: to send one is a push only where no channel is named."""
    return found.tokens[place].text == "推一条" and any(
        t.has("channel", "slot") for p, t in enumerate(found.tokens) if p != place
    )


def _left_out(found: Sentence, place: int) -> bool:
    """leave SMS out"""
    return bool(re.search(r"(?:leave|keep)(?: the)?\s$", found.before(place, 12))) and bool(
        re.match(r"\s(?:out|off|away)", found.after(place, 6))
    )


def _with_the_next(found: Sentence, place: int) -> bool:
    """短信、弹窗都不要: what is said of both holds for the first as well."""
    ahead = place + 1
    if ahead >= len(found.tokens) or not found.tokens[ahead].has("channel", "slot"):
        return False
    both = re.match(r"(?:渠道)?(?:都|全|均|也都|通通)(?:不|别)", found.after(ahead, 6))
    return bool(both) and bool(re.fullmatch(r"\s?(?:、|和|与|及|跟|,|，)?\s?", found.gap(place, ahead)))


def _refused(found: Sentence, place: int, refused: set[int]) -> bool:
    if _NOT_AFTER.match(found.after(place)) or _left_out(found, place) or _with_the_next(found, place):
        return True
    if _NOT_BEFORE.search(found.before(place, 16)):
        return not re.search(r"(?:不只|不仅|不但|not only)[^,，]*$", found.before(place, 16))
    if place - 1 in refused and found.clause(place) == found.clause(place - 1):
        return bool(_LIST.match(found.gap(place - 1, place)))
    return False


def _refuse(draft: Draft, place: int) -> None:
    token = draft.sentence.tokens[place]
    name = (
        token.senses["slot"][1]
        if "slot" in token.senses and "channel" not in token.senses
        else token.senses.get("channel", "")
    )
    if name and name != "all":
        draft.add("exclusions", {"field": "channel", "op": "eq", "value": name}, place)


def _take(draft: Draft, place: int) -> None:
    token = draft.sentence.tokens[place]
    if "slot" in token.senses:
        slot, channel = token.senses["slot"]
        draft.add("slots", slot, place)
        if channel:
            draft.add("channels", channel, place)
        return
    name = token.senses["channel"]
    draft.add("channels", name, place)
    if name in _PLACE and _shares_place(draft.sentence, place):
        draft.add("slots", _PLACE[name], place)


def _shares_place(found: Sentence, place: int) -> bool:
    """首页开屏+弹窗: the place said once holds for what is joined to it."""
    before = place - 1
    while before >= 0:
        between = found.text[found.tokens[before].end : found.tokens[before + 1].start]
        token = found.tokens[before]
        if token.text in ("+", "plus"):
            before -= 1
            continue
        if token.has("slot") and re.match(r"首页|主页|home", token.text):
            return bool(_JOIN.fullmatch(found.text[token.end : found.tokens[place].start]))
        if not token.has("channel") or not (between.strip() == "" or _JOIN.fullmatch(between)):
            return False
        before -= 1
    return False
