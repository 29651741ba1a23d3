"""Edits of figures: budget, offer, hold-out, goals, caps, lengths."""

import itertools
import re
from typing import Any

from linghang.reading.edits.words import DOUBLE, DROP, HALVE, TIMES, Change, computed
from linghang.reading.quantities import Quantity, whole

_BUDGET = re.compile(r"预算|费用|经费|盘子|总额|投入|钱(?!包)|budget|spend")
_FACE = re.compile(
    r"单个|个人最高|券|红包|面额|面值|金额|奖励|立减|coupon|voucher|packet|face|offer|优惠|礼金|首月|首年"
)
_THRESHOLD = re.compile(r"门槛|满(?!意)|threshold|minimum|min(?:imum)? spend|起用")
_HOLDOUT = re.compile(r"对照|holdout|hold-out|留白|空白组|control|静默")
_CAP = re.compile(r"频控|频次|每人|每周|每天|每月|最多|上限|cap|per week|per day|per person|不超过")
_TITLE = re.compile(r"标题|title|headline|subject")
_BODY = re.compile(r"正文|内文|body")
_MAX = re.compile(r"上限|封顶|最多|不超过|最高|max|cap|up to|ceiling")
_MONEY = ("yuan", "")


def amounts(change: Change) -> None:
    """Steps for every figure in the sentence that is no day, age or count of people."""
    for place in list(change.found.where("quantity")):
        quantity = change.found.quantity(place)
        if quantity is not None and quantity.form == "one":
            _one(change, place, quantity)
    _wordless(change)


def _clause_before(change: Change, place: int) -> str:
    found = change.found
    clause = found.clause(place)
    start = ([0, *found.breaks])[clause]
    return found.text[start : found.tokens[place].start]


def _one(change: Change, place: int, quantity: Quantity) -> None:
    before = _clause_before(change, place)
    clause = change.found.clause_text(place)
    if quantity.unit == "pct" and _HOLDOUT.search(clause):
        change.step("set", "holdout_pct", quantity.value, place)
    elif quantity.unit == "char":
        _length(change, place, quantity, clause)
    elif (
        quantity.unit in ("times", "piece")
        and quantity.word in ("次", "条", "遍", "封", "time", "times")
        and _CAP.search(clause)
        and not _is_deed(change, place)
    ):
        _cap(change, place, quantity, clause)
    elif quantity.unit in ("period",) and "offer" in change.base:
        change.step("set", "offer.periods", quantity.value, place)
    elif quantity.unit == "fold" and not _BUDGET.search(clause):
        _fold(change, place, quantity)
    elif quantity.unit in ("yuan", "", "pct", "fold"):
        _money(change, place, quantity, before, clause)


def _is_deed(change: Change, place: int) -> bool:
    return bool(re.search(r"看|浏览|买|登录|点击|支付|下单|访问|viewed|bought", change.found.before(place, 8)))


def _length(change: Change, place: int, quantity: Quantity, clause: str) -> None:
    key = "title_max_chars" if _TITLE.search(clause) or not _BODY.search(clause) else "body_max_chars"
    change.step("set", f"copy_rules.{key}", quantity.value, place)


def _cap(change: Change, place: int, quantity: Quantity, clause: str) -> None:
    days = (
        7
        if re.search(r"周|week", clause)
        else 30
        if re.search(r"月|month", clause)
        else 1
        if re.search(r"天|日|day", clause)
        else None
    )
    value: dict[str, Any] = {"max": quantity.value}
    days = days or change.base.get("freq_cap", {}).get("window_days")
    if days:
        value["window_days"] = days
    change.step("set", "freq_cap", value, place)


def _fold(change: Change, place: int, quantity: Quantity) -> None:
    share = round(quantity.values[0] / (10 if quantity.values[0] < 10 else 100), 4)
    offer = change.base.get("offer", {})
    if offer.get("type") == "fee_discount" or re.search(r"费率|手续费|申购费|fee", change.found.text):
        if offer.get("type") != "fee_discount":
            change.step("set", "offer", {"type": "fee_discount", "fee_discount": share}, place)
        else:
            change.step("set", "offer.fee_discount", share, place)


def _money(change: Change, place: int, quantity: Quantity, before: str, clause: str) -> None:
    about_budget = bool(_BUDGET.search(before)) or (bool(_BUDGET.search(clause)) and not _FACE.search(before))
    if _goal(change, place, quantity, before):
        return
    if _THRESHOLD.search(before[-24:]) and "offer" in change.base and not re.search(r"预算|budget", before[-8:]):
        old = change.base["offer"].get("threshold_cny", 0)
        change.step("set", "offer.threshold_cny", computed(old, quantity, clause, before), place)
    elif (
        not about_budget
        and (_FACE.search(clause) or _offer_like(change, quantity))
        and "offer" in change.base
        and quantity.unit != "fold"
    ):
        _face(change, place, quantity, before, clause)
    elif about_budget or (_budget_like(change, quantity, before) and "budget_cny" in change.base):
        _budget(change, place, quantity, before, clause)


def _offer_like(change: Change, quantity: Quantity) -> bool:
    """A small sum without a name is the offer's where the last thing spoken of is the offer."""
    return quantity.unit == "yuan" and quantity.values[0] < 1000 and not quantity.big


def _budget_like(change: Change, quantity: Quantity, before: str) -> bool:
    if quantity.unit == "pct":
        return not re.search(r"流失|收益|亏|盈|top|转化|率", change.found.text)
    return quantity.big or quantity.values[0] >= 1000


def _budget(change: Change, place: int, quantity: Quantity, before: str, clause: str) -> None:
    if _MAX.search(before):
        change.step("set", "budget_max_cny", quantity.value, place)
        return
    if re.search(r"预留|备用|机动|reserve", clause):
        change.step("set", "budget_reserve_cny", quantity.value, place)
        return
    if "budget_cny" not in change.base and quantity.unit == "pct":
        return
    new = computed(change.base.get("budget_cny", 0), quantity, clause, before)
    if new is not None and new >= 0:
        change.step("set", "budget_cny", new, place)


def _face(change: Change, place: int, quantity: Quantity, before: str, clause: str) -> None:
    old = change.base["offer"].get("face_value_cny")
    if quantity.unit == "pct" and old is None:
        return
    new = computed(old or 0, quantity, clause, before)
    if new is not None and new >= 0:
        change.step("set", "offer.face_value_cny", new, place)


def _goal(change: Change, place: int, quantity: Quantity, before: str) -> bool:
    target = change.base.get("target")
    if not re.search(r"目标|target|goal|kpi", before) or not isinstance(target, dict):
        return False
    value = computed(target.get("value", 0), quantity, before, before)
    change.step("set", "target.value", value, place)
    return True


def _wordless(change: Change) -> None:
    """预算减半, 券翻倍: sums without a figure."""
    found = change.found
    edges = (0, *found.breaks, len(found.text))
    for start, end in itertools.pairwise(edges):
        clause = found.text[start:end]
        if not (HALVE.search(clause) or DOUBLE.search(clause) or TIMES.search(clause)):
            continue
        if re.search(r"免息|天数|interest-free", clause) and "interest_free_days" in change.base.get("offer", {}):
            _scaled(change, "offer.interest_free_days", change.base["offer"]["interest_free_days"], clause)
        elif re.search(r"门槛|threshold", clause) and "threshold_cny" in change.base.get("offer", {}):
            _scaled(change, "offer.threshold_cny", change.base["offer"]["threshold_cny"], clause)
        elif _FACE.search(clause) and not _BUDGET.search(clause) and "face_value_cny" in change.base.get("offer", {}):
            _scaled(change, "offer.face_value_cny", change.base["offer"]["face_value_cny"], clause)
        elif _HOLDOUT.search(clause) and "holdout_pct" in change.base:
            _scaled(change, "holdout_pct", change.base["holdout_pct"], clause)
        elif re.search(r"目标|target|goal", clause) and isinstance(change.base.get("target"), dict):
            _scaled(change, "target.value", change.base["target"]["value"], clause)
        elif (
            "budget_cny" in change.base
            and not change.touched("budget_cny")
            and not re.search(r"时间|周期|天数|人群|duration", clause)
        ):
            _scaled(change, "budget_cny", change.base["budget_cny"], clause)


def _scaled(change: Change, path: str, old: float, clause: str) -> None:
    new = computed(old, None, clause, clause)
    if new is not None:
        change.step("set", path, whole(new))


def removed_figures(change: Change) -> None:
    """不发券了, 不留对照组, 取消频控: whole keys that go."""
    found = change.found
    for key, words in (("offer", r"券|红包|优惠|礼品|抽奖|免息|奖励|coupon|voucher|red packet|offer|lottery"),
    ("holdout_pct", r"对照组?|holdout|留白|空白组"), ("freq_cap", r"频控|频次限制|频次上限|frequency cap|freq cap"),
                       ("send_window", r"时段限制|发送时段|send window"), ("experiment",
                       r"ab测试|a/b测试|实验|分组测试|a/b test"), ("copy_rules", r"字数限制|标题限制"), ("target",
                       r"目标"), ("start_time", r"具体时间点|几点发")):  # fmt: skip
        if (
            key in change.base
            and not change.touched(key)
            and re.search(
                rf"(?:{DROP.pattern}|不留|不做|不设|(?<![a-z])no(?![a-z]))[^,，。;]{{0,6}}(?:{words})"
                rf"|(?:{words})[^,，。;]{{0,4}}(?:{DROP.pattern}|不留|不做)",
                found.text,
            )
            and not re.search(r"换成|改成|改为|只要|only|replace", found.text)
        ):
            change.step("remove", key)
