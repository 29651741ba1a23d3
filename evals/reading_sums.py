"""Money of briefs by construction: sums × how they are told × carriers, and sums that are no budget, in both languages.

``python -m evals.reading_sums [N [SEED]]`` reads N of them and prints what failed, by class and by ingredient.
"""

import random
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from evals.construction import tell
from evals.reading_dates import TODAY, Draw, numeral
from linghang import packs
from linghang.reading import read

KEYS = ("budget_cny", "budget_max_cny", "budget_reserve_cny")
REST = {"product": "fund", "channels": ["push"], "start": "2026-11-30", "end": "2026-12-06"}
SUMS = (20000, 30000, 45000, 50000, 80000, 100000, 120000, 150000, 180000, 200000, 250000, 300000, 355000, 500000, 600000, 800000,
        1000000, 1200000, 1500000, 2000000, 3500000, 5000000, 10000000, 12000000)  # fmt: skip

CARRIERS_ZH = ("给老客推基金，push，下周，{s}", "{s}，给老客推基金，push，下周", "下周给老客推基金，{s}，走push", "基金转化，老客，push，下周上，{s}",
               "人群：老客\n产品：基金\n渠道：push\n时间：下周\n{s}", "下周对老客做一波基金转化，push触达，{s}。", "老客基金转化（push，下周，{s}）",
               "老板说下周给老客推基金，用push，{s}", "给老客推基金，push，{s}，时间下周")  # fmt: skip
CARRIERS_EN = ("Promote funds to existing customers by push next week, {s}.", "Fund campaign, existing customers, push, next week, {s}",
               "Next week, push funds to existing customers; {s}.", "Audience: existing customers\nProduct: funds\nChannel: push\nWhen: next week\n{s}",
               "Promote funds to existing customers next week by push ({s})")  # fmt: skip
TOTAL_ZH = ("预算{}", "预算是{}", "{}预算", "总预算{}", "预算：{}", "总共{}", "一共花{}", "费用{}", "经费{}", "花{}", "批了{}", "盘子{}", "投入{}",
            "预算给到{}", "砸{}", "预算这块{}", "预算大概{}", "预算{}左右", "预算按{}做", "营销费用{}", "活动经费{}", "预算总额{}", "总投入{}",
            "准备了{}", "老板批了{}", "财务批了{}", "预算有{}", "预算就{}", "预算定{}", "打算花{}", "计划投{}", "{}的预算", "预算约{}", "总费用{}",
            "预算申请了{}", "手头有{}预算", "预算只有{}", "预算初步定{}", "预算先按{}", "总盘子{}", "活动预算共{}", "预算：共{}", "预算暂定{}", "拨了{}",
            "预算大约{}", "整体预算{}", "营销预算{}", "推广费用{}", "钱给{}", "预算额度{}", "预算差不多{}", "预算合计{}", "大概花{}", "预计花费{}",
            "投放预算{}", "预算：约{}", "预算=={}", "预算為{}", "預算{}", "資金{}", "费用预算{}", "一共{}预算", "预算不多，{}", "成本{}")  # fmt: skip
TOTAL_EN = ("budget {}", "budget is {}", "budget: {}", "a budget of {}", "{} budget", "total budget {}", "with {}", "we have {} to spend",
            "spend {}", "{} in total", "budget of {}", "total budget of {}", "the budget is {}", "budget around {}", "roughly {} budget",
            "we've got {}", "{} total", "total spend {}", "with a budget of {}", "budget about {}", "our budget is {}", "budgeted at {}",
            "the total is {}", "spending {}", "{} all in", "overall budget {}", "{} to spend", "approved budget {}", "budget approved: {}",
            "funding of {}", "budget stands at {}", "marketing budget {}", "campaign budget: {}", "{} has been approved")  # fmt: skip
MOST_ZH = ("预算不超过{}", "预算最多{}", "预算上限{}", "预算封顶{}", "预算{}封顶", "预算{}以内", "预算控制在{}以内", "预算别超过{}", "预算别超{}",
           "总花费不超过{}", "预算不高于{}", "预算撑死{}", "预算不能超过{}", "最多花{}", "花费控制在{}以内", "预算上限是{}", "预算在{}以内", "{}以内的预算",
           "预算≤{}", "预算最高{}", "总预算不得超过{}", "预算顶多{}", "费用不超过{}", "不超过{}的预算", "预算{}为上限", "预算不要超{}", "预算至多{}",
           "预算不超{}", "费用封顶{}", "预算{}打住", "预算在{}以下", "别超过{}预算", "预算压在{}以内", "上限{}", "预算最多不超过{}")  # fmt: skip
MOST_EN = ("budget up to {}", "budget capped at {}", "max budget {}", "no more than {}", "budget of at most {}", "budget must not exceed {}",
           "budget ceiling {}", "budget under {}", "budget cap {}", "budget limit {}", "keep it under {}", "budget within {}",
           "a maximum of {}", "maximum budget {}", "budget no more than {}", "budget max {}", "spend at most {}", "spend no more than {}",
           "budget not over {}", "capped at {}", "{} max", "budget: max {}", "a budget cap of {}", "spend up to {}", "don't spend more than {}",
           "budget shouldn't exceed {}", "budget: up to {}", "{} at most", "budget below {}", "not more than {} budget")  # fmt: skip
BOTH_ZH = ("预算{a}，最多{b}", "预算{a}，上限{b}", "预算{a}，封顶{b}", "预算{a}，效果好可以追加到{b}", "预算{a}，最高不超过{b}", "先给{a}，最多加到{b}",
           "预算{a}，最多不超过{b}", "预算{a}，不够可加到{b}", "预算{a}，上限不超过{b}", "预算先批{a}，最多能到{b}", "预算{a}，撑死{b}")  # fmt: skip
BOTH_EN = ("budget {a}, max {b}", "budget {a}, up to {b} if it works", "budget {a}, capped at {b}", "budget {a} with a cap of {b}",
           "{a} budget, no more than {b}", "budget {a}, absolute maximum {b}", "budget of {a}, can go up to {b}",
           "start with {a}, cap at {b}", "budget {a} (ceiling {b})", "budget {a}, not to exceed {b}")  # fmt: skip
KEPT_ZH = ("预算{a}，预留{b}机动", "预算{a}，其中{b}留作机动", "预算{a}，留{b}备用", "总预算{a}，其中预留{b}", "预算{a}，{b}作为机动", "预算{a}，预留{b}",
           "预算{a}，留出{b}应急", "预算{a}（含机动{b}）", "预算{a}，机动{b}", "预算{a}，备用金{b}", "预算{a}，其中{b}机动")  # fmt: skip
KEPT_EN = ("budget {a}, keep {b} in reserve", "budget {a}, of which {b} in reserve", "budget {a}, reserve {b}", "budget {a} with {b} held back",
           "budget {a} including a reserve of {b}", "budget {a}, set aside {b} as contingency", "budget {a}, {b} reserve",
           "budget {a}, hold back {b}")  # fmt: skip
SPREAD_ZH = (
    "预算{a}到{b}",
    "预算{a}-{b}",
    "预算{a}至{b}之间",
    "预算在{a}到{b}之间",
    "{a}到{b}预算",
    "预算{a}~{b}",
    "总预算{a}—{b}",
    "预算区间{a}到{b}",
)
SPREAD_EN = ("budget {a} to {b}", "budget between {a} and {b}", "budget of {a}-{b}", "a {a} to {b} budget", "budget: {a} – {b}",
             "budget anywhere from {a} to {b}")  # fmt: skip
# Sums that are no budget, with what they say of customers where they say it.
OTHERS_ZH = ("AUM20万以上", "持仓50万以上", "活期存款超过10万", "月收入2万以上", "单笔交易满1万", "近30天消费满5000元", "目标销量5000万", "目标GMV3000万",
             "目标拉新1万人", "KPI净流入2000万", "起购金额1万", "满10000减50券", "每人最高8888元", "目标销售额800万", "理财持仓大于30万", "冲5000万销量",
             "每人补贴20元", "券面额50元满5000可用", "人均成本30元以内", "获客成本控制在100元", "奖品单价3000元", "资产在50万到300万之间", "首投满1000元送20元",
             "目标新增AUM2亿", "存款10万到50万", "目标5000单", "覆盖100万人", "触达50万用户", "信用额度5万以上", "工资8000以上")  # fmt: skip
OTHERS_EN = ("AUM above 200k", "with more than 500,000 in holdings", "demand deposits over 100k", "salary above 20,000", "target GMV 30 million",
             "goal: 20 million net inflow", "target 10,000 new customers", "minimum purchase 10,000 yuan", "20 yuan per person",
             "sales goal of 50 million", "50 yuan off orders over 5,000", "reach 1 million people", "cost per acquisition under 100",
             "credit limit above 50,000", "AUM between 100k and 500k", "target sales 8 million", "spent over 5,000 in the last 30 days",
             "a prize worth 3,000 yuan")  # fmt: skip


def _zh_number(value: int) -> str:
    """A sum in Chinese numerals: 三十五万五千."""
    many, rest = divmod(value, 10000)
    if many >= 1000:
        said = f"{numeral(many // 1000)}千" + (f"{numeral(many % 1000 // 100)}百" if many % 1000 else "") + "万"
    elif many >= 100:
        tens = many % 100
        said = (
            f"{numeral(many // 100)}百"
            + (("零" if tens < 10 else "一" if tens < 20 else "") + numeral(tens) if tens else "")
            + "万"
        )
    else:
        said = ("两" if many == 2 else numeral(many)) + "万"
    return said + (f"{numeral(rest // 1000)}千" if rest else "")


def amount(draw: Draw, value: int) -> str:
    """A sum in any of its spellings."""
    many, thousands, millions = value / 10000, value // 1000, value / 1e6
    if draw.lang == "zh":
        forms = [f"{many:g}万", f"{many:g}w", f"{many:g}W", f"{many:g}万元", f"{many:g}万块", f"{many:g}万块钱", _zh_number(value), _zh_number(value) + "元",
                 f"{value:,}元", f"{value}", f"¥{value:,}", f"￥{many:g}万", f"RMB {value:,}", f"人民币{many:g}万", f"{thousands}k", f"{many:g} 万",
                 f"{value}元", f"{many:g}万人民币", f"{thousands}K", f"￥{value}"]  # fmt: skip
        if value % 10000 == 5000:
            forms += [f"{value // 10000}万5", f"{value // 10000}万五", _zh_number(value).removesuffix("千")]
        if many >= 10 and many % 1 == 0:
            forms += (
                [f"{many:g}个w", f"{_zh_number(value).removesuffix('万')}个w"]
                if many < 100
                else [f"{many / 100:g}百万"]
            )
        return draw.one(forms, "")
    forms = [f"{thousands}k", f"{thousands}K", f"{value:,}", f"CNY {value:,}", f"RMB {thousands}k", f"¥{value:,}", f"{value:,} yuan", f"{value}",
             f"{thousands},000 CNY", f"RMB {value:,}", f"CNY {thousands}k", f"{thousands} thousand yuan", f"¥{thousands}k"]  # fmt: skip
    if value >= 1_000_000:
        forms = [f"{millions:g}m", f"{millions:g} million", f"{millions:g}M", f"CNY {millions:g} million", f"RMB {millions:g}m", f"{value:,}",
                 f"¥{millions:g} million", f"{millions:g} million yuan", f"{value:,} yuan", f"{millions:g}mn"]  # fmt: skip
    if value == 500000:
        forms += ["half a million", "half a million yuan", "0.5 million", "0.5m"]
    return draw.one(forms, "")


Made = tuple[str, dict[str, Any]]


def _told(zh: Any, en: Any, key: str) -> Callable[[Draw], Made]:
    def make(draw: Draw) -> Made:
        value = draw.random.choice(SUMS)
        frame: str = draw.one(zh if draw.lang == "zh" else en, "told ")
        return frame.format(amount(draw, value)), {key: value}

    return make


def _two(zh: Any, en: Any, keys: tuple[str, str], *, rising: bool) -> Callable[[Draw], Made]:
    def make(draw: Draw) -> Made:
        low, high = sorted(draw.random.sample([value for value in SUMS if value >= 50000], 2))
        first, second = (low, high) if rising else (high, low)
        frame: str = draw.one(zh if draw.lang == "zh" else en, "two ")
        return frame.format(a=amount(draw, first), b=amount(draw, second)), {keys[0]: first, keys[1]: second}

    return make


def _none(draw: Draw) -> Made:
    return draw.one(OTHERS_ZH if draw.lang == "zh" else OTHERS_EN, "other "), {}


def _beside(draw: Draw) -> Made:
    """A budget beside a sum that is none, in either order."""
    value = draw.random.choice(SUMS)
    frame: str = draw.one(TOTAL_ZH[:12] if draw.lang == "zh" else TOTAL_EN[:8], "told ")
    parts = [draw.one(OTHERS_ZH if draw.lang == "zh" else OTHERS_EN, "beside "), frame.format(amount(draw, value))]
    draw.random.shuffle(parts)
    return ("，" if draw.lang == "zh" else ", ").join(parts), {"budget_cny": value}


MAKERS: Mapping[str, Callable[[Draw], Made]] = {
    "total": _told(TOTAL_ZH, TOTAL_EN, "budget_cny"),
    "most": _told(MOST_ZH, MOST_EN, "budget_max_cny"),
    "both": _two(BOTH_ZH, BOTH_EN, ("budget_cny", "budget_max_cny"), rising=True),
    "kept": _two(KEPT_ZH, KEPT_EN, ("budget_cny", "budget_reserve_cny"), rising=False),
    "spread": _two(SPREAD_ZH, SPREAD_EN, ("budget_cny", "budget_max_cny"), rising=True),
    "none": _none,
    "beside": _beside,
}
_SHARES = ("total", "total", "total", "most", "most", "both", "kept", "spread", "none", "beside")


def sentences(count: int, seed: int) -> Iterator[tuple[str, str, dict[str, Any], list[str]]]:
    """``count`` briefs, each class in turn: the class, the text, the sums that it must have, the ingredients."""
    draw = Draw(random.Random(seed))
    for number in range(count):
        name = _SHARES[number % len(_SHARES)]
        draw.drawn, draw.lang = [], draw.random.choice(["zh", "zh", "en"])
        said, made = MAKERS[name](draw)
        carrier: str = draw.one(CARRIERS_ZH if draw.lang == "zh" else CARRIERS_EN, "in ")
        said = said[:1].upper() + said[1:] if draw.lang == "en" and "\n{s}" in carrier else said
        yield name, carrier.replace("{s}", said), made, draw.drawn


def wrong(name: str, text: str, wanted: Mapping[str, Any], pack: Any) -> dict[str, tuple[Any, Any]]:
    """The sums, and where nothing else is told what stands beside them in every carrier, that are read otherwise."""
    found = read(text, today=TODAY, pack=pack)
    if found.kind != "brief":
        return {"kind": ("brief", found.kind)}
    whole: dict[str, Any] = dict.fromkeys(KEYS) | ({} if name in ("none", "beside") else REST) | dict(wanted)
    given = {key: found.reading.get(key) for key in whole}
    bad = {key: (whole[key], given[key]) for key in whole if whole[key] != given[key]}
    people = found.reading.get("audience")
    if name not in ("none", "beside") and people != [{"field": "lifecycle", "op": "eq", "value": "existing"}]:
        bad["audience"] = ("existing", people)
    return bad


def main(count: str = "2000", seed: str = "1", shown: str = "400") -> int:
    """Print what failed: the sentences, how many of each class, and the ingredients that fail most."""
    pack = packs.load("demo")
    tell(sentences(int(count), int(seed)), lambda name, text, wanted: wrong(name, text, wanted, pack), int(shown))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
