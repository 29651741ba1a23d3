"""Hand-over: consent and policy are asked again, nothing is lost, nothing goes out twice, every stop has a reason."""

import datetime as dt
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from delivery import house
from delivery.house import DAY1, OPERATOR, PACK, Log, desk, launched, run
from linghang import customers, delivery
from linghang.access.sealing import Sealer
from linghang.adapters.file_channel import FileChannel
from linghang.base.errors import ConflictError
from linghang.campaigns.model import Package
from linghang.delivery import ledger
from linghang.delivery.alone import alone
from linghang.delivery.receipts import event_of
from linghang.delivery.store import sends
from linghang.ports.channel import Message, Receipt
from linghang.testing.channel import FakeChannel

LATER = DAY1 + dt.timedelta(days=1)


def states(db: sa.Engine, package: Package) -> Counter[str]:
    found: Counter[str] = Counter()
    for item in delivery.counts(db, "demo", package.hash):
        found[item.state] += item.sends
    return found


def total(db: sa.Engine) -> int:
    with db.connect() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(sends)).scalar_one()


def test_what_is_due_goes_out_once_with_its_words(db: sa.Engine, package: Package, tmp_path: Path) -> None:
    planned = launched(db, tmp_path, package).planned
    vendor = FakeChannel()
    first = run(db, tmp_path, package, vendor)
    again = run(db, tmp_path, package, vendor)
    second = run(db, tmp_path, package, vendor, LATER)
    assert again.handed_over == 0
    assert first.handed_over + second.handed_over == sum(planned.values()) == len(vendor.taken)
    assert len({message.key for message in vendor.taken}) == len(vendor.taken)
    sms = next(message for message in vendor.taken if message.channel == "sms")
    assert sms.body.startswith("【领航银行】")
    assert sms.body.endswith("拒收请回复R")
    assert not delivery.disagreements(db, "demo", package.hash)
    assert second.left == 0


def test_costs_follow_the_channels(db: sa.Engine, package: Package, tmp_path: Path) -> None:
    planned = launched(db, tmp_path, package).planned
    run(db, tmp_path, package, FakeChannel())
    run(db, tmp_path, package, FakeChannel(), LATER)
    cost = sum(item.cost_fen100 for item in delivery.counts(db, "demo", package.hash))
    assert cost == planned["push"] * 10 + planned["sms"] * 400


def test_consent_is_asked_again_just_before(db: sa.Engine, package: Package, tmp_path: Path) -> None:
    launched(db, tmp_path, package)
    vendor = FakeChannel()
    asked: list[tuple[int, str]] = []

    def consent(numbers: list[int], channel: str) -> dict[int, str]:
        asked.extend((number, channel) for number in numbers)
        return {number: "customers.opted_out" for number in numbers if channel == "sms" and number % 2}

    for now in (DAY1, LATER):
        delivery.hand_over(desk(db, tmp_path, vendor, consent=consent), package, now=now)
    for message in vendor.taken:
        if message.channel == "sms":
            assert int(message.address[1:].split("@")[0]) % 2 == 0
    reasons = {
        (item.channel, item.reason) for item in delivery.counts(db, "demo", package.hash) if item.state == "withheld"
    }
    assert reasons == {("sms", "customers.opted_out")}
    assert len(asked) == total(db)


def test_who_has_no_address_is_withheld_with_a_reason(db: sa.Engine, package: Package, tmp_path: Path) -> None:
    launched(db, tmp_path, package)
    done = delivery.hand_over(desk(db, tmp_path, FakeChannel(), addresses=lambda n, c: {}), package, now=DAY1)
    assert done.handed_over == 0
    reasons = {item.reason for item in delivery.counts(db, "demo", package.hash) if item.state == "withheld"}
    assert reasons == {"delivery.no_address"}


def test_the_contact_policy_defers_and_in_the_end_gives_up(db: sa.Engine, package: Package, tmp_path: Path) -> None:
    launched(db, tmp_path, package)
    policy = customers.policy_of(PACK)
    busy = [
        customers.Wish(f"other-{number}", number, "push", DAY1 - dt.timedelta(hours=1), "p") for number in range(120)
    ]
    customers.reserve(db, "demo", busy, policy)
    first = run(db, tmp_path, package, FakeChannel())
    assert first.deferred > 0
    assert {
        item.reason for item in delivery.counts(db, "demo", package.hash) if item.state == "planned" and item.reason
    }
    second = run(db, tmp_path, package, FakeChannel(), LATER)
    assert second.left == 0
    assert states(db, package)["planned"] == 0


def test_no_customer_gets_more_than_the_caps_say(db: sa.Engine, package: Package, tmp_path: Path) -> None:
    launched(db, tmp_path, package)
    vendor = FakeChannel()
    for now in (DAY1, LATER):
        run(db, tmp_path, package, vendor, now)
    per_day = Counter((message.address, message.channel) for message in vendor.taken)
    assert max(per_day.values()) == 1
    touches = customers.touches_of(db, "demo", list(range(120)), DAY1 - dt.timedelta(days=30), LATER)
    assert sum(len(own) for own in touches.values()) == len(vendor.taken)


@pytest.mark.parametrize("hour", [0, 12, 13])
def test_nothing_leaves_outside_the_hours(db: sa.Engine, package: Package, tmp_path: Path, hour: int) -> None:
    launched(db, tmp_path, package)
    vendor = FakeChannel()
    done = run(db, tmp_path, package, vendor, dt.datetime(2026, 11, 30, hour, 30, tzinfo=dt.UTC))
    assert vendor.taken == []
    assert done.waiting["delivery.outside_hours"] > 0


def test_a_channel_that_is_down_takes_nothing_and_loses_nothing(
    db: sa.Engine, package: Package, tmp_path: Path
) -> None:
    launched(db, tmp_path, package)
    down = run(db, tmp_path, package, FakeChannel(down=True))
    assert down.waiting["delivery.channel_unavailable"] > 0
    assert [finding.code for finding in down.findings] == ["delivery.channel_unavailable"]
    vendor = FakeChannel()
    run(db, tmp_path, package, vendor)
    assert len(vendor.taken) > 0
    assert states(db, package)["unknown"] == 0


def test_a_refusal_is_final_and_frees_the_touch(db: sa.Engine, package: Package, tmp_path: Path) -> None:
    launched(db, tmp_path, package)
    vendor = FakeChannel(outcome=lambda message: Receipt(message.key, "failed", "channel.bad_address"))
    done = run(db, tmp_path, package, vendor)
    assert done.failed > 0
    assert done.cost_fen100 == 0
    touches = customers.touches_of(db, "demo", list(range(120)), DAY1 - dt.timedelta(days=1), LATER)
    assert not any(touches.values())


def test_a_missing_receipt_is_unknown_and_never_sent_again(db: sa.Engine, package: Package, tmp_path: Path) -> None:
    launched(db, tmp_path, package)

    class Forgetful(FakeChannel):
        def hand_over(self, messages: object) -> list[Receipt]:
            return list(super().hand_over(messages))[1:]  # type: ignore[arg-type]

    vendor = Forgetful()
    done = run(db, tmp_path, package, vendor)
    assert done.unknown > 0
    before = len(vendor.taken)
    run(db, tmp_path, package, vendor)
    assert len(vendor.taken) == before
    late = [item.key for item in delivery.records(db, "demo", package.hash) if item.state == "unknown"]
    received = delivery.receive(db, "demo", package.hash, [Receipt(key, "delivered") for key in late], now=LATER)
    assert received.states == {"delivered": len(late)}
    assert states(db, package)["unknown"] == 0


def test_receipts_twice_late_or_of_strangers_change_nothing(db: sa.Engine, package: Package, tmp_path: Path) -> None:
    launched(db, tmp_path, package)
    run(db, tmp_path, package, FakeChannel())
    keys = [item.key for item in delivery.records(db, "demo", package.hash)]
    first = delivery.receive(db, "demo", package.hash, [Receipt(key, "delivered") for key in keys], now=LATER)
    again = delivery.receive(db, "demo", package.hash, [Receipt(key, "delivered") for key in keys], now=LATER)
    wrong = delivery.receive(
        db, "demo", package.hash, [Receipt(keys[0], "failed"), Receipt("x", "delivered")], now=LATER
    )
    assert first.states == {"delivered": len(keys)}
    assert (again.states, again.ignored) == ({}, len(keys))
    assert (wrong.states, wrong.ignored) == ({}, 2)
    assert not delivery.disagreements(db, "demo", package.hash)


def test_a_shadow_run_hands_nothing_over_and_is_labelled(db: sa.Engine, package: Package, tmp_path: Path) -> None:
    planned = launched(db, tmp_path, package, shadow=True).planned
    vendor = FakeChannel()
    for now in (DAY1, LATER):
        done = run(db, tmp_path, package, vendor, now)
        assert done.shadow
    assert vendor.taken == []
    shadowed = [item for item in delivery.counts(db, "demo", package.hash) if item.reason == "delivery.shadow"]
    assert sum(item.sends for item in shadowed) == sum(planned.values())
    assert sum(item.cost_fen100 for item in shadowed) > 0
    touches = customers.touches_of(db, "demo", list(range(120)), DAY1 - dt.timedelta(days=1), LATER)
    assert not any(touches.values())


def test_two_senders_of_one_channel_are_not_possible(db: sa.Engine, package: Package, tmp_path: Path) -> None:
    launched(db, tmp_path, package)
    with alone(db, f"demo:{package.hash}:push"), pytest.raises(ConflictError, match=r"send_under_way"):
        run(db, tmp_path, package, FakeChannel())
    assert run(db, tmp_path, package, FakeChannel()).handed_over > 0


def test_a_limit_is_kept(db: sa.Engine, package: Package, tmp_path: Path) -> None:
    launched(db, tmp_path, package)
    vendor = FakeChannel()
    delivery.hand_over(desk(db, tmp_path, vendor), package, now=DAY1, limit=7)
    assert len(vendor.taken) == 7


@settings(max_examples=10)
@given(die_at=st.integers(1, 60), idempotent=st.booleans(), after=st.booleans())
def test_a_failure_at_any_message_loses_nothing_and_doubles_nothing(
    tmp_path_factory: pytest.TempPathFactory, die_at: int, idempotent: bool, after: bool
) -> None:
    folder = tmp_path_factory.mktemp("fail")
    db = house.database(folder)
    package = house.approved(db, folder)
    planned = sum(launched(db, folder, package).planned.values())
    vendor = FakeChannel(idempotent=idempotent, remembers=idempotent)
    count = 0

    def die(_message: Message) -> None:
        nonlocal count
        count += 1
        if count == die_at:
            raise KeyboardInterrupt

    if after:
        vendor.after = die
    else:
        vendor.before = die
    for now in (DAY1, LATER):
        try:
            run(db, folder, package, vendor, now)
        except KeyboardInterrupt:
            run(db, folder, package, vendor, now)
    found = states(db, package)
    keys = [message.key for message in vendor.taken]
    assert len(keys) == len(set(keys))
    assert sum(found.values()) == planned
    assert found["planned"] == 0
    if idempotent:
        assert found["handed_over"] == planned == len(keys)
    else:
        assert found["unknown"] == (1 if count >= die_at else 0)
        assert found["handed_over"] + found["unknown"] == planned
    assert not delivery.disagreements(db, "demo", package.hash)
    db.dispose()


STEPS = (1, 2, 3, 4, 5, 6, 7, 8, 11, 13, 21, 31, 34, 40, 55, 60, 7, 2, 4, 10**9)
"""At which message or commit each child kills itself; the last one lives."""


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["file", "log"])
def test_kill_9_again_and_again_loses_nothing_and_doubles_nothing(
    db: sa.Engine, package: Package, tmp_path: Path, kind: str
) -> None:
    planned = sum(launched(db, tmp_path, package).planned.values())
    db.dispose()
    rooms = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, str(rooms / "delivery" / "house.py"), str(tmp_path), kind, *map(str, STEPS)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(rooms), os.environ.get("PYTHONPATH", "")))}, capture_output=True, timeout=200, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    kills = int(done.stdout)
    assert kills >= 12
    found = states(db, package)
    assert sum(found.values()) == planned
    assert found["planned"] == 0
    if kind == "file":
        lines = [line for file in (tmp_path / "outbox").glob("*.jsonl") for line in file.read_text().splitlines()]
        keys = [line.split('"key":"')[1][:64] for line in lines]
        assert found["handed_over"] == planned == len(keys) == len(set(keys))
    else:
        keys = Log(tmp_path / "log.txt").path.read_text().split()
        assert len(keys) == len(set(keys))
        assert found["unknown"] <= kills
        assert found["handed_over"] + found["unknown"] == planned
        assert len(keys) >= found["handed_over"]
    assert not delivery.disagreements(db, "demo", package.hash)


@pytest.mark.slow
def test_campaigns_that_race_for_the_last_place_under_a_cap_never_send_more(db: sa.Engine, tmp_path: Path) -> None:
    names = [f"cmp_rival{n}" for n in range(3)]
    packages = [house.approved(db, tmp_path, house.small(3, id=name)) for name in names]
    for package in packages:
        launched(db, tmp_path, package)
    db.dispose()
    rooms = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, str(rooms / "delivery" / "rivals.py"), str(tmp_path), *(item.hash for item in packages)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(rooms), os.environ.get("PYTHONPATH", "")))}, capture_output=True, timeout=200, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    policy = customers.policy_of(PACK)
    touches = customers.touches_of(
        db, "demo", list(range(120)), DAY1 - dt.timedelta(days=30), DAY1 + dt.timedelta(days=9)
    )
    for own in touches.values():
        for last in own:
            for channels, caps in (
                (policy.pushed, policy.total_caps),
                ({last.channel}, policy.channel_caps.get(last.channel, {})),
            ):
                for days, most in caps.items():
                    since = last.at - dt.timedelta(days=days)
                    assert sum(item.channel in channels and since < item.at <= last.at for item in own) <= most
    lines = [line for file in (tmp_path / "outbox").glob("*.jsonl") for line in file.read_text().splitlines()]
    assert len(lines) == sum(len(own) for own in touches.values()), "what was reserved is what left"
    winners = Counter(touch.package for own in touches.values() for touch in own)
    assert set(winners) == {item.hash for item in packages}, "each got some"
    assert sum(winners.values()) < sum(sum(states(db, item).values()) for item in packages), "and not all it wanted"


def test_what_reached_customers_becomes_one_event_each(db: sa.Engine, package: Package, tmp_path: Path) -> None:
    launched(db, tmp_path, package)
    run(db, tmp_path, package, FileChannel(tmp_path / "outbox", Sealer(tmp_path, "outbox")))
    rows = list(ledger.untold(db, "demo", package.hash, 10_000))
    assert len(rows) == states(db, package)["handed_over"]
    events = [event_of("demo", send, at, "app") for send, at in rows]
    assert {event.name for event in events} == {"touched"}
    assert {event.at for event in events} == {DAY1}
    assert len({event.key for event in events}) == len(events)
    ledger.mark_told(db, "demo", [send.key for send, _ in rows])
    assert list(ledger.untold(db, "demo", package.hash, 10)) == []


@pytest.mark.parametrize("shadow", [False, True])
def test_what_reached_customers_in_a_window_is_told(
    db: sa.Engine, package: Package, tmp_path: Path, shadow: bool
) -> None:
    launched(db, tmp_path, package, shadow=shadow)
    for now in (DAY1, LATER):
        run(db, tmp_path, package, FakeChannel(), now)
    day = dt.timedelta(hours=1)
    first = delivery.reached(db, "demo", package.hash, DAY1 - day, DAY1 + day)
    second = delivery.reached(db, "demo", package.hash, LATER - day, LATER + day)
    assert len(first) + len(second) == total(db)
    assert {at for _, at in first} == {DAY1}
    assert all(send.variant.startswith("v_") for send, _ in (*first, *second))
    assert delivery.reached(db, "demo", package.hash, DAY1 + day, LATER - day) == ()


def test_who_made_the_move_is_in_the_ledger(db: sa.Engine, package: Package, tmp_path: Path) -> None:
    launched(db, tmp_path, package)
    moved = delivery.move(db, package, "paused", actor=OPERATOR, now=DAY1, comment="看看")
    assert moved.withheld == 0
