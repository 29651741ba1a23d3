"""Edits of what the audience no longer demands and of what was forbidden: 不限iOS了, “秒到”可以写."""

import re
from collections.abc import Mapping
from typing import Any

from linghang.reading.edits.words import Change
from linghang.reading.sentence import Sentence

_MAY = re.compile(
    r"(?:现在|这次|还是)?(?:是)?(?:可以|能|允许|准许|放开)(?:写|出现|提|用|说|讲|带|放|推|卖|了)|不(?:再)?(?:禁"
    r"|禁止|限制)了?"
    r"|(?:这|那)(?:个|俩|两个)?(?:词|字|说法|表述)?(?:放开|解禁|可以|能用|没问题|ok|也行)"
    r"|(?:禁用词|禁词|敏感词|黑名单|限制|禁止)[^,，。;]{0,6}(?:拿掉|去掉|删|移除|取消|放开)"
    r"|(?:can|may) (?:now )?(?:be )?(?:mention(?:ed)?|use[d]?|appear|say)|is (?:ok|okay|fine|allowed)"
    r"|allow(?:ed)?\s|(?:lift|drop|remove|scrap)[^,.;]{0,12}\sban|\scleared\s|cleared the"
)
_FREED = re.compile(
    r"(?:不限(?:制|于|定)?(?:是|在|为)?|不用(?:限|非得是)|不一定(?:要|是)|not (?:only|just"
    r"|limited to)|(?:don't|do not|no longer|stop) (?:limit|restrict)(?:ing)?(?: (?:this"
    r"|it|us|the [a-z]+))? to)\s?$"
)
_HEAD = re.compile(r"不限(?:制|于|定)?|不用限|不一定")


_STILL_NOT = re.compile(r"(?<![a-z])(?:no|not|without)\s$|(?:不|别|禁)[^,，。;]{0,3}$")


_NOT_STILL = re.compile(
    r"[”』」]?(?:字样|两个字|这个?词)?(?:还是|照旧|照样|仍然?|依旧|依然|继续|一样|也)*(?:不|别|禁)(?!用避|限)"
)
"""收益率照旧不写: what stays forbidden."""


def permits(found: Sentence, base: Mapping[str, Any]) -> bool:
    """Whether a text allows a word that the base forbids the copy to say."""
    words = [str(e.get("value", "")).lower() for e in base.get("exclusions", []) if e["field"] == "copy"]
    if any(e["field"] == "product_tag" for e in base.get("exclusions", [])):
        words += ["新品", "new product"]
    if base.get("copy_rules", {}).get("no_emoji"):
        words += ["emoji", "表情"]
    return bool(_MAY.search(found.text)) and any(word and word in found.text for word in words)


_BAN = re.compile(
    r"(?:lift|drop|remove|cancel|scrap|undo|waive)[^,.;]{0,24}\s(?:exclusion|ban|block)|(?:排除|禁发|屏蔽"
    r"|禁用|禁令)[^,，。;]{0,6}(?:取消|去掉|解除|撤|放开)"
    r"|(?:取消|去掉|解除|撤)[^,，。;]{0,8}(?:的)?(?:排除|禁发|屏蔽|禁用)"
)


def _unbanned(change: Change) -> None:
    """lift the no-SMS exclusion: what was kept out is kept out no more, and nothing comes."""
    found = change.found
    if not _BAN.search(found.text):
        return
    for place in list(found.where("channel")):
        item = {"field": "channel", "op": "eq", "value": found.tokens[place].senses["channel"]}
        if item in change.base.get("exclusions", []):
            change.step("remove", "exclusions", item, place)


def allowed(change: Change) -> None:
    """Steps that take words out of what the copy must not say."""
    found = change.found
    if not _MAY.search(found.text) and not _BAN.search(found.text):
        return
    _unbanned(change)
    for item in change.base.get("exclusions", []):
        if item["field"] == "product_tag" and re.search(r"新品|新产品|new products?", found.text):
            change.step("remove", "exclusions", item)
            continue
        word = str(item.get("value", "")).lower()
        if (
            item["field"] == "copy"
            and word in found.text
            and not _STILL_NOT.search(found.text[: found.text.find(word)])
            and not _NOT_STILL.match(found.text[found.text.find(word) + len(word) :])
        ):
            change.step("remove", "exclusions", item)
            start = found.text.find(str(item["value"]).lower())
            change.found.used.update(
                p
                for p in range(len(found.tokens))
                if found.clause(p) in (found.clause_at(start), found.clause_at(start) + 1)
            )


def freed(change: Change) -> None:
    """Steps for 不限PLUS了: the condition that is named is demanded no more."""
    found = change.found
    for place, token in enumerate(found.tokens):
        head = place - 1
        if not token.has("state", "grade", "act", "product") or not _FREED.search(found.before(place, 34)):
            continue
        current = _demanded(change, token.senses)
        if current is None:
            continue
        change.step("remove", "audience", current, place)
        if head >= 0 and _HEAD.fullmatch(found.tokens[head].text):
            found.used.add(head)


def _demanded(change: Change, senses: Any) -> dict[str, Any] | None:
    audience: list[dict[str, Any]] = change.base.get("audience", [])
    if "state" in senses:
        return next((item for item in audience if item["field"] == senses["state"]["field"]), None)
    if "grade" in senses:
        return next((item for item in audience if item["field"] == "risk_level"), None)
    if "act" in senses:
        return next((item for item in audience if item["field"] == senses["act"]["event"]), None)
    held = senses["product"]["object"]
    return next((item for item in audience if item.get("value") == held), None)
