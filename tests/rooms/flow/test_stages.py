"""Phases of the sentence become dates, placements and a calendar; a moved window takes them along."""

import datetime as dt
import itertools
from dataclasses import replace

import pytest
from benefits.samples import AUDIENCE, GOAL, LAYERS, PACK
from hypothesis import given
from hypothesis import strategies as st

from linghang import packs, placements, reading
from linghang.benefits import allocate
from linghang.campaigns.sections import Goal
from linghang.flow import stages
from linghang.flow.goal import set_goal

TODAY = dt.date(2026, 11, 23)
DEMO = packs.load("demo")
REST = "给C3以上客户推基金,预算50万,push加短信"


def goal_of(text: str, **changed: object) -> tuple[Goal, list[str]]:
    told = reading.read(text, today=TODAY, pack=DEMO)
    goal, findings = set_goal({**told.reading, **changed}, text=text, today=TODAY, pack=DEMO)
    return goal, [item.code for item in findings]


def dates(goal: Goal) -> list[tuple[str, str, str]]:
    return [(phase.id, f"{phase.start:%m-%d}", f"{phase.end:%m-%d}") for phase in goal.phases]


THREE = [("warm_up", "12-01", "12-03"), ("burst", "12-04", "12-08"), ("encore", "12-09", "12-10")]


@pytest.mark.parametrize(
    "said",
    [
        "预热3天、爆发5天、返场2天,12月1日开始",
        "12月1日到12月10日,预热3天、爆发5天、返场2天",
        "预热12月1日到12月3日,爆发12月4日到12月8日,返场12月9日到12月10日",
        "预热3天(12月1日到12月3日),爆发5天,返场2天",
    ],
)
def test_phases_of_the_sentence_become_dates(said: str) -> None:
    goal, codes = goal_of(f"做大促,{said},{REST}")
    assert (goal.start, goal.end) == (dt.date(2026, 12, 1), dt.date(2026, 12, 10))
    assert dates(goal) == THREE
    assert goal.playbook == "festival"
    assert "goal.phases_do_not_fit" not in codes


def test_a_sale_without_phases_has_those_of_its_playbook() -> None:
    goal, _ = goal_of(f"做大促,12月1日到12月10日,{REST}")
    assert dates(goal) == [("warm_up", "12-01", "12-04"), ("burst", "12-05", "12-08"), ("encore", "12-09", "12-10")]
    assert dates(goal_of(f"12月1日到12月10日,{REST}")[0]) == [("main", "12-01", "12-10")]


def test_lengths_that_do_not_add_up_to_the_window_are_fitted_and_said() -> None:
    goal, codes = goal_of(f"做大促,12月1日到12月20日,预热3天、爆发5天、返场2天,{REST}")
    assert dates(goal) == [("warm_up", "12-01", "12-06"), ("burst", "12-07", "12-16"), ("encore", "12-17", "12-20")]
    assert "goal.phases_do_not_fit" in codes


def test_a_moved_window_takes_its_phases_along() -> None:
    said = "预热12月1日到12月3日,爆发12月4日到12月8日,返场12月9日到12月10日"
    goal, codes = goal_of(f"做大促,{said},{REST}", start="2027-01-11", end="2027-01-20")
    assert dates(goal) == [("warm_up", "01-11", "01-13"), ("burst", "01-14", "01-18"), ("encore", "01-19", "01-20")]
    assert "goal.phases_do_not_fit" not in codes


def test_a_phase_may_speak_by_channels_of_its_own() -> None:
    goal, _ = goal_of("给C3以上客户推基金,预热3天用push,爆发5天用短信,返场2天,12月1日开始,预算5万")
    assert [phase.channels for phase in goal.phases] == [("push",), ("sms",), ()]
    planned = placements.plan(goal, allocate(GOAL, LAYERS, AUDIENCE, PACK).allocation, DEMO).placements.placements
    assert {(item.channel, item.phase) for item in planned} == {
        ("push", "warm_up"), ("push", "encore"), ("sms", "burst"), ("sms", "encore"),
    }  # fmt: skip


def test_placements_follow_the_phases_and_touch_everyone_once() -> None:
    goal, _ = goal_of(f"做大促,预热3天、爆发5天、返场2天,12月1日开始,{REST}")
    allocation = allocate(replace(GOAL, channels=("sms",)), LAYERS, AUDIENCE, PACK).allocation
    planned = placements.plan(goal, allocation, DEMO).placements.placements
    for channel in ("push", "sms"):
        own = [item for item in planned if item.channel == channel]
        assert [(item.phase, f"{item.start:%m-%d}", f"{item.end:%m-%d}") for item in own] == THREE
        touched = sum(item.customers for item in allocation.allotments if channel in item.channels)
        assert sum(sum(item.daily) for item in own) == touched
    burst = next(item for item in planned if (item.channel, item.phase) == ("sms", "burst"))
    warm = next(item for item in planned if (item.channel, item.phase) == ("sms", "warm_up"))
    assert max(burst.daily) > max(warm.daily) > 0


STAGE = st.builds(
    stages.Stage, st.sampled_from(["warm_up", "burst", "encore", "第一波", "第二波"]), st.integers(0, 20),
    st.none() | st.dates(dt.date(2026, 11, 1), dt.date(2027, 1, 31)),
)  # fmt: skip


@given(told=st.lists(STAGE, max_size=4, unique_by=lambda item: item.id), length=st.integers(1, 40))
def test_whatever_was_said_phases_lie_in_the_window_one_after_another(told: list[stages.Stage], length: int) -> None:
    start = dt.date(2026, 12, 1)
    end = start + dt.timedelta(days=length - 1)
    known = [item if item.days or item.start is None else replace(item, days=1) for item in told]
    made, _ = stages.phases(known, start, end, shares=(("main", 1.0),), usual=(("warm_up", 0.4), ("burst", 0.6)))
    assert made[0].start == start
    assert made[-1].end == end
    assert all(phase.start <= phase.end for phase in made)
    assert all(one.end < other.start for one, other in itertools.pairwise(made))
