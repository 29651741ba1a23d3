"""Decisions are pure and replayable, give a reason for every option, and keep holdouts, caps, stock and consent."""

import datetime as dt
import time
from collections import Counter
from dataclasses import replace

import pytest
from benefits.samples import GOAL
from hypothesis import given, settings
from hypothesis import strategies as st

from linghang.base.messages import catalogue
from linghang.customers import Touch
from linghang.decisions import Customer, PolicyState, State, decide, explain, over, share_of
from linghang.decisions.store import append, find, of_customer, of_package, tally
from linghang.experiments import HOLDOUT, arm_of
from linghang.kit.database import metadata, open_database

from .samples import BANK, NOON, PLENTY, VIEW, asked, person, seen

TREATED = [n for n in range(400) if arm_of(n, VIEW.salt, VIEW.arms) != HOLDOUT]
HELD = [n for n in range(400) if arm_of(n, VIEW.salt, VIEW.arms) == HOLDOUT]
SHOWN = next(n for n in TREATED if (share := share_of(person(n), VIEW, "l1")) and share.benefit)


def reason(customer: Customer, **more) -> str:
    """The reason that keeps the whole campaign from a customer."""
    record = decide(asked(customer.number, **more.pop("asked", {})), [VIEW], customer, more.pop("touches", ()), **more)
    assert record.chosen == ""
    assert record.propensity == 1.0
    return record.reasons["cmp_a"]


def test_a_customer_sees_the_variant_of_the_layer_and_benefit() -> None:
    record = decide(asked(SHOWN), [VIEW], person(SHOWN), state=PLENTY)
    chosen = next(c for c in VIEW.choices["l1", "home_banner"] if c.id == record.chosen)
    share = share_of(person(SHOWN), VIEW, "l1")
    assert share is not None
    assert chosen.benefit == share.benefit
    assert (record.layer, record.arm, record.feature_version) == ("l1", "treated", "g1")
    others = {f"cmp_a/{c.id}" for c in VIEW.choices["l1", "home_banner"]} - {f"cmp_a/{record.chosen}"}
    assert set(record.reasons) == others


@settings(max_examples=200)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["l0", "l1", "l2", "none"]), st.integers(0, 3), st.integers(0, 30))
def test_replay_gives_the_same_record(number: int, layer: str, stock: int, hours: int) -> None:
    at = NOON + dt.timedelta(hours=hours)
    state = State(left={VIEW.hash: {"coupon_20": stock}}, policies={VIEW.hash: PolicyState("v1")})
    request = asked(number, at=at)
    one, two = (decide(request, [VIEW], person(number, layer), (), state, 3) for _ in range(2))
    assert one == two
    assert 0 < one.propensity <= 1
    assert all(code in catalogue() for code in one.reasons.values())


def test_the_holdout_sees_nothing_and_is_counted() -> None:
    assert HELD
    for number in HELD:
        record = decide(asked(number), [VIEW], person(number), state=PLENTY)
        assert record.chosen == ""
        assert (record.package, record.arm, record.layer) == (VIEW.hash, HOLDOUT, "l1")
        assert record.reasons == {"cmp_a": "decisions.holdout"}


def test_the_global_holdout_comes_before_all_campaigns() -> None:
    state = replace(PLENTY, global_holdout=1.0, global_salt="g")
    assert reason(person(SHOWN), state=state) == "decisions.global_holdout"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"layers": {}}, "decisions.not_in_audience"),
        ({"muted": "customers.complaint"}, "customers.complaint"),
        ({"blocked": {"inapp_banner": "customers.quiet"}}, "customers.quiet"),
        ({"risk": None}, "decisions.suitability_unknown"),
        ({"risk": 1}, "decisions.unsuitable"),
    ],
)
def test_what_forbids_a_campaign_is_named(changed: dict, code: str) -> None:
    customer = replace(person(SHOWN), **changed)
    record = decide(asked(SHOWN), [VIEW], customer, state=PLENTY)
    assert (record.chosen, record.reasons["cmp_a"]) == ("", code)


@pytest.mark.parametrize(("consent", "code"), [(None, "decisions.consent_unknown"), (False, "decisions.no_consent")])
def test_sends_need_a_known_consent(consent: bool | None, code: str) -> None:
    customer = person(SHOWN, consents={"sms": consent, "push": True})
    assert reason(customer, asked={"place": "sms", "channel": "sms"}, state=PLENTY) == code


def test_days_and_hours_are_kept_in_the_institutions_zone() -> None:
    early = dt.datetime(2026, 11, 29, 15, 59, tzinfo=dt.UTC)  # 23:59 the day before in Shanghai
    assert reason(person(SHOWN), asked={"at": early}, state=PLENTY) == "decisions.not_running"
    night = dt.datetime(2026, 12, 1, 13, tzinfo=dt.UTC)  # 21:00 in Shanghai
    told = {"place": "sms", "channel": "sms", "at": night}
    assert reason(person(SHOWN), asked=told, state=PLENTY) == "decisions.outside_hours"
    assert reason(person(SHOWN), asked={"place": "search_box"}, state=PLENTY) == "decisions.nothing_for_place"


def test_caps_over_rolling_days_are_kept() -> None:
    yesterday = NOON - dt.timedelta(hours=30)
    told = {"place": "sms", "channel": "sms"}
    assert reason(person(SHOWN), asked=told, touches=[Touch("sms", yesterday)], state=PLENTY) == "customers.channel_cap"
    calls = [Touch("call", NOON - dt.timedelta(hours=h)) for h in (1, 2)]
    assert reason(person(SHOWN), asked=told, touches=calls, state=PLENTY) == "customers.total_cap"
    assert decide(asked(SHOWN), [VIEW], person(SHOWN), calls, PLENTY).chosen  # a slot is no send


def test_the_briefs_own_cap_is_kept() -> None:
    view = seen(replace(GOAL, freq_cap={"max": 1, "window_days": 3}))
    told = asked(SHOWN, "push", "push")
    before = [Touch("sms", NOON - dt.timedelta(days=2), view.hash)]
    record = decide(told, [view], person(SHOWN), before, PLENTY)
    assert record.reasons["cmp_a"] == "decisions.campaign_cap"
    assert decide(told, [view], person(SHOWN), [replace(before[0], package="other")], PLENTY).chosen


@given(st.lists(st.integers(0, 240), max_size=12), st.integers(1, 7), st.integers(1, 4))
def test_a_cap_counts_exactly_the_rolling_window(ages: list[int], days: int, most: int) -> None:
    earlier = [NOON - dt.timedelta(hours=age) for age in ages]
    inside = sum(age < days * 24 for age in ages)
    assert over(NOON, earlier, {days: most}) == (inside >= most)


def test_without_stock_the_neutral_variant_is_shown() -> None:
    record = decide(asked(SHOWN), [VIEW], person(SHOWN), state=State())
    chosen = next(c for c in VIEW.choices["l1", "home_banner"] if c.id == record.chosen)
    assert chosen.benefit == ""
    assert "decisions.stock_out" in record.reasons.values()
    benefit = share_of(person(SHOWN), VIEW, "l1").benefit  # type: ignore[union-attr]
    had = decide(asked(SHOWN), [VIEW], person(SHOWN, claimed=frozenset({benefit})), state=PLENTY)
    assert "decisions.already_claimed" in had.reasons.values()


def test_a_stopped_package_shows_nothing() -> None:
    state = replace(PLENTY, stopped=frozenset({VIEW.hash}))
    assert reason(person(SHOWN), state=state) == "decisions.stopped"


def test_the_worthier_campaign_wins_and_the_other_says_why() -> None:
    strong = seen(replace(GOAL, level="S"), "b")
    number = next(
        n for n in TREATED
        if arm_of(n, strong.salt, strong.arms) != HOLDOUT
        and share_of(person(n), VIEW, "l1") and share_of(person(n), strong, "l1")
    )  # fmt: skip
    both = person(number, layers={VIEW.hash: "l1", strong.hash: "l1"})
    left = {view.hash: {"coupon_20": 9, "coupon_5": 9, "packet_50": 9} for view in (VIEW, strong)}
    for order in ([VIEW, strong], [strong, VIEW]):
        record = decide(asked(number), order, both, state=State(left=left))
        assert record.package == strong.hash
        assert "decisions.outbid" in record.reasons.values()


def test_propensities_are_the_frequencies_of_exploration() -> None:
    told = {"place": "push", "channel": "push"}
    counts: Counter[str] = Counter()
    chances: dict[str, float] = {}
    shown = 0
    for number in range(6000):
        record = decide(asked(number, **told), [VIEW], person(number), state=PLENTY)
        if record.chosen and len([c for c in record.reasons.values() if c == "decisions.lower_value"]) == 1:
            shown += 1
            counts[record.chosen] += 1
            chances[record.chosen] = record.propensity
    assert shown > 1000
    assert sum(chances.values()) == pytest.approx(1.0)
    assert sorted(chances.values()) == pytest.approx([0.05, 0.95])
    for variant, chance in chances.items():
        assert counts[variant] / shown == pytest.approx(chance, abs=4 * (chance * (1 - chance) / shown) ** 0.5)


def test_learned_values_move_the_policy() -> None:
    told = {"place": "push", "channel": "push"}
    number = next(n for n in TREATED if decide(asked(n, **told), [VIEW], person(n), state=PLENTY).propensity > 0.9)
    first = decide(asked(number, **told), [VIEW], person(number), state=PLENTY)
    other = next(key.partition("/")[2] for key, code in first.reasons.items() if code == "decisions.lower_value")
    taught = replace(PLENTY, policies={VIEW.hash: PolicyState("v2", {other: 0.9})})
    second = decide(asked(number, **told), [VIEW], person(number), state=taught)
    assert second.policy_version.endswith("+v2")
    assert (second.chosen == other) == (second.propensity > 0.9)


def test_the_allocation_comes_out_although_some_cannot_be_reached() -> None:
    view = seen(reach={"push": 36_500, "sms": 58_400})  # half of 73,000, and four fifths
    numbers = [n for n in range(20_000) if arm_of(n, view.salt, view.arms) != HOLDOUT]
    people = [person(n, consents={"push": n % 2 == 0, "sms": n % 5 != 0}, layers={view.hash: "l0"}) for n in numbers]
    got = Counter(share.channels for p in people if (share := share_of(p, view, "l0")))
    shares = view.shares["l0"]
    assert len(shares) >= 3
    assert sum(share.chance for share in shares) > 0.95
    for share in shares:
        assert got[share.channels] / len(numbers) == pytest.approx(share.chance, abs=0.02)
    for customer in people:
        share = share_of(customer, view, "l0")
        assert share is None or all(customer.consents.get(c, True) for c in share.channels)


def test_explanations_name_the_choice_and_every_other_option() -> None:
    record = decide(asked(SHOWN), [VIEW], person(SHOWN), state=PLENTY)
    for locale in ("zh-CN", "en"):
        told = explain(record, locale)
        assert len(told) == 1 + len(record.reasons)
        assert all(sentence and "{" not in sentence for _, sentence in told)
    nothing = decide(asked(HELD[0]), [VIEW], person(HELD[0]), state=PLENTY)
    assert "对照组" in explain(nothing)[1][1]


def test_a_decision_takes_less_than_a_millisecond() -> None:
    people = [(asked(n), person(n)) for n in range(500)]
    views = [seen(name=name) for name in "abc"]
    start = time.process_time()
    for request, customer in people:
        decide(request, views, customer, [Touch("sms", NOON)] * 20, PLENTY)
    assert (time.process_time() - start) / 500 < 0.001


def test_the_log_keeps_every_decision_once(tmp_path) -> None:
    db = open_database(tmp_path / "a.db")
    metadata.create_all(db)
    records = [decide(asked(n), [VIEW], person(n), state=PLENTY) for n in range(50)]
    assert append(db, records) == 50
    assert append(db, records) == 0
    assert find(db, BANK, "dec_7") == records[7]
    assert of_customer(db, BANK, 7) == (records[7],)
    assert sorted(of_package(db, BANK, VIEW.hash), key=lambda r: r.customer) == records
    assert sum(tally(db, BANK, VIEW.hash).values()) == 50
