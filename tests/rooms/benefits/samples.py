"""A small institution and a campaign in it, as values: what the tests of benefits and later rooms start from."""

import datetime as dt
from dataclasses import replace

from linghang.base.predicates import Predicate
from linghang.campaigns.sections import Audience, Goal, Layer, Layers, Phase
from linghang.packs.model import (
    Benefit,
    Brand,
    Channel,
    ContactBasis,
    CopyRole,
    History,
    Label,
    Pack,
    Phrase,
    Playbook,
    Pool,
    Product,
    Slot,
)

TODAY = dt.date(2026, 11, 23)


def label(text: str) -> Label:
    return Label(text, text)


PUSH = Channel(
    "push", label("推送"), unit_cost_fen100=10, response=1.25, rates={"delivered": 0.9, "clicked": 0.02},
    roles=(CopyRole("title", 20), CopyRole("body", 50)), caps={1: 1, 7: 4}, consent="consent_push",
)  # fmt: skip
SMS = Channel(
    "sms", label("短信"), unit_cost_fen100=400, response=1.5, rates={"delivered": 0.97, "clicked": 0.015},
    roles=(CopyRole("body", 70),), caps={7: 1, 30: 2}, hours=("08:00", "20:00"), consent="consent_sms",
    opt_out="opted_out_sms", prefix=Label("【领航银行】", "[Pilot Bank] "),
    suffix=Label("拒收请回复R", " Reply R to opt out"), max_chars=70,
)  # fmt: skip
CALL = Channel("call", label("电话"), kind="person", unit_cost_fen100=20_000, response=2.0, caps={30: 1})
BANNER = Channel("inapp_banner", label("横幅"), kind="slot", unit_cost_fen100=0, response=1.05)
POPUP = Channel("inapp_popup", label("弹窗"), kind="slot", unit_cost_fen100=0, response=1.1, caps={1: 1})

SLOTS = (
    Slot(
        "home_banner", label("首页横幅"), (), "inapp_banner", 1080, 420, capacity=2, rate=0.02, daily_reach=0.2,
        roles=(CopyRole("title", 12), CopyRole("subtitle", 16, required=False), CopyRole("button", 4)),
    ),
    Slot(
        "home_popup", label("首页弹窗"), (), "inapp_popup", 600, 800, capacity=1, rate=0.08, daily_reach=0.15,
        roles=(CopyRole("title", 12), CopyRole("button", 4), CopyRole("legal", 40)),
    ),
)  # fmt: skip

FUNDS = ("fund",)
COUPONS = (
    Benefit(
        "coupon_5",
        "fee_discount",
        label("5元券"),
        500,
        "growth",
        products=("fund",),
        stock=200_000,
        redemption=0.25,
        lift=1.15,
    ),
    Benefit(
        "coupon_20",
        "fee_discount",
        label("20元券"),
        2000,
        "growth",
        products=("fund",),
        stock=50_000,
        redemption=0.3,
        lift=1.5,
    ),
    Benefit(
        "packet_50",
        "points",
        label("50元积分"),
        5000,
        "growth",
        products=("fund",),
        stock=2_000,
        redemption=0.5,
        lift=2.0,
    ),
    Benefit("credit_only", "interest_free_coupon", label("7天免息券"), 1000, "credit", products=("credit",)),
)

FUND = Product(
    "fund_mix", "fund", label("稳健固收+"), risk="R2", margin_fen=30_000,
    facts=(Label("由专业团队管理", "managed by a professional team"), Label("随时查看持仓", "see holdings any time")),
    disclosures={"D-FUND-RISK": Label("基金有风险,投资须谨慎", "Funds carry risk; invest with care")},
)  # fmt: skip

PACK = Pack(
    id="sample", version="1", label=label("领航银行"), zone="Asia/Shanghai", currency="CNY", jurisdiction="CN",
    attributes=(), events=(), metrics=(), products=(FUND,), benefits=COUPONS,
    pools=(Pool("growth", label("增长池"), 100_000_000), Pool("credit", label("信贷池"), 10_000_000)),
    slots=SLOTS, channels=(PUSH, SMS, CALL, BANNER, POPUP),
    contact=ContactBasis("consent_columns", label("按渠道授权"), total_caps={1: 2, 7: 6}, trading_days_only=("fund", "wealth", "gold")),
    brand=Brand(label("领航银行"), "领航", "#0A3D91", "#F2B544", "领航银行", avoid=("最",)),
    playbooks=(
        Playbook("convert", label("首投"), ("convert",), offers=("coupon_20",)),
        Playbook(
            "festival", label("大促三段"), ("convert", "acquire"),
            phases=(("warm_up", 0.3), ("burst", 0.5), ("encore", 0.2)), festival=True,
        ),
    ),
    history=(History("convert", "fund_mix", 0.02, campaigns=8, contacts=160_000),),
)  # fmt: skip

GOAL = Goal(
    name="首投", objective="convert", product="fund_mix", product_kind="fund", playbook="convert", level="B",
    start=dt.date(2026, 11, 30), end=dt.date(2026, 12, 13),
    phases=(Phase("main", dt.date(2026, 11, 30), dt.date(2026, 12, 13)),),
    budget_fen=30_000_000, channels=("push", "sms", "inapp_banner"), slots=("home_banner",),
    kpi="conversion_rate", holdout_pct=10.0, tone="warm",
)  # fmt: skip


def layers(*sizes: tuple[int, float]) -> Layers:
    rule = Predicate("age", "ge", 18)
    return Layers(
        "aum_cny",
        tuple(Layer(f"l{i}", "layer.code", rule, count, base_rate=rate) for i, (count, rate) in enumerate(sizes)),
    )


LAYERS = layers((40_000, 0.01), (25_000, 0.02), (8_000, 0.05))


def audience(of: Layers, reach: dict[str, int] | None = None) -> Audience:
    count = sum(layer.count for layer in of.layers)
    return Audience(
        Predicate("age", "ge", 18), 200_000, count, count, (), (), (), reach or {}, "0" * 64, "g1",
        dt.datetime(2026, 11, 23, tzinfo=dt.UTC),
    )  # fmt: skip


AUDIENCE = audience(LAYERS, {"push": 50_000, "sms": 60_000})


def with_phrases(*phrases: Phrase) -> Pack:
    return replace(PACK, phrases=phrases)
