"""The skills of these rooms answer as every door would call them."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

import linghang.benefits.skills
import linghang.estimates.skills
import linghang.experiments.skills
import linghang.placements.skills  # noqa: F401 - importing a room's skills declares them
from linghang.base.errors import ForbiddenError, UsageError
from linghang.base.messages import catalogue
from linghang.benefits import Grant, claim
from linghang.benefits.limits import open_limits, pool_scope, set_limit
from linghang.campaigns.sections import Allocation
from linghang.kit.context import Actor, Context
from linghang.kit.skills import call

from .samples import PACK
from .test_ledger import BANK, COUPON, NOW, PACKAGE, ledger

RIGHTS = frozenset({"analysis.read", "campaign.read", "audit.read", "benefit.admin", "benefit.read"})


def context(path: Path) -> Context:
    return Context(
        institution_id=BANK, actor=Actor("li", rights=RIGHTS), clock=lambda: NOW, zone="Asia/Shanghai", locale="zh-CN",
        seed=1, home=path, pack="demo", db=ledger(path / "a.db"), audit=lambda entry: None,
    )  # fmt: skip


def test_designs_and_comparisons(tmp_path: Path) -> None:
    ctx = context(tmp_path)
    plan = call(
        ctx, "experiment.design", {"customers": 50_000, "holdout_pct": 10, "base_rate": 0.02, "expected_lift": 0.004}
    )
    assert plan.holdout == 5000
    assert all(finding.code in catalogue() for finding in plan.findings)
    told = {"treated": 9000, "treated_responses": 270, "holdout": 1000, "holdout_responses": 20}
    assert call(ctx, "experiment.compare", told).difference.value == pytest.approx(0.01)
    assert call(ctx, "experiment.compare", {**told, "planned_total": 10_000}).method == "always_valid"
    with pytest.raises(UsageError, match=r"experiments\.impossible"):
        call(ctx, "experiment.compare", {**told, "holdout_responses": 2000})


def test_days_of_the_calendar(tmp_path: Path) -> None:
    ctx = context(tmp_path)
    found = call(ctx, "calendar.days", {"start": "2026-10-01", "end": "2026-10-03"})
    assert [day.festival for day in found] == ["national_day"] * 3
    with pytest.raises(UsageError, match=r"placements\.no_such_days"):
        call(ctx, "calendar.days", {"start": "2026-10-03", "end": "2026-10-01"})


def test_the_ledger_by_skills(tmp_path: Path) -> None:
    ctx = context(tmp_path)
    assert isinstance(claim(ctx.db, BANK, PACKAGE, COUPON, 1, key="a", now=NOW), Grant)
    assert call(ctx, "benefit.verify", {}) == ()
    later = replace(ctx, clock=lambda: NOW + dt.timedelta(days=COUPON.valid_days))
    assert call(later, "benefit.expire", {}) == {"expired": 1, "freed_fen": 2000}
    assert call(ctx, "benefit.top_up", {"scope": "pool:growth", "total": 5_000_000})["total"] == 5_000_000
    with pytest.raises(UsageError, match=r"benefits\.no_such_limit"):
        call(ctx, "benefit.top_up", {"scope": "share:x:y", "total": 5})
    with pytest.raises(ForbiddenError):
        call(replace(ctx, actor=Actor("bo")), "benefit.expire", {})


def test_a_launch_does_not_undo_a_top_up(tmp_path: Path) -> None:
    ctx = context(tmp_path)
    set_limit(ctx.db, BANK, pool_scope("growth"), 777)
    open_limits(ctx.db, BANK, PACKAGE, Allocation(0, 0, (), 0.0), PACK)
    assert call(ctx, "benefit.top_up", {"scope": "pool:growth", "total": 778})["held"] == 0


def test_the_record_of_estimates_without_outcomes(tmp_path: Path) -> None:
    assert call(context(tmp_path), "estimate.backtest", {}) == {
        "coverage": None, "nominal": 0.9, "groups": [], "simulated": False,
    }  # fmt: skip
