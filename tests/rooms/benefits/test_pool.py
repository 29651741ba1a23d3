"""A pool is always the sum of its parts: granted (reserved, issued, redeemed), set aside for packages, and free."""

import contextlib
import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linghang.base.errors import ConflictError, RefusedError, UnknownItemError
from linghang.benefits import Grant
from linghang.benefits.balances import balance, recompute, stock_left, verify
from linghang.benefits.ledger import claim, expire_due, grants_of, issue, reclaim, redeem, reserve
from linghang.benefits.limits import close_package, open_limits, open_packages, pool_scope, set_limit
from linghang.campaigns.sections import Allocation, Allotment
from linghang.kit.database import metadata, open_database

from .samples import COUPONS, PACK

NOW = dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)
BANK, PACKAGES = "bank", ("p" * 64, "q" * 64)
COUPON = replace(COUPONS[1], stock=0, per_customer=3)
ACTS = st.sampled_from(
    ["open", "close", "close", "reserve", "reserve", "claim", "claim", "issue", "redeem", "reclaim", "expire", "top_up"]
)
STEPS = st.lists(st.tuples(ACTS, st.integers(0, 1), st.integers(0, 9), st.integers(0, 2000)), max_size=50)


def allocation(pieces: int) -> Allocation:
    liability = pieces * COUPON.face_fen
    only = Allotment("l0", ("push",), COUPON.id, pieces, 0, liability, liability, 0.0, 0.0, grants=pieces)
    return Allocation(liability, liability, (only,), 0.0, COUPON.pool, (COUPON.id,), (COUPON,))


def states(db, customers: range) -> dict[str, int]:
    """Money by state, from what each customer has."""
    told = dict.fromkeys(("reserved", "issued", "redeemed", "expired", "reclaimed"), 0)
    for customer in customers:
        for grant in grants_of(db, BANK, customer):
            told[grant.state] += grant.redeemed_fen if grant.state == "redeemed" else grant.face_fen
    return told


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, first=st.integers(0, 16), second=st.integers(0, 16))
def test_whatever_happens_the_pool_is_the_sum_of_its_parts(tmp_path_factory, steps, first, second) -> None:
    db = open_database(tmp_path_factory.mktemp("pool") / "a.db")
    metadata.create_all(db)
    set_limit(db, BANK, pool_scope(COUPON.pool), 20 * COUPON.face_fen)
    grants: list[Grant] = []
    closed: set[str] = set()
    for place, (act, which, who, amount) in enumerate([("open", 0, 0, 0), ("open", 1, 0, 0), *steps]):
        package, at, key = PACKAGES[which], NOW + dt.timedelta(days=place // 3), f"k{place}"
        with contextlib.suppress(RefusedError, ConflictError, UnknownItemError):
            if act == "open":
                open_limits(db, BANK, package, allocation((first, second)[which]), PACK)
                assert package not in closed
            elif act == "close":
                close_package(db, BANK, package)
                assert close_package(db, BANK, package) == 0
                closed.add(package)
            elif act in ("reserve", "claim"):
                found = (reserve if act == "reserve" else claim)(db, BANK, package, COUPON, who, key=key, now=at)
                grants.extend([found] if isinstance(found, Grant) else [])
                assert package not in closed or not isinstance(found, Grant)
            elif act == "expire":
                expire_due(db, BANK, now=at)
            elif act == "top_up":
                set_limit(db, BANK, pool_scope(COUPON.pool), 20 * COUPON.face_fen + amount)
            elif grants:
                grant = grants[who % len(grants)].id
                if act == "issue":
                    issue(db, BANK, grant, key=key, now=at)
                elif act == "redeem":
                    redeem(db, BANK, grant, amount_fen=amount, key=key, now=at)
                else:
                    reclaim(db, BANK, grant, key=key, now=at)
        pool = balance(db, BANK, pool_scope(COUPON.pool))
        assert pool is not None
        told = states(db, range(10))
        granted = told["reserved"] + told["issued"] + told["redeemed"]
        aside = [balance(db, BANK, f"frozen:{COUPON.pool}:{name}") for name in open_packages(db, BANK)]
        kept = sum(item.total - item.held for item in aside if item is not None)
        free = stock_left(db, BANK).pools[COUPON.pool]
        assert min(granted, kept, free) >= 0
        assert pool.total == granted + kept + free
        assert pool.held == granted == recompute(db, BANK).get(pool_scope(COUPON.pool), 0)
        assert not closed & set(open_packages(db, BANK))
    assert verify(db, BANK) == ()
    db.dispose()


def test_a_refund_after_the_end_is_the_pools_again(tmp_path) -> None:
    db = open_database(tmp_path / "a.db")
    metadata.create_all(db)
    open_limits(db, BANK, PACKAGES[0], allocation(3), PACK)
    grant = claim(db, BANK, PACKAGES[0], COUPON, 1, key="a", now=NOW)
    assert isinstance(grant, Grant)
    before = stock_left(db, BANK).pools[COUPON.pool]
    assert close_package(db, BANK, PACKAGES[0]) == 2 * COUPON.face_fen
    redeem(db, BANK, grant.id, amount_fen=500, key="r", now=NOW)
    reclaim(db, BANK, grant.id, key="c", now=NOW)
    assert stock_left(db, BANK).pools[COUPON.pool] == before + 3 * COUPON.face_fen
    assert open_packages(db, BANK) == ()
    with pytest.raises(RefusedError, match=r"benefits\.package_closed"):
        open_limits(db, BANK, PACKAGES[0], allocation(3), PACK)
