"""Edits of channels and slots.

A channel that leaves takes its slots along; a slot that comes brings its channel.
"""

import re

from linghang.reading.channels import manner
from linghang.reading.edits.words import Change, Verb, given_up, verb_after, verb_before
from linghang.reading.sentence import Sentence

SLOT_CHANNEL = {
    "home_banner": "inapp_banner",
    "home_popup": "inapp_popup",
    "waist_banner": "inapp_banner",
    "splash": "splash",
    "feed_card": "feed",
}
_MOVED = re.compile(r"^(?:的)?(?:位置)?(?:[由从]首页)?(?:移|挪|搬|放|换|改|move)[^,，。;]{0,6}$")
_OUT = re.compile(
    r"(?:do not|don't|never|不要|不用|不发|别发|别用|停|去掉|排除|(?:不要?|不许|不准|不能"
    r"|不得|禁止|别|甭)(?:再)?(?:用|走|发|上|投|打)?|no)\s*$"
)


def places(change: Change) -> None:
    """Steps for ``channels``, ``slots`` and channel exclusions."""
    named = _named(change)
    if not named:
        return
    channels: list[str] = list(change.base.get("channels", []))
    slots: list[str] = list(change.base.get("slots", []))
    named = _backwards(change, named)
    named = _less_than_all(change, named, channels)
    if _all_but(change, named, channels, slots) or _moves(change, named, channels, slots):
        return
    if channels == ["all"] and _out_of_all(change, named):
        return
    if [item[2] for item in named if item[1] != "drop"] == ["all"] and not _TOO_MUCH.search(change.found.text):
        change.step("set", "channels", ["all"], *(item[0] for item in named if item[2] == "all"))
        _set_slots(change, [], slots)
        return
    kept = [item for item in named if item[1] == "only"]
    if kept:
        _only(change, named, channels, slots)
        return
    if any(item[1] == "swap" for item in named) and _swap(change, named, channels, slots):
        return
    for place, verb, channel, slot in named:
        if verb == "drop":
            _drop(change, place, channel, slot, channels, slots)
        else:
            _take(change, place, channel, slot, channels, slots)


# 渠道收窄就两路:push和短信
_SO_MANY = re.compile(
    r"(?:就|只|只剩|只留|就留|只要|just|only)\s?(?:这)?(?:[一二两三四1-4]|one|two|three)\s?(?:路|个|条|种|样"
    r"|channels?)(?:渠道)?\s?[:,，]"
)


def _looks_of(found: Sentence, place: int) -> bool:
    """主视觉改成深蓝: how a place looks."""
    after = place + 1
    return (
        after < len(found.tokens)
        and found.tokens[after].has("color", "tone", "style")
        and bool(
            re.fullmatch(
                r"的?(?:颜色|配色|主色|色调|色)?(?:改|换|变|调|用|走|做)?(?:成|为|到)?", found.gap(place, after)
            )
        )
    )


_LABEL = re.compile(
    r"(?:^|[,，。;\n])\s?(?:触达|投放|the\s)?(?:渠道|channels?)\s?"
    r"(?:[:：]|(?:就|应该)+是?|should be|to be|are(?: now)?|become)\s?$"
)
# 北京分行自己在搞活动: who speaks or acts, not where one sends.
_ORGANISATION = re.compile(r"[\u4e00-\u9fff]{2}$")
_PLASTIC = re.compile(r"(?:bank|credit|debit|id|loyalty)\s$")
# 投放改到抖音, 投放时间照这个改: the sending, not a channel.
_SENDING = re.compile(
    r"\s?(?:改|换|挪|移|时间|日期|档期|节奏|排期|从|到|在|照|按|就|也|都|渠道|计划|截止|结束|开始|期)"
)
_Named = tuple[int, Verb, str, str]


def _moves(change: Change, named: list[_Named], channels: list[str], slots: list[str]) -> bool:
    """弹窗移到支付成功页: the place changes, the channel stays where the new place has none of its own."""
    if len(named) != 2 or not named[1][3] or named[1][2] not in ("", named[0][2]):
        return False
    (first, _, channel, slot), (second, _, _, new) = named
    between = change.found.text[change.found.tokens[first].end : change.found.tokens[second].start]
    old = [each for each in slots if each == slot or (not slot and SLOT_CHANNEL.get(each) == channel)]
    if not old or not _MOVED.search(between) or re.search(r"[换改]", between):
        return False
    _set_slots(change, [new if each == old[0] else each for each in slots], slots)
    change.found.used.update((first, second))
    return True


# 除了短信都发, everything except SMS
_ALL_BUT = re.compile(
    r"除(?:了|开|去)?[^,，。;]{1,14}?(?:以外|之外|外)?[,，]?(?:其他|其它|其余|别的)?(?:的)?(?:渠道)?(?:都|全|照|也)(?:可以)?(?:发|上|投|推|走|要|用)"
    r"|(?:everything|all(?: channels)?|anything) (?:but|except|other than)\s[^,.;]{1,20}"
)
_TOO_MUCH = re.compile(r"太|用不着|没必要|(?<![a-z])too(?![a-z])")
_BUT = re.compile(
    r"(?:除了|除|除开|除去|留着?|保留)[^,，。;]{1,16}?(?:,|，|以外|之外|外|其他|其它|其余|别的"
    r"|剩下的)*(?:的)?(?:渠道|触点)?(?:都|全|一律|通通|全部)"
    r"|(?:其他|其它|其余|别的|剩下的?)(?:的)?(?:[两三几]个)?(?:渠道|触点|位置)?(?:都|全|一律|通通|全部|就|可以|能|先)*(?:不要|不用|不发|不投|不做|不上|不走|别|停|去"
    r"|砍|关|撤|删|拿)"
    r"|(?:everything|all(?: channels)?|anything) (?:but|except|other than)|(?:lose|drop|cut) the (?:rest|others)"
)


def _all_but(change: Change, named: list[_Named], channels: list[str], slots: list[str]) -> bool:
    """除了push其他渠道都停: what is named stays alone."""
    hit = _BUT.search(change.found.text)
    if hit is None:
        return False
    kept = [item for item in named if item[2] in channels or item[3] in slots]
    if not kept or len({item[2] for item in kept}) == len(channels):
        return False
    _only(change, [(place, "only", channel, slot) for place, _, channel, slot in kept], channels, slots)
    return True


def _named(change: Change) -> list[_Named]:
    found = change.found
    items: list[_Named] = []
    last: tuple[int, Verb] = (-1, "")
    for place in list(found.find(lambda token: token.has("channel", "slot"))):
        token = found.tokens[place]
        if (
            token.has("state")
            or (token.text in ("分行", "支行") and _ORGANISATION.search(found.before(place, 3)))
            or (token.text == "card" and _PLASTIC.search(found.before(place, 8)))
            or (token.text == "投放" and _SENDING.match(found.after(place, 4)))
            or manner(found, place)
            or _looks_of(found, place)
            or re.match(r"(?:的)?(?:标题|文案|正文|按钮|title|copy|触达过|授权|退订)", found.after(place, 6).strip())
        ):
            continue
        edges = (0, *found.breaks)
        start = edges[found.clause(place)]
        verb = "only" if found.before(place, 2).strip().endswith("就") else ""
        verb = (
            verb or verb_after(found.text[token.end : token.end + 24]) or verb_before(found.text[start : token.start])
        )
        if verb in ("", "add", "only") and _SO_MANY.search(found.text[start - 8 if start > 8 else 0 : token.start]):
            verb = "only"
        if not verb and _LABEL.search(found.text[max(0, start - 10) : start] if start else found.text[: token.start]):
            verb = "only"
        if not verb and given_up(found.text[token.end :]):
            verb = "drop"
        if _OUT.search(found.before(place, 6)):
            verb = "drop"
        if not verb and last[0] == found.clause(place):
            verb = last[1]
        elif verb in ("", "add") and last == (found.clause(place), "only"):
            verb = "only"
        if not verb and last[0] == found.clause(place) - 1:
            verb = ""
        last = (found.clause(place), verb)
        slot, channel = token.senses["slot"] if "slot" in token.senses else ("", token.senses["channel"])
        items.append((place, verb, channel, slot))
    return items


def _out_of_all(change: Change, named: list[_Named]) -> bool:
    """全渠道里去掉短信, 除了短信都发: what goes where all channels are meant is kept out."""
    hit = _ALL_BUT.search(change.found.text)
    leaving = [item for item in named if item[1] == "drop" and item[2] != "all"] or [
        item
        for item in named
        if hit and item[2] != "all" and hit.start() <= change.found.tokens[item[0]].start < hit.end()
    ]
    for place, _, channel, _ in leaving:
        change.step("add", "exclusions", {"field": "channel", "op": "eq", "value": channel}, place)
    return bool(leaving)


def _less_than_all(change: Change, named: list[_Named], channels: list[str]) -> list[_Named]:
    """全渠道没必要，push加邮件: what is said beside is all that is wanted."""
    if channels != ["all"] or not _TOO_MUCH.search(change.found.text) or all(item[2] != "all" for item in named):
        return named
    return [(place, "only", channel, slot) for place, _, channel, slot in named if channel != "all"] or named


def _backwards(change: Change, named: list[_Named]) -> list[_Named]:
    """短信电话都不要: what is said of the last of a list is said of all of it."""
    made = list(named)
    for i in range(len(made) - 2, -1, -1):
        place, verb, channel, slot = made[i]
        gap = change.found.text[change.found.tokens[place].end : change.found.tokens[made[i + 1][0]].start]
        if (
            (not verb or (verb == "add" and made[i + 1][1] == "only"))
            and made[i + 1][1] in ("drop", "only")
            and gap.strip() in ("", "、", "和", "与", "及", "/", "+", "跟", "加", "and", "or", "&")
        ):
            made[i] = (place, made[i + 1][1], channel, slot)
    return made


def _only(change: Change, named: list[_Named], channels: list[str], slots: list[str]) -> None:
    """只要弹窗和首页banner: nothing else stays, and slots stay only where they are named."""
    first = next(place for place, verb, _, _ in named if verb == "only")
    wanted = [item for item in named if item[1] == "only" or (item[1] == "" and item[0] > first)]
    new = list(dict.fromkeys(channel for _, _, channel, _ in wanted if channel))
    new_slots = [slot for _, _, _, slot in wanted if slot]
    for place, _, _, _ in named:
        change.found.used.add(place)
    if new:
        change.step("set", "channels", new, *(item[0] for item in wanted))
    # A slot that was there stays when its channel does and no other slot is named.
    stay = [slot for slot in slots if SLOT_CHANNEL.get(slot) in new] if not new_slots else []
    _set_slots(change, [*new_slots, *stay] if new_slots or stay else [], slots)


def _set_slots(change: Change, new: list[str], old: list[str]) -> None:
    new = list(dict.fromkeys(new))
    if new == old:
        return
    if new:
        change.step("set", "slots", new)
    elif old:
        change.step("remove", "slots")


def _swap(change: Change, named: list[_Named], channels: list[str], slots: list[str]) -> bool:
    """把短信换成企微: what stands before the verb goes, what stands behind it comes."""
    first = next(place for place, verb, _, _ in named if verb == "swap")
    going = [
        item
        for item in named
        if item[0] < first
        or (item[1] == "swap" and verb_after(change.found.text[change.found.tokens[item[0]].end :][:14]) == "swap")
    ]
    coming = [item for item in named if item not in going]
    if (
        rather := re.search(r"instead of|rather than|而不是|代替|替代|取代|顶替|替换掉|替掉", change.found.text)
    ) and len(named) > 1:
        here = change.found.clause_at(rather.start())
        coming = [item for item in named if change.found.tokens[item[0]].start < rather.start()
                  and change.found.clause(item[0]) == here]  # fmt: skip
        going = [item for item in named if item not in coming]
    if (
        not going
        and len(named) == 2
        and re.search(r"(?:swap|replace|switch|change|trade)\s(?:the\s|our\s)?$", change.found.before(named[0][0], 14))
    ):
        # swap A for B, replace A with B: the verb stands before both.
        going, coming = [named[0]], [named[1]]
    if (going and not coming) or not (going or any(channel for _, _, channel, _ in coming)):
        # 改放支付成功页: a place without a channel of its own comes, and no channel goes.
        return False
    for place, _, channel, slot in going:
        _drop(change, place, channel, slot, channels, slots)
    if not going and any(s["op"] == "remove" and s["path"] == "channels" for s in change.notes.get("earlier", ())):
        # 短信停了，换企微顶上: it comes for what left before.
        for place, _, channel, slot in coming:
            _take(change, place, channel, slot, channels, slots)
        return True
    if not going:
        change.step(
            "set",
            "channels",
            list(dict.fromkeys(channel for _, _, channel, _ in coming if channel)),
            *(item[0] for item in coming),
        )
        new_slots = [slot for _, _, _, slot in coming if slot]
        _set_slots(change, new_slots, slots)
        return True
    for place, _, channel, slot in coming:
        _take(change, place, channel, slot, channels, slots)
    return True


def _drop(change: Change, place: int, channel: str, slot: str, channels: list[str], slots: list[str]) -> None:
    if slot and slot in slots:
        slots.remove(slot)
        change.step("remove", "slots", slot, place)
        if channel in channels and not any(SLOT_CHANNEL.get(other) == channel for other in slots):
            channels.remove(channel)
            change.step("remove", "channels", channel, place)
        return
    if channel in channels:
        channels.remove(channel)
        change.step("remove", "channels", channel, place)
        for other in [other for other in slots if SLOT_CHANNEL.get(other) == channel]:
            slots.remove(other)
            change.step("remove", "slots", other, place)
    elif {"op": "remove", "path": "channels", "value": channel} in [*change.notes.get("earlier", ()), *change.steps]:
        # 公众号来不及写，去掉公众号: it is gone already.
        change.found.used.add(place)
    elif channel and channel != "all":
        change.step("add", "exclusions", {"field": "channel", "op": "eq", "value": channel}, place)
    change.found.used.add(place)


def _take(change: Change, place: int, channel: str, slot: str, channels: list[str], slots: list[str]) -> None:
    excluded = {"field": "channel", "op": "eq", "value": channel}
    if excluded in change.base.get("exclusions", []):
        change.step("remove", "exclusions", excluded, place)
    if channel and channel not in channels:
        channels.append(channel)
        change.step("add", "channels", channel, place)
    if slot and slot not in slots:
        slots.append(slot)
        change.step("add", "slots", slot, place)
    change.found.used.add(place)
