"""The report on a campaign whose truth is known: each figure is right, and is read again from its own statements."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from delivery import house
from delivery.house import DAY1, PACK
from hypothesis import given
from hypothesis import strategies as st

from analysis.conftest import World, event
from linghang import analysis, events
from linghang.analysis import Groups, Report
from linghang.analysis.formula import value_of
from linghang.base.errors import RefusedError
from linghang.base.messages import catalogue, render
from linghang.campaigns import store
from linghang.experiments import Counts, newcombe


def number(found: Report, name: str) -> float:
    value = found.number(name)
    assert value is not None, name
    return value


def test_the_funnel_counts_what_happened(found: Report, world: World) -> None:
    steps = {item.name: item.value for item in found.funnel}
    assert steps["audience"] == 2400
    assert steps["treated"] == world.counts["treated"]
    assert steps["clicked"] == 90
    assert steps["claimed"] == 8
    assert steps["responded"] == 150
    assert 0 < (steps["reached"] or 0) <= world.counts["treated"]


def test_volumes_and_rates(found: Report, world: World) -> None:
    assert number(found, "planned") == number(found, "sent") == world.counts["sent"]
    assert number(found, "impressions") == 1000
    assert number(found, "clicks") == 90
    assert number(found, "ctr") == pytest.approx(0.09)
    assert (number(found, "claims"), number(found, "redemptions")) == (8, 3)
    assert number(found, "redemption_rate") == pytest.approx(3 / 8)
    assert number(found, "holdout") == world.counts["holdout"]


def test_the_effect_is_treated_less_holdout_with_newcombes_interval(found: Report, world: World) -> None:
    treated, holdout = world.counts["treated"], world.counts["holdout"]
    wanted = newcombe(Counts(treated, 150), Counts(holdout, 7))
    lift = found.told("lift")
    assert lift is not None
    assert (lift.value, lift.low, lift.high) == pytest.approx((wanted.value, wanted.low, wanted.high))
    incremental = found.told("incremental")
    assert incremental is not None
    assert incremental.value == pytest.approx(wanted.value * treated)
    assert [(arm.arm, arm.n, arm.conversions) for arm in found.arms] == [
        ("treated", treated, 150), ("holdout", holdout, 7),
    ]  # fmt: skip


def test_cost_gain_and_return(found: Report, world: World) -> None:
    sent = {item.channel: item.cost_fen - item.benefit_fen for item in found.channels}
    assert number(found, "benefit_cost") == 3 * 1500 == sum(item.benefit_fen for item in found.channels)
    assert number(found, "cost") == pytest.approx(number(found, "contact_cost") + 4500)
    assert sum(sent.values()) == pytest.approx(number(found, "contact_cost"), abs=2)
    gain, cost = number(found, "incremental") * 30_000, number(found, "cost")
    assert number(found, "gain") == pytest.approx(gain)
    assert number(found, "roi") == pytest.approx((gain - cost) / cost)
    assert number(found, "icpa") == pytest.approx(cost / number(found, "incremental"))
    roi = found.told("roi")
    assert roi is not None
    assert roi.low is not None
    assert roi.high is not None
    assert roi.low < number(found, "roi") < roi.high
    assert sum(layer.cost_fen for layer in found.layers) == pytest.approx(cost, abs=3)


def test_every_figure_is_read_again_by_its_own_statements(found: Report, world: World) -> None:
    for told in (*found.figures, *found.funnel):
        again = analysis.recompute(world.bench, told)
        assert told.bases, told.name
        assert all(part.query for base in told.bases for part in base.parts), told.name
        if told.value is not None:
            assert again == pytest.approx(told.value), told.name


def test_the_sentence_says_only_what_the_figures_say(found: Report, world: World, aside: World) -> None:
    code, params = analysis.sentence(found)
    assert code == "analysis.read_out"
    assert params["incremental"] == f"{number(found, 'incremental'):,.0f}"
    said = render(code, params, "zh-CN")
    assert all(text in said for text in params.values())
    few = analysis.read_out(other_world(aside).bench, now=world.bench.launched.end)
    assert analysis.sentence(few)[0] == "analysis.read_out_none"


def test_every_figure_and_note_has_its_words(found: Report) -> None:
    known = catalogue()
    for told in (*found.figures, *found.funnel):
        assert f"analysis.told.{told.name}" in known
        assert not told.note or told.note in known
    assert all(finding.code in known for finding in found.findings)


def test_layers_make_up_the_whole(found: Report) -> None:
    treated, holdout = found.arms
    assert sum(layer.treated for layer in found.layers) == treated.n
    assert sum(layer.holdout for layer in found.layers) == holdout.n
    assert sum(layer.conversions for layer in found.layers) == treated.conversions
    for layer in found.layers:
        if layer.lift is not None:
            assert layer.low is not None
            assert layer.high is not None
            assert layer.low <= layer.lift <= layer.high


def test_days_add_up(found: Report) -> None:
    assert [day.date for day in found.daily] == [dt.date(2026, 11, 30), dt.date(2026, 12, 1)]
    assert sum(day.conversions for day in found.daily) == 150
    assert sum(day.impressions for day in found.daily) == 1000
    assert sum(day.claims for day in found.daily) == 8


def test_channels_and_combinations(found: Report) -> None:
    push = next(item for item in found.channels if item.channel == "push")
    assert (push.clicked, push.conversions) == (90, 40)
    banner = next(item for item in found.variants if item.variant == "v_l0_home_banner")
    assert banner.shown == 900
    assert sum(item.conversions for item in found.variants) == 40


def test_nothing_is_wrong_with_a_clean_campaign(found: Report) -> None:
    assert not [item for item in found.findings if item.severity in ("S1", "S2")]
    assert (found.simulated, found.labels) == (False, ())


def test_before_the_end_the_report_says_so(world: World) -> None:
    early = analysis.read_out(world.bench, now=world.bench.launched.start)
    assert "analysis.still_running" in {item.code for item in early.findings}


def test_a_played_campaign_ends_where_its_play_ends_and_not_by_our_clock(aside: World) -> None:
    def codes(at: dt.datetime) -> set[str]:
        other = other_world(aside)
        made = event(int(other.bench.groups.within("treated")[0]), "click", at, other.package)
        events.record(aside.engine, other.db, [replace(made, source="simulated")], now=DAY1)
        return {item.code for item in analysis.read_out(other.bench, now=aside.bench.launched.start).findings}

    last = aside.bench.launched.end - dt.timedelta(hours=1)
    assert not codes(last) & {"analysis.still_running", "analysis.played_until"}
    assert codes(aside.bench.launched.start) & {"analysis.still_running", "analysis.played_until"} == {
        "analysis.played_until"
    }


def test_the_outcome_is_kept_for_estimates(found: Report, world: World) -> None:
    done = analysis.write_outcome(
        world.db, found, world.package, finished=dt.date(2026, 12, 1), now=world.bench.launched.end
    )
    assert store.all_outcomes(world.db, "demo") == (done,)
    assert (done.treated, done.holdout, done.channels) == (found.arms[0].n, found.arms[1].n, ("push", "sms"))
    assert done.lift == pytest.approx(found.number("lift"))


def other_world(world: World, *, shadow: bool = False) -> World:
    """Another small campaign of the same institution, among customers of its own."""
    world.others += 1
    document = house.small(id=f"cmp_other{world.others}")
    package = house.approved(world.db, world.folder, document)
    launched = house.launched(world.db, world.folder, package, shadow=shadow)
    members = {name: numbers + 10_000 * world.others for name, numbers in house.members().items()}
    bench = analysis.bench_of(world.db, world.engine, package, PACK, launched, members)
    return World(world.db, world.folder, world.engine, package, bench)


def test_without_receipts_what_arrived_is_unknown_and_not_zero(aside: World) -> None:
    found = analysis.read_out(other_world(aside, shadow=True).bench, now=DAY1)
    told = next(item for item in found.figures if item.name == "delivered")
    assert (told.value, told.note) == (None, "analysis.no_receipts")


def test_too_few_is_a_finding_and_not_a_zero(aside: World) -> None:
    few = other_world(aside)
    found = analysis.read_out(few.bench, now=few.bench.launched.end)
    assert found.number("lift") is None
    assert found.number("roi") is None
    assert "experiments.too_few" in {item.code for item in found.findings}


def test_simulated_responses_and_shadow_runs_are_labelled(aside: World) -> None:
    other = other_world(aside, shadow=True)
    made = event(int(other.bench.groups.within("treated")[0]), "click", DAY1, other.package)
    events.record(aside.engine, other.db, [replace(made, source="simulated")], now=DAY1)
    found = analysis.read_out(other.bench, now=other.bench.launched.end)
    assert found.simulated
    assert {"analysis.label_simulated", "analysis.label_shadow"} <= set(found.labels)
    assert "analysis.shadow" in {item.code for item in found.findings}


def test_a_holdout_that_was_reached_is_the_gravest_finding(aside: World) -> None:
    other = other_world(aside)
    leaked = int(other.bench.groups.within("holdout")[0])
    events.record(aside.engine, other.db, [event(leaked, "impression", DAY1, other.package)], now=DAY1)
    found = analysis.read_out(other.bench, now=other.bench.launched.end)
    assert found.findings[0].code == "analysis.holdout_was_reached"
    assert found.findings[0].params["count"] == 1


def test_complaints_beyond_the_guardrail_are_told(aside: World) -> None:
    other = other_world(aside)
    treated = other.bench.groups.within("treated")[:60].tolist()
    made = [event(n, name, DAY1, other.package) for n in treated for name in ("impression", "complaint")]
    events.record(aside.engine, other.db, made, now=DAY1)
    found = analysis.read_out(other.bench, now=other.bench.launched.end)
    assert {"complaint_rate"} == {f.params["metric"] for f in found.findings if f.code == "analysis.guardrail"}


def test_without_any_response_nothing_is_stored(aside: World) -> None:
    other = other_world(aside)
    later = replace(other.bench.launched, start=DAY1.replace(year=2030), end=DAY1.replace(year=2031))
    bench = replace(other.bench, launched=later)
    found = analysis.read_out(bench, now=bench.launched.end)
    assert "analysis.no_outcomes" in {item.code for item in found.findings}
    with pytest.raises(RefusedError, match=r"no_outcome"):
        analysis.write_outcome(other.db, found, other.package, finished=DAY1.date(), now=DAY1)


@given(st.lists(st.integers(0, 5000), max_size=60))
def test_groups_are_disjoint_and_cover(customers: list[int]) -> None:
    groups = Groups(house.x.package(house.small()), house.members(20))
    asked = np.array(customers, np.uint32)
    audience, treated = groups.inside(asked, "audience"), groups.inside(asked, "treated")
    holdout = groups.inside(asked, "holdout")
    assert (audience == (treated | holdout)).all()
    assert not (treated & holdout).any()
    assert [bool(layer) for layer in groups.layer_of(asked)] == audience.tolist()


@pytest.mark.parametrize(
    ("formula", "wanted"),
    [("a + b * 2", 7.0), ("(a - b) / b", -0.5), ("a / zero", None), ("-a", -1.0), ("a / gone", None), ("3", 3.0)],
)
def test_formulas(formula: str, wanted: float | None) -> None:
    assert (
        value_of(formula, {"a": 1.0, "b": 3.0 if formula == "a + b * 2" else 2.0, "zero": 0.0, "gone": None}) == wanted
    )


@pytest.mark.parametrize("formula", ["__import__('os')", "a ** b", "a if b else 1", "a.b", "", "a +", "'x'", "f(1)"])
def test_what_is_no_formula_is_refused(formula: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        value_of(formula, {"a": 1.0, "b": 2.0})
