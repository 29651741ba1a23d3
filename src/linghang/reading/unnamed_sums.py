"""Sums of money that no word of budget stands with, and that a campaign has all the same: 手头就30万, 80w, 500k max."""

import re
from collections.abc import Iterator

from linghang.reading.ceilings import before_lead, is_ceiling, stretch
from linghang.reading.draft import Draft
from linghang.reading.quantities import Quantity


def is_money(quantity: Quantity | None) -> bool:
    """Whether a quantity can be a sum of money."""
    return quantity is not None and (
        quantity.unit == "yuan" or (quantity.unit == "" and (quantity.big or quantity.values[0] >= 100))
    )


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
        if quantity is not None and is_money(quantity) and quantity.form == "one" and quantity.values[0] >= 1000:
            yield place, quantity


def first(draft: Draft) -> None:
    """start with 30k, cap at 45k: the sum to begin with is the budget."""
    found = draft.sentence
    for place, quantity in _single_sums(draft):
        begins = _TO_BEGIN.match(found.after(place, 24)) or _AT_FIRST.search(found.before(place, 16))
        ends = found.text[found.tokens[place].end :]
        if begins and (_TO_BEGIN.match(ends) or _MONEY_END.match(ends) or _AND_THEN.match(ends)):
            draft.put("budget_cny", quantity.value, place)
            return


_MONEY_END = re.compile(
    r"\s?(?:元|块|人民币|rmb|cny|yuan)?(?:钱)?(?:批|做|跑|投|试|走)?(?:以内|之内|就行|即可|吧|哈"
    r"|了)?\s?(?=[,，。;；!！.)）\n]|$)"
)


_ONLY_SPENDS = re.compile(
    r"[\s,，(（]*(?:(?:总共|一共|总的?|整体|全部|钱|花费?|费用|开销|我们|这次|就|也|please|and|but|spend(?:ing)?|keep|stay|it|we|can"
    r"|do|should|must|will|go|a|the|total|costs?)\s?)*"
)


def ceiling(draft: Draft) -> None:
    """别超过3万, 花不超过15万: a ceiling of money that no word of budget stands with, in a clause of its own."""
    found = draft.sentence
    for place, quantity in _single_sums(draft):
        lead = before_lead(found, place)
        if lead is None or not _ONLY_SPENDS.fullmatch(lead):
            continue
        before = [t for t in found.tokens if found.clause_at(t.start) == found.clause(place) - 1]
        if _MONEY_END.match(found.text[found.tokens[place].end :]) and not any(t.has("field") for t in before):
            draft.put("budget_max_cny", quantity.value, place)
            return


# 手头就30万, 老板批了半百万, RMB 80,000 total, half a million for gold: money that is there, under no name.
_GIVEN = re.compile(
    r"(?:整体|总体|全部|全场|合共|(?<![公总合一统拢])共|money:|钱的?话?|花个?|投个?|钱给|拢共|统共|前后|加起来|手头"
    r"|手上|手里|资金|款项|账上|总包|大包|打包|总共|一共|合计|统共|先批|批了|批下来|拨下来|批给|获批|申请了?|拨了?|划了?"
    r"|掏|砸|准备了?|给到|肯出|肯给|愿意出|愿意给|答应给?|点头了|松口给?|就给|只给|给了|有个"
    r"|(?:we have|we've got|i have|got|with|spend(?:ing)?|approved|only|total is"
    r"|funding(?: of| is)?)\s?(?:about|around|a|rmb|cny|¥)?)(?:有|就|只"
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


# 计划投100万, 300k has been approved, 50k to spend: all that a clause says is that the money is there.
_HAVE = re.compile(
    r"(?:我们|这次|本次|大概|大约|预计|计划|打算|准备|拟|想|要|先|共|总共|一共|初步|暂定|就)*"
    r"(?:投入?|花|用|掏|砸|拿|出|批)(?:了|出|个)?"
    r"|(?:已经?|刚)?(?:批|获批|到位|批下来|审批通过)了?"
    r"|(?:we(?:'re| are) )?spending|(?:(?:has|have) been|was|is|got)?\s?(?:approved|allocated|granted|signed off"
    r"|available)"
    r"|(?:available )?to (?:spend|play with|work with|use)|for (?:this|it|the campaign)"
)


_NO_MORE_SAID = frozenset(
    ("", "元", "块", "in total", "in all", "all in", "altogether", "total", "左右", "总共", "一共", "cny", "rmb")
)
_MOST_SAID = frozenset(("max", "以内", "封顶", "maximum", "at most", "最多", "不超过", "cap", "tops", "上限"))


def bare(draft: Draft) -> None:
    """80w in a clause of its own is the budget; 500k max its ceiling."""
    found = draft.sentence
    for place, quantity in _single_sums(draft):
        begin, end = stretch(found, place)
        rest = found.text[begin:end].replace(found.tokens[place].text, "").strip(" ,，。.;；、:\n)）")
        if _HAVE.fullmatch(rest):
            found.use(begin, end)
            draft.put("budget_cny", quantity.value, place)
            return
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
        if rest in _NO_MORE_SAID:
            draft.put("budget_cny", quantity.value, place)
            return
        if (is_ceiling(found, place) and before_lead(found, place) == "") or rest in _MOST_SAID:
            draft.put("budget_max_cny", quantity.value, place)
            return
