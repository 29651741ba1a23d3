"""Edits of figures: budget, offer, hold-out, goals, caps, lengths."""

import re
from dataclasses import replace
from typing import Any

from linghang.reading.edits.keys import named
from linghang.reading.edits.words import Change, computed
from linghang.reading.quantities import Quantity, whole
from linghang.reading.rules import per_days

BUDGET, FACE, HOLDOUT = named("budget_cny"), named("offer.face_value_cny"), named("holdout_pct")
_THRESHOLD = named("offer.threshold_cny")
_CAP = re.compile(
    r"频控|频次|封顶|[别不](?:要|能|得|许|可)?超过?|同?一个人|为限|顶多|一(?:个?(?:礼拜|星期|月)|周|天)(?:内)?(?:收|发|推|打|触达|联系)|每人|一人|单人"
    r"|单客|每周|每天|每月|每日|每[一二两三四五六七\d]+天|最多|上限|cap"
    r"|per week|per day|per person|不超过"
    r"|at most"
)
_TITLE, _BODY = named("copy_rules.title_max_chars"), named("copy_rules.body_max_chars")
_MAX = re.compile(r"上限|封顶|最多|不超过|最高|max|cap|up to|ceiling")
_MONEY = ("yuan", "")


def amounts(change: Change) -> None:
    """Steps for every figure in the sentence that is no day, age or count of people."""
    for place in list(change.found.where("quantity")):
        quantity = change.found.quantity(place)
        if quantity is None:
            continue
        if quantity.form == "one":
            _one(change, place, quantity)
        elif quantity.form == "range" and quantity.unit in ("", "yuan") and _speaks_of_budget(change, place, quantity):
            change.step("set", "budget_cny", whole(quantity.values[0]), place)
            change.step("set", "budget_max_cny", whole(quantity.values[1]), place)


def _speaks_of_budget(change: Change, place: int, quantity: Quantity) -> bool:
    return bool(BUDGET.search(change.found.clause_text(place))) and quantity.values[0] >= 1000


def _clause_before(change: Change, place: int) -> str:
    found = change.found
    clause = found.clause(place)
    start = ([0, *found.breaks])[clause]
    return found.text[start : found.tokens[place].start]


def _one(change: Change, place: int, quantity: Quantity) -> None:
    before = _clause_before(change, place)
    clause = change.found.clause_text(place)
    if quantity.unit == "pct" and (HOLDOUT.search(clause) or _KEPT_BACK.search(change.found.text)):
        new = computed(change.base.get("holdout_pct", 0), replace(quantity, unit=""), clause, before)
        change.step("set", "holdout_pct", new if "holdout_pct" in change.base else quantity.value, place)
    elif quantity.unit == "char":
        _length(change, place, quantity, before, clause)
    elif (
        (
            quantity.unit == ""
            and re.match(r"\s(?:per|a|each)\s(?:day|week|month|person|user)", change.found.after(place, 12))
        )
        or (quantity.unit in ("times", "piece") and quantity.word in _SENDS)
    ) and (
        (_CAP.search(clause) or _paced(change, place, clause)) and not _is_deed(change, place) and not _on_days(change)
    ):
        _cap(change, place, quantity, clause)
    elif quantity.unit in ("period",) and "offer" in change.base:
        change.step("set", "offer.periods", quantity.value, place)
    elif quantity.unit == "fold" and not BUDGET.search(clause):
        _fold(change, place, quantity)
    elif quantity.unit == "people" and _goal(change, place, quantity, before):
        return
    elif quantity.unit in ("yuan", "", "pct", "fold"):
        _money(change, place, quantity, before, clause)


# 留5%的人不发，做对照
_KEPT_BACK = re.compile(
    r"[留拿抽划]\s?\d{1,2}\s?%[^,，。;]{0,8}[,，]\s?(?:做|当|作|用作|留作)[^,，。;]{0,3}(?:对照|留白|空白)"
)
_SENDS = ("次", "条", "遍", "封", "time", "times", "touches", "message", "messages", "pushes", "emails", "texts")


def _paced(change: Change, place: int, clause: str) -> bool:
    """一天只许发一条: a count over days that look back on nothing."""
    found = change.found
    inside = [t for t in found.tokens if found.clause_at(t.start) == found.clause(place)]
    return per_days(clause) is not None and not any(t.has("window", "act", "field", "moment") for t in inside)


_WEEKLY_STILL = re.compile(r"(?:还是|仍然?|依旧|依然)\s?(?:一周|每周|一个?月|每个?月|一天|每天)一[次条封]")
"""还是一周一次: the rhythm that holds, said again."""


def _on_days(change: Change) -> bool:
    """每周五发一次 says the days of sending, no cap, unless one is spoken of."""
    if change.touched("recurrence") or _WEEKLY_STILL.search(change.found.text):
        return True
    rhythms = [t.senses["recurrence"].args for t in change.found.tokens if t.has("recurrence")]
    return any(":" in str(args[0]) for args in rhythms) and not re.search(
        r"每人|最多|不超过|上限|频|cap|most", change.found.text
    )


def _is_deed(change: Change, place: int) -> bool:
    return bool(re.search(r"看|浏览|买|登录|点击|支付|下单|访问|viewed|bought", change.found.before(place, 8)))


def _length(change: Change, place: int, quantity: Quantity, before: str, clause: str) -> None:
    if re.search(r"[\"”」'》]\s?(?:这)?$", change.found.before(place, 3)):
        # “稳赚”两个字: how long the word is.
        return
    key = "title_max_chars" if _TITLE.search(clause) or not _BODY.search(clause) else "body_max_chars"
    old = change.base.get("copy_rules", {}).get(key)
    new = quantity.value if old is None else computed(old, quantity, clause, before)
    change.step("set", f"copy_rules.{key}", new, place)


# 取消一天最多1条的限制: the cap that holds is the one that goes.
_LIFTED = re.compile(
    r"(?:取消|去掉|撤销|撤掉|放开|解除|drop|remove|lift|scrap)[^,，。;]{1,24}(?:限制|上限|频控|cap|limit)"
)


def _cap(change: Change, place: int, quantity: Quantity, clause: str) -> None:
    value: dict[str, Any] = {"max": quantity.value}
    tail = _clause_before(change, place)
    earlier = [
        p
        for p in range(place)
        if (q := change.found.quantity(p)) is not None
        and q.unit == quantity.unit
        and change.found.clause(p) == change.found.clause(place)
    ]
    if earlier:
        # 每周两次改成每月两次: the rhythm said last counts.
        tail = change.found.text[change.found.tokens[earlier[-1]].end : change.found.tokens[place].start]
    days = per_days(tail) or per_days(clause) or change.base.get("freq_cap", {}).get("window_days")
    if days:
        value["window_days"] = days
    if value == change.base.get("freq_cap") and _LIFTED.search(clause):
        change.step("remove", "freq_cap", None, place)
        return
    change.step("set", "freq_cap", value, place)


def _fold(change: Change, place: int, quantity: Quantity) -> None:
    share = round(quantity.values[0] / (10 if quantity.values[0] < 10 else 100), 4)
    offer = change.base.get("offer", {})
    if offer.get("type") == "fee_discount" or re.search(r"费率|手续费|申购费|fee", change.found.text):
        if offer.get("type") != "fee_discount":
            change.step("set", "offer", {"type": "fee_discount", "fee_discount": share}, place)
        else:
            change.step("set", "offer.fee_discount", share, place)


_OF_PEOPLE = re.compile(r"的?(?:人|客户|用户|流量)")
_OF_A_VERSION = re.compile(r"(?<![a-z])[a-d](?:版|组)?\s?[占给拿分:]?\s?$")


def _money(change: Change, place: int, quantity: Quantity, before: str, clause: str) -> None:
    if quantity.unit == "pct" and (_OF_A_VERSION.search(before) or _OF_PEOPLE.match(change.found.after(place, 4))):
        # A 50%, B 30%: what a version of an experiment gets.
        return
    about_budget = bool(BUDGET.search(before)) or (bool(BUDGET.search(clause)) and not FACE.search(before))
    if _goal(change, place, quantity, before):
        return
    if (
        _counted(change, place, quantity, clause)
        or _stock_figure(change, place, quantity, before, clause)
        or _by_piece(change, place, quantity, clause)
    ):
        return
    if "offer" in change.base and _A_THRESHOLD.match(change.found.text[change.found.tokens[place].end :]):
        change.step("set", "offer.threshold_cny", quantity.value, place)
        return
    if _THRESHOLD.search(before[-24:]) and "offer" in change.base and not re.search(r"预算|budget", before[-8:]):
        old = change.base["offer"].get("threshold_cny", 0)
        change.step("set", "offer.threshold_cny", computed(old, quantity, clause, before), place)
    elif (
        not about_budget
        and (FACE.search(clause) or _offer_like(change, quantity))
        and "offer" in change.base
        and quantity.unit != "fold"
    ):
        _face(change, place, quantity, before, clause)
    elif (
        about_budget
        or (
            _budget_like(change, quantity, before)
            and "budget_cny" in change.base
            and not _OTHER_SUM.search(change.found.text)
        )
        or (quantity.big and quantity.unit in ("", "yuan") and _GRANTED.search(before))
    ):
        _budget(change, place, quantity, before, clause)


# 给它批12万, where no budget was said yet.
_GRANTED = re.compile(r"(?:批|拨|砸|掏)(?:下来|下|了|到|个)?\s?$")
_OTHER_SUM = re.compile(r"下限|额度|余额|资产|收入|月薪|工资|账单|流水|存款|aum|balance|income|salary|limit of|bill")
_A_THRESHOLD = re.compile(r"\s?(?:元|块|yuan)?\s?(?:的|of)?\s?(?:使用)?(?:门槛|minimum|threshold)")
_COUNTED = re.compile(r"\s?(?:coupons|vouchers|packets|张)(?![a-z])")


def _stock_figure(change: Change, place: int, quantity: Quantity, before: str, clause: str) -> bool:
    """张数加到8000: how many of the offer there are."""
    if (
        "offer" not in change.base
        or quantity.unit not in ("", "piece")
        or not re.search(r"(?:张数|份数|数量|库存|限量|券量|发放量|quantity|stock)[^,，。;]{0,10}$", before)
    ):
        return False
    old = change.base["offer"].get("quantity", 0)
    change.step("set", "offer.quantity", computed(old, quantity, clause, before), place)
    return True


def _by_piece(change: Change, place: int, quantity: Quantity, clause: str) -> bool:
    """预算跟着按单张3元算: the budget is what all pieces cost."""
    if not re.search(r"按(?:单张|每张|单个|每个|每份|每人)[^,，。;]{0,6}算", clause) or not BUDGET.search(clause):
        return False
    stock = next((s["value"] for s in change.steps if s["path"] == "offer.quantity"), None)
    stock = stock or change.base.get("offer", {}).get("quantity")
    if stock is None:
        return False
    change.step("set", "budget_cny", whole(stock * quantity.values[0]), place)
    return True


def _counted(change: Change, place: int, quantity: Quantity, clause: str) -> bool:
    """limit it to 3000 coupons: how many there are."""
    behind = change.found.text[change.found.tokens[place].end :]
    if "offer" in change.base and quantity.unit == "" and quantity.values[0] >= 100 and _COUNTED.match(behind):
        change.step("set", "offer.quantity", quantity.value, place)
        return True
    return False


def _offer_like(change: Change, quantity: Quantity) -> bool:
    """A small sum without a name is the offer's where the last thing spoken of is the offer."""
    return quantity.unit == "yuan" and quantity.values[0] < 1000 and not quantity.big


_KEPT_OR_GIVEN = re.compile(
    r"(?<!只)[留给剩放分][^,，。;\d]{0,2}$|(?<![a-z])(?:keep|leave|give|hold back|set aside)[^,.;\d]{0,8}$"
)


def _budget_like(change: Change, quantity: Quantity, before: str) -> bool:
    if re.match(r"\W*(?:目标|kpi|指标|target|goal)", change.found.text):
        return False
    if (
        quantity.unit == "pct"
        and _KEPT_OR_GIVEN.search(before)
        and not BUDGET.search(str(change.notes.get("message", "")))
    ):
        # 留10%: of what, nobody says; a budget is not cut to that on a guess.
        return False
    if quantity.unit == "pct":
        return not re.search(r"流失|收益|亏|盈|top|转化|率", change.found.text)
    return quantity.big or quantity.values[0] >= 1000


def _budget(change: Change, place: int, quantity: Quantity, before: str, clause: str) -> None:
    if _MAX.search(before) or (
        re.match(r"\s?(?:元|块)?(?:以内|之内|内|封顶|max(?![a-z])|tops|at most)", change.found.after(place, 8))
        and "budget_max_cny" not in change.base
    ):
        change.step("set", "budget_max_cny", quantity.value, place)
        return
    if re.search(r"预留|备用|机动|预备[金费]|准备金|reserve|contingency|set aside", clause):
        _reserve(change, place, quantity, before, clause)
        return
    if "budget_cny" not in change.base and quantity.unit == "pct":
        return
    new = computed(change.base.get("budget_cny", 0), quantity, clause, before)
    if new is not None and new >= 0:
        change.step("set", "budget_cny", new, place)


def _reserve(change: Change, place: int, quantity: Quantity, before: str, clause: str) -> None:
    """预留10%机动 is a share of the budget; 机动加到3万 a sum."""
    if quantity.unit == "pct":
        total = next((s["value"] for s in change.steps if s["path"] == "budget_cny"), change.base.get("budget_cny"))
        if total is not None:
            change.step("set", "budget_reserve_cny", whole(round(total * quantity.values[0] / 100, 2)), place)
        return
    new = computed(change.base.get("budget_reserve_cny", 0), quantity, clause, before)
    if new is not None and new >= 0:
        change.step("set", "budget_reserve_cny", new, place)


def _face(change: Change, place: int, quantity: Quantity, before: str, clause: str) -> None:
    old = change.base["offer"].get("face_value_cny")
    if quantity.unit == "pct" and old is None:
        return
    new = computed(old or 0, quantity, clause, before)
    if new is not None and new >= 0:
        change.step("set", "offer.face_value_cny", new, place)


def _goal(change: Change, place: int, quantity: Quantity, before: str) -> bool:
    target = change.base.get("target")
    if not isinstance(target, dict):
        return False
    spoken = r"目标|target|goal|kpi"
    if str(target.get("metric", "")).endswith(("cac_cny", "cost_cny")):
        spoken += "|成本|cac|cost"
    if (
        not re.search(spoken, before)
        and not re.search(rf"(?:{spoken})\s?[:：]", change.found.labelled(place))
        and not (re.match(r"^\W*(?:到|至|to)", before) and change.touched("target"))
    ):
        return False
    value = computed(target.get("value", 0), quantity, before, before)
    change.step("set", "target.value", value, place)
    return True
