"""Caps come from the touch ledger and hold, whoever asks and in whatever order."""

import datetime as dt
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linghang import customers
from linghang.customers import ContactPolicy, Touch, Wish
from linghang.customers.touches import ledger

NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
POLICY = ContactPolicy(
    zone="Asia/Shanghai",
    total_caps={1: 2, 7: 4},
    channel_caps={"sms": {7: 1, 30: 2}, "push": {1: 1}, "popup": {1: 1}},
    hours={"sms": ("09:00", "20:00"), "push": ("08:30", "21:00"), "popup": ("00:00", "24:00")},
    quiet=("21:00", "08:30"),
    cooldown_days=3,
    product_caps={"credit": {7: 1}},
    trading_days_only=frozenset(("fund",)),
    pushed=frozenset(("sms", "push", "mail")),
)


def _reserve(db: sa.Engine, wishes: Sequence[Wish], policy: ContactPolicy = POLICY) -> dict[str, tuple[str, ...]]:
    return customers.reserve(db, "i", wishes, policy)


def _wish(key: str, channel: str = "push", hours: float = 0, **more: object) -> Wish:
    return Wish(key, 1, channel, NOON + dt.timedelta(hours=hours), **more)  # type: ignore[arg-type]


def test_a_cap_holds_within_one_call_and_after(db: sa.Engine) -> None:
    done = _reserve(db, [_wish("a"), _wish("b"), _wish("c", "mail")])
    assert done == {"a": (), "b": ("customers.channel_cap",), "c": ()}
    assert _reserve(db, [_wish("d", "sms")]) == {"d": ("customers.total_cap",)}
    assert _reserve(db, [_wish("e", hours=24)]) == {"e": ()}, "a window of a day is 24 hours, half-open"


def test_the_same_key_keeps_its_touch(db: sa.Engine) -> None:
    assert _reserve(db, [_wish("a"), _wish("a")]) == {"a": ()}
    assert _reserve(db, [_wish("a")]) == {"a": ()}
    with db.connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(ledger)).scalar() == 1


def test_what_surely_did_not_go_out_frees_its_place(db: sa.Engine) -> None:
    _reserve(db, [_wish("a")])
    assert customers.settle(db, "i", ["a"], sent=False) == 1
    assert _reserve(db, [_wish("b")]) == {"b": ()}
    assert _reserve(db, [_wish("a")]) == {"a": ("customers.channel_cap",)}, "its place was given away"


def test_what_went_out_keeps_its_place(db: sa.Engine) -> None:
    _reserve(db, [_wish("a")])
    assert customers.settle(db, "i", ["a"], sent=True) == 1
    assert customers.settle(db, "i", ["a"], sent=False) == 0, "a settled touch is not taken back"
    assert _reserve(db, [_wish("b")]) == {"b": ("customers.channel_cap",)}


def test_a_freed_key_may_be_reserved_again(db: sa.Engine) -> None:
    _reserve(db, [_wish("a")])
    customers.settle(db, "i", ["a"], sent=False)
    assert _reserve(db, [_wish("a")]) == {"a": ()}


def test_a_later_reservation_is_seen(db: sa.Engine) -> None:
    assert _reserve(db, [_wish("later", hours=5)]) == {"later": ()}
    assert _reserve(db, [_wish("now")]) == {"now": ("customers.channel_cap",)}


def test_the_same_offer_cools_down(db: sa.Engine) -> None:
    _reserve(db, [_wish("a", offer="coupon")])
    assert _reserve(db, [_wish("b", "mail", 30, offer="coupon")]) == {"b": ("customers.cooldown",)}
    assert _reserve(db, [_wish("c", "mail", 30, offer="other")]) == {"c": ()}
    assert _reserve(db, [_wish("d", "mail", 72, offer="coupon")]) == {"d": ()}


def test_what_customers_open_themselves_is_not_in_the_total(db: sa.Engine) -> None:
    many = [Wish(f"p{n}", 1, "popup", NOON + dt.timedelta(days=n)) for n in range(6)]
    assert set(_reserve(db, many).values()) == {()}
    assert _reserve(db, [_wish("a", hours=5 * 24)]) == {"a": ()}


def test_institutions_and_customers_do_not_mix(db: sa.Engine) -> None:
    _reserve(db, [_wish("a")])
    assert customers.reserve(db, "other", [_wish("a")], POLICY) == {"a": ()}
    assert _reserve(db, [Wish("b", 2, "push", NOON)]) == {"b": ()}


def test_two_senders_at_once_share_one_place(db: sa.Engine) -> None:
    with ThreadPoolExecutor(8) as pool:
        verdicts = list(pool.map(lambda n: _reserve(db, [_wish(f"k{n}", "sms")])[f"k{n}"], range(16)))
    assert verdicts.count(()) == 1


def test_touches_come_back_oldest_first(db: sa.Engine) -> None:
    _reserve(db, [_wish("b", "sms", 1, package="p2"), _wish("a", "push", 0, package="p1")])
    found = customers.touches_of(db, "i", [1, 2], NOON - dt.timedelta(days=1), NOON + dt.timedelta(days=1))
    assert [(touch.channel, touch.package) for touch in found[1]] == [("push", "p1"), ("sms", "p2")]
    assert found[2] == ()


wishes = st.lists(
    st.tuples(st.sampled_from((1, 2)), st.sampled_from(("sms", "push", "mail", "popup")), st.integers(0, 40 * 24)),
    max_size=40,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(told=wishes)
def test_no_window_ever_holds_more_than_its_cap(db: sa.Engine, told: list[tuple[int, str, int]]) -> None:
    policy = ContactPolicy(
        "UTC", POLICY.total_caps, POLICY.channel_caps, product_caps={"credit": {2: 1}}, pushed=POLICY.pushed
    )
    with db.begin() as connection:
        connection.execute(ledger.delete())
    for place, (customer, channel, hours) in enumerate(told):
        kind = "credit" if hours % 2 else "fund"
        _reserve(db, [Wish(f"k{place}", customer, channel, NOON + dt.timedelta(hours=hours), kind=kind)], policy)
    with db.connect() as connection:
        rows = connection.execute(sa.select(ledger)).all()
    for row in rows:
        for names, caps in (
            (set(policy.pushed), policy.total_caps),
            ({row.channel}, policy.channel_caps.get(row.channel, {})),
            (set(policy.pushed), policy.product_caps.get(row.kind, {})),
        ):
            about = caps is policy.product_caps.get(row.kind)
            for days, most in caps.items():
                window = [
                    other for other in rows
                    if other.customer == row.customer and other.channel in names and not (about and other.kind != row.kind)
                    and row.at - dt.timedelta(days=days) < other.at <= row.at
                ]  # fmt: skip
                assert len(window) <= most


def test_capped_lists_everybody_who_is_full(db: sa.Engine) -> None:
    _reserve(db, [Wish("a", 1, "sms", NOON), Wish("b", 2, "push", NOON), Wish("c", 2, "mail", NOON)])
    at = NOON + dt.timedelta(hours=1)
    found: Mapping[str, object] = customers.capped(db, "i", "sms", POLICY, at)
    assert {code: list(numbers) for code, numbers in found.items()} == {  # type: ignore[call-overload]
        "customers.channel_cap": [1],
        "customers.total_cap": [2],
        "customers.product_cap": [],
    }


def _shut(channel: str, at: str, zone: str = "") -> bool:
    told = dt.datetime.fromisoformat(at)
    return "customers.outside_hours" in customers.contact_reasons([], channel, "", told, POLICY, zone=zone)


def test_hours_are_local() -> None:
    assert not _shut("sms", "2026-11-23T09:00+08:00")
    assert _shut("sms", "2026-11-23T08:59+08:00")
    assert _shut("sms", "2026-11-23T20:00+08:00"), "hours are half-open"
    assert _shut("push", "2026-11-23T21:00+08:00"), "the quiet hours begin"
    assert not _shut("popup", "2026-11-23T03:00+08:00"), "slots of the app are always open"
    assert _shut("sms", "2026-11-23T09:30+08:00", "Asia/Urumqi"), "there it is half past seven"
    assert not _shut("sms", "2026-11-23T11:30+08:00", "Asia/Urumqi")


def test_quiet_hours_hold_over_a_change_of_clocks() -> None:
    # In New York clocks go back on 1 November 2026: 09:00 there is 13:00 UTC before and 14:00 UTC after.
    assert not _shut("sms", "2026-10-31T13:00+00:00", "America/New_York")
    assert _shut("sms", "2026-11-01T13:00+00:00", "America/New_York")
    assert not _shut("sms", "2026-11-01T14:00+00:00", "America/New_York")


def test_every_reason_is_told() -> None:
    touches = [Touch("sms", NOON - dt.timedelta(hours=n), offer="coupon") for n in (1, 2)]
    night = NOON.replace(hour=14)
    assert customers.contact_reasons(touches, "sms", "coupon", night, POLICY) == (
        "customers.outside_hours",
        "customers.channel_cap",
        "customers.total_cap",
        "customers.cooldown",
    )


def test_a_kind_of_product_has_a_cap_of_its_own(db: sa.Engine) -> None:
    assert _reserve(db, [_wish("a", kind="credit")]) == {"a": ()}
    assert _reserve(db, [_wish("b", "mail", 48, kind="credit")]) == {"b": ("customers.product_cap",)}
    assert _reserve(db, [_wish("c", "mail", 48, kind="fund")]) == {"c": ()}
    assert _reserve(db, [_wish("d", "popup", 48, kind="credit")]) == {"d": ()}, "what the customer opens is not pushed"
    told = customers.capped(db, "i", "mail", POLICY, NOON + dt.timedelta(hours=1), kind="credit")
    assert told["customers.product_cap"].tolist() == [1]


def test_what_is_sold_on_markets_waits_for_a_day_of_trading() -> None:
    saturday = dt.datetime(2026, 11, 28, 4, tzinfo=dt.UTC)
    holiday = dt.datetime(2026, 10, 1, 4, tzinfo=dt.UTC)
    for at in (saturday, holiday):
        assert customers.contact_reasons([], "push", "", at, POLICY, kind="fund") == ("customers.not_trading",)
        assert customers.contact_reasons([], "push", "", at, POLICY, kind="credit") == ()
        assert customers.contact_reasons([], "popup", "", at, POLICY, kind="fund") == ()
    assert customers.contact_reasons([], "push", "", NOON, POLICY, kind="fund") == ()


def test_the_place_of_a_higher_campaign_is_left_free(db: sa.Engine) -> None:
    ahead = (Touch("push", NOON + dt.timedelta(hours=6), "high"),)
    assert _reserve(db, [_wish("low", ahead=ahead)]) == {"low": ("customers.precedence",)}
    assert _reserve(db, [_wish("mail", "mail", ahead=ahead)]) == {"mail": ()}, "two a day: there is room for both"
    assert _reserve(db, [_wish("high", hours=6)]) == {"high": ()}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=10, deadline=None)
@given(
    plan=st.lists(
        st.tuples(st.sampled_from((1, 2, 3)), st.sampled_from(("sms", "push", "mail"))), min_size=8, max_size=24
    )
)
def test_many_senders_at_once_never_break_a_cap(db: sa.Engine, plan: list[tuple[int, str]]) -> None:
    policy = ContactPolicy("UTC", POLICY.total_caps, POLICY.channel_caps, pushed=POLICY.pushed)
    with db.begin() as connection:
        connection.execute(ledger.delete())
    wishes = [Wish(f"k{n}", who, channel, NOON + dt.timedelta(minutes=n)) for n, (who, channel) in enumerate(plan)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda wish: _reserve(db, [wish], policy), wishes))
    with db.connect() as connection:
        rows = connection.execute(sa.select(ledger)).all()
    for who in (1, 2, 3):
        mine = [row for row in rows if row.customer == who]
        assert len(mine) <= 2, "two a day over all channels"
        assert sum(row.channel == "sms" for row in mine) <= 1
    asked = {who for who, _ in plan}
    assert {row.customer for row in rows} == asked, "everybody gets at least one place"


@given(
    st.sampled_from(("Asia/Shanghai", "Asia/Urumqi", "America/New_York", "Europe/London")),
    st.integers(0, 366 * 24 * 4),
)
def test_nobody_is_reached_in_the_quiet_hours_of_their_own_zone(zone: str, quarters: int) -> None:
    at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=15 * quarters)
    local = at.astimezone(ZoneInfo(zone)).time()
    free = "customers.outside_hours" not in customers.contact_reasons([], "push", "", at, POLICY, zone=zone)
    assert free == (dt.time(8, 30) <= local < dt.time(21))
