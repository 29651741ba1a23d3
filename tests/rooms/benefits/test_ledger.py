"""The ledger never over-issues, however many ask at once, forgets nothing, and every counter follows from the rows."""

import contextlib
import datetime as dt
import multiprocessing as mp
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linghang.base.errors import ConflictError, RefusedError, UnknownItemError
from linghang.benefits import Grant, Refusal, allocate
from linghang.benefits.balances import balance, left_in_package, recompute, stock_left, verify
from linghang.benefits.ledger import (
    claim,
    claim_many,
    expire_due,
    grants_of,
    issue,
    reclaim,
    redeem,
    reserve,
    reserve_many,
)
from linghang.benefits.limits import (
    close_package,
    open_limits,
    package_scope,
    pool_scope,
    set_limit,
    share_scope,
    stock_scope,
)
from linghang.benefits.store import entries
from linghang.kit.database import metadata, open_database

from .samples import AUDIENCE, COUPONS, GOAL, LAYERS, PACK

NOW = dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)
BANK = "bank"
PACKAGE = "p" * 64
COUPON = COUPONS[1]  # ¥20


def ledger(path: Path, *, pool: int = 1_000_000, share: int = 10, stock: int = 100) -> sa.Engine:
    db = open_database(path)
    metadata.create_all(db)
    set_limit(db, BANK, pool_scope("growth"), pool)
    set_limit(db, BANK, package_scope(PACKAGE), pool)
    set_limit(db, BANK, stock_scope(COUPON.id), stock, unit="pieces")
    set_limit(db, BANK, share_scope(PACKAGE, COUPON.id), share, unit="pieces")
    return db


def one(db: sa.Engine, customer: int, key: str = "") -> Grant | Refusal:
    return reserve(db, BANK, PACKAGE, COUPON, customer, key=key or f"k{customer}", now=NOW)


def granted(found: Grant | Refusal) -> Grant:
    assert isinstance(found, Grant)
    return found


def test_the_life_of_a_right(tmp_path: Path) -> None:
    db = ledger(tmp_path / "a.db")
    grant = granted(one(db, 7))
    assert (grant.state, grant.face_fen) == ("reserved", 2000)
    assert issue(db, BANK, grant.id, key="i", now=NOW).state == "issued"
    used = redeem(db, BANK, grant.id, amount_fen=1500, key="r", now=NOW)
    assert (used.state, used.redeemed_fen) == ("redeemed", 1500)
    pool = balance(db, BANK, pool_scope("growth"))
    assert pool is not None
    assert (pool.held, pool.reserved, pool.issued, pool.redeemed, pool.redeemed_fen) == (1500, 1, 1, 1, 1500)
    assert reclaim(db, BANK, grant.id, key="c", now=NOW).state == "reclaimed"
    assert recompute(db, BANK)[pool_scope("growth")] == 0
    assert verify(db, BANK) == ()
    assert [item.state for item in grants_of(db, BANK, 7)] == ["reclaimed"]


def test_the_same_key_does_it_once(tmp_path: Path) -> None:
    db = ledger(tmp_path / "a.db")
    assert one(db, 7) == one(db, 7)
    grant = granted(one(db, 7))
    issue(db, BANK, grant.id, key="i", now=NOW)
    assert issue(db, BANK, grant.id, key="i", now=NOW).state == "issued"
    assert redeem(db, BANK, grant.id, amount_fen=100, key="r", now=NOW) == redeem(
        db, BANK, grant.id, amount_fen=100, key="r", now=NOW
    )
    with pytest.raises(ConflictError, match=r"benefits\.key_reused"):
        one(db, 8, key="k7")


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        ({"share": 3}, "benefits.package_empty"),
        ({"stock": 3}, "benefits.stock_out"),
        ({"pool": 6000}, "benefits.pool_empty"),
    ],
)
def test_the_fourth_of_three_is_refused_and_nothing_sticks(tmp_path: Path, limits: dict[str, int], code: str) -> None:
    db = ledger(tmp_path / "a.db", **limits)
    found = [one(db, customer) for customer in range(5)]
    assert [isinstance(item, Grant) for item in found] == [True, True, True, False, False]
    assert isinstance(found[3], Refusal)
    assert found[3].code == code
    assert verify(db, BANK) == ()


def test_one_customer_gets_no_more_than_the_cap(tmp_path: Path) -> None:
    db = ledger(tmp_path / "a.db")
    granted(one(db, 7))
    again = one(db, 7, key="other")
    assert isinstance(again, Refusal)
    assert (again.code, again.params["cap"]) == ("benefits.customer_cap", 1)
    assert verify(db, BANK) == ()


def test_what_expires_comes_back(tmp_path: Path) -> None:
    db = ledger(tmp_path / "a.db", share=2)
    kept = granted(claim(db, BANK, PACKAGE, COUPON, 1, key="a", now=NOW))
    redeem(db, BANK, kept.id, amount_fen=2000, key="r", now=NOW)
    late = granted(claim(db, BANK, PACKAGE, COUPON, 2, key="b", now=NOW))
    after = NOW + dt.timedelta(days=COUPON.valid_days)
    with pytest.raises(RefusedError, match=r"benefits\.expired"):
        redeem(db, BANK, late.id, amount_fen=1, key="r2", now=after)
    assert [grant.id for grant in expire_due(db, BANK, now=after)] == [late.id]
    assert expire_due(db, BANK, now=after) == ()
    assert left_in_package(db, BANK, PACKAGE, [COUPON.id]) == {COUPON.id: 1}
    assert isinstance(one(db, 3), Grant)
    assert verify(db, BANK) == ()


def test_wrong_moves_are_refused(tmp_path: Path) -> None:
    db = ledger(tmp_path / "a.db")
    grant = granted(one(db, 7))
    with pytest.raises(RefusedError, match=r"benefits\.wrong_state"):
        redeem(db, BANK, grant.id, amount_fen=1, key="r", now=NOW)
    with pytest.raises(RefusedError, match=r"benefits\.too_much"):
        redeem(db, BANK, grant.id, amount_fen=2001, key="r", now=NOW)
    with pytest.raises(UnknownItemError, match=r"benefits\.unknown_grant"):
        issue(db, BANK, "grt_none", key="i", now=NOW)
    with pytest.raises(UnknownItemError, match=r"benefits\.unknown_scope"):
        reserve(db, BANK, "q" * 64, COUPON, 7, key="z", now=NOW)
    with pytest.raises(ConflictError, match=r"benefits\.limit_below_held"):
        set_limit(db, BANK, pool_scope("growth"), 1999)
    assert verify(db, BANK) == ()


def test_threads_never_over_issue(tmp_path: Path) -> None:
    db = ledger(tmp_path / "a.db", share=37)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda customer: one(db, customer % 60, key=f"k{customer}"), range(120)))
    assert sum(isinstance(item, Grant) for item in found) == 37
    assert verify(db, BANK) == ()


def _grab(path: str, first: int, answers: "mp.Queue[int]") -> None:
    db = open_database(Path(path))
    answers.put(sum(isinstance(one(db, customer), Grant) for customer in range(first, first + 60)))
    db.dispose()


def test_processes_never_over_issue(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    db = ledger(path, share=80)
    db.dispose()
    context = mp.get_context("spawn")
    answers: mp.Queue[int] = context.Queue()
    # The second half of each process's customers is the first half of the next one's: keys collide on purpose.
    workers = [context.Process(target=_grab, args=(str(path), start, answers)) for start in (0, 30, 60)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert [worker.exitcode for worker in workers] == [0] * 3
    db = open_database(path)
    with db.connect() as connection:
        rows = connection.execute(sa.select(sa.func.count()).select_from(entries)).scalar_one()
    assert rows == 80
    assert sum(answers.get() for _ in workers) >= 80
    assert verify(db, BANK) == ()


STEPS = st.lists(
    st.tuples(st.sampled_from(["claim", "redeem", "reclaim", "expire"]), st.integers(0, 12), st.integers(0, 2000)),
    max_size=40,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, pool=st.integers(0, 20_000), share=st.integers(0, 12))
def test_any_history_balances(tmp_path_factory, steps, pool, share) -> None:
    db = ledger(tmp_path_factory.mktemp("ledger") / "a.db", pool=pool, share=share)
    grants: list[Grant] = []
    for place, (verb, who, amount) in enumerate(steps):
        at = NOW + dt.timedelta(days=place)
        if verb == "claim":
            found = claim(db, BANK, PACKAGE, COUPON, who, key=f"k{place}", now=at)
            grants.extend([found] if isinstance(found, Grant) else [])
        elif verb == "expire":
            expire_due(db, BANK, now=at)
        elif grants:
            grant = grants[who % len(grants)]
            with contextlib.suppress(RefusedError):
                if verb == "redeem":
                    redeem(db, BANK, grant.id, amount_fen=amount, key=f"k{place}", now=at)
                else:
                    reclaim(db, BANK, grant.id, key=f"k{place}", now=at)
        held = recompute(db, BANK)
        assert held.get(pool_scope("growth"), 0) <= pool
        assert held.get(share_scope(PACKAGE, COUPON.id), 0) <= share
    assert verify(db, BANK) == ()
    db.dispose()


def test_limits_follow_from_the_allocation(tmp_path: Path) -> None:
    db = open_database(tmp_path / "a.db")
    metadata.create_all(db)
    goal = replace(GOAL, channels=("inapp_banner",), budget_fen=200_000)
    done = allocate(goal, LAYERS, AUDIENCE, PACK, plan="bold").allocation
    open_limits(db, BANK, PACKAGE, done, PACK)
    open_limits(db, BANK, PACKAGE, done, PACK)
    left = left_in_package(db, BANK, PACKAGE, done.benefits)
    assert sum(left.values()) == sum(item.grants for item in done.allotments) > 0
    bound = sum(item.liability_fen for item in done.allotments)
    assert stock_left(db, BANK).pools["growth"] == 100_000_000 - bound
    benefit = done.granted[0]
    many = reserve_many(db, BANK, PACKAGE, benefit, range(left[benefit.id] + 5), now=NOW)
    assert sum(isinstance(item, Grant) for item in many.values()) == left[benefit.id]
    assert verify(db, BANK) == ()


def _claim_forever(path: str) -> None:
    db = open_database(Path(path))
    for customer in range(100_000):
        claim(db, BANK, PACKAGE, COUPON, customer, key=f"k{customer}", now=NOW)


def test_a_killed_process_leaves_a_ledger_that_balances_and_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    db = ledger(path, pool=10**9, share=10**6, stock=10**6)
    worker = mp.get_context("spawn").Process(target=_claim_forever, args=(str(path),))
    worker.start()
    deadline = time.monotonic() + 100
    while recompute(db, BANK).get(stock_scope(COUPON.id), 0) < 20 and time.monotonic() < deadline:
        time.sleep(0.05)
    worker.kill()
    worker.join()
    assert verify(db, BANK) == ()
    done = recompute(db, BANK)[stock_scope(COUPON.id)]
    assert done >= 20
    # The same claims again: those that were acknowledged or written are the same ones, none is doubled.
    asks = [(customer, f"k{customer}") for customer in range(done + 10)]
    again = claim_many(db, BANK, PACKAGE, COUPON, asks, now=NOW)
    assert all(isinstance(item, Grant) and item.state == "issued" for item in again)
    assert recompute(db, BANK)[stock_scope(COUPON.id)] == done + 10
    assert verify(db, BANK) == ()


def test_the_rows_cannot_be_changed(tmp_path: Path) -> None:
    db = ledger(tmp_path / "a.db")
    one(db, 7)
    for statement in ("UPDATE benefit_entry SET face_fen = 1", "DELETE FROM benefit_entry"):
        with pytest.raises(sa.exc.IntegrityError, match="append-only"), db.begin() as connection:
            connection.execute(sa.text(statement))


def test_packages_that_run_together_never_promise_more_than_the_pool(tmp_path: Path) -> None:
    db = open_database(tmp_path / "a.db")
    metadata.create_all(db)
    goal = replace(GOAL, channels=("inapp_banner",), budget_fen=500_000)
    done = allocate(goal, LAYERS, AUDIENCE, PACK, plan="bold").allocation
    needed = sum(item.liability_fen for item in done.allotments)
    set_limit(db, BANK, pool_scope("growth"), needed * 2 - 1)
    open_limits(db, BANK, PACKAGE, done, PACK)
    open_limits(db, BANK, PACKAGE, done, PACK)
    assert stock_left(db, BANK).pools["growth"] == needed - 1
    other = "q" * 64
    with pytest.raises(RefusedError, match=r"benefits\.pool_committed"):
        open_limits(db, BANK, other, done, PACK)
    assert left_in_package(db, BANK, other, done.benefits) == dict.fromkeys(done.benefits, 0)
    benefit = done.granted[0]
    granted(claim(db, BANK, PACKAGE, benefit, 1, key="a", now=NOW))
    assert stock_left(db, BANK).pools["growth"] == needed - 1  # a grant uses what was set aside for it
    assert close_package(db, BANK, PACKAGE) == needed - benefit.face_fen
    assert close_package(db, BANK, PACKAGE) == 0
    assert isinstance(claim(db, BANK, PACKAGE, benefit, 2, key="b", now=NOW), Refusal)
    open_limits(db, BANK, other, replace(done, allotments=done.allotments[:1]), PACK)
    assert verify(db, BANK) == ()
