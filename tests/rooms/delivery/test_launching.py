"""A launch happens wholly or not at all, only with a signature, and stops when told to."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from approvals import samples as x

from delivery.house import APPROVER, DAY1, OPERATOR, PACK, approved, desk, launched, members, run, small
from linghang import approvals, delivery
from linghang.approvals import Keys
from linghang.base.errors import ConflictError, RefusedError, UnknownItemError
from linghang.campaigns.model import Package, Status
from linghang.delivery.store import sends
from linghang.packs.model import ContactBasis
from linghang.testing.channel import FakeChannel


def count(db: sa.Engine) -> int:
    with db.connect() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(sends)).scalar_one()


def test_a_launch_plans_every_send_and_starts_the_life(db: sa.Engine, package: Package, tmp_path: Path) -> None:
    done = launched(db, tmp_path, package)
    assert sum(done.planned.values()) == count(db) > 0
    assert approvals.status(db, "demo", package.campaign_id) is Status.RUNNING
    assert done.start == dt.datetime(2026, 11, 29, 16, tzinfo=dt.UTC)
    assert done.end == dt.datetime(2026, 12, 1, 16, tzinfo=dt.UTC)
    assert delivery.of_campaign(db, "demo", package.campaign_id) == replace(done, findings=())


def test_launching_again_changes_nothing(db: sa.Engine, package: Package, tmp_path: Path) -> None:
    first = launched(db, tmp_path, package)
    before = count(db)
    assert launched(db, tmp_path, package).at == first.at
    assert count(db) == before


def test_nothing_is_launched_without_a_valid_signature(db: sa.Engine, tmp_path: Path) -> None:
    package = x.package(small())
    with pytest.raises(RefusedError, match=r"not_approved"):
        launched(db, tmp_path, package)
    package = approved(db, tmp_path)
    changed = replace(package, sections={**package.sections, "page": {}})
    with pytest.raises(RefusedError, match=r"altered"):
        launched(db, tmp_path, changed)
    assert count(db) == 0


def test_without_consent_data_only_a_shadow_is_possible(db: sa.Engine, package: Package, tmp_path: Path) -> None:
    pack = replace(PACK, contact=ContactBasis("none", x.label("无")))
    plan = delivery.plan_sends(package, members(), pack)
    with pytest.raises(RefusedError, match=r"no_consent_basis"):
        delivery.launch(db, Keys(tmp_path), package, pack, plan, actor=OPERATOR, now=x.NOW)
    assert delivery.launch(db, Keys(tmp_path), package, pack, plan, actor=OPERATOR, now=x.NOW, shadow=True).shadow


def test_a_changed_pack_an_old_window_and_a_broken_ledger_are_refused(
    db: sa.Engine, package: Package, tmp_path: Path
) -> None:
    plan = delivery.plan_sends(package, members(), PACK)
    keys = Keys(tmp_path)
    with pytest.raises(RefusedError, match=r"pack_changed"):
        delivery.launch(db, keys, package, replace(PACK, digest="other"), plan, actor=OPERATOR, now=x.NOW)
    with pytest.raises(RefusedError, match=r"window_over"):
        delivery.launch(db, keys, package, PACK, plan, actor=OPERATOR, now=x.NOW + dt.timedelta(days=90))
    with db.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER tr_approval_entry_no_update")
        connection.exec_driver_sql("UPDATE approval_entry SET comment = 'x' WHERE kind = 'submitted'")
    with pytest.raises(RefusedError, match=r"ledger_broken"):
        delivery.launch(db, keys, package, PACK, plan, actor=OPERATOR, now=x.NOW)


def test_two_versions_of_a_campaign_do_not_run_at_once(db: sa.Engine, package: Package, tmp_path: Path) -> None:
    launched(db, tmp_path, package)
    document = small(copy=replace(x.TEXTS, facts={"face": "21"}))
    other = x.package(document)
    approvals.submit(db, document, other, PACK, actor=OPERATOR, now=x.NOW, today=x.TODAY)
    approvals.approve(db, Keys(tmp_path), other, actor=APPROVER, now=x.NOW)
    with pytest.raises(ConflictError, match=r"other_package_live"):
        launched(db, tmp_path, other)
    delivery.move(db, package, "stopped", actor=OPERATOR, now=x.NOW)
    assert launched(db, tmp_path, other).package == other.hash


def test_a_pause_holds_and_a_resume_goes_on(db: sa.Engine, package: Package, tmp_path: Path) -> None:
    done = launched(db, tmp_path, package)
    delivery.move(db, package, "paused", actor=OPERATOR, now=x.NOW)
    vendor = FakeChannel()
    with pytest.raises(RefusedError, match=r"not_running"):
        run(db, tmp_path, package, vendor)
    assert vendor.taken == []
    delivery.move(db, package, "resumed", actor=OPERATOR, now=x.NOW)
    assert run(db, tmp_path, package, vendor).handed_over > 0
    assert sum(done.planned.values()) == count(db)


def test_a_stop_in_the_middle_lets_nothing_more_out(db: sa.Engine, package: Package, tmp_path: Path) -> None:
    launched(db, tmp_path, package)
    vendor = FakeChannel(idempotent=False)

    def stop_after_three(_message: object) -> None:
        if len(vendor.taken) == 3:
            delivery.move(db, package, "stopped", actor=OPERATOR, now=DAY1)

    vendor.after = stop_after_three
    done = delivery.hand_over(desk(db, tmp_path, vendor), package, now=DAY1)
    assert len(vendor.taken) == 3
    assert done.handed_over == 3
    assert done.left == 0
    assert not delivery.disagreements(db, "demo", package.hash)
    states = {item.state for item in delivery.counts(db, "demo", package.hash)}
    assert states == {"handed_over", "withheld"}


def test_windows_that_have_passed_are_known(db: sa.Engine, package: Package, tmp_path: Path) -> None:
    done = launched(db, tmp_path, package)
    assert delivery.over(db, "demo", done.end - dt.timedelta(seconds=1)) == ()
    assert [item.package for item in delivery.over(db, "demo", done.end)] == [package.hash]
    moved = delivery.move(db, package, "ended", actor=OPERATOR, now=done.end)
    assert (moved.status, moved.withheld) == (Status.ENDED, sum(done.planned.values()))
    assert delivery.over(db, "demo", done.end) == ()


def test_what_was_never_launched_is_told(db: sa.Engine) -> None:
    with pytest.raises(UnknownItemError, match=r"not_launched"):
        delivery.of_campaign(db, "demo", "cmp_nothing")
