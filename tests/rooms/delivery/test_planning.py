"""The plan: the holdout stays out, nobody is planned twice, and no part costs more than it was allotted."""

import datetime as dt
from collections import Counter

import numpy as np
from approvals import samples as x
from hypothesis import given
from hypothesis import strategies as st

from delivery.house import LAYERS, PACK, members, small
from linghang import decisions, delivery
from linghang.base.digest import digest
from linghang.campaigns.model import Package
from linghang.delivery import Kept, SendPlan, send_key
from linghang.experiments import HOLDOUT, Arm, arm_of, held_out

BIG = x.package()
BIG_MEMBERS = {
    "l0": np.arange(20_000, dtype=np.uint32),
    "l1": np.arange(20_000, 30_000, dtype=np.uint32),
    "l2": np.arange(30_000, 34_000, dtype=np.uint32),
}


def planned(package: Package = BIG, **more: object) -> SendPlan:
    return delivery.plan_sends(package, BIG_MEMBERS if package is BIG else members(), PACK, **more)  # type: ignore[arg-type]


def test_nobody_of_the_holdout_is_planned_and_nobody_twice() -> None:
    plan = planned()
    arms = [Arm(arm.id, arm.share) for arm in x.EXPERIMENT.arms]
    assert all(arm_of(int(number), x.EXPERIMENT.salt, arms) != HOLDOUT for number in np.unique(plan.customer))
    pairs = list(zip(plan.customer.tolist(), plan.channel.tolist(), strict=True))
    assert len(pairs) == len(set(pairs))
    assert plan.held_out > 0


def test_no_part_gets_more_than_it_was_allotted_and_almost_all_of_it() -> None:
    plan = planned()
    for item in x.ALLOTMENTS:
        for channel in ("push", "sms"):
            mine = (plan.channel == plan.channels.index(channel)) & (plan.layer == plan.layers.index(item.layer))
            assert item.customers * 0.97 <= mine.sum() <= item.customers


def test_slots_are_not_sent() -> None:
    assert set(planned().channels) == {"push", "sms"}


def test_who_gets_a_send_is_who_decisions_would_choose() -> None:
    view = decisions.view(BIG, PACK)
    able = np.arange(0, 34_000, 3, dtype=np.uint32)
    plan = planned(reachable={"push": able})
    for n in range(0, len(plan), 97):
        number = int(plan.customer[n])
        customer = decisions.Customer(number, {}, consents={"push": number % 3 == 0, "sms": True})
        share = decisions.share_of(customer, view, plan.layers[plan.layer[n]])
        assert share is not None
        assert share.benefit == plan.benefits[plan.benefit[n]]
        assert plan.channels[plan.channel[n]] in share.channels


def test_days_follow_the_placements() -> None:
    plan = planned()
    for channel in ("push", "sms"):
        placement = next(item for item in x.PLACEMENTS.placements if item.channel == channel)
        due = Counter(plan.due[plan.channel == plan.channels.index(channel)].tolist())
        days = [placement.start.toordinal() + n for n in range(len(placement.daily))]
        assert set(due) <= set(days)
        assert max(due.values()) - min(due.values()) <= max(placement.daily) - min(placement.daily) + 2
    assert set(plan.until.tolist()) == {x.END.toordinal()}


def test_who_is_not_reachable_is_counted_and_not_planned() -> None:
    able = np.arange(0, 34_000, 2, dtype=np.uint32)
    plan = planned(reachable={"sms": able})
    sms = plan.channel == plan.channels.index("sms")
    assert np.isin(plan.customer[sms], able).all()
    assert plan.unreachable["sms"] > 10_000
    assert "push" not in plan.unreachable


def test_the_institutions_own_holdout_is_kept_back_too() -> None:
    some = planned(kept=Kept(0.5, "global"))
    assert not held_out(some.customer, "global", 0.5).any()
    assert some.held_out > planned().held_out


def test_the_touches_of_one_customer_lie_apart() -> None:
    plan = planned()
    days: dict[str, dict[int, int]] = {}
    for n, name in enumerate(plan.channels):
        mine = plan.channel == n
        days[name] = dict(zip(plan.customer[mine].tolist(), plan.due[mine].tolist(), strict=True))
    gaps = [abs(days["push"][number] - days["sms"][number]) for number in days["push"] if number in days["sms"]]
    assert len(gaps) > 20_000
    assert min(gaps) >= x.DAYS // 2 - 1


def test_planning_again_finds_the_same_sends() -> None:
    one, other = planned(), planned()
    assert (one.customer == other.customer).all()
    assert (one.due == other.due).all()


@given(st.integers(0, 2**32 - 1), st.sampled_from(("push", "sms", "email")), st.integers(1, 9))
def test_a_key_is_the_digest_of_what_the_send_is(customer: int, channel: str, touch: int) -> None:
    assert send_key("p" * 64, customer, channel, touch) == digest(["p" * 64, customer, channel, touch])


def test_an_empty_layer_plans_nothing() -> None:
    nobody = {name: np.zeros(0, np.uint32) for name in LAYERS}
    assert len(delivery.plan_sends(x.package(small()), nobody, PACK)) == 0


def test_ordinals_are_days() -> None:
    plan = delivery.plan_sends(x.package(small()), members(), PACK)
    assert dt.date.fromordinal(int(plan.due.min())) == x.START
