"""A campaign document of the fake bank: real section types, figures that agree with each other."""

# fmt: off

import datetime as dt
from dataclasses import replace
from typing import Any, cast

from linghang.base.digest import digest, digest_bytes, plain
from linghang.base.findings import Finding, Fix, Severity
from linghang.base.messages import catalogue, render
from linghang.base.predicates import Combination, Predicate
from linghang.campaigns import sections as s
from linghang.packs.model import Benefit, Brand, Label, Product
from linghang.pages import compose

from . import pictures

START, END = dt.date(2026, 11, 30), dt.date(2026, 12, 13)
NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
TEXT = "给近30天浏览过理财但没买过的客户发红包，预算50万，push加首页banner和弹窗，下周一开始两周，留10%对照"
BRAND = Brand(Label("领航银行", "Pilot Bank"), "领航", "#D7000F", "#F5C76B", "【领航银行】", telephone="95599")
PRODUCT = Product(
    "wealth_steady", "wealth", Label("领航稳健 90 天", "Pilot Steady 90"), risk="R2",
    facts=(Label("1 万元起购，最短持有 90 天", "From ¥10,000, held at least 90 days"),
           Label("业绩比较基准每周公布", "Benchmark published weekly")),
    disclosures={"D-WEALTH-RISK": Label("理财非存款，产品有风险，投资须谨慎", "Not a deposit; carries risk"),
                 "D-WEALTH-RLEVEL": Label("本产品风险等级为 R2（中低风险）", "Rated R2")},
)  # fmt: skip
BENEFITS = (
    Benefit("rp_20", "red_packet", Label("20 元理财红包", "¥20 red packet"), 2000, "wealth", stock=20_000,
            threshold_fen=1_000_000, redemption=0.3, lift=1.6, valid_days=14),
    Benefit("rp_50", "red_packet", Label("50 元理财红包", "¥50 red packet"), 5000, "wealth", stock=4_000,
            threshold_fen=5_000_000, redemption=0.3, lift=1.9, valid_days=14),
    Benefit("rate_05", "rate_coupon", Label("0.5% 加息券（30 天）", "0.5% rate coupon (30 days)"), 4100, "wealth", stock=3_000,
            redemption=0.25, lift=1.8, valid_days=30),
)  # fmt: skip
LABELS = {
    "zh-CN": {
        "wealth_steady": "领航稳健 90 天", "push": "App 推送", "inapp_banner": "首页横幅", "inapp_popup": "首页弹窗", "splash": "开屏",
        "home_banner": "首页头图", "home_popup": "首页弹窗", "rp_20": "20 元理财红包", "rp_50": "50 元理财红包",
        "rate_05": "0.5% 加息券（30 天）", "starter": "起步客户", "growing": "成长客户", "affluent": "富裕客户",
        "aum_cny": "总资产", "age": "年龄", "city_tier": "城市等级", "lifecycle": "生命周期", "wealth": "理财权益池",
        "page_view": "浏览页面", "purchase": "购买", "first_purchase": "首投", "conversion_rate": "转化率",
        "unsubscribe_rate": "退订率", "complaint_rate": "投诉率",
    },
    "en": {
        "wealth_steady": "Pilot Steady 90", "push": "Push", "inapp_banner": "Home banner", "inapp_popup": "Home pop-up", "splash": "Splash",
        "home_banner": "Home banner", "home_popup": "Home pop-up", "rp_20": "¥20 red packet", "rp_50": "¥50 red packet",
        "rate_05": "0.5% rate coupon (30 days)", "starter": "Starters", "growing": "Growing", "affluent": "Affluent",
        "aum_cny": "Assets", "age": "Age", "city_tier": "City tier", "lifecycle": "Life cycle", "wealth": "Wealth pool",
        "page_view": "Page view", "purchase": "Purchase", "first_purchase": "First purchase", "conversion_rate": "Conversion rate",
        "unsubscribe_rate": "Unsubscribe rate", "complaint_rate": "Complaint rate",
    },
}  # fmt: skip
for _locale, _labels in LABELS.items():
    _labels.update({
        code.removeprefix("value."): render(code, {}, _locale) for code in catalogue() if code.startswith("value.")
    } | _labels)  # fmt: skip
LAYERS = (("starter", 21_480, "aum_cny", "lt", 50_000, 0.0081), ("growing", 11_206, "aum_cny", "between", (50_000, 500_000), 0.0142),
          ("affluent", 2_847, "aum_cny", "ge", 500_000, 0.0218))  # fmt: skip
RULE = Combination(
    "all",
    (
        Predicate("page_view", "contains", "wealth", window_days=30),
        Predicate("purchase", "exists", "wealth", negated=True),
        Predicate("kyc_done", "eq", True),
    ),
)
SAYS = {
    "starter": ("理财第一步，红包先行", "20 元红包，满 1 万可用", "去领取"),
    "growing": ("稳健打理，每一笔都安心", "20 元红包待领取", "看一看"),
    "affluent": ("专属礼遇，从容规划", "50 元红包，满 5 万可用", "查看礼遇"),
}
MOODS = {"starter": "festive", "growing": "calm", "affluent": "premium"}
SIZES = {"home_banner": (1080, 420), "home_popup": (600, 800)}


def values() -> dict[str, Any]:
    """Section → value."""
    goal = s.Goal(
        name="领航稳健 90 天首投（11月30日起）", objective="convert", product="wealth_steady", product_kind="wealth",
        playbook="first_purchase", level="A", start=START, end=END,
        phases=(s.Phase("warm_up", START, dt.date(2026, 12, 2)), s.Phase("burst", dt.date(2026, 12, 3), dt.date(2026, 12, 9)),
                s.Phase("encore", dt.date(2026, 12, 10), END)),
        budget_fen=50_000_000, channels=("push", "inapp_banner", "inapp_popup"), slots=("home_banner", "home_popup"),
        kpi="conversion_rate", holdout_pct=10, tone="calm",
        assumptions=(s.Assumption("tone", "calm", "goal.tone_default"),
                     s.Assumption("level", "A", "goal.level_default"),
                     s.Assumption("objective", "convert", "goal.objective_default")),
    )  # fmt: skip
    audience = s.Audience(
        RULE, 200_000, 37_904, 35_533,
        (s.Step(None, 200_000, 0), s.Step(RULE.parts[0], 58_211, 141_789), s.Step(RULE.parts[1], 41_030, 17_181),
         s.Step(RULE.parts[2], 37_904, 3_126, 412)),
        (s.Removed("audience.removed_unsuitable", 1_622), s.Removed("audience.removed_no_consent", 749)),
        (s.Dimension("age", tuple(s.Bar(v, round(35_533 * share), share, index) for v, share, index in
                     (("18–25", 0.14, 88), ("26–35", 0.37, 121), ("36–45", 0.28, 108), ("46–60", 0.16, 84), ("60+", 0.05, 52)))),
         s.Dimension("city_tier", tuple(s.Bar(v, round(35_533 * share), share, index) for v, share, index in
                     (("1", 0.24, 132), ("2", 0.33, 111), ("3", 0.23, 92), ("4", 0.13, 78), ("5", 0.07, 70)))),
         s.Dimension("aum_cny", tuple(s.Bar(v, round(35_533 * share), share, index) for v, share, index in
                     (("–50000", 0.60, 84), ("50000–500000", 0.32, 136), ("500000–", 0.08, 149))))),
        {"push": 23_871, "inapp_banner": 35_533, "inapp_popup": 35_533}, "a" * 64, "g1", NOW,
    )  # fmt: skip
    layers = s.Layers("aum_cny", tuple(
        s.Layer(name, "layers.by_amount", Predicate(field, cast(Any, op), value), count, {"low": 0}, "b" * 64, rate)
        for name, count, field, op, value, rate in LAYERS))  # fmt: skip
    plans = s.Plans(tuple(_plan(*row) for row in (
        ("cautious", 0.6, 10, 0.62), ("balanced", 0.85, 10, 0.86), ("bold", 1.0, 5, 1.0))))  # fmt: skip
    chosen = plans.alternatives[1]
    texts = s.Texts({"amount": "20"}, tuple(_texts()), 0.82, 0.31)
    creatives = s.Creatives(tuple(_pictures()))
    variants = s.Variants(tuple(
        s.Variant(f"v_{layer}_{slot}", f"{LABELS['zh-CN'][layer]} × {LABELS['zh-CN'][slot]}", layer,
                  "inapp_banner" if slot == "home_banner" else "inapp_popup", slot,
                  {"title": SAYS[layer][0], "subtitle": SAYS[layer][1], "button": SAYS[layer][2]},
                  f"pic_{layer}_{slot}", "rp_50" if layer == "affluent" else "rp_20")
        for layer, *_ in LAYERS for slot in SIZES))  # fmt: skip
    days = (END - START).days + 1
    placements = s.Placements((
        s.Placement("p1", "inapp_banner", "home_banner", "warm_up", START, END, ("00:00", "24:00"), (3_400,) * days, 2),
        s.Placement("p2", "inapp_popup", "home_popup", "burst", dt.date(2026, 12, 3), dt.date(2026, 12, 9), ("09:00", "21:00"), (2_600,) * 7, 1),
        s.Placement("p3", "push", "", "warm_up", START, dt.date(2026, 12, 1), ("10:00", "12:00"), (9_000, 9_000), 1),
        s.Placement("p4", "push", "", "encore", dt.date(2026, 12, 10), dt.date(2026, 12, 11), ("19:00", "20:30"), (5_000, 4_000), 1),
    ))  # fmt: skip
    experiment = s.Experiment("exp_9f2", (s.Arm("treatment", 0.9), s.Arm("holdout", 0.1)), "conversion_rate",
                              ("unsubscribe_rate", "complaint_rate"), 0.0109, 0.0071, 0.0053, 0.05, 0.8, 31_980, 3_553, True)  # fmt: skip
    estimate = s.Estimate((
        s.Figure("reach", 27_640, 25_100, 29_900, "count", "estimate.pack_history"),
        s.Figure("conversions", 575, 430, 741, "count", "estimate.pack_history"),
        s.Figure("incremental", 227, 118, 352, "count", "estimate.pack_history"),
        s.Figure("cost", 9_870_000, 7_400_000, 12_600_000, "fen", "estimate.pack_history"),
        s.Figure("cost_per_increment", 43_480, 28_900, 88_200, "fen", "estimate.pack_history"),
        s.Figure("roi", 1.62, 0.4, 3.2, "ratio", "estimate.pack_history"),
    ), 6, False, True)  # fmt: skip
    page, html = compose(goal, audience, chosen.allocation, None, PRODUCT, BENEFITS, BRAND,
                         pictures.draw(1080, 420, "festive", "理财第一步", "红包先行"), "zh")  # fmt: skip
    FILES[digest_bytes(html)] = html
    review = _review(texts)
    return {
        "brief": s.Brief(TEXT, dt.date(2026, 11, 23)), "choice": s.Choice("balanced"), "pins": s.Pins(),
        "reading": s.ReadingValue("brief", {"objective": "convert", "product": "wealth", "budget_cny": 500_000},
                                  {"audience": ((1, 14),), "budget_cny": ((20, 26),), "channels": ((27, 42),), "start": ((43, 50),)}, 0.93),
        "goal": goal, "audience": audience, "layers": layers, "plans": plans, "benefits": chosen.allocation,
        "copy": texts, "creatives": creatives, "combinations": variants, "page": page, "placements": placements,
        "experiment": experiment, "estimate": estimate, "compliance": review,
    }  # fmt: skip


FILES: dict[str, bytes] = {}


def _plan(id: Any, share: float, holdout: float, scale: float) -> s.Alternative:
    rows = []
    for layer, count, *_ in LAYERS:
        benefit = "rp_50" if layer == "affluent" else ("rp_20" if scale > 0.7 or layer == "starter" else "")
        people = round(count * 0.9)
        unit = {"rp_20": 26_000, "rp_50": 71_000, "": 1_200}[benefit]
        rows.append(s.Allotment(layer, ("inapp_banner", "inapp_popup", "push"), benefit, people, unit, people * unit // 10_000 * 10,
                                round(people * {"rp_20": 2000, "rp_50": 5000, "": 0}[benefit] * scale), 0.018, people * 0.0071 * scale))  # fmt: skip
    budget = round(50_000_000 * share)
    allocation = s.Allocation(budget, sum(row.liability_fen for row in rows) // 2, tuple(rows), 0.0041, "wealth",
                              tuple(dict.fromkeys(row.benefit for row in rows if row.benefit)))  # fmt: skip
    figures = (s.Figure("incremental", 264 * scale, 137 * scale, 410 * scale, "count", "estimate.pack_history"),
               s.Figure("cost", 11_480_000 * scale, 8_600_000 * scale, 14_700_000 * scale, "fen", "estimate.pack_history"),
               s.Figure("roi", 1.9 - 0.33 * scale, 0.5, 3.3, "ratio", "estimate.pack_history"))  # fmt: skip
    return s.Alternative(id, share, holdout, allocation, figures)


def _texts() -> list[s.Copy]:
    rows = []
    for layer, (title, sub, button) in SAYS.items():
        for place in SIZES:
            for role, text in (("title", title), ("subtitle", sub), ("button", button)):
                rows.append(s.Copy(f"c_{layer}_{place}_{role}", layer, place, role, text, "benefit", "zh", "phrase.12"))
        rows.append(s.Copy(f"c_{layer}_push_title", layer, "push", "title", title, "benefit"))
        rows.append(
            s.Copy(
                f"c_{layer}_push_body",
                layer,
                "push",
                "body",
                f"{sub}，点击查看。理财非存款，产品有风险，投资须谨慎。",
                "benefit",
            )
        )
    return rows


def _pictures() -> list[s.Creative]:
    rows = []
    for layer, (title, sub, _) in SAYS.items():
        for slot, (width, height) in SIZES.items():
            data = pictures.draw(width, height, MOODS[layer], title.split("，")[0], sub)
            name = digest_bytes(data)
            FILES[name] = data
            rows.append(
                s.Creative(
                    f"pic_{layer}_{slot}",
                    layer,
                    slot,
                    MOODS[layer],
                    width,
                    height,
                    "image/jpeg",
                    len(data),
                    name,
                    name,
                    1,
                    title,
                )
            )
    return rows


def _review(texts: s.Texts) -> s.Review:
    says = "不得承诺或暗示保本保收益"
    bad = Finding("compliance.says", Severity.S2, "c_growing_home_banner_title", (7, 11), {"rule": "CN-AD-07", "text": "笔都安心", "says": says},
                  {"law": "《广告法》", "article": "第25条第1项"}, Fix("compliance.fix_text", text="稳健打理，步步从容"))
    assets = [s.AssetCheck(text.id, "copy", text.place, "compliant", ()) for text in texts.texts]
    assets = [replace(a, verdict="violating", findings=(bad,)) if a.asset == bad.about else a for a in assets]
    assets += [
        s.AssetCheck(f"pic_{layer}_{slot}", "picture", slot, "compliant", ()) for layer in SAYS for slot in SIZES
    ]
    assets.append(s.AssetCheck("page", "page", "landing", "compliant", (), not_evaluated=("apr_font_px",)))
    return s.Review(START, "CN", 144, "c" * 64, tuple(assets), "violating")


MILLIS = {"reading": 14, "goal": 1.2, "audience": 231, "layers": 88, "plans": 402, "benefits": 3, "copy": 190, "creatives": 2840,
          "combinations": 12, "page": 21, "placements": 17, "experiment": 9, "estimate": 66, "compliance": 154}  # fmt: skip


def section(name: str, value: Any, locale: str) -> dict[str, Any]:
    """A section as campaign.show tells it."""
    shape: dict[str, Any] = {
        "name": name, "value": plain(value), "digest": digest(value), "key": "k", "skill": f"flow.{name}", "skill_version": "1",
        "inputs": {}, "millis": MILLIS.get(name, 0), "cpu_millis": MILLIS.get(name, 0), "cause": "compile.first_time",
        "findings": [], "pinned": [],
    }  # fmt: skip
    if name == "compliance":
        asset = "c_growing_home_banner_title"
        params = {"place": "home_banner", "rules": "CN-AD-07", "asset": asset}
        shape["findings"] = [{"code": "compliance.asset_violates", "severity": "S2", "about": "compliance.home_banner", "span": None, "params": params,
                              "evidence": {}, "fix": None, "section": "compliance", "message": "CN-AD-07"}]
    return shape
