"""Figures of customers by construction: fields × comparisons × sums × carriers in both languages.

``python -m evals.reading_figures [N [SEED]]`` reads N of them and prints what failed, by class and by ingredient.
"""

import random
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from evals.construction import tell
from evals.reading_dates import TODAY, Draw
from linghang import packs
from linghang.reading import read

FIELDS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "aum_cny": ("yuan", ("AUM", "资产", "总资产", "金融资产", "管理资产", "日均AUM"), ("AUM", "total assets", "assets under management", "assets")),
    "demand_deposit_cny": ("yuan", ("活期余额", "活期存款", "活期资金", "活期"), ("demand deposits", "demand deposit balance", "current account balance")),
    "holding_amount_cny": ("yuan", ("持仓金额", "持仓", "持有金额", "持仓市值"), ("holding amount", "holdings")),
    "salary_cny": ("yuan", ("月薪", "工资", "月收入", "代发工资"), ("salary", "monthly income")),
    "monthly_flow_cny": ("yuan", ("月流水", "流水", "月均流水"), ("monthly turnover", "monthly cash flow")),
    "credit_limit_cny": ("yuan", ("授信额度", "额度", "信用额度", "可用额度"), ("credit limit", "credit line")),
    "bill_amount_cny": ("yuan", ("账单金额", "待还金额", "本期账单"), ("bill amount", "statement balance")),
    "credit_score": ("score", ("信用分", "小白信用分", "信用评分"), ("credit score",)),
    "age": ("age", ("年龄",), ("age",)),
    "register_days": ("day", ("注册天数", "注册时长"), ("tenure",)),
    "last_login_days": ("day", ("未登录天数",), ("days since last login",)),
    "pay_count": ("times", ("支付次数", "支付笔数"), ("number of payments", "payment count")),
}  # fmt: skip
ONE_ZH = (("{f}{v}以上", "ge"), ("{f}超过{v}", "gt"), ("{f}大于{v}", "gt"), ("{f}不低于{v}", "ge"), ("{f}在{v}以上", "ge"), ("{f}≥{v}", "ge"),
          ("{f}>{v}", "gt"), ("{f}低于{v}", "lt"), ("{f}{v}以下", "lt"), ("{f}不足{v}", "lt"), ("{f}不超过{v}", "le"), ("{f}至少{v}", "ge"),
          ("{f}达到{v}", "ge"), ("{f}满{v}", "ge"), ("{f}{v}及以上", "ge"), ("{f}高于{v}", "gt"), ("{f}小于{v}", "lt"), ("{f}≤{v}", "le"),
          ("{f}不高于{v}", "le"), ("{f}不少于{v}", "ge"), ("{f}大于等于{v}", "ge"), ("{f}<{v}", "lt"), ("{f}多于{v}", "gt"), ("{f}不到{v}", "lt"),
          ("{f}{v}及以下", "le"), ("{f}在{v}以下", "lt"), ("{f}少于{v}", "lt"), ("{f}不大于{v}", "le"), ("{f}突破{v}", "gt"),
          ("{f}小于等于{v}", "le"), ("{f}超{v}", "gt"), ("{f}未满{v}", "lt"), ("{f}={v}以上", "ge"), ("{f}：{v}以上", "ge"))  # fmt: skip
TWO_ZH = ("{f}{a}到{b}", "{f}在{a}到{b}之间", "{f}{a}-{b}", "{f}介于{a}和{b}之间", "{f}{a}~{b}", "{f}{a}至{b}", "{f}在{a}-{b}之间", "{f}{a}以上{b}以下",
          "{f}处于{a}到{b}")  # fmt: skip
ONE_EN = (("with {f} over {v}", "gt"), ("with {f} above {v}", "gt"), ("with {f} of at least {v}", "ge"), ("whose {f} exceeds {v}", "gt"),
          ("with {f} below {v}", "lt"), ("with {f} under {v}", "lt"), ("whose {f} is at least {v}", "ge"), ("with {f} >= {v}", "ge"),
          ("with {f} of {v} or more", "ge"), ("whose {f} is more than {v}", "gt"), ("with {f} of {v} and above", "ge"),
          ("whose {f} is below {v}", "lt"), ("with {f} no less than {v}", "ge"), ("with {f} of up to {v}", "le"), ("with {f} less than {v}", "lt"),
          ("with {f} greater than {v}", "gt"), ("with {f} no more than {v}", "le"), ("with a {f} over {v}", "gt"),
          ("with {f} of more than {v}", "gt"), ("whose {f} is over {v}", "gt"), ("with {f} > {v}", "gt"), ("with {f} < {v}", "lt"),
          ("having {f} above {v}", "gt"), ("with {f} of {v}+", "ge"), ("with {f} not less than {v}", "ge"))  # fmt: skip
LEFT_EN = (("with more than {v} in {f}", "gt"), ("with over {v} in {f}", "gt"), ("with at least {v} in {f}", "ge"), ("with {v} or more in {f}", "ge"),
           ("holding over {v} in {f}", "gt"), ("with less than {v} in {f}", "lt"), ("with under {v} in {f}", "lt"), ("who have over {v} in {f}", "gt"),
           ("having more than {v} in {f}", "gt"), ("with {v}+ in {f}", "ge"), ("with more than {v} of {f}", "gt"),
           ("who hold at least {v} in {f}", "ge"))  # fmt: skip
TWO_EN = ("with {f} between {a} and {b}", "with {f} of {a} to {b}", "with {f} from {a} to {b}", "whose {f} is between {a} and {b}",
          "with {f} {a}-{b}", "with {f} in the range {a} to {b}")  # fmt: skip
CARRIERS_ZH = ("给{c}的客户推基金，push，下周，预算10万", "推基金，push，下周，人群：{c}，预算10万", "基金转化，{c}，push，下周，10万预算", "{c}的用户，推基金，下周push，预算10万",
               "下周用push给{c}的人做基金转化，预算10万", "产品：基金\n人群：{c}\n渠道：push\n时间：下周\n预算：10万", "目标客群是{c}的客户，推基金，push，下周，预算10万",
               "面向{c}客户的基金转化，push，下周，预算10万")  # fmt: skip
CARRIERS_EN = ("Promote funds to customers {c}, push, next week, budget 100k", "Funds, push, next week, 100k budget, customers {c}",
               "Target customers {c} for funds by push next week, budget 100k", "Customers {c}: promote funds by push next week, budget 100k.",
               "Send a push about funds next week to clients {c}; budget 100k")  # fmt: skip
REST = {"product": "fund", "channels": ["push"], "start": "2026-11-30", "end": "2026-12-06", "budget_cny": 100000}
_SUMS = (1000, 2000, 5000, 10000, 20000, 30000, 50000, 80000, 100000, 150000, 200000, 300000, 500000, 1000000, 3000000)


def _said(draw: Draw, unit: str, value: int) -> str:
    if unit == "yuan":
        if draw.lang == "en":
            return draw.one(
                [
                    f"{value // 1000}k",
                    f"{value:,}",
                    f"CNY {value:,}",
                    f"{value:,} yuan",
                    f"¥{value:,}",
                    f"RMB {value // 1000}k",
                ],
                "",
            )
        many = value / 10000
        forms = (
            [f"{many:g}万", f"{many:g}万元", f"{many:g}w"]
            if value >= 10000
            else [f"{value}元", f"{value // 1000}千", f"{value}"]
        )
        return draw.one(forms, "")
    suffix = (
        {"score": "分", "age": "岁", "day": "天", "times": "次"}[unit]
        if draw.lang == "zh"
        else {"day": " days"}.get(unit, "")
    )
    return f"{value}{suffix}"


def _values(draw: Draw, unit: str, count: int) -> list[int]:
    choices = {"yuan": _SUMS, "score": (550, 600, 650, 700, 750), "age": (18, 22, 25, 30, 35, 40, 45, 50, 60), "day": (7, 15, 30, 60, 90, 180),
               "times": (2, 3, 5, 10, 20)}[unit]  # fmt: skip
    return sorted(draw.random.sample(choices, count))


def sentences(count: int, seed: int) -> Iterator[tuple[str, str, dict[str, Any], list[str]]]:
    """``count`` briefs: the field, the text, the condition that it must have, the ingredients."""
    draw = Draw(random.Random(seed))
    for number in range(count):
        field = list(FIELDS)[number % len(FIELDS)]
        unit, zh, en = FIELDS[field]
        draw.drawn, draw.lang = [], draw.random.choice(["zh", "zh", "en"])
        name = draw.one(zh if draw.lang == "zh" else en, "field ")
        if draw.random.random() < 0.2:
            frame: str = draw.one(TWO_ZH if draw.lang == "zh" else TWO_EN, "two ")
            low, high = _values(draw, unit, 2)
            said = frame.format(f=name, a=_said(draw, unit, low), b=_said(draw, unit, high))
            shape = {"field": field, "op": "between", "value": [low, high]}
        else:
            frames = (
                ONE_ZH if draw.lang == "zh" else ONE_EN + (LEFT_EN if unit == "yuan" and field not in _NOT_IN else ())
            )
            frame, op = draw.one(frames, "one ")
            [value] = _values(draw, unit, 1)
            said = frame.format(f=name, v=_said(draw, unit, value))
            shape = {"field": field, "op": op, "value": value}
        carrier: str = draw.one(CARRIERS_ZH if draw.lang == "zh" else CARRIERS_EN, "in ")
        yield field, carrier.replace("{c}", said), shape, draw.drawn


# Nobody has money in a salary.
_NOT_IN = ("salary_cny", "monthly_flow_cny", "credit_limit_cny", "bill_amount_cny")


def wrong(text: str, shape: Mapping[str, Any], pack: Any) -> dict[str, tuple[Any, Any]]:
    """What is read otherwise: the condition, and what stands beside it in every carrier."""
    found = read(text, today=TODAY, pack=pack)
    if found.kind != "brief":
        return {"kind": ("brief", found.kind)}
    whole: dict[str, Any] = REST | {"audience": [dict(shape)]}
    given = {key: found.reading.get(key) for key in (*whole, "budget_max_cny", "exclusions", "target", "offer")}
    return {key: (whole.get(key), given[key]) for key in given if whole.get(key) != given[key]}


def main(count: str = "2400", seed: str = "1", shown: str = "400") -> int:
    """Print what failed: the sentences, how many of each field, and the ingredients that fail most."""
    pack = packs.load("demo")
    tell(sentences(int(count), int(seed)), lambda _, text, shape: wrong(text, shape, pack), int(shown))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
