"""Money for the campaign: the budget, its ceiling, its reserve; and goals with figures."""

import datetime as dt
import re

from linghang.reading.ceilings import follows, is_ceiling, of_customers
from linghang.reading.draft import Draft
from linghang.reading.quantities import whole
from linghang.reading.sentence import Sentence
from linghang.reading.unnamed_sums import bare, ceiling, first, is_money

_NEAR = re.compile(
    r"(?:人民币|预算|费用|改成|改为|改到|调到|调成|换成|的|先|呢|嘛|啊|吧|小|近|将近|接近|差不多|估计|目测"
    r"|预估|大致|拿出?|给到?|用|掏|砸|计划|打算|初定|暂估|按|大概|大约|约|设|在|是|为|给|到|定|控制|批|报|这边"
    r"|那边|方面|这块|这里|就|有|一共|总共|总计|共|暂定|暂|初步"
    r"|左右|上调|放|申请了?|审批|批了|只有|只|差不多|around|about|of|is|at|to|approx\.?|roughly|:|：|,|，|\?|？"
    r"|let's say|say|the|total|a|cny|rmb|¥|~|\s)*"
)
_MAYBE = re.compile(
    r"(?:maybe|(?<![a-z])max|(?<![a-z])cap(?:ped|ping)?(?: it| that| this)?(?: at)?|no(?:t)? (?:more|higher"
    r"|over|above)|最高|最大|can(?:no|')t (?:go over|exceed)|(?:must |should )?not (?:to )?exceed"
    r"|never (?:over|above)"
    r"|no higher than|up to|possibly|can go(?: up)? to|could go(?: up)? to|stretch to|效果好(?:的话)?(?:可以|可|能"
    r"|再)*(?:追加|加|提)到?|最多|撑死|顶天|不能?超过?|别超过?|(?:追加|加码|再加)到|可加到|可以加到"
    r"|必要时(?:可)?(?:加|追加)到|上浮到|上限|顶多"
    r"|封顶)[^,，。;]{0,8}$"
)
_EACH = re.compile(
    r"(?:每人|人均|单个|每个|单人|单客|每单|每笔|单笔|客单|每户|每张|单张|each|per|获客成本|单价|每期|门槛|满"
    r"|面额)[^,，。;]{0,5}$"
)


# 到期理财总额超20万 is what customers hold.
_OF_OTHERS = re.compile(r"(?:理财|资产|存款|持仓|消费|投资|贷款|基金|交易|账单|持有|赎回|申购)的?$")


_UNBOUND = re.compile(r"(?:不设|没设|未设|没有|无|不封|不限|不定|no)\s?$")
_SUMS = ("总额", "总金额", "总计", "合计", "投入", "总投入")


def budget(draft: Draft) -> None:
    """Put ``budget_cny``, ``budget_max_cny`` and ``budget_reserve_cny``."""
    found = draft.sentence
    for place in list(found.where("budget")):
        if not (found.tokens[place].text in _SUMS and _OF_OTHERS.search(found.before(place, 4))):
            _named(draft, place)
    _daily(draft)
    first(draft)
    for unnamed in (ceiling, bare):
        if "budget_cny" not in draft.values and "budget_max_cny" not in draft.values:
            unnamed(draft)
    _maybe(draft)


def _named(draft: Draft, place: int) -> None:
    """The sum that a word of budget stands with."""
    found = draft.sentence
    sense = found.tokens[place].senses["budget"]
    if sense == "max" and _UNBOUND.search(found.before(place, 4)):
        # 预算不设上限: there is no ceiling to be told.
        found.used.add(place)
        return
    other = _amount(found, place, sense)
    if other is not None and sense == "total":
        found.used.update(m for m in range(min(place, other) + 1, max(place, other)) if _links(found, m))
        if place and _links(found, place - 1) and found.gap(place - 1, place) == " ":
            found.used.add(place - 1)
    if other is None:
        if sense == "reserve":
            _reserved_share(draft, place)
    elif sense == "total":
        _total(draft, place, other)
    elif _about_budget(draft, place) and not of_customers(found, other):
        draft.put(f"budget_{sense}_cny", _value(found, other), place, other)


def _value(found: Sentence, place: int) -> float | int:
    quantity = found.quantity(place)
    assert quantity is not None
    return quantity.value


# 其中10万留作机动
_KEPT_FOR = (
    r"(?:元|块)?的?(?:钱)?(?:要|得|先|就|拿来|拿出来)?(?:留作?|留着|作为?|当作?|用作|用于|做|算|as\s|for\s|in\s|\s)*"
)


# 预算额度30万, budget stands at 300k: a few words that say nothing of anybody or anything else.
_PLAIN = re.compile(
    r"(?:不多|有限|紧张?|很紧|不大|充足|够用|宽裕)了?[,，]\s?|(?:(?![人客单券张个位每份户次天均])[\u4e00-\u9fff]){0,7}[:：]?\s?"
    r"|(?:\s?\b(?!(?:per|each|every|for|of|with|above|over|and|but|or|to|if|customers?|users?|members?|orders?|sales|target|goal|daily)\b)"
    r"[a-z']+){0,4}(?:\sat|\sof|\sto|\sfrom)?\s?:?\s?"
)
# We have 80k to spend, 20 yuan per person: what one of many costs is no budget.
_FOR_EACH = re.compile(
    r"\s?(?:元|块)?\s?(?:per|each|a head|apiece|每[人户单个位]|[一/]\s?(?:人|个人|head|user|customer))"
)
_BETWEEN = frozenset(("为", "作为", "是", "以内", "之内", "以下"))
_LINKS = frozenset(
    ("有", "申请", "申请了", "批", "获批", "approved", "spend", "spending", "投", "给", "用", "额度", "金额", "limit")
)


def _links(found: Sentence, place: int) -> bool:
    """预算有30万, 预算申请了30万, budget approved: 300k: a verb between says nothing of customers."""
    return found.tokens[place].text in _LINKS


def _amount(found: Sentence, place: int, sense: str = "") -> int | None:
    """The amount that belongs to a word of budget: next after it, else directly before it (5万预算)."""
    before = place - 1
    plain = found.tokens[place].text.isascii() and found.gap(before, place) == " "
    if plain and before not in found.used and is_money(found.quantity(before)):
        # 80k budget, cap 100k: the sum right before an English word of budget is its own.
        return before
    for other in range(place + 1, min(place + 4, len(found.tokens))):
        if other in found.used:
            break
        quantity = found.quantity(other)
        if quantity is not None and is_money(quantity):
            between = found.text[found.tokens[place].end : found.tokens[other].start]
            between = _without_words(found, place, other, between)
            if _FOR_EACH.match(found.after(other, 12)) or ("," in between and quantity.values[-1] < 1000):
                break
            if _NEAR.fullmatch(between) or _PLAIN.fullmatch(between):
                return other
            break
        if not found.tokens[other].has("budget", "cmp", "bound", "neg", "filler") and not _links(found, other):
            break
    if before > 0 and (found.tokens[before].text in _BETWEEN or found.tokens[before].has("bound")):
        # 10万作为机动, 30万以内的预算
        before -= 1
    if (
        before >= 0
        and before not in found.used
        and is_money(found.quantity(before))
        and re.fullmatch(
            r"(?:元|块)?(?:以内|之内|以下|封顶|左右|上下|出头)?的?(?:总|活动|营销|in\s|of\s|\s|-)*"
            if sense != "reserve"
            else _KEPT_FOR,
            found.text[found.tokens[before].end : found.tokens[place].start],
        )
    ):
        return before
    return None


def _without_words(found: Sentence, place: int, other: int, between: str) -> str:
    for middle in range(place + 1, other):
        between = between.replace(found.tokens[middle].text, "", 1)
    return between


# max budget 300k, a maximum budget of 300k
_MOST_BEFORE = re.compile(r"(?<![a-z])(?:max(?:imum)?|highest|top) (?:total )?$|最高的?$|最大的?$")


def _total(draft: Draft, place: int, other: int) -> None:
    found = draft.sentence
    quantity = found.quantity(other)
    assert quantity is not None
    capped = [
        m
        for m in range(place + 1, other)
        if (found.tokens[m].senses.get("budget") == "max" or found.tokens[m].senses.get("cmp") in ("le", "lt"))
        and not _UNBOUND.search(found.before(m, 4))
    ]
    if (capped or is_ceiling(found, other) or _MOST_BEFORE.search(found.before(place, 12))) and quantity.form == "one":
        draft.put("budget_max_cny", quantity.value, place, other, *capped)
    elif quantity.form == "range":
        draft.put("budget_cny", quantity.value, place, other)
        draft.put("budget_max_cny", quantity.values[-1] if quantity.values[-1] % 1 else int(quantity.values[-1]), other)
    elif not _EACH.search(found.before(place, 8)):
        draft.put("budget_cny", quantity.value, place, other)


def _reserved_share(draft: Draft, place: int) -> None:
    """预留10%机动: a share of the budget."""
    found = draft.sentence
    other = next((p for p in (place + 1, place - 1) if (q := found.quantity(p)) is not None and q.unit == "pct"), None)
    total = draft.values.get("budget_cny")
    if other is None or total is None or found.clause(other) != found.clause(place):
        return
    if re.search(r"对照|holdout|control", found.clause_text(place)):
        return
    quantity = found.quantity(other)
    assert quantity is not None
    draft.put("budget_reserve_cny", whole(round(total * quantity.values[0] / 100, 2)), place, other)


def _about_budget(draft: Draft, place: int) -> bool:
    """A ceiling or reserve counts where a budget was said before it, and nothing else that it could bound."""
    found = draft.sentence
    if _EACH.search(found.before(place, 8)):
        return False
    quantity = found.quantity(place + 1)
    if quantity is not None and quantity.values[-1] < 1000:
        return False
    if (
        quantity is not None
        and quantity.big
        and found.tokens[place].text in ("控制在", "capped at", "cap")
        and not any(
            found.tokens[p].has("field", "metric_word")
            for p in range(len(found.tokens))
            if found.clause(p) == found.clause(place)
        )
    ):
        return True
    return any(
        token.senses.get("budget") == "total" and token.start < found.tokens[place].end for token in found.tokens
    )


_IF_WELL = re.compile(
    r"\s?(?:cny|rmb|yuan)?\s?(?:if (?:it|this|things) (?:works?|goes?|go|performs?)"
    r"|if (?:needed|necessary))"
)


def _maybe(draft: Draft) -> None:
    found = draft.sentence
    if "budget_cny" not in draft.values:
        return
    for place in list(found.where("quantity")):
        if (
            is_money(found.quantity(place))
            and not of_customers(found, place)
            and (
                _MAYBE.search(found.before(place, 24))
                or _IF_WELL.match(found.after(place, 20))
                or follows(found, place)
            )
            and _value(found, place) > draft.values["budget_cny"]
        ):
            draft.put("budget_max_cny", _value(found, place), place)


_PER_DAY = re.compile(
    r"(?:每天|每日|日均?|单日|daily)(?:的)?(?:预算|费用|花|投|上限|封顶|最多|budget|spend)?(?:是|为|控制在|of"
    r"|:|：|\s)*$"
)
_A_DAY = re.compile(r"\s?(?:元|块)?\s?(?:每天|一天|/天|/日|每日|a day|per day|/day|daily)")


def _daily(draft: Draft) -> None:
    """每天预算2万: the whole is known when the days are; until then it is a hint, no budget."""
    found = draft.sentence
    for place in range(len(found.tokens)):
        quantity = found.quantity(place)
        if quantity is None or not is_money(quantity) or quantity.form != "one" or quantity.values[0] < 100:
            continue
        if not (_PER_DAY.search(found.before(place, 14)) or _A_DAY.match(found.after(place, 8))):
            continue
        if not re.search(r"预算|费用|花|投|烧|上限|封顶|budget|spend|cost", found.clause_text(place)):
            continue
        if draft.values.get("budget_cny") == quantity.value:
            del draft.values["budget_cny"]
        draft.hints["daily_budget"] = quantity.values[0]
        draft.support("budget_cny", place)
        clause = found.clause(place)
        found.used.update(p for p in found.where("recurrence") if found.clause(p) == clause)
        return


def whole_of_days(draft: Draft) -> None:
    """Put the budget that a sum for each day comes to, once the days are known."""
    daily, values = draft.hints.get("daily_budget"), draft.values
    if daily is None or "budget_cny" in values:
        return
    days = values.get("duration_days")
    if values.get("start") and values.get("end", "") >= values["start"]:
        days = (dt.date.fromisoformat(values["end"]) - dt.date.fromisoformat(values["start"])).days + 1
    if days:
        values["budget_cny"] = whole(daily * days)
