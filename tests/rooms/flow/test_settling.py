"""Money that was set aside comes back at a campaign's natural end and at a stop, once, whatever is killed between."""

import datetime as dt
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from delivery import house

from linghang import approvals, benefits, delivery
from linghang.base.errors import RefusedError
from linghang.campaigns.model import Campaign, Package, Status
from linghang.campaigns.store import section_type
from linghang.flow import acts
from linghang.flow.settling import settle
from linghang.kit.context import Context
from linghang.testing.contexts import context

AFTER = dt.datetime(2026, 12, 5, tzinfo=dt.UTC)
GRANTED = 3

SETTLE_AND_DIE = """
import os, signal, sys
from pathlib import Path
from sqlalchemy.event import listen
from flow.test_settling import AFTER, at
from linghang.flow.settling import settle

ctx = at(Path(sys.argv[1]), AFTER)
left = int(sys.argv[2])

def step(_connection):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)

listen(ctx.db, "commit", step)
settle(ctx, lambda _ctx, _campaign: None)
"""


def at(folder: Path, now: dt.datetime) -> Context:
    """The house's context at an instant."""
    made = context(folder, now=now)
    return Context(**{**vars(made), "institution_id": "demo", "actor": house.OPERATOR})


def unkept(_ctx: Context, _campaign: Campaign) -> None:
    """Outcomes need the analytics engine: not here."""


@pytest.fixture
def running(tmp_path: Path) -> Package:
    """A launched campaign whose money is set aside, of which a little has been granted."""
    db = house.database(tmp_path)
    package = house.approved(db, tmp_path)
    allocation = section_type("benefits").validate_python(package.sections["benefits"])
    benefits.open_limits(db, "demo", package.hash, allocation, house.PACK)
    house.launched(db, tmp_path, package)
    benefit = allocation.granted[0]
    asks = [(customer, f"k{customer}") for customer in range(GRANTED)]
    assert len(benefits.claim_many(db, "demo", package.hash, benefit, asks, now=house.DAY1)) == GRANTED
    db.dispose()
    return package


def accounts(db: sa.Engine) -> tuple[int, int, int, int]:
    """Of the pool: total, granted, set aside, free. The first is always the sum of the others."""
    pool = benefits.balance(db, "demo", "pool:growth")
    assert pool is not None
    free = benefits.stock_left(db, "demo").pools["growth"]
    frozen = [benefits.balance(db, "demo", f"frozen:growth:{name}") for name in benefits.open_packages(db, "demo")]
    aside = sum(item.total - item.held for item in frozen if item is not None)
    assert pool.total == pool.held + aside + free
    assert benefits.verify(db, "demo") == ()
    return pool.total, pool.held, aside, free


def test_before_its_end_nothing_is_touched(running: Package, tmp_path: Path) -> None:
    ctx = at(tmp_path, house.DAY1)
    before = accounts(ctx.db)
    assert before[2] > 0
    assert settle(ctx, unkept) == {"ended": [], "count": 0, "released_fen": 0, "expired": 0}
    assert accounts(ctx.db) == before


def test_at_its_end_the_rest_goes_back_once(running: Package, tmp_path: Path) -> None:
    ctx = at(tmp_path, AFTER)
    total, granted, aside, free = accounts(ctx.db)
    finished: list[str] = []
    done = settle(ctx, lambda _ctx, campaign: finished.append(campaign.id))
    assert done["ended"] == finished == [running.campaign_id]
    assert done["released_fen"] == aside
    assert accounts(ctx.db) == (total, granted, 0, free + aside)
    assert approvals.standing(ctx.db, "demo", running.hash).status is Status.ENDED
    assert {count.state for count in delivery.counts(ctx.db, "demo", running.hash)} == {"withheld"}
    again = settle(ctx, lambda _ctx, campaign: finished.append(campaign.id))
    assert (again["count"], again["released_fen"], len(finished)) == (0, 0, 1)
    with pytest.raises(RefusedError, match=r"approvals\.wrong_state"):
        delivery.move(ctx.db, running, "resumed", actor=house.OPERATOR, now=AFTER)


def test_granted_rights_live_on_until_they_expire(running: Package, tmp_path: Path) -> None:
    settle(at(tmp_path, AFTER), unkept)
    later = at(tmp_path, house.DAY1 + dt.timedelta(days=400))
    assert settle(later, unkept)["expired"] == GRANTED
    total, granted, aside, free = accounts(later.db)
    assert (granted, aside, free) == (0, 0, total)


@pytest.mark.parametrize("step", range(3))
def test_a_settlement_killed_between_steps_is_ended_by_the_next(running: Package, tmp_path: Path, step: int) -> None:
    ctx = at(tmp_path, AFTER)
    total, granted, aside, free = accounts(ctx.db)
    root = Path(__file__).parents[1]
    path = os.pathsep.join((str(root), os.environ.get("PYTHONPATH", "")))
    done = subprocess.run(
        [sys.executable, "-c", SETTLE_AND_DIE, str(tmp_path), str(step)], env={**os.environ, "PYTHONPATH": path},
        check=False,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL
    accounts(ctx.db)
    settle(ctx, unkept)
    assert accounts(ctx.db) == (total, granted, 0, free + aside)
    assert approvals.standing(ctx.db, "demo", running.hash).status is Status.ENDED


def test_a_stop_gives_back_what_was_set_aside(running: Package, tmp_path: Path) -> None:
    ctx = at(tmp_path, house.DAY1)
    total, granted, aside, free = accounts(ctx.db)
    done = acts.halt(ctx, running)
    assert (done["released_fen"], done["campaign_id"]) == (aside, running.campaign_id)
    assert accounts(ctx.db) == (total, granted, 0, free + aside)
    assert approvals.standing(ctx.db, "demo", running.hash).status is Status.CANCELLED
    allocation = section_type("benefits").validate_python(running.sections["benefits"])
    with pytest.raises(RefusedError, match=r"benefits\.package_closed"):
        benefits.open_limits(ctx.db, "demo", running.hash, allocation, house.PACK)
    assert settle(ctx, unkept)["released_fen"] == 0
