"""What can be computed from a text: prizes above the cap, instalments against the stated annual rate, short windows."""

import re
from collections.abc import Iterator, Mapping, Sequence

from linghang.compliance.model import Hit, Material, MaterialType, Rule
from linghang.compliance.normalise import View

_DIGITS = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}


def amount(said: str) -> float | None:
    """The value of a number as written: ``12,000``, ``1.5万``, ``十万``; None for what is no number."""
    plain = said.replace(",", "").strip("¥$£€ ")
    match = re.match(r"(\d+(?:\.\d+)?)([百千万亿]*)", plain)
    if match:
        value = float(match.group(1))
        for unit in match.group(2):
            value *= _UNITS[unit]
        return value
    return _chinese(plain)


def _chinese(said: str) -> float | None:
    total = section = digit = 0.0
    seen = False
    for char in said:
        if char in _DIGITS:
            digit, seen = _DIGITS[char], True
        elif char in _UNITS:
            seen = True
            unit = _UNITS[char]
            if unit >= 10_000:
                total, section, digit = total + (section + digit) * unit, 0.0, 0.0
            else:
                section, digit = section + (digit or 1) * unit, 0.0
        else:
            break
    return total + section + digit if seen else None


def annual_rate(principal: float, payment: float, periods: int, per_year: int = 12) -> float | None:
    """The nominal annual rate (internal rate of return a period × ``per_year``) of equal instalments; None if none exists.

    Solves principal = payment · Σ (1+r)^-t by bisection; ``payment * periods`` must exceed the principal.
    """
    if payment * periods <= principal or periods < 1 or principal <= 0:
        return None
    low, high = 0.0, 1.0
    for _ in range(60):
        rate = (low + high) / 2
        worth = payment * (1 - (1 + rate) ** -periods) / rate if rate > 0 else payment * periods
        low, high = (rate, high) if worth > principal else (low, rate)
    return low * per_year


def counted(view: View, material: Material, kind: MaterialType, rules: Sequence[Rule]) -> Iterator[Hit]:
    """Findings that arithmetic makes."""
    by_id: Mapping[str, Rule] = {rule.id: rule for rule in rules}
    if "CN-PR-01" in by_id:
        yield from _prizes(view, by_id["CN-PR-01"])
    if material.product == "credit" and kind == "promotion":
        for rule_id in ("CN-LN-01", "US-03", "UK-05", "EU-04"):
            if rule_id in by_id:
                yield from _instalments(view, by_id[rule_id])


_DRAW = r"(?:抽|摇|开奖|中奖|大奖|头奖|一等奖|特等奖|奖品|奖金|盲盒|转盘|刮|砸金蛋|拼手气|幸运|锦鲤|赢|揭晓)"
_PRIZE = re.compile(
    rf"{_DRAW}[^。!?;\n]{{0,14}}?(?P<a>[¥]?(?:\d[\d,.]*[百千万]?|[一二三四五六七八九十百千万两]+))(?:元|块)?(?P<unit>万元|元|块|现金|大奖|奖金|红包|豪车)?"
    rf"|(?P<b>(?:\d[\d,.]*[百千万]?|[一二三四五六七八九十百千万两]+)元?)(?:现金|奖金)?(?:大奖|头奖|特等奖|奖金)"
)
_SHARED = re.compile(r"瓜分|总奖池|奖池|共|累计|总价值|份|名|人|位|个|张|次|积分|日|月|号|点|%|:|年|期|小时|天|折")
PRIZE_CAP_YUAN = 50_000
"""《反不正当竞争法》第11条: the most that the top prize of a draw may be worth."""


_GOLD = re.compile(
    r"(?:黄金|金条|足金|纯金|金砖)[^,。!?;\d]{0,3}(?P<a>\d+)(?:克|g)|(?P<b>\d+)(?:克|g)(?:的)?(?:黄金|金条|足金|纯金|金砖)"
)
GOLD_YUAN = 500
"""A price of a gram of gold that it has been well above since 2024: a prize heavier than the cap allows at it is above."""


def _prizes(view: View, rule: Rule) -> Iterator[Hit]:
    if re.search(_DRAW, view.text):
        for match in _GOLD.finditer(view.text):
            value = float(match.group("a") or match.group("b")) * GOLD_YUAN
            if value > PRIZE_CAP_YUAN:
                span = view.span(*match.span())
                yield Hit(rule, span, code="compliance.prize_cap", params={"value": f"{value:g}"})
    for match in _PRIZE.finditer(view.text):
        said = match.group("a") or match.group("b")
        group = "a" if match.group("a") else "b"
        value = amount(said)
        after = view.text[match.end(group) : match.end(group) + 1]
        if value is None or value <= PRIZE_CAP_YUAN or (after and _SHARED.match(after)):
            continue
        if re.search(r"瓜分|总奖池|奖池|共|额度|保额|贷", match.group()):
            continue
        yield Hit(
            rule, view.span(match.start(), match.end()), code="compliance.prize_cap", params={"value": f"{value:g}"}
        )


_LOAN = re.compile(r"(?:借|贷|分期|本金|借款|¥|\$|£|€)[^。;!?\n]{0,6}?(?P<p>\d[\d,.]*万?)(?:元)?")
_PERIODS = re.compile(
    r"(?P<n>\d+)(?:个月|期)|(?:over|for) (?P<m>\d+) (?:monthly )?(?:months|payments|instalments|installments)"
)
_EACH = re.compile(
    r"(?:每期|每月|月供|月还)(?:应?还|仅|只|约|需|付|还款)*(?P<a>\d[\d,.]*)元?|[$£€](?P<b>\d[\d,.]*)(?: per month| a month|/mo| monthly| each month)"
)
_RATE = re.compile(
    r"(?:年化|年利率|apr)[^%。;\n]{0,14}?(?P<r>\d+(?:\.\d+)?)%|(?P<s>\d+(?:\.\d+)?)% (?:representative )?apr"
)


def _instalments(view: View, rule: Rule) -> Iterator[Hit]:
    """A stated annual rate that is more than a tenth below what the instalments imply."""
    loan, periods, each = _LOAN.search(view.text), _PERIODS.search(view.text), _EACH.search(view.text)
    stated = _RATE.search(view.text)
    if not (loan and periods and each and stated):
        return
    principal = amount(loan.group("p").rstrip(",."))
    payment = amount((each.group("a") or each.group("b")).rstrip(",."))
    if principal is None or payment is None:
        return
    real = annual_rate(principal, payment, int(periods.group("n") or periods.group("m")))
    told = float(stated.group("r") or stated.group("s")) / 100
    if real is not None and real > told * 1.1 + 0.005:
        params = {"stated": f"{told:.2%}", "real": f"{real:.2%}"}
        yield Hit(rule, view.span(*stated.span()), code="compliance.rate_differs", params=params)
