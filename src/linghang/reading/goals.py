"""Goals with figures: the metric that decides, and what it must reach."""

import re

from linghang.reading.draft import Draft
from linghang.reading.quantities import Quantity
from linghang.reading.sentence import Sentence

_GOAL = re.compile(
    r"目标|kpi|指标|考核|拿到?下?(?=\s?\d)|争取|力争|要求|达到|做到|冲到|破|提升到|提到|至少|不低于|保|goal|target|aim"
    r"|objective is|hit|get|reach|北极星"
)
_KPI = re.compile(
    r"(?:kpi|核心指标|考核指标|主要看|主看|考核|北极星指标|主指标|衡量指标|指标|measured by|metric"
    r"|success metric)(?:是|为|看|用|就|定|设|改|换|成|按|以|:|：|is|to|should be|becomes|\s)*$"
)
_AS_KPI = re.compile(
    r"\s?(?:作为|当作?|做|设为|定为|as|is|to be)?\s?(?:the |our |a )?(?:主要?|核心)?(?:kpi|考核指标|北极星)"
)
_RECRUIT = re.compile(
    r"(?:拉|拉新|获客|新增|新客|引流|开户|获取|招募|拉来|拉够|拉到|带来|acquire|recruit"
    r"|get|bring in|bring|win|add|sign up"
    r"|onboard|attract|gain)(?:到|够|个|约|大概|至少|目标|me|us|about|at least|:|：|\s)*$"
)
# 3000 new gold customers: what they shall hold stands between.
_NEWCOMERS = re.compile(r"\snew\s(?:[a-z]+\s){1,2}(?:customers|users|clients|savers|members|investors|holders)")
_SHARE = ("rate", "ctr", "uplift")


def goals(draft: Draft) -> None:
    """Put ``kpi`` and ``target``."""
    found = draft.sentence
    ordered = sorted(found.where("metric_word"), key=lambda p: (not _NAMED_GOAL.search(found.labelled(p)), p))
    if not any(_NAMED_GOAL.search(found.labelled(p)) for p in ordered):
        _headcount(draft, named=True)
    _sip_goal(draft)
    for place in ordered:
        if "target" in draft.values:
            break
        if not (_of_people(found, place) or _of_budget(found, place) or _of_conduct(found, place)):
            _metric_goal(draft, place)
    if "target" not in draft.values:
        _headcount(draft)
    _goal_of_kpi(draft)
    if "kpi" not in draft.values:
        for place in list(found.where("metric_word")):
            if _KPI.search(found.before(place, 20)) or _AS_KPI.match(found.text[found.tokens[place].end :]):
                draft.put("kpi", found.tokens[place].senses["metric_word"], place)


_AIMED = re.compile(
    r"(?:目标|争取|冲|要(?:到|做到?|达到?)|target|goal|aim(?:ing)? for)(?:是|为|定在?|:|：|\sis|\sof|\s)*$"
)


def _goal_of_kpi(draft: Draft) -> None:
    """KPI看成交额，目标3000万: a goal without a name is of the metric that decides."""
    found = draft.sentence
    words = [p for p in found.where("metric_word") if _KPI.search(found.before(p, 20))]
    if not words or "target" in draft.values:
        return
    metric = found.tokens[words[0]].senses["metric_word"]
    for place in list(found.where("quantity")):
        quantity = found.quantity(place)
        if quantity is not None and _suits(quantity, metric) and _AIMED.search(found.before(place, 12)):
            value = round(quantity.values[0] / 100, 6) if metric.endswith(_SHARE) else quantity.value
            draft.put("target", {"metric": metric, "op": "ge", "value": value}, place)
            return


_SIP = re.compile(r"(?:数|量|规模)?(?:要|得)?(?:破|达到?|冲到?|做到|到|增至|突破)(?:了)?$")


def _sip_goal(draft: Draft) -> None:
    """定投用户破3万: how many shall save by plan."""
    found = draft.sentence
    for place, token in enumerate(found.tokens[:-1]):
        if token.senses.get("state", {}).get("field") != "sip_active" or "target" in draft.values:
            continue
        for other in (place + 1, place + 2):
            quantity = found.quantity(other)
            between = found.text[token.end : found.tokens[other].start] if other < len(found.tokens) else ""
            if quantity is not None and _SIP.fullmatch(between) and quantity.unit in ("", "people"):
                draft.put("target", {"metric": "sip_users", "op": "ge", "value": quantity.value}, place, other)
                draft.put("kpi", "sip_users")
                return


_STRIVEN = re.compile(
    r"目标|kpi|指标|考核|goal|target|aim|[要得](?:到|破|过|达|冲|做到?|上|有|超)|破|冲到|做到|达到|拉到|干到|突破"
)
_NAMED_GOAL = re.compile(r"目标|kpi|考核|goal|target")


def _of_people(found: Sentence, place: int) -> bool:
    """新客 says who is meant unless a goal is spoken of."""
    token = found.tokens[place]
    new = token.has("state") and token.senses["metric_word"] == "new_customers"
    return new and not _GOAL.search(found.clause_text(place))


def _of_budget(found: Sentence, place: int) -> bool:
    """spend up to 200k is money to spend, no goal; 单客成本 is one."""
    if not (found.tokens[place].has("budget") or found.tokens[place].text == "spending") or _NAMED_GOAL.search(
        found.labelled(place)
    ):
        return False
    return not re.search(r"(?:单|每|人均|获)(?:客|人|户|个)?(?:的)?$", found.before(place, 4))


def _of_conduct(found: Sentence, place: int) -> bool:
    """近30天触达3次以上, AUM每提升10万: what customers did or get, no goal."""
    clause = found.clause_text(place)
    if _NAMED_GOAL.search(clause):
        return False
    inside = [t for t in found.tokens if found.clause_at(t.start) == found.clause(place)]
    return any(t.has("window", "exclude") for t in inside) or bool(re.search(r"每\s?$|每增加|每提升|每满", clause))


def _metric_goal(draft: Draft, place: int) -> bool:
    found = draft.sentence
    metric = found.tokens[place].senses["metric_word"]
    if metric == "cost_cny" and re.search(r"(?:单人|单客|人均|每人|每个新客|单个)(?:的)?$", found.before(place, 5)):
        metric = "cac_cny"
    other, op = _figure(found, place, metric)
    if other is None:
        return False
    quantity = found.quantity(other)
    assert quantity is not None
    value = quantity.value
    if metric.endswith(_SHARE) and quantity.unit == "pct":
        value = round(quantity.values[0] / 100, 6)
    draft.put("target", {"metric": metric, "op": op, "value": value}, place, other)
    aimed = _STRIVEN if metric not in ("reach", "new_customers") else _NAMED_GOAL
    if aimed.search(found.clause_text(place)):
        draft.put("kpi", metric)
    return True


def _figure(found: Sentence, place: int, metric: str) -> tuple[int | None, str]:
    op = "le" if metric in ("cac_cny", "cost_cny", "unsubscribe_rate", "complaint_rate", "churn_rate") else "ge"
    for other in range(place + 1, min(place + 4, len(found.tokens))):
        if found.clause(other) != found.clause(place) or other in found.used:
            break
        token = found.tokens[other]
        if token.has("objective_verb") and not token.has("channel"):
            continue
        if token.text in ("控制在", "控在", "压到", "降到") and other == place + 1:
            op = "le" if op == "le" else op
            continue
        if token.has("cmp", "bound"):
            said = str(token.senses.get("cmp", op))
            op = {"gt": "ge", "lt": "le"}.get(said, said)
            continue
        quantity = found.quantity(other)
        between = found.text[found.tokens[place].end : token.start]
        if (
            quantity is not None
            and _suits(quantity, metric)
            and len(between) <= 16
            and not re.search(r"预算|给|送|发", between)
        ):
            return other, op
        break
    before = place - 1
    if (
        before >= 0
        and metric in ("impressions", "reach")
        and (seen := found.quantity(before)) is not None
        and seen.form == "one"
        and seen.values[0] >= 1000
        and found.gap(before, place) == " "
    ):
        # one million impressions
        return before, op
    if (
        before >= 0
        and before not in found.used
        and (quantity := found.quantity(before)) is not None
        and _suits(quantity, metric)
        and len(found.gap(before, place)) <= 3
        and found.clause(before) == found.clause(place)
        and _GOAL.search(found.labelled(place))
    ):
        return before, op
    return None, op


def _suits(quantity: Quantity, metric: str) -> bool:
    if quantity.form != "one":
        return False
    if metric.endswith(("_rate", "ctr", "uplift")):
        return quantity.unit == "pct"
    if metric.endswith("_cny"):
        return quantity.unit in ("", "yuan")
    if metric == "roi":
        return quantity.unit in ("", "pct", "times")
    if metric in ("new_customers", "reach", "sip_users"):
        return quantity.unit == "people" or (quantity.unit in ("", "piece") and quantity.values[0] >= 10)
    return quantity.unit in ("", "people", "times", "piece")


def _pulled(draft: Draft, place: int) -> bool:
    """黄金新客给我拉8000个: those to be recruited are named before, and are nobody to write to."""
    found = draft.sentence
    quantity = found.quantity(place)
    if quantity is None or quantity.word != "个" or not re.search(r"拉(?:来|到|够|个)?\s?$", found.before(place, 4)):
        return False
    new = [
        p
        for p, t in enumerate(found.tokens[:place])
        if t.senses.get("state", {}).get("value") == "new" and found.clause(p) == found.clause(place)
    ]
    if not new:
        return False
    draft.put("target", {"metric": "new_customers", "op": "ge", "value": quantity.value}, place, *new)
    return True


def _of_sum(found: Sentence, place: int) -> bool:
    """面向AUM满15万客户: a sum that customers have, right before the word for them."""
    before = next((t for t in reversed(found.tokens[:place]) if not t.has("cmp", "neg", "bound", "budget")), None)
    return before is not None and before.senses.get("field", {}).get("unit") == "yuan"


def _headcount(draft: Draft, *, named: bool = False) -> None:
    """拉200万人, acquire 5k new savers, 3 million users."""
    found = draft.sentence
    for place in list(found.where("quantity")):
        quantity = found.quantity(place)
        if _pulled(draft, place):
            return
        newcomers = (
            quantity is not None and quantity.unit == "" and _NEWCOMERS.match(found.text[found.tokens[place].end :])
        )
        if (
            quantity is None
            or (quantity.unit != "people" and not newcomers)
            or quantity.form != "one"
            or (quantity.values[0] >= 1000 and _of_sum(found, place))
            or re.search(r"(?:每|限|前|top)\s*$", found.before(place, 4))
        ):
            continue
        clause = found.clause_text(place)
        if named and not _NAMED_GOAL.search(found.labelled(place)):
            continue
        recruiting = (
            bool(newcomers)
            or bool(_RECRUIT.search(found.before(place, 16)))
            or re.search(
                r"新客|新户"
                r"|new",
                quantity.word,
            )
        )
        alone = clause.strip(" ,，。.;；") == found.tokens[place].text and quantity.values[0] >= 1000
        # A head count alone is a goal only of a campaign that recruits; else it tells the size of the audience.
        alone = alone and any(
            t.senses.get("objective") == "acquire" or t.senses.get("offer") == "lottery" for t in found.tokens
        )
        if recruiting or alone or _GOAL.search(clause):
            metric = "reach" if re.search(r"触达|覆盖|reach|曝光|看到", clause) else "new_customers"
            draft.put("target", {"metric": metric, "op": "ge", "value": quantity.value}, place)
            return
