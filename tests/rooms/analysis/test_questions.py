"""Questions about the known campaign: the table is right, and the sentence says nothing but its cells."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from delivery.house import DAY1

from analysis.conftest import World
from linghang import packs
from linghang.analysis import words
from linghang.analysis.answering import answer
from linghang.analysis.asked import Asked, Numbers, Study, resolve
from linghang.analysis.desk import Desk
from linghang.analysis.metrics import formula_of, terms
from linghang.analysis.model import Answer
from linghang.base.errors import RefusedError
from linghang.base.messages import catalogue
from linghang.base.predicates import Combination, Predicate, Rule

TODAY = dt.date(2026, 12, 2)
TIME = {"start": "2026-11-30", "end": "2026-12-01"}
METRICS = packs.load("demo").metrics


def members_of(rule: Rule) -> Numbers:
    """Conditions of these tests: ``age ge n`` are the customers whose number is at least n."""
    assert isinstance(rule, Combination)
    (part,) = rule.parts
    assert isinstance(part, Predicate)
    assert isinstance(part.value, int)
    return np.arange(part.value, 2400, dtype=np.uint32)


def ask(world: World, reading: Mapping[str, Any], *, today: dt.date = TODAY) -> tuple[Answer, Asked]:
    pack = replace(world.bench.pack, metrics=METRICS)
    study = Study("理财首投", replace(world.bench, pack=pack))
    asked = resolve(reading, pack, (study,), today=today, members_of=members_of)
    desk = Desk(world.db, world.engine, "demo", pack, DAY1 + dt.timedelta(hours=12))
    made = answer(desk, asked)
    said = words.sentence(made, pack, (study,), "zh-CN")
    _sentence_is_of_the_table(made, said)
    return made, asked


def _sentence_is_of_the_table(made: Answer, said: str) -> None:
    cells = {cell for row in made.table.rows for cell in row}
    columns = {column.name for column in made.table.columns}
    for name, value in made.params.items():
        assert value in cells or value in columns, (name, value)
    unit = next((column.unit for column in made.table.columns if column.kind == "figure"), "count")
    known = {words.number(value, made.units.get(name, unit)) for name, value in made.params.items()}
    numbers = re.findall(r"-?\d[\d,]*\.?\d*%?", re.sub(r"95%|P\d+|\d{4}-\d{2}-\d{2}", "", said))
    texts = " ".join([*known, *map(str, cells)])
    assert all(number.rstrip(".,") in texts for number in numbers), (said, known)
    assert made.sentence in catalogue()


def rows(made: Answer) -> dict[Any, Any]:
    return {row[0]: row[1] for row in made.table.rows}


def test_click_rate_by_channel_of_the_latest_campaign(world: World) -> None:
    made, asked = ask(world, {"metrics": ["ctr"], "dimensions": ["slot"], "analysis": "compare", "missing": ["time"]})
    assert [study.id for study in asked.scope] == ["cmp_sample"]
    assert "analysis.assumed_campaign" in {finding.code for finding in made.findings}
    assert made.query.startswith("SELECT")
    clicks, _ = ask(world, {"metrics": ["clicks"], "dimensions": ["channel"], "missing": ["time"]})
    assert rows(clicks) == {"push": 90}
    seen, _ = ask(world, {"metrics": ["impressions"], "dimensions": ["channel"], "missing": ["time"]})
    assert rows(seen) == {"inapp_banner": 1000}


def test_a_single_figure(world: World) -> None:
    made, _ = ask(world, {"metrics": ["clicks"], "analysis": "summary", "time": TIME})
    assert made.table.rows == ((90,),)
    assert (made.chart.kind, made.sentence) == ("number", "analysis.say_one")


def test_rates_of_a_campaign_are_of_those_whom_it_addressed(world: World) -> None:
    made, _ = ask(world, {"metrics": ["conversion_rate"], "analysis": "summary", "missing": ["campaign"]})
    assert made.table.rows[0][0] == pytest.approx(150 / world.counts["treated"], abs=1e-6)
    by_arm, _ = ask(
        world, {"metrics": ["conversion_rate"], "dimensions": ["experiment_group"], "missing": ["campaign"]}
    )
    told = rows(by_arm)
    assert told["treated"] == pytest.approx(150 / world.counts["treated"], abs=1e-6)
    assert told["holdout"] == pytest.approx(7 / world.counts["holdout"], abs=1e-6)


def test_segments_come_from_the_snapshots(world: World) -> None:
    made, _ = ask(world, {"metrics": ["segment_size"], "dimensions": ["segment"], "missing": ["campaign"]})
    assert rows(made) == {"l0": 1200, "l1": 800, "l2": 400}
    reach, _ = ask(world, {"metrics": ["reach"], "dimensions": ["segment"], "missing": ["campaign"]})
    assert sum(rows(reach).values()) > 0


def test_a_trend_has_its_days_in_order(world: World) -> None:
    made, _ = ask(world, {"metrics": ["impressions"], "analysis": "trend", "time": TIME})
    assert [row[0] for row in made.table.rows] == ["2026-11-30"]
    orders, _ = ask(world, {"metrics": ["conversion_rate"], "dimensions": ["date"], "analysis": "trend", "missing": ["campaign"], "time": TIME})  # fmt: skip
    assert [row[0] for row in orders.table.rows] == ["2026-11-30", "2026-12-01"]
    assert orders.chart.kind == "line"


def test_hours_are_local(world: World) -> None:
    made, _ = ask(world, {"metrics": ["clicks"], "dimensions": ["hour"], "time": TIME})
    assert rows(made) == {"11": 90}


def test_a_comparison_shows_before_and_change(world: World) -> None:
    time = {"start": "2026-12-01", "end": "2026-12-01", "compare_to": "previous_day"}
    made, _ = ask(world, {"metrics": ["clicks"], "analysis": "compare", "time": time})
    assert made.table.rows == ((0, 90, -90),)
    assert made.sentence == "analysis.say_down"


@pytest.mark.parametrize(("to", "wanted"), [
    ("previous_day", ("2026-11-29", "2026-12-01")), ("previous_period", ("2026-11-28", "2026-11-30")),
    ("same_weekday_last_week", ("2026-11-23", "2026-11-25")), ("yoy", ("2025-11-30", "2025-12-02")),
    ("2026-06-18", ("2026-06-18", "2026-06-20")),
])  # fmt: skip
def test_windows_of_comparison(world: World, to: str, wanted: tuple[str, str]) -> None:
    _, asked = ask(world, {"metrics": ["clicks"], "time": {**TIME, "compare_to": to}})
    assert asked.before is not None
    local = [
        at.astimezone(dt.timezone(dt.timedelta(hours=8))).date().isoformat()
        for at in (asked.before.start, asked.before.end)
    ]
    assert tuple(local) == wanted


def test_cost_budget_and_what_is_left(world: World) -> None:
    cost, _ = ask(world, {"metrics": ["cost_cny"], "missing": ["campaign"]})
    left, _ = ask(world, {"metrics": ["budget_left_cny"], "missing": ["campaign"]})
    spent = cost.table.rows[0][0]
    assert isinstance(spent, int | float)
    assert left.table.rows[0][0] == pytest.approx(30_000_000 - spent)
    by_channel, _ = ask(world, {"metrics": ["cost_cny"], "dimensions": ["channel"], "missing": ["campaign"]})
    assert sum(rows(by_channel).values()) == pytest.approx(spent - 4500)
    assert "analysis.benefits_not_by_channel" in {finding.code for finding in by_channel.findings}


def test_benefits_by_face_value(world: World) -> None:
    made, _ = ask(world, {"metrics": ["coupon_unused_users"], "dimensions": ["coupon_face_value"], "missing": ["time"]})
    assert rows(made) == {"20": 5}
    rate, _ = ask(world, {"metrics": ["redemption_rate"], "missing": ["campaign"]})
    assert rate.table.rows[0][0] == pytest.approx(3 / 8)


def test_the_experiment_is_read_with_its_interval(world: World) -> None:
    made, _ = ask(world, {"metrics": ["conversion_rate"], "dimensions": ["experiment_group"], "analysis": "uplift", "stat_test": "significance", "missing": ["campaign"]})  # fmt: skip
    assert [row[:3] for row in made.table.rows] == [
        ("treated", world.counts["treated"], 150), ("holdout", world.counts["holdout"], 7),
    ]  # fmt: skip
    assert made.sentence == "analysis.say_significant"
    lift, _ = ask(world, {"metrics": ["uplift"], "missing": ["campaign"]})
    assert lift.table.rows[0][0] == pytest.approx(made.params["uplift"])


def test_return_by_channel_says_that_it_is_credited(world: World) -> None:
    made, _ = ask(world, {"metrics": ["roi"], "dimensions": ["channel"], "filters": [{"field": "campaign", "op": "contains", "value": "首投"}], "time": TIME})  # fmt: skip
    assert set(rows(made)) <= {"push", "sms"}
    assert "analysis.credited_not_caused" in {finding.code for finding in made.findings}


def test_the_funnel(world: World) -> None:
    made, _ = ask(world, {"metrics": [], "analysis": "funnel", "filters": [{"field": "campaign", "op": "contains", "value": "固收"}]})  # fmt: skip
    assert rows(made)["responded"] == 150
    assert made.chart.kind == "funnel"


def test_days_from_sight_to_response(world: World) -> None:
    made, _ = ask(world, {"metrics": ["time_to_convert_days"], "analysis": "duration", "quantiles": [0.5, 0.9], "missing": ["time"]})  # fmt: skip
    told = rows(made)
    assert set(told) == {"P50", "P90"}
    assert 0 < told["P50"] <= told["P90"] <= 1.1
    assert made.table.rows[0][2] == 150


def test_the_cause_of_a_change(world: World) -> None:
    time = {"start": "2026-12-01", "end": "2026-12-01", "compare_to": "previous_day"}
    made, _ = ask(world, {"metrics": ["clicks"], "analysis": "root_cause", "direction": "down", "time": time})
    assert made.table.rows[0][2:] == (90, 0, -90)
    assert made.table.rows[1] == ("channel", "push", 90, 0, -90)
    assert made.sentence == "analysis.say_cause"


def test_contributions_add_up_to_one(world: World) -> None:
    made, _ = ask(world, {"metrics": ["gmv_cny"], "analysis": "contribution", "dimensions": ["channel"], "time": TIME})
    assert made.sentence == "analysis.say_nothing"
    clicks, _ = ask(world, {"metrics": ["clicks"], "analysis": "contribution", "dimensions": ["channel"], "time": TIME})
    assert sum(float(row[2]) for row in clicks.table.rows if row[2] is not None) == pytest.approx(1.0)


def test_pacing(world: World) -> None:
    made, _ = ask(world, {"metrics": ["cost_cny"], "analysis": "pacing", "missing": ["campaign"]})
    campaign, budget, cost, spent, elapsed = made.table.rows[0]
    assert (campaign, budget) == ("cmp_sample", 30_000_000)
    assert spent == pytest.approx(float(cost or 0) / 30_000_000, abs=1e-6)
    assert 0 < float(elapsed or 0) < 1


def test_conditions_on_customers_narrow_everything(world: World) -> None:
    few = [{"field": "age", "op": "ge", "value": 2390}]
    made, asked = ask(world, {"metrics": ["segment_size"], "filters": few, "missing": ["campaign"]})
    assert made.table.rows == ((10,),)
    assert asked.members is not None
    none, _ = ask(
        world, {"metrics": ["impressions"], "filters": [{"field": "age", "op": "ge", "value": 2399}], "time": TIME}
    )
    assert none.table.rows == ((0,),)


def test_order_and_top(world: World) -> None:
    made, _ = ask(world, {"metrics": ["segment_size"], "dimensions": ["segment"], "order": "asc", "top": 2, "missing": ["campaign"]})  # fmt: skip
    assert [row[0] for row in made.table.rows] == ["l2", "l1"]


def test_products_are_known_by_their_words(world: World) -> None:
    filters = [{"field": "product", "op": "eq", "value": "稳健固收+"}]
    made, asked = ask(world, {"metrics": ["clicks"], "filters": filters, "time": TIME})
    assert asked.native["product"] == ("fund_mix",)
    assert made.table.rows == ((0,),)


REFUSED = [
    ({"metrics": ["aum_change_cny"], "missing": ["campaign"]}, "no_history"),
    ({"metrics": ["retention_rate"], "analysis": "cohort", "day_n": [30]}, "not_covered"),
    ({"metrics": ["clicks"], "analysis": "forecast"}, "not_covered"),
    ({"metrics": ["happiness"], "time": TIME}, "unknown_metric"),
    (
        {"metrics": ["clicks"], "filters": [{"field": "campaign", "op": "contains", "value": "月球"}]},
        "no_such_campaign",
    ),
    ({"metrics": ["clicks"], "time": {"start": "2026-12-09", "end": "2026-12-01"}}, "window_reversed"),
    ({"metrics": ["cac_cny"], "missing": ["campaign"]}, "no_field"),
    ({"metrics": ["clicks"], "dimensions": ["segment"], "time": TIME}, "needs_campaign"),
    ({"metrics": ["impressions"], "dimensions": ["coupon_face_value"], "time": TIME}, "cannot_split"),
]


@pytest.mark.parametrize(("reading", "code"), REFUSED)
def test_what_cannot_be_answered_is_refused_with_a_reason(world: World, reading: dict[str, Any], code: str) -> None:
    with pytest.raises(RefusedError) as told:
        ask(world, reading)
    assert told.value.code == f"analysis.{code}"
    assert told.value.code in catalogue()


def test_every_metric_of_the_catalogue_has_a_formula_that_can_be_read() -> None:
    pack = packs.load("demo")
    for metric in pack.metrics:
        found = formula_of(metric.name, pack)
        assert found.numerator, metric.name
        assert bool(found.denominator) == bool(metric.denominator)


@pytest.mark.parametrize(
    "text",
    ["x", "events.count +", "events(name).count", "events(name=a).joy", "a.b c.d", "()", "cost.amount cost.amount"],
)
def test_formulas_that_mean_nothing_are_refused(text: str) -> None:
    with pytest.raises(RefusedError, match=r"bad_formula"):
        terms(text, "m")


def test_quotes_in_conditions_cannot_end_a_statement(world: World) -> None:
    evil = "push'); DROP TABLE x; --"
    filters = [{"field": "channel", "op": "eq", "value": evil}]
    made, _ = ask(world, {"metrics": ["clicks"], "filters": filters, "time": TIME})
    assert made.table.rows == ((0,),)
    cost, _ = ask(world, {"metrics": ["cost_cny"], "filters": filters, "missing": ["campaign"]})
    assert cost.table.rows == ((0,),)
