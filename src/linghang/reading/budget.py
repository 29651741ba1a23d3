"""Money for the campaign: the budget, its ceiling, its reserve; and goals with figures."""

import datetime as dt
import re
from collections.abc import Iterator

from linghang.reading.draft import Draft
from linghang.reading.quantities import Quantity, whole
from linghang.reading.sentence import Sentence

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
_CEILING_AFTER = re.compile(
    r"^\s?(?:元|块)?(?:以内|之内|不能超|不许超|别超|不超|不准超|不可超|封顶|内|左右封顶|为上限|为限|打住|撑死"
    r"|到顶|顶天|max(?:imum)?|tops|at (?:the )?(?:very )?most|and no more"
    r"|cap|上限)(?!\s*(?:在|到|为|是|at|of|:)?\s*\d)"
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
    _first(draft)
    for unnamed in (_ceiling, _bare):
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
    if other is None:
        if sense == "reserve":
            _reserved_share(draft, place)
    elif sense == "total":
        _total(draft, place, other)
    elif _about_budget(draft, place):
        draft.put(f"budget_{sense}_cny", _value(found, other), place, other)


_AT_FIRST = re.compile(
    r"(?:(?:start(?:ing)?|begin(?:ning)?|open) (?:out |off )?(?:with|at|from)|先按|先给|先批|先投|先拿|先跑|先试)\s?$"
)
_TO_BEGIN = re.compile(
    r"\s?(?:元|块|cny|rmb|yuan)?\s?(?:(?:to|for) (?:start|begin|open)(?:ers)?(?: with| off)?|for now|now"
    r"|initially|at first|first"
    r"|起步|打底|先[跑做试用花])(?![a-z])"
)


_AND_THEN = re.compile(r"\s?(?:元|块|cny|rmb|yuan)?,?\s(?:and|then|but)\s(?:max|cap|no more|up to|at most|stop)")


def _single_sums(draft: Draft) -> Iterator[tuple[int, Quantity]]:
    """The sums of money that are one figure and large enough for a budget, with their places."""
    found = draft.sentence
    for place in list(found.where("quantity")):
        quantity = found.quantity(place)
        if quantity is not None and _is_money(quantity) and quantity.form == "one" and quantity.values[0] >= 1000:
            yield place, quantity


def _first(draft: Draft) -> None:
    """start with 30k, cap at 45k: the sum to begin with is the budget."""
    found = draft.sentence
    for place, quantity in _single_sums(draft):
        begins = _TO_BEGIN.match(found.after(place, 24)) or _AT_FIRST.search(found.before(place, 16))
        ends = found.text[found.tokens[place].end :]
        if begins and (_TO_BEGIN.match(ends) or _MONEY_END.match(ends) or _AND_THEN.match(ends)):
            draft.put("budget_cny", quantity.value, place)
            return


_AT_MOST = re.compile(
    r"(?:别|不|不要|不能|不可|不许|不得|千万别)(?:花|用|投)?(?:超过?|高于|多于|破)(?:了)?|(?:最多|顶多|至多"
    r"|撑死)(?:也)?(?:就|只)?(?:能)?(?:花|用|投|给|批)"
    r"|(?:控制|压|卡|框|锁)(?:在|到)|(?:spend|use) (?:at most|no more than|up to)|(?:don't|do not) (?:spend"
    r"|go) (?:more than|over)"
    r"|keep it (?:under|below|within)|under"
)
_MONEY_END = re.compile(
    r"\s?(?:元|块|人民币|rmb|cny|yuan)?(?:钱)?(?:批|做|跑|投|试|走)?(?:以内|之内|就行|即可|吧|哈"
    r"|了)?\s?(?=[,，。;；!！.\n]|$)"
)


def _ceiling(draft: Draft) -> None:
    """别超过3万, 花不超过15万: a ceiling of money that no word of budget stands with, in a clause of its own."""
    found = draft.sentence
    for place, quantity in _single_sums(draft):
        lead = found.clause_text(place).split(found.tokens[place].text)[0]
        if not re.fullmatch(
            rf"[\s,，]*(?:总共|一共|总的?|整体|全部|钱|花费?|费用|开销|please|and)?\s?(?:{_AT_MOST.pattern})\s?", lead
        ):
            continue
        before = [t for t in found.tokens if found.clause_at(t.start) == found.clause(place) - 1]
        if _MONEY_END.match(found.text[found.tokens[place].end :]) and not any(t.has("field") for t in before):
            draft.put("budget_max_cny", quantity.value, place)
            return


def _value(found: Sentence, place: int) -> float | int:
    quantity = found.quantity(place)
    assert quantity is not None
    return quantity.value


def _is_money(quantity: Quantity | None) -> bool:
    return quantity is not None and (
        quantity.unit == "yuan" or (quantity.unit == "" and (quantity.big or quantity.values[0] >= 100))
    )


# 其中10万留作机动
_KEPT_FOR = (
    r"(?:元|块)?的?(?:钱)?(?:要|得|先|就|拿来|拿出来)?(?:留作?|留着|作为?|当作?|用作|用于|做|算|as\s|for\s|in\s|\s)*"
)


def _amount(found: Sentence, place: int, sense: str = "") -> int | None:
    """The amount that belongs to a word of budget: next after it, else directly before it (5万预算)."""
    before = place - 1
    plain = found.tokens[place].text.isascii() and found.gap(before, place) == " "
    if plain and before not in found.used and _is_money(found.quantity(before)):
        # 80k budget, cap 100k: the sum right before an English word of budget is its own.
        return before
    for other in range(place + 1, min(place + 4, len(found.tokens))):
        if other in found.used:
            break
        if _is_money(found.quantity(other)):
            between = found.text[found.tokens[place].end : found.tokens[other].start]
            return other if _NEAR.fullmatch(_without_words(found, place, other, between)) else None
        if not found.tokens[other].has("budget", "cmp", "bound", "neg"):
            break
    if (
        before >= 0
        and before not in found.used
        and _is_money(found.quantity(before))
        and re.fullmatch(
            r"(?:元|块)?的?(?:总|活动|营销|in\s|of\s|\s|-)*" if sense != "reserve" else _KEPT_FOR,
            found.gap(before, place),
        )
    ):
        return before
    return None


def _without_words(found: Sentence, place: int, other: int, between: str) -> str:
    for middle in range(place + 1, other):
        between = between.replace(found.tokens[middle].text, "", 1)
    return between


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
    if capped or _CEILING_AFTER.match(found.after(other)) or _UP_TO.search(found.before(other, 18)):
        draft.put("budget_max_cny", quantity.value, place, other, *capped)
    elif quantity.form == "range":
        draft.put("budget_cny", quantity.value, place, other)
        draft.put("budget_max_cny", quantity.values[-1] if quantity.values[-1] % 1 else int(quantity.values[-1]), other)
    elif not _EACH.search(found.before(place, 8)):
        draft.put("budget_cny", quantity.value, place, other)


_UP_TO = re.compile(
    r"(?:(?<![a-z])(?:up to|at most|no more than|not (?:to )?exceed(?:ing)?|max(?:imum)?(?: of)?|under|below|within)"
    r"|不能超过?|不可超过?|别超过?|不准超过?|不许超过?)\s?(?:about |rmb |cny |¥)?$"
)


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
            _is_money(found.quantity(place))
            and (
                _MAYBE.search(found.before(place, 24))
                or _IF_WELL.match(found.after(place, 20))
                or _CEILING_AFTER.match(found.after(place, 12))
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
        if quantity is None or not _is_money(quantity) or quantity.form != "one" or quantity.values[0] < 100:
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


# 手头就30万, 老板批了半百万, RMB 80,000 total, half a million for gold: money that is there, under no name.
_GIVEN = re.compile(
    r"(?:整体|总体|全部|全场|合共|(?<![公总合一统拢])共|money:|钱的?话?|花个?|投个?|拢共|统共|前后|加起来|手头"
    r"|手上|手里|账上|总包|大包|打包|总共|一共|合计|统共|先批|批了|批下来|拨下来|批给|获批|申请了?|拨了?|划了?"
    r"|掏|砸|准备了?|给到|肯出|肯给|愿意出|愿意给|答应给?|点头了|松口给?|就给|只给|给了|有个"
    r"|(?:we have|we've got|i have|got|with|spend|approved|only)\s?(?:about|around|a|rmb|cny|¥)?)(?:有|就|只"
    r"|只有|就有"
    r"|大概|大约|差不多|约|近"
    r"|个|出|到|\s)*$"
)
_FOR = re.compile(
    r"\s?(?:元|块|yuan|rmb|cny)?\s?(?:for|on|to)\s|\s?(?:元|块)?(?:先)?(?:出来)?(?:先)?(?:试|跑|投|推"
    r"|做)(?:一?[试跑投推做下波]|个水|水)|\s?(?:cny|rmb|yuan)?\s?(?:in )?total|\s?(?:元|块)?(?:来|用来"
    r"|用于"
    r"|拿来)(?:做|搞|推|拉|投)"
)
# 拿8万做转化
_TO_DO = re.compile(r"(?:元|块)?(?:钱)?(?:来|去|出来)?(?:做|搞|推|拉|投|冲|打|办|跑)(?!过|了)")
_HEAD = re.compile(
    r"(?:^|[,，。;\n.]\s?)(?:先|就|我们|只)?(?:拿|用|花|给|投)?(?:个|出)?(?:about\s|around\s|rmb\s|cny\s|¥)?$"
)


def _bare(draft: Draft) -> None:
    """80w in a clause of its own is the budget; 500k max its ceiling."""
    found = draft.sentence
    for place, quantity in _single_sums(draft):
        rest = found.clause_text(place).replace(found.tokens[place].text, "").strip(" ,，。.;；、:")
        taken = re.search(
            r"(?:拿|砸|花|用|(?<![审一分])批|拨|(?<![\u4e00-\u9fff])给)(?:个)?\s?$", found.before(place, 4)
        ) and _TO_DO.match(found.after(place, 6))
        if (
            taken
            or _GIVEN.search(found.before(place, 12))
            or (
                (quantity.big or quantity.values[0] >= 10000)
                and _FOR.match(found.text[found.tokens[place].end :])
                and _HEAD.search(found.before(place, 30))
            )
        ):
            draft.put("budget_cny", quantity.value, place)
            return
        if rest in (
            "",
            "元",
            "块",
            "in total",
            "in all",
            "all in",
            "altogether",
            "total",
            "左右",
            "总共",
            "一共",
            "cny",
            "rmb",
        ):
            draft.put("budget_cny", quantity.value, place)
            return
        if _UP_TO.fullmatch(rest) or rest in (
            "max",
            "以内",
            "封顶",
            "maximum",
            "at most",
            "最多",
            "不超过",
            "cap",
            "tops",
            "上限",
        ):
            draft.put("budget_max_cny", quantity.value, place)
            return
