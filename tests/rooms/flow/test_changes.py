"""What changed, in words: once, with names and units, and never the echo."""

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa

from linghang import packs
from linghang.base.digest import digest
from linghang.base.predicates import Combination
from linghang.campaigns.model import Campaign, Section
from linghang.campaigns.sections import Brief, Estimate, Figure, Goal, Layer, Layers, Phase
from linghang.flow import changes
from linghang.kit.database import metadata

GROUP = Combination("all", ())
PACK = packs.load("demo")
AT = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
DAY = dt.date(2026, 11, 30)
GOAL = Goal(
    name="x", objective="acquire", product="", product_kind="", playbook="", level="A", start=DAY, end=DAY,
    phases=(Phase("main", DAY, DAY),), budget_fen=50_000_000, channels=("push", "sms"), slots=(), kpi="", holdout_pct=10,
    tone="lively",
)  # fmt: skip


def campaign(goal: Goal, text: str = "a") -> Campaign:
    values: dict[str, Any] = {"brief": Brief(text, DAY), "goal": goal}
    sections = {name: Section(name=name, value=value, digest=digest(value)) for name, value in values.items()}
    return Campaign("cmp_1", "demo", 1, "operator", AT, AT, sections)


def words(locale: str = "zh-CN", **changed: Any) -> list[str]:
    db = sa.create_engine("sqlite://")
    metadata.create_all(db)
    ctx: Any = SimpleNamespace(locale=locale, db=db, institution_id="test")
    return [
        str(row["words"]) for row in changes.told(ctx, PACK, campaign(GOAL), campaign(replace(GOAL, **changed), "b"))
    ]


def test_money_days_shares_and_names_are_said_as_people_say_them() -> None:
    assert words(budget_fen=80_000_000) == ["预算 ¥50万 → ¥80万"]
    assert words("en", budget_fen=80_000_000) == ["budget ¥500,000 → ¥800,000"]
    assert words(end=dt.date(2026, 12, 3)) == ["结束 11月30日 → 12月3日"]
    assert words(holdout_pct=20) == ["对照比例 10% → 20%"]
    assert words(tone="premium") == ["语气 活泼 → 高端"]
    assert words(channels=("push",)) == ["渠道 手机推送、短信 → 手机推送"]


def test_figures_have_names_and_units_and_layers_are_told_apart() -> None:
    def whole(count: int, cost: float) -> Campaign:
        names = {"L1": "<30岁", "L2": "≥30岁"}
        layers = Layers("age", tuple(
            Layer(id, "audiences.layer_range", GROUP, count, {"label": "年龄", "range": name}) for id, name in names.items()
        ))  # fmt: skip
        figures = (
            Figure("cost", cost, cost / 2, cost * 2, "fen"),
            Figure("response_rate", cost / 100_000, 0, 1, "share"),
        )
        values: dict[str, Any] = {"layers": layers, "estimate": Estimate(figures, 0)}
        sections = {name: Section(name=name, value=value, digest=digest(value)) for name, value in values.items()}
        return replace(campaign(GOAL), sections=campaign(GOAL).sections | sections)

    db = sa.create_engine("sqlite://")
    metadata.create_all(db)
    ctx: Any = SimpleNamespace(locale="zh-CN", db=db, institution_id="test")
    told = [row["words"] for row in changes.told(ctx, PACK, whole(100, 1758), whole(90, 1586))]
    assert told == [
        "年龄 <30岁 人数 100 → 90",
        "年龄 ≥30岁 人数 100 → 90",
        "成本 ¥17.58 → ¥15.86",
        "转化率 1.76% → 1.59%",
    ]


def test_nothing_changed_tells_nothing() -> None:
    assert words() == []
