"""A whole campaign document against which nothing stands, and ways to spoil it."""

import datetime as dt
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from benefits.samples import GOAL as BASE_GOAL
from benefits.samples import PACK as BASE_PACK
from benefits.samples import label

from linghang import access
from linghang.base.digest import digest
from linghang.base.predicates import Combination, Predicate
from linghang.campaigns import sections as s
from linghang.campaigns import store
from linghang.campaigns.model import Campaign, Package, Section
from linghang.campaigns.package import seal
from linghang.kit.context import Actor
from linghang.packs.model import Attribute, EventKind, Metric, Pack

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 23)
INSTITUTION = "demo"

PACK: Pack = replace(
    BASE_PACK,
    attributes=(
        Attribute("age", "integer", label("年龄")),
        Attribute("aum_cny", "money", label("资产")),
        Attribute("risk_level", "ordinal", label("风险等级")),
        Attribute("salary_cny", "money", label("薪资"), sensitive=True),
        Attribute("duration", "integer", label("通话时长"), usable_in=()),
        Attribute("overdue", "bool", label("逾期")),
    ),
    events=(EventKind("page_view", label("浏览")), EventKind("purchase", label("购买"), days_field="last_buy_days")),
    metrics=tuple(
        Metric(name, label(name)) for name in ("conversion_rate", "unsubscribe_rate", "complaint_rate", "roi", "ctr")
    ),
)
START, END = dt.date(2026, 11, 30), dt.date(2026, 12, 13)
GOAL = replace(BASE_GOAL, offer={"type": "coupon", "face_value_cny": 20}, level="B", budget_fen=30_000_000)
RULE = Combination("all", (Predicate("age", "ge", 18), Predicate("risk_level", "ge", 2)))
LAYERS = s.Layers(
    "aum_cny",
    tuple(
        s.Layer(f"l{n}", "layer.by_amount", Predicate("aum_cny", "ge", n), count, snapshot="b" * 64, base_rate=rate)
        for n, (count, rate) in enumerate(((20_000, 0.01), (10_000, 0.02), (4_000, 0.05)))
    ),
)
AUDIENCE = s.Audience(
    RULE, 200_000, 36_000, 34_000, (), (s.Removed("audience.removed_unsuitable", 2_000),), (),
    {"push": 30_000, "sms": 28_000, "inapp_banner": 34_000}, "a" * 64, "g1", NOW,
)  # fmt: skip
CHANNELS = ("push", "sms", "inapp_banner")


def _allotment(layer: str, benefit: str, customers: int, grants: int) -> s.Allotment:
    contact = customers * 410 // 100
    return s.Allotment(
        layer, CHANNELS, benefit, customers, 1_000, contact + grants * 600, grants * 2000, 0.02, customers * 0.004,
        grants=grants, contact_fen=contact,
    )  # fmt: skip


ALLOTMENTS = (
    _allotment("l0", "coupon_20", 18_000, 4_000),
    _allotment("l1", "coupon_20", 9_000, 2_500),
    _allotment("l2", "", 3_600, 0),
)
ALLOCATION = s.Allocation(
    30_000_000, sum(item.contact_fen + item.liability_fen for item in ALLOTMENTS), ALLOTMENTS, 0.004, "growth",
    ("coupon_20",), tuple(benefit for benefit in PACK.benefits if benefit.id == "coupon_20"),
)  # fmt: skip
SAYS = {"l0": "首次理财 20元券", "l1": "再添一笔 20元券", "l2": "从容规划财富"}


def _copy(layer: str, place: str) -> dict[str, str]:
    title = SAYS[layer]
    if place == "sms":
        return {"body": f"{title},即日起可参加。基金有风险,投资须谨慎"}
    if place == "push":
        return {"title": title, "body": f"{title},点击查看。基金有风险"}
    return {"title": title, "subtitle": "限时参加", "button": "去看看"}


PLACES = (("push", "push"), ("sms", "sms"), ("home_banner", "inapp_banner"))
VARIANTS = s.Variants(
    tuple(
        s.Variant(
            f"v_{layer}_{place}", f"{layer}·{place}", layer, channel, place, _copy(layer, place),
            f"pic_{layer}" if place == "home_banner" else "", "" if layer == "l2" else "coupon_20",
        )
        for layer in SAYS
        for place, channel in PLACES
    )
)  # fmt: skip
TEXTS = s.Texts(
    {"face": "20"},
    tuple(
        s.Copy(f"c_{layer}_{place}_{role}", layer, place, role, text, "benefit")
        for layer in SAYS
        for place, _ in PLACES
        for role, text in _copy(layer, place).items()
    ),
)
CREATIVES = s.Creatives(
    tuple(
        s.Creative(
            f"pic_{layer}", layer, "home_banner", "calm", 1080, 420, "image/jpeg", 120_000, digest(layer), digest(n)
        )
        for n, layer in enumerate(SAYS)
    )
)
PAGE = s.Page(
    "首投有礼",
    (s.Block("hero", {"title": "首投有礼"}), s.Block("risk", {"text": "基金有风险"}), s.Block("terms", {"items": []})),
    ("活动时间:2026年11月30日至2026年12月13日", "每人限领一张"),
    digest("page"),
    48_000,
)
DAYS = (END - START).days + 1
TOUCHED = sum(item.customers for item in ALLOTMENTS)


def _daily(total: int) -> tuple[int, ...]:
    each = total // DAYS
    return (total - each * (DAYS - 1), *([each] * (DAYS - 1)))


PLACEMENTS = s.Placements(
    (
        s.Placement("push-main", "push", "", "main", START, END, ("09:00", "20:00"), _daily(TOUCHED), 1),
        s.Placement("sms-main", "sms", "", "main", START, END, ("09:00", "20:00"), _daily(TOUCHED), 1),
        s.Placement(
            "banner-main", "inapp_banner", "home_banner", "main", START, END, ("00:00", "24:00"), _daily(TOUCHED), 1
        ),
    )
)
EXPERIMENT = s.Experiment(
    "salt_sample", (s.Arm("holdout", 0.1), s.Arm("treated", 0.9)), "conversion_rate",
    ("unsubscribe_rate", "complaint_rate"), 0.017, 0.004, 0.003, 0.05, 0.8, 30_600, 3_400, True,
)  # fmt: skip
ESTIMATE = s.Estimate(
    (
        s.Figure("incremental", 120, 60, 190, "count"),
        s.Figure("cost", 4_000_000, 3_000_000, 5_000_000, "fen"),
        s.Figure("roi", 1.2, 0.2, 2.4, "ratio"),
    ),
    3,
)
REVIEW = s.Review(
    START, "CN", 120, digest("rules"),
    (
        *(s.AssetCheck(text.id, "copy", text.place, "compliant", ()) for text in TEXTS.texts),
        *(s.AssetCheck(item.id, "picture", item.slot, "compliant", ()) for item in CREATIVES.pictures),
        s.AssetCheck(PAGE.file, "page", "landing", "compliant", ()),
    ),
    "compliant",
)  # fmt: skip

VALUES: dict[str, Any] = {
    "brief": s.Brief("给客户推稳健固收+,发20元券,预算30万", TODAY),
    "choice": s.Choice(),
    "pins": s.Pins(),
    "reading": s.ReadingValue("brief", {"budget_cny": 300_000}),
    "goal": GOAL,
    "audience": AUDIENCE,
    "layers": LAYERS,
    "plans": s.Plans(()),
    "benefits": ALLOCATION,
    "copy": TEXTS,
    "creatives": CREATIVES,
    "combinations": VARIANTS,
    "page": PAGE,
    "placements": PLACEMENTS,
    "experiment": EXPERIMENT,
    "estimate": ESTIMATE,
    "compliance": REVIEW,
}


def campaign(*, id: str = "cmp_sample", owner: str = "operator", **changed: Any) -> Campaign:
    """The document with some sections changed; a section given as None is absent."""
    values = {**VALUES, **changed}
    sections = {
        name: Section(name, values[name], digest(values[name])) for name in s.SECTIONS if values[name] is not None
    }
    return Campaign(id, INSTITUTION, 1, owner, NOW, NOW, sections)


def package(document: Campaign | None = None) -> Package:
    """The sealed package of a document."""
    return seal(document or campaign(), "pack-digest")


def stored(db: sa.Engine, document: Campaign | None = None) -> Campaign:
    """The document after it was stored."""
    kept = document or campaign()
    store.create(db, kept, actor=kept.owner, cause="new")
    return kept


def actor(name: str, *, role: str = "") -> Actor:
    """An actor with the rights of a role (by default of the same name)."""
    return Actor(name, (role or name,), access.rights_of((role or name,)))
