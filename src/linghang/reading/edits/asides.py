"""What sounds like a condition and is none: aims given up, what the campaign did not get, conditions only named."""

import re

from linghang.reading.audience.scan import Hit, Shape
from linghang.reading.edits.fields import FAMILY
from linghang.reading.edits.words import Change, verb_after, verb_before

ALL: Shape = {"field": "segment", "op": "eq", "value": "all"}
THE_CONDITION = re.compile(
    r"(?:过|了)?(?P<named>(?:的)?(?:客户|用户|人)?(?:的)?(?:这|那)(?:一)?(?:条|个|项)(?:条件|限制|规则|要求)?"
    r"|(?:的)?(?:这个?|那个?)?(?:条件|限制|规则|要求))"
)


def of_budget(change: Change, hit: Hit) -> bool:
    """We only got 150k approved: what was approved is the money."""
    before = change.found.quantity(hit.first - 1)
    money = any(change.found.tokens[p].has("budget") for p in change.found.where("budget"))
    return hit.shape["field"] == "credit_approved" and (money or (before is not None and before.big))


_NO_AIM = re.compile(r"(?:别|不|不再|甭)(?:再|去|光|只)?(?:追|冲|抓|盯|做|搞|考核|强调)$")


def an_aim(change: Change, hit: Hit) -> bool:
    """别追转化了, 老板没同意: what is no longer aimed at, and who decides, is no condition."""
    found = change.found
    token = found.tokens[hit.first]
    if token.has("objective", "objective_verb") and _NO_AIM.search(found.before(hit.first, 6)):
        return True
    said = found.text[min(found.tokens[p].start for p in hit.places) :]
    if _NO_AIM_HERE.match(said):
        return True
    if _NOT_GOT.match(said) and _GETS.search(found.text[: len(found.text) - len(said)]):
        return True
    asked = re.search(r"(?:跟|和|问|找|向|我们|咱|听|按|照|大|my|the|our)\s?$", found.before(hit.first, 4))
    return token.text in ("老板", "boss") and bool(asked or _DECIDES.match(found.text[token.end :]))


_NO_AIM_HERE = re.compile(r"(?:别|不|不再|甭)(?:再|去|光|只)?(?:追|冲|抓|盯|考核|强调)")
# 弹窗没申请到, 短信额度没批下来: what the campaign did not get.
_NOT_GOT = re.compile(r"(?:额度)?(?:没|未)(?:有)?(?:申请|批|排|抢|订|谈|点头)(?:到|上|下来|下|成|加|过)?")
_GETS = re.compile(
    r"(?:短信|push|弹窗|开屏|banner|位|渠道|邮件|电话|老板|领导|财务|上面|预算|经费|费用|钱)(?:的)?(?:额度|资源|那边)?$"
)
_DECIDES = re.compile(
    r"(?:那边|们|也|又|还|刚|今天|已经?)?(?:没|不|说|批|同意|要求|觉得|嫌|定|点头|让|想|看(?!过)|问|拍板|发话|卡"
    r"|否)(?:了|同意|批|点头|通过)?(?!过)"
    r"|\s(?:said|says|wants?|didn't|approved|rejected|asked)"
)


def only_this(change: Change, hit: Hit) -> bool:
    """人群只留没登录那条: of the conditions only the one that is named stays, as it is."""
    found = change.found
    last = found.tokens[max(hit.places)].end
    field = hit.shape["field"]
    items = change.base.get("audience", [])
    start = (0, *found.breaks)[found.clause(hit.first)]
    if (
        not THE_CONDITION.match(found.text[last:])
        or verb_after(found.text[last:][:14]) == "drop"
        or verb_before(found.text[start : found.tokens[hit.first].start]) != "only"
        or not any(_SAME_FIELD.get(item["field"], item["field"]) == _SAME_FIELD.get(field, field) for item in items)
    ):
        return False
    for item in items:
        if _SAME_FIELD.get(item["field"], item["field"]) != _SAME_FIELD.get(field, field):
            change.step("remove", "audience", item, *hit.places)
    return True


_SAME_FIELD = {"last_login_days": "last_active_days"}


def of_nothing(change: Change, hit: Hit) -> bool:
    """PLUS不限了: what is not limited is named beside it; only 人群不限 means everybody."""
    text = change.found.tokens[hit.first].text
    return (
        hit.shape == ALL
        and text.startswith("不限")
        and not re.search(r"人群|客群|对象|受众", change.found.clause_text(hit.first))
    )


def unsaid(change: Change, hits: list[Hit]) -> None:
    """绑卡那条不看了: a state that would name a goal in a brief names here the condition that goes."""
    taken = {place for hit in hits for place in hit.places}
    for place in list(change.found.find(lambda token: token.has("state", "act"))):
        token = change.found.tokens[place]
        if "state" not in token.senses and not THE_CONDITION.match(change.found.text[token.end :]):
            continue
        name = token.senses["state"]["field"] if "state" in token.senses else token.senses["act"]["event"]
        family = FAMILY.get(name, (name,))
        item = next((i for each in family for i in change.base.get("audience", []) if i["field"] == each), None)
        start = change.found.edge(change.found.clause(place))
        drops = "drop" in (
            verb_after(change.found.text[token.end :][:14]),
            verb_before(change.found.text[start : token.start]),
        )
        if place not in taken and item is not None and drops:
            change.step("remove", "audience", item, place)


def by_value(change: Change) -> None:
    """PLUS这条不限了: the condition whose present value is named."""
    text = change.found.text
    for item in change.base.get("audience", []):
        value = str(item["value"]).lower() if isinstance(item.get("value"), str) else ""
        place = text.find(value) if value else -1
        behind = re.sub(r"^(?:优先|专享|限定)", "", text[place + len(value) :]) if place >= 0 else ""
        told = bool(THE_CONDITION.match(behind)) and verb_before(text[:place]) == "drop"
        if place >= 0 and not change.touched("audience") and (told or verb_after(behind[:14]) == "drop"):
            change.step("remove", "audience", item)


def let_be(change: Change, hit: Hit) -> bool:
    """绑卡那条不看了: here 看 is what the operator does."""
    last = change.found.tokens[max(hit.places)]
    return last.text in ("看", "看了", "管") and bool(re.match(r"了?(?:吧|哈|啦)?\W*$", change.found.text[last.end :]))
