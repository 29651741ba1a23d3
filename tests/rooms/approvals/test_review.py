"""Maker and checker, and signatures that cannot be forged, moved, replayed or outlive an edit."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from approvals import samples as x
from linghang import approvals
from linghang.approvals import Keys
from linghang.approvals.store import entries
from linghang.base.errors import ForbiddenError, RefusedError
from linghang.campaigns import sections as s
from linghang.campaigns import store
from linghang.campaigns.model import Campaign, Package, Status

OPERATOR, APPROVER, COMPLIANCE = x.actor("operator"), x.actor("approver"), x.actor("compliance")


def submitted(db: sa.Engine, document: Campaign | None = None) -> Package:
    document = x.stored(db, document)
    package = x.package(document)
    approvals.submit(db, document, package, x.PACK, actor=OPERATOR, now=x.NOW, today=x.TODAY)
    return package


def later(minutes: int) -> dt.datetime:
    return x.NOW + dt.timedelta(minutes=minutes)


def test_from_draft_to_a_signature_that_verifies(db: sa.Engine, keys: Keys) -> None:
    package = submitted(db)
    assert approvals.status(db, "demo", package.campaign_id) is Status.IN_REVIEW
    assert [item.package for item in approvals.waiting(db, "demo")] == [package.hash]
    done = approvals.approve(db, keys, package, actor=APPROVER, now=later(1), comment="好")
    assert done.missing == 0
    found = approvals.signed(db, keys, store.package(db, "demo", package.hash))
    assert (found.package, found.approvers) == (package.hash, ("approver",))
    assert approvals.status(db, "demo", package.campaign_id, package.hash) is Status.APPROVED
    assert approvals.waiting(db, "demo") == ()
    assert approvals.verify(db, "demo").intact


def test_nothing_is_signed_before_anybody_approved(db: sa.Engine, keys: Keys) -> None:
    with pytest.raises(RefusedError, match=r"not_approved"):
        approvals.signed(db, keys, x.package())
    package = submitted(db)
    with pytest.raises(RefusedError, match=r"not_approved"):
        approvals.signed(db, keys, package)


def test_a_faulty_document_is_not_taken_for_review(db: sa.Engine) -> None:
    document = x.stored(db, x.campaign(audience=replace(x.AUDIENCE, count=0)))
    with pytest.raises(RefusedError, match=r"not_ready") as told:
        approvals.submit(db, document, x.package(document), x.PACK, actor=OPERATOR, now=x.NOW, today=x.TODAY)
    assert "preflight.nobody" in [finding.code for finding in told.value.findings]
    assert approvals.status(db, "demo", document.id) is Status.DRAFT


def test_nobody_approves_what_that_person_made(db: sa.Engine, keys: Keys) -> None:
    both = replace(APPROVER, name="operator")
    package = submitted(db)
    with pytest.raises(ForbiddenError, match=r"own_campaign"):
        approvals.approve(db, keys, package, actor=both, now=later(1))


@pytest.mark.parametrize("where", ["brief", "pins", "versions", "owner"])
def test_every_hand_in_the_document_makes_a_maker(db: sa.Engine, keys: Keys, where: str) -> None:
    changed: dict[str, Any] = {
        "brief": {"brief": s.Brief("x", x.TODAY, (s.Edit("预算提到30万", (), "approver", x.NOW),))},
        "pins": {"pins": s.Pins((s.Pin("copy.texts[a].text", "x", "", "approver", x.NOW),))},
    }.get(where, {})
    document = x.stored(db, x.campaign(owner="approver" if where == "owner" else "operator", **changed))
    if where == "versions":
        document = store.advance(db, document, actor="approver", cause="edit", at=later(1))
    package = x.package(document)
    approvals.submit(db, document, package, x.PACK, actor=OPERATOR, now=x.NOW, today=x.TODAY)
    with pytest.raises(ForbiddenError, match=r"own_campaign"):
        approvals.approve(db, keys, package, actor=APPROVER, now=later(2))
    assert approvals.approve(db, keys, package, actor=COMPLIANCE, now=later(3)).missing == 0


def test_only_who_has_the_right_approves_or_rejects(db: sa.Engine, keys: Keys) -> None:
    package = submitted(db)
    for name in ("designer", "analyst", "admin", "engineer"):
        with pytest.raises(ForbiddenError, match=r"no_right"):
            approvals.approve(db, keys, package, actor=x.actor(name), now=later(1))
        with pytest.raises(ForbiddenError, match=r"no_right"):
            approvals.reject(db, package, actor=x.actor(name), now=later(1), comment="no")


def large() -> Campaign:
    return x.campaign(
        goal=replace(x.GOAL, level="S", budget_fen=600_000_000),
        benefits=replace(x.ALLOCATION, budget_fen=600_000_000),
    )


def test_large_campaigns_need_two_different_people(db: sa.Engine, keys: Keys) -> None:
    package = submitted(db, large())
    assert approvals.approve(db, keys, package, actor=APPROVER, now=later(1)).missing == 1
    assert approvals.approve(db, keys, package, actor=APPROVER, now=later(2)).missing == 1
    with pytest.raises(RefusedError, match=r"not_approved"):
        approvals.signed(db, keys, package)
    assert approvals.approve(db, keys, package, actor=COMPLIANCE, now=later(3)).missing == 0
    assert approvals.signed(db, keys, package).approvers == ("approver", "compliance")


def test_an_edit_voids_the_approval(db: sa.Engine, keys: Keys) -> None:
    package = submitted(db)
    approvals.approve(db, keys, package, actor=APPROVER, now=later(1))
    edited = x.package(x.campaign(copy=replace(x.TEXTS, facts={"face": "21"})))
    assert edited.hash != package.hash
    with pytest.raises(RefusedError, match=r"not_approved"):
        approvals.signed(db, keys, edited)
    with pytest.raises(RefusedError, match=r"altered"):
        approvals.signed(db, keys, replace(edited, hash=package.hash))


@pytest.mark.parametrize("field", ["sections", "salt", "seed", "policy", "exploration", "pack", "campaign_id"])
def test_any_changed_byte_of_a_package_is_refused(db: sa.Engine, keys: Keys, field: str) -> None:
    package = submitted(db)
    approvals.approve(db, keys, package, actor=APPROVER, now=later(1))
    other: dict[str, Any] = {
        "sections": {**package.sections, "goal": {**package.sections["goal"], "budget_fen": 1}},
        "salt": "other", "seed": 1, "policy": "free", "exploration": 0.9, "pack": "p", "campaign_id": "cmp_x",
    }  # fmt: skip
    with pytest.raises(RefusedError, match=r"altered"):
        approvals.signed(db, keys, replace(package, **{field: other[field]}))


def test_a_rejection_needs_a_reason_and_takes_an_approval_back(db: sa.Engine, keys: Keys) -> None:
    package = submitted(db)
    with pytest.raises(RefusedError, match=r"no_reason"):
        approvals.reject(db, package, actor=APPROVER, now=later(1), comment="  ")
    approvals.approve(db, keys, package, actor=APPROVER, now=later(1))
    assert approvals.reject(db, package, actor=COMPLIANCE, now=later(2), comment="利率写错").status is Status.REJECTED
    with pytest.raises(RefusedError, match=r"not_approved"):
        approvals.signed(db, keys, package)


def test_an_approval_of_an_earlier_round_is_worth_nothing(db: sa.Engine, keys: Keys) -> None:
    document = x.stored(db)
    package = x.package(document)
    approvals.submit(db, document, package, x.PACK, actor=OPERATOR, now=x.NOW, today=x.TODAY)
    approvals.approve(db, keys, package, actor=APPROVER, now=later(1))
    approvals.reject(db, package, actor=COMPLIANCE, now=later(2), comment="再看看")
    approvals.submit(db, document, package, x.PACK, actor=OPERATOR, now=later(3), today=x.TODAY)
    with pytest.raises(RefusedError, match=r"not_approved"):
        approvals.signed(db, keys, package)
    assert approvals.approve(db, keys, package, actor=APPROVER, now=later(4)).missing == 0
    assert approvals.signed(db, keys, package).approvers == ("approver",)


def _unguarded(db: sa.Engine) -> None:
    with db.begin() as connection:
        for verb in ("update", "delete"):
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS tr_approval_entry_no_{verb}")


FORGED = {
    "the approver's name": {"actor": "compliance"},
    "the comment": {"comment": "so be it"},
    "the amount": {"amount_fen": 1},
    "how many were needed": {"needed": 0},
    "the round": {"round": 2},
    "a made-up signature": {"signature": "00" * 64},
    "no signature": {"signature": ""},
    "another key": {"key_id": "f" * 16},
    "a path as key": {"key_id": "../../../../etc"},
    "the makers": {"makers": ""},
    "the day": {"at": later(600)},
}


@pytest.mark.parametrize("what", FORGED)
def test_a_row_that_was_tampered_with_is_refused(db: sa.Engine, keys: Keys, what: str) -> None:
    package = submitted(db)
    approvals.approve(db, keys, package, actor=APPROVER, now=later(1))
    _unguarded(db)
    with db.begin() as connection:
        connection.execute(entries.update().where(entries.c.kind == "approved").values(**FORGED[what]))
    with pytest.raises(RefusedError):
        approvals.signed(db, keys, package)
    assert not approvals.verify(db, "demo").intact


def _copy_row(db: sa.Engine, **changed: object) -> None:
    with db.begin() as connection:
        row = dict(connection.execute(sa.select(entries).where(entries.c.kind == "approved")).one()._mapping)
        last = connection.execute(sa.select(sa.func.max(entries.c.number))).scalar_one()
        connection.execute(entries.insert().values(**{**row, "number": last + 1, **changed}))


def test_a_signature_cannot_be_replayed_for_another_package(db: sa.Engine, keys: Keys) -> None:
    package = submitted(db)
    approvals.approve(db, keys, package, actor=APPROVER, now=later(1))
    other = submitted(db, x.campaign(id="cmp_other", copy=replace(x.TEXTS, facts={"face": "21"})))
    _copy_row(db, package=other.hash, campaign_id=other.campaign_id)
    with pytest.raises(RefusedError, match=r"bad_signature"):
        approvals.signed(db, keys, other)


def test_one_persons_signature_cannot_be_counted_as_two(db: sa.Engine, keys: Keys) -> None:
    package = submitted(db, large())
    approvals.approve(db, keys, package, actor=APPROVER, now=later(1))
    _copy_row(db)
    with pytest.raises(RefusedError, match=r"not_approved"):
        approvals.signed(db, keys, package)
    _copy_row_as = {"actor": "compliance"}
    _unguarded(db)
    with db.begin() as connection:
        last = connection.execute(sa.select(sa.func.max(entries.c.number))).scalar_one()
        connection.execute(entries.update().where(entries.c.number == last).values(**_copy_row_as))
    with pytest.raises(RefusedError, match=r"bad_signature"):
        approvals.signed(db, keys, package)


def test_lowering_how_many_are_needed_in_the_ledger_helps_nobody(db: sa.Engine, keys: Keys) -> None:
    package = submitted(db, large())
    _unguarded(db)
    with db.begin() as connection:
        connection.execute(entries.update().values(needed=1))
    assert approvals.approve(db, keys, package, actor=APPROVER, now=later(1)).missing == 0
    with pytest.raises(RefusedError, match=r"not_approved"):
        approvals.signed(db, keys, package)


def test_a_signature_of_another_home_is_not_trusted(db: sa.Engine, keys: Keys, tmp_path: Path) -> None:
    package = submitted(db)
    approvals.approve(db, Keys(tmp_path / "elsewhere"), package, actor=APPROVER, now=later(1))
    with pytest.raises(RefusedError, match=r"bad_signature"):
        approvals.signed(db, keys, package)


def test_the_key_is_the_owners_alone_and_survives_rotation(db: sa.Engine, keys: Keys) -> None:
    package = submitted(db)
    approvals.approve(db, keys, package, actor=APPROVER, now=later(1))
    private = keys.folder / "approval_ed25519.pem"
    assert private.stat().st_mode & 0o777 == 0o600
    assert keys.folder.stat().st_mode & 0o077 == 0
    before = keys.sign(b"x")[0]
    assert keys.rotate() != before
    assert private.stat().st_mode & 0o777 == 0o600
    assert approvals.signed(db, keys, package).keys == (before,)
    private.chmod(0o644)
    with pytest.raises(RefusedError, match=r"key_exposed"):
        keys.sign(b"x")


def test_many_processes_that_need_the_first_key_make_one(keys: Keys) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: keys.sign(b"x"), range(16)))
    assert len(made) == 1


def test_submitting_and_approving_again_change_nothing(db: sa.Engine, keys: Keys) -> None:
    document = x.stored(db)
    package = x.package(document)
    for _ in range(3):
        approvals.submit(db, document, package, x.PACK, actor=OPERATOR, now=x.NOW, today=x.TODAY)
    for _ in range(3):
        approvals.approve(db, keys, package, actor=APPROVER, now=later(1))
    assert [entry.kind for entry in approvals.history(db, "demo", document.id)] == ["submitted", "approved"]


def test_a_live_package_outweighs_a_newer_draft(db: sa.Engine, keys: Keys) -> None:
    first = submitted(db)
    approvals.approve(db, keys, first, actor=APPROVER, now=later(1))
    approvals.record(db, first, "launched", actor=OPERATOR, now=later(2))
    edited = x.campaign(copy=replace(x.TEXTS, facts={"face": "21"}))
    second = x.package(edited)
    approvals.submit(db, edited, second, x.PACK, actor=OPERATOR, now=later(3), today=x.TODAY)
    assert approvals.status(db, "demo", first.campaign_id) is Status.RUNNING
    assert approvals.status(db, "demo", first.campaign_id, second.hash) is Status.IN_REVIEW
    assert approvals.live(db, "demo") == {first.hash: Status.RUNNING}
    approvals.record(db, first, "ended", actor=OPERATOR, now=later(4))
    assert approvals.status(db, "demo", first.campaign_id) is Status.IN_REVIEW
    assert approvals.statuses(db, "demo") == {first.campaign_id: Status.IN_REVIEW}


def test_what_was_decided_and_is_not_launched_says_who_why_and_until_when(db: sa.Engine, keys: Keys) -> None:
    signed = submitted(db)
    assert approvals.decided(db, "demo", later(1)) == ()
    approvals.approve(db, keys, signed, actor=APPROVER, now=later(1), conditions=["先发一小批"], until=later(60))
    found = approvals.decided(db, "demo", later(2))[0]
    assert (found.kind, found.by, found.submitted_by, found.conditions) == (
        "approved",
        "approver",
        "operator",
        ("先发一小批",),
    )
    assert (found.until, found.expired) == (later(60), False)
    assert approvals.decided(db, "demo", later(60))[0].expired
    approvals.reject(db, signed, actor=COMPLIANCE, now=later(3), comment="标题要写清门槛")
    found = approvals.decided(db, "demo", later(4))[0]
    assert (found.kind, found.by, found.comment, found.conditions) == ("rejected", "compliance", "标题要写清门槛", ())
