"""What for: the objective, said or inferred from everything else that was read."""

import re
from typing import Any

from linghang.reading.draft import Draft
from linghang.reading.products import DROPPED
from linghang.reading.sentence import Sentence

_NOT_BEFORE = re.compile(
    r"(?:没|未|不|没有|别|无需|不用|非|已|已经|不是|haven't|not|no|never)\s*(?:有|完成|做|要|去|再|为了|搞)?\s*$"
)
_NOUN_AFTER = re.compile(
    r"^(?:了|过|中|的)?(?:用户|客户|人群|客群|户|模型|率|数据|记录|金额|的那|过的|页|日|专区|频道|会员|款|人)"
)
_WEAK = frozenset(("转化", "提醒", "宣传", "打卡", "曝光", "promote", "promotion", "sell", "开通", "实名引导", "成交",
    "活跃度", "升级", "品牌", "种草", "conversion", "conversions", "convert", "story", "subject lines", "保有",
    "祝福", "回馈", "答谢",
    "复购", "brand", "reminder", "remind", "promotion", "sign up", "onboarding",
                    "留存", "关怀", "维护", "追加", "科普", "传播", "引流", "激活", "绑卡", "开户", "承接",
                    "感恩回馈", "流失预警", "首单", "首购", "首投", "促销", "upgrade", "activate", "renew", "renewal",
                    "续费", "投教", "红包雨", "用信", "提额", "训练营", "visibility", "介绍", "告诉大家", "告知",
                    "公告", "引导", "促动", "种草", "品宣", "回归", "动一动"))  # fmt: skip
_CARRIER = re.compile(
    r"(?:企微|企业微信|社群|客户经理|网点|页面?|落地页|小程序|公众号|客服|电话)\s*(?:来|做"
    r"|去)?\s*$"
)
_DEFAULTS = {
    "fund": "convert",
    "wealth": "convert",
    "gold": "convert",
    "credit": "activate",
    "payments": "activate",
    "insurance": "cross_sell",
    "savings": "cross_sell",
    "membership": "acquire",
}
_KEEP = re.compile(
    r"(?:别|不要|不能|不想|防止|避免)让?[^,，。;\n]{0,28}?(?:跑了|跑掉|跑路|走了|走掉|流走|流失|溜了|转走|离开"
    r"|流出|流到)"
    r"|留住|稳住|(?:don't|do not|stop)\s[^,.;]{0,30}(?:leave|leaving|walk away|churn|slip away)"
)
# 存款客户转理财: who holds one thing is led to another.
_TURNED = re.compile(
    r"(?:存款|定期|活期|货基|理财|基金|保险|黄金|小金库|信用卡|白条)(?:的)?(?:老?客户|用户|户|资金|的人)?(?:往"
    r"|向)?(?:转|导|引|迁)"
    r"(?:投|买|成|向|到|为|去|换成)?(?:做|买|投)?(?:理财|基金|保险|黄金|固收|存单|定存|货基|积存金|年金|养老)"
)
_PAID = frozenset(("paid_ads", "douyin", "kuaishou", "xiaohongshu"))
_RETAIN_FIELDS = frozenset(
    (
        "churn_score",
        "redeem",
        "policy_expire_days",
        "maturity_days",
        "benefit_expire_days",
        "bill_due_days",
        "bill_unpaid",
        "loan_rejected",
        "redeem_amount_cny",
    )
)
_WINBACK = frozenset(("dormant", "churned"))


def objective(draft: Draft) -> None:
    """Put ``objective``: the first firm word of purpose, else a weak one, else what the reading implies."""
    found = draft.sentence
    places = [
        place
        for place, token in enumerate(found.tokens)
        if "objective" in token.senses
        and _is_purpose(found, place)
        and not any(low <= token.start < high for low, high in draft.hints.get("aside", ()))
    ]
    firm = [
        place for place in places if found.tokens[place].text not in _WEAK or _AIMED.search(found.before(place, 24))
    ]
    if "purpose" in draft.hints:
        firm = [draft.hints["purpose"]]
    if (kept := _KEEP.search(found.text)) and not (firm and found.tokens[firm[0]].start < kept.start()):
        draft.put("objective", "retain")
        draft.note("objective", *kept.span())
        return
    weak = [place for place in places if found.tokens[place].text in _WEAK]
    if firm:
        draft.put("objective", _said(draft, firm[0]), firm[0])
        return
    implied, reason = _implied(draft.values)
    if draft.hints.get("copy") and not draft.values.get("audience") and not weak:
        draft.assume("objective", "awareness", "reading.objective.copy_only")
        return
    if draft.hints.get("goals") and all(found.tokens[place].has("offer") for place in weak):
        opening = any("开户" in token.text for token in draft.hints["goals"])
        draft.assume("objective", "acquire" if opening else "activate", "reading.objective.goal")
        return
    if not weak and _TURNED.search(found.text) and "product" in draft.values:
        draft.assume("objective", "cross_sell", "reading.objective.holds_other")
        return
    if weak and not (implied in ("winback", "acquire") and reason.endswith(("lapse", "target"))):
        draft.put("objective", found.tokens[weak[0]].senses["objective"], weak[0])
    elif implied:
        draft.assume("objective", implied, reason)


# 用来转化首单, 目的是拉新, aimed at converting: the word behind says what for.
_AIMED = re.compile(
    r"(?:用来|用于|拿来|为了|旨在|意在|图的是|目的(?:就)?是(?:为了)?|目标(?:就)?是|重点是|主要是(?:为了)?"
    r"|核心是|本质是"
    r"|aim(?:ed|ing)? (?:at|to)|in order to|with the (?:aim|goal) of|(?:goal|aim|purpose|objective)(?: is|:)(?: to)?)"
    r"(?:做|促|搞|提升|提高|推动|的是)?\s?$"
)
# 曝光、点击、下单三段: the steps of a tiered offer.
_STEP = re.compile(r"\s?(?:→|->|、|/|>|给|送|得|\d)\s?(?:\d|点击|下单|领取|注册|click)")


def _said(draft: Draft, place: int) -> str:
    """The objective that a word says; who did not lapse is not won back, who has no account yet is no new customer."""
    token = draft.sentence.tokens[place]
    fields = {shape["field"]: shape for shape in draft.values.get("audience", [])}
    if token.text.startswith("reactivat") and fields and _by_lapse(draft.values, fields) is None:
        return "activate"
    if "开户" in token.text and token.senses["objective"] == "acquire" and _lacks_account(draft.values):
        return "activate"
    return str(token.senses["objective"])


def _lacks_account(values: dict[str, Any]) -> bool:
    return any(s["field"] in _NOT_YET and s.get("negated") for s in values.get("audience", []))


def _is_purpose(found: Sentence, place: int) -> bool:
    token = found.tokens[place]
    if DROPPED.match(found.text[token.end :]) or (
        _NOT_BEFORE.search(found.before(place, 6)) and token.text not in ("别让钱走", "别流失")
    ):
        return False
    if token.has("metric_word") and _STEP.match(found.text[token.end :]):
        return False
    if token.text in ("承接", "维护") and _CARRIER.search(found.before(place, 6)):
        return False
    if _NOUN_AFTER.match(found.after(place, 4)) and token.text not in ("拉新", "召回"):
        return False
    if (
        place in found.used
        and token.has("act", "state", "metric_word", "offer", "product")
        and token.text not in ("拉新", "召回")
    ):
        return token.has("offer") and token.text in ("首单", "首购", "红包雨", "首投")
    return not (token.has("channel") and token.text not in ("subject lines",))


def _implied(values: dict[str, Any]) -> tuple[str, str]:
    """The objective that everything else suggests, with the code of the reason."""
    fields: dict[str, dict[str, Any]] = {shape["field"]: shape for shape in values.get("audience", [])}
    for rule in (_by_lapse, _by_goal, _by_risk, _by_stage):
        if (found := rule(values, fields)) is not None:
            return found
    return _by_product(values, fields)


_Implied = tuple[str, str] | None


def _by_lapse(values: dict[str, Any], fields: dict[str, dict[str, Any]]) -> _Implied:
    lapse = fields.get("last_login_days") or fields.get("last_active_days")
    gone = str(fields.get("lifecycle", {}).get("value")) in _WINBACK
    return ("winback", "reading.objective.lapse") if gone or (lapse and lapse["op"] in ("gt", "ge")) else None


def _by_goal(values: dict[str, Any], fields: dict[str, dict[str, Any]]) -> _Implied:
    if values.get("product") == "membership" and {"member_tier", "benefit_expire_days"} & fields.keys():
        return "retain", "reading.objective.at_risk"
    metric = values.get("target", {}).get("metric")
    if metric == "new_customers":
        return "acquire", "reading.objective.target"
    if metric in ("reach", "impressions"):
        return "awareness", "reading.objective.reach"
    return ("acquire", "reading.objective.media") if _PAID & set(values.get("channels", [])) else None


def _by_risk(values: dict[str, Any], fields: dict[str, dict[str, Any]]) -> _Implied:
    due = {"bill_due_days", "bill_unpaid"} & fields.keys()
    leaving = _RETAIN_FIELDS & fields.keys() and not (due and "offer" in values)
    gaining = fields.get("profit", {}).get("op") in ("gt", "ge") and "offer" in values
    losing = fields.get("profit_pct", {}).get("op") in ("lt", "le") or ("profit" in fields and not gaining)
    return ("retain", "reading.objective.at_risk") if leaving or losing else None


def _by_stage(values: dict[str, Any], fields: dict[str, dict[str, Any]]) -> _Implied:
    if fields.get("purchase", {}).get("negated") and "page_view" in fields:
        return "convert", "reading.objective.looked"
    if any(fields.get(name, {}).get("negated") for name in _NOT_YET):
        return "activate", "reading.objective.not_yet"
    if fields.get("lifecycle", {}).get("value") == "new":
        return "convert", "reading.objective.new"
    if fields.get("register_days", {}).get("negated") or "lead_source" in fields:
        return "acquire", "reading.objective.not_registered"
    holds_other = _holds_other(values.get("audience", []), values.get("product", ""))
    return ("cross_sell", "reading.objective.holds_other") if holds_other else None


def _by_product(values: dict[str, Any], fields: dict[str, dict[str, Any]]) -> tuple[str, str]:
    kind = values.get("product", "")
    if not kind and values.get("offer", {}).get("type") == "lottery":
        return "awareness", "reading.objective.public_draw"
    if kind == "savings" and ("demand_deposit_cny" in fields or "payroll" in fields):
        return "convert", "reading.objective.product"
    if kind == "insurance" and not fields:
        return "convert", "reading.objective.product"
    if kind in _DEFAULTS:
        return _DEFAULTS[kind], "reading.objective.product"
    everybody = fields.get("segment", {}).get("value") == "all" and len(fields) == 1 and not kind
    return ("convert" if fields and not everybody else "awareness"), "reading.objective.none"


_NOT_YET = (
    "card_bound",
    "kyc_done",
    "credit_activated",
    "credit_drawn",
    "app_installed",
    "pension_account",
    "bill_exists",
)


_KIND_OF = {"mmf": "savings", "deposit": "savings", "bond_fund": "fund", "equity_fund": "fund", "index_fund": "fund",
    "QDII": "fund", "固收+": "fund", "hybrid_fund": "fund", "medical_insurance": "insurance",
            "critical_illness": "insurance", "annuity": "insurance", "白条": "credit", "金条": "credit",
            "credit_card": "credit"}  # fmt: skip
_FINANCIAL = frozenset(("fund", "savings", "wealth", "insurance", "gold", "credit"))


def _holds_other(audience: list[dict[str, Any]], kind: str) -> bool:
    """Customers who hold one thing are offered another."""
    held = [
        _KIND_OF.get(str(s.get("value")), s.get("value"))
        for s in audience
        if s["field"] in ("holding", "holding_ever") and not s.get("negated")
    ]
    return bool(kind) and any(name in _FINANCIAL and name != kind for name in held)
