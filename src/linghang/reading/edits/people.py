"""Edits of the audience and of who is left out."""

import re
from dataclasses import replace
from typing import Any

from linghang.reading.audience.conditions import conditions, ordered
from linghang.reading.audience.scan import CAMPAIGN_PRODUCT, OPENED, Hit, Shape
from linghang.reading.edits.admitted import let_in_together, readmit
from linghang.reading.edits.asides import (
    ALL,
    THE_CONDITION,
    an_aim,
    by_value,
    let_be,
    of_budget,
    of_nothing,
    only_this,
    unsaid,
)
from linghang.reading.edits.fields import FAMILY
from linghang.reading.edits.fitting import both_meant, fitted
from linghang.reading.edits.named import EXPIRIES
from linghang.reading.edits.spans import shrunk, widened
from linghang.reading.edits.turns import turned
from linghang.reading.edits.words import ADD, REJECTED, SWAP, Change, verb_after, verb_before

_UNEXCLUDE = re.compile(
    r"(?:不用|不再|别|取消|无需|不必|no need to|stop|don't)\s?(?:再)?(?:排除|剔除|剔掉?|过滤|屏蔽|exclud(?:e|ing))"
    r"|(?:排除|剔除)[^,，。;]{0,8}(?:去掉|取消|撤掉)"
)
_LISTED_OUT = re.compile(
    r"(?:黑名单|排除(?:名单|项|条件|人群)|剔除(?:名单|项|人群)|exclusions?(?: list)?)(?:里|中"
    r"|上)?(?:再|也|还)?(?:加上?|补上?|添加?|增加)|(?:add|append)[^,.;]{1,40} to the (?:exclusion"
    r"|black|suppression) ?list"
)
# 目标支付用户1万 says what is to be reached, not who is meant.
_A_GOAL = re.compile(
    r"(?:把|将)?(?:目标|kpi|指标|target(?!\s(?:ages?|wo?men|customers|users|people|those|only|clients))"
    r"|goal)(?!客群|人群|用户群|客户群|群体|是?(?:女|男))"
)
# 每位客户一周内最多收到两条 says how often one sends.
_A_CAP = re.compile(
    r"每(?:人|位|个|名)[^,，。;]{0,10}(?:最多|至多|不超过|只)|(?:别|不要|不得|不能|不可|不许)(?:再)?(?:超过?|多于|过)\s?[一二两三四五六\d]+[次条封遍]|(?:最多|至多|不超过|只许|只能)[^,，。;]{0,6}[次条封遍]"
)
_WHOLE = re.compile(
    r"(?:人群|客群|受众|目标人群|目标客群|audience|target)(?![由从])[^,，。;]{0,4}(?:换成|改成|改为|换|变成|调整为|to"
    r"|becomes?|should be|is now|:|：)"
)


def people(change: Change, known: frozenset[str]) -> None:
    """Steps for ``audience`` and ``exclusions``."""
    if _A_GOAL.match(change.found.text.strip()):
        return
    hits = [
        hit
        for hit in conditions(change.found, known)
        if not any(place in change.found.used for place in hit.places)
        and (not known or hit.shape["field"] in known or hit.shape["field"] in ("segment", "blacklisted"))
        and not of_budget(change, hit)
        and not of_nothing(change, hit)
        and not an_aim(change, hit)
        and not only_this(change, hit)
        and not _said_more_finely(change, hit)
        and not (hit.shape == ALL and _IN_FULL.search(change.found.text) and change.notes.get("earlier"))
        and not let_be(change, hit)
        and not (hit.shape == ALL and change.found.after(max(hit.places), 6).startswith(" else"))
        and not (
            hit.shape["field"] == "member_tier"
            and re.search(r"配色|颜色|主色|色调", change.found.clause_text(hit.first))
        )
        and not (hit.shape["field"] in ("touched", "purchase") and _A_CAP.search(change.found.text))
        and not (hit.shape["field"] == "blacklisted" and len(change.found.tokens) > 2)
    ]
    if turned(change, known):
        return
    hits = _due(change, _headed(change, hits))
    # Suppress everyone touched: of all who …, not of all.
    alone = {change.found.clause(hit.first) for hit in hits if hit.shape != ALL}
    hits = [hit for hit in hits if hit.shape != ALL or change.found.clause(hit.first) not in alone]
    unsaid(change, hits)
    if not hits:
        by_value(change)
        return
    unexclude = _UNEXCLUDE.search(change.found.text)
    whole = _WHOLE.search(change.found.text)
    beside = whole and any(change.found.tokens[max(hit.places)].end == whole.start() for hit in hits)
    if whole and not beside and not ADD.search(whole[0]) and not unexclude:
        _replace_all(change, hits)
        return
    if _LISTED_OUT.search(change.found.text):
        hits = [replace(hit, excluded=True) for hit in hits if hit.shape["field"] != "blacklisted"]
    let_in = let_in_together(change, hits)
    for hit, swapped in _final(change, _rather(change, hits)):
        if _gives_way(change, hit, hits):
            current = _holding(change, hit.shape["field"], hit.shape) or _said_as(change, hit)
            if current is not None:
                change.step("remove", "audience", current, *hit.places)
        elif unexclude is not None or (not hit.excluded and hit.first in let_in):
            readmit(change, hit)
        else:
            _placed(change, hit, swapped)


def _due(change: Change, hits: list[Hit]) -> list[Hit]:
    """到期前15天内的才提醒: what falls due is what the audience has fall due."""
    held = [item["field"] for item in change.base.get("audience", []) if item["field"] in EXPIRIES]
    if len(held) == 1:
        for hit in hits:
            if hit.shape["field"] in EXPIRIES:
                hit.shape = {**hit.shape, "field": held[0]}
    return hits


def _headed(change: Change, hits: list[Hit]) -> list[Hit]:
    """70岁及以上的老人家不发: a group of whom the age was said is the noun of that condition, and shares its fate."""
    kept: list[Hit] = []
    for hit in hits:
        last = kept[-1] if kept else None
        if last is not None and last.shape["field"] == "age" and hit.shape["field"] == "segment":
            gap = change.found.text[change.found.tokens[max(last.places)].end : change.found.tokens[hit.first].start]
            if gap.strip() in ("", "的"):
                last.excluded = last.excluded or hit.excluded
                last.places += hit.places
                continue
        kept.append(hit)
    return kept


def _last(change: Change, hit: Hit) -> dict[str, Any]:
    """What an earlier piece of the message made of the condition."""
    path = f"audience[{hit.shape['field']}]"
    return next((step for step in change.notes.get("earlier", ()) if step["path"] == path), {})


# 实验不做了，全量: nobody is added, nothing is parted.
_IN_FULL = re.compile(r"^\W*(?:直接|就|改|上|跑|推|走)?全量(?:上|推|跑|发|放)?(?:就行|吧|了)?\W*$")


def _said_more_finely(change: Change, hit: Hit) -> bool:
    """亏10%以上: a loss in percent is no loss of any size beside it."""
    return hit.shape["field"] == "profit" and any(i["field"] == "profit_pct" for i in change.base.get("audience", []))


def _placed(change: Change, hit: Hit, swapped: bool) -> None:
    """One condition to where it belongs: out of the audience, into the exclusions, or among what is demanded."""
    if hit.excluded and _raised(change, hit):
        return
    if hit.excluded and {"op": "set", "path": f"audience[{hit.shape['field']}]"}.items() <= _last(change, hit).items():
        # 一线就够，二线砍掉: it went when the other was left alone.
        return
    if widened(change, hit) or shrunk(change, hit) or _condition_goes(change, hit):
        return
    if not hit.excluded:
        _one(change, hit, swapped)
    elif (said := _said_already(change, hit)) is not None:
        change.step("remove", "audience", said, *hit.places)
    else:
        change.step("add", "exclusions", _named(change, hit.shape), *hit.places)


def _raised(change: Change, hit: Hit) -> bool:
    """C2先不碰: of C2 and above the lowest grade goes, so the next one is the floor."""
    value = hit.shape.get("value")
    item = next((i for i in change.base.get("audience", []) if i["field"] == hit.shape["field"]), None)
    if item is None or hit.shape["field"] != "risk_level" or not isinstance(value, str):
        return False
    if (hit.shape["op"], item["op"], item.get("value")) != ("eq", "ge", value) or value >= "C5":
        return False
    change.step("set", "audience[risk_level]", {**item, "value": f"C{int(value[1]) + 1}"}, *hit.places)
    return True


def _gives_way(change: Change, hit: Hit, hits: list[Hit]) -> bool:
    """老客改成持有过基金的: what stands before the verb of change leaves for what stands behind it."""
    found = change.found
    last = max(hit.places)
    follows = next(
        (other for other in hits if other.first > last and found.clause(other.first) == found.clause(last)), None
    )
    same = follows is not None and follows.shape["field"] == hit.shape["field"]
    if follows is None or (same and (_holding(change, hit.shape["field"], hit.shape) or not _said_as(change, hit))):
        return False
    between = found.text[found.tokens[last].end : found.tokens[follows.first].start]
    return (
        bool(re.search(r"改成|换成|改为|换为|变成|change(?:d)? to|replaced? (?:by|with)", between))
        and "、" not in between
    )


def _said_as(change: Change, hit: Hit) -> Shape | None:
    """The condition whose value is the very word (大学生 as a group), whatever field the word is of."""
    words = change.found.tokens[hit.first].text
    return next((i for i in change.base.get("audience", []) if str(i.get("value", "")).lower() == words), None)


# 持有过理财，这条删了
_OF_IT = re.compile(r"[,，]\s*(?:这|那)(?:一)?(?:条|个|项)")


def _condition_goes(change: Change, hit: Hit) -> bool:
    """不打扰投诉客户那条取消, 没买过基金这条去掉: the condition itself, wherever it stands, is wanted no more."""
    behind = change.found.text[change.found.tokens[max(hit.places)].end :]
    behind = behind[len(behind) - len(behind.lstrip(" ,，")) :] if _OF_IT.match(behind) else behind
    mark = THE_CONDITION.match(behind)
    start = change.found.edge(change.found.clause(hit.first))
    ahead = change.found.text[start : min(change.found.tokens[p].start for p in hit.places)]
    if mark is None or "drop" not in (verb_after(behind[mark.end() :]), verb_before(ahead)):
        return False
    family = FAMILY.get(hit.shape["field"], (hit.shape["field"],))
    said = hit.shape.get("value")
    meant = [
        item
        for name in family
        for item in change.base.get("audience", [])
        if item["field"] == name and said in (None, CAMPAIGN_PRODUCT, OPENED, item.get("value"))
    ]
    held = {item["field"] for key in ("exclusions", "audience") for item in change.base.get(key, [])}
    if mark["named"] and hit.shape["field"] not in held and not meant:
        # A condition that is not there cannot go, and nobody is left out by it.
        return True
    for key in ("exclusions", "audience"):
        for item in change.base.get(key, []):
            if item["field"] == hit.shape["field"] and _alike(item, _named(change, hit.shape)):
                change.step("remove", key, item, *hit.places)
                return True
    if len(meant) == 1:
        # 把买过的条件去掉: the only condition of the kind, whichever way it is put.
        change.step("remove", "audience", meant[0], *hit.places)
        return True
    return False


def _said_already(change: Change, hit: Hit) -> Shape | None:
    """去掉没买过理财这个条件: what the audience demands is not excluded but demanded no more."""
    return next((item for item in change.base.get("audience", []) if _alike(item, _named(change, hit.shape))), None)


def _alike(item: Shape, said: Shape) -> bool:
    """Whether what is said names a condition: all that it says, the condition holds (its window may go unsaid)."""
    return all(item.get(key) == value for key, value in said.items()) and bool(item.get("negated")) == bool(
        said.get("negated")
    )


def _named(change: Change, shape: Shape) -> Shape:
    made = dict(shape)
    if made.get("value") == OPENED and change.base.get("product") == "credit":
        made["field"] = "credit_activated"
        del made["value"]
    elif made.get("value") in (CAMPAIGN_PRODUCT, OPENED):
        if "product" in change.base:
            made["value"] = change.base["product"]
        else:
            del made["value"]
    return ordered(made)


def _rather(change: Change, hits: list[Hit]) -> list[Hit]:
    """C3 instead of C2, C3 and not C2: what is said behind goes first, as the old value of a change."""
    wanted = {hit.shape["field"] for hit in hits if not hit.shape.get("negated") and not hit.excluded}
    hits = [hit for hit in hits if not (_turned_down(change, hit) and hit.shape["field"] in wanted)]
    for place, hit in enumerate(hits):
        if place and re.search(r"(?:instead of|rather than|而不是|代替)\s?$", change.found.before(hit.first, 12)):
            return [*hits[: place - 1], hit, hits[place - 1], *hits[place + 1 :]]
    return hits


def _turned_down(change: Change, hit: Hit) -> bool:
    """not C2, 不是C2: beside another value of the field."""
    return bool(hit.shape.get("negated") or hit.excluded) and bool(
        re.search(r"(?:not|不是|并非)\s?$", change.found.text[: change.found.tokens[max(hit.places)].start][-6:])
    )


def _final(change: Change, hits: list[Hit]) -> list[tuple[Hit, bool]]:
    """C3改成C3到C5: of two conditions on one field around a verb of change, the last one counts."""
    final: list[tuple[Hit, bool]] = []
    for hit in hits:
        last = final[-1][0] if final else None
        if last is not None and last.first > hit.first and last.shape["field"] == hit.shape["field"]:
            final[-1] = (hit, True)
            continue
        if last is not None and last.shape["field"] == hit.shape["field"]:
            between = change.found.text[
                change.found.tokens[max(last.places)].end : change.found.tokens[hit.first].start
            ]
            if (
                SWAP.search(between)
                or _traded(change, last, between)
                or REJECTED.match(between)
                or re.search(r"放宽|收紧|扩|to|→|调整?到", between)
            ):
                if _exchanged(change, last, hit):
                    final.pop()
                    continue
                if _holding(change, hit.shape["field"], hit.shape) is None and (old := _said_as(change, last)):
                    change.step("remove", "audience", old, *last.places)
                final[-1] = (hit, True)
                continue
        final.append((hit, False))
    return final


def _traded(change: Change, old: Hit, between: str) -> bool:
    """replace Shenzhen with Guangzhou, swap A for B: the verb stands before both."""
    verb = re.search(
        r"(?:replace|swap|change|switch|trade|substitute)\s(?:the\s|our\s)?$", change.found.before(old.first, 20)
    )
    return bool(verb and re.fullmatch(r"\s?(?:with|for|by|to|into)(?:\s(?:the|our))?\s?", between))


def _exchanged(change: Change, old: Hit, new: Hit) -> bool:
    """北京换成广州: one value of a list gives way to another."""
    field = old.shape["field"]
    item = next((i for i in change.base.get("audience", []) if i["field"] == field and i["op"] == "in"), None)
    gone, come = old.shape.get("value"), new.shape.get("value")
    plain = old.shape["op"] == new.shape["op"] == "eq"
    if item is None or not plain or gone not in item["value"] or come is None or isinstance(come, list):
        return False
    values = list(dict.fromkeys(come if value == gone else value for value in item["value"]))
    shape = {**item, "value": values} if len(values) > 1 else {**item, "op": "eq", "value": values[0]}
    change.step("set", f"audience[{field}]", shape, *old.places, *new.places)
    return True


def _one(change: Change, hit: Hit, swapped: bool) -> None:
    found = change.found
    token = found.tokens[hit.first]
    start = (0, *found.breaks)[found.clause(hit.first)]
    last = found.tokens[max(hit.places)].end
    verb = verb_after(found.text[last : last + 14]) or verb_before(found.text[start : token.start])
    field = hit.shape["field"]
    if hit.shape == ALL and re.search(r"(?:别|不|不要|不再)(?:发|做|搞|投)?$", found.before(hit.first, 4)):
        verb = "drop"
    elif verb != "drop" and (_ALSO.match(found.text[last:]) or _TOO.search(found.text)):
        verb = "add"
    if verb == "only" and hit.shape != ALL and ALL in change.base.get("audience", []):
        # 只投一线城市: everybody is meant no more.
        change.step("remove", "audience", ALL)
    current = _holding(change, field, hit.shape)
    if verb == "drop":
        _remove(change, hit, current)
        return
    shape = _named(change, hit.shape)
    if current is None:
        change.step("add", "audience", shape, *hit.places)
    elif verb == "add" and both_meant(current, shape):
        change.step("remove", "audience", current, *hit.places)
    elif verb == "add" and field in _MANY:
        change.step("add", "audience", shape, *hit.places)
    elif (new := fitted(change, hit, current, shape, verb, swapped)) != current:
        change.step("set", f"audience[{field}]", new, *hit.places)


_ALSO = re.compile(
    r"(?:级|类|档)?(?:城市|地区)?(?:的)?(?:客户|用户|人|客群|会员)?(?:的)?(?:也|都|同样)(?:一起|一并|一块)?(?:要"
    r"|行|可以|能|算|发|推|做|上|放|加|投|给)"
    r"|\s?can also"
)
_TOO = re.compile(r"(?<![a-z])(?:too|as well)\W*$|^\W*(?:also|include|add)\s")
_MANY = ("purchase", "holding", "page_view", "segment", "holding_ever", "click")


def _holding(change: Change, field: str, shape: Shape) -> Shape | None:
    same = [item for item in change.base.get("audience", []) if item["field"] == field]
    exact = [item for item in same if item.get("value") == shape.get("value")]
    return (exact or same or [None])[0]


def _remove(change: Change, hit: Hit, current: Shape | None) -> None:
    said = hit.shape.get("value")
    if current is not None and current["op"] == hit.shape["op"] == "eq" and said not in (None, current.get("value")):
        # 这次打二线，一线下回再说: what is not among the audience cannot leave it.
        return
    if current is not None:
        change.step("remove", "audience", current, *hit.places)
        return
    excluded = [item for item in change.base.get("exclusions", []) if item["field"] == hit.shape["field"]]
    if excluded:
        change.step("remove", "exclusions", excluded[0], *hit.places)
    else:
        change.step("add", "exclusions", _named(change, hit.shape), *hit.places)


def _replace_all(change: Change, hits: list[Hit]) -> None:
    change.step(
        "set",
        "audience",
        [_named(change, hit.shape) for hit in hits if not hit.excluded],
        *(place for hit in hits for place in hit.places),
    )
    for hit in hits:
        if hit.excluded:
            change.step("add", "exclusions", _named(change, hit.shape), *hit.places)
