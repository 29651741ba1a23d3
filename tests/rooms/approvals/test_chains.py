"""Who must approve what: chains, delegation, conditions, ends, comments, reminders, and the short path."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from approvals import samples as x
from linghang import access, approvals
from linghang.approvals import Keys, chains, comments, delegations
from linghang.approvals.store import entries
from linghang.base.errors import ForbiddenError, RefusedError, UsageError
from linghang.base.findings import Finding, Severity
from linghang.campaigns.model import Campaign, Package, Status
from linghang.packs.asking import ApprovalRule
from linghang.packs.model import Pack

OPERATOR, APPROVER, COMPLIANCE = x.actor("operator"), x.actor("approver"), x.actor("compliance")
S3 = Finding("compliance.review", Severity.S3, "a")


def later(minutes: float) -> dt.datetime:
    return x.NOW + dt.timedelta(minutes=minutes)


def put_up(db: sa.Engine, document: Campaign | None = None, pack: Pack = x.PACK, **more: Any) -> Package:
    document = x.stored(db, document)
    package = x.package(document)
    approvals.submit(db, document, package, pack, actor=OPERATOR, now=x.NOW, today=x.TODAY, **more)
    return package


def second_approver(db: sa.Engine) -> Any:
    access.add(db, "demo", "chief", ["approver"], now=x.NOW)
    return access.actor(db, "demo", "chief")


def large() -> Campaign:
    return x.campaign(goal=replace(x.GOAL, level="S"))


def judged() -> Campaign:
    asset = replace(x.REVIEW.assets[0], findings=(S3,))
    return x.campaign(compliance=replace(x.REVIEW, assets=(asset, *x.REVIEW.assets[1:])))


@pytest.mark.parametrize(
    ("weight", "expected"),
    [
        (chains.Weight("B", 1, "fund", "R2", frozenset()), ("reviewer",)),
        (chains.Weight("S", 1, "fund", "R2", frozenset()), ("compliance", "approver")),
        (chains.Weight("B", 500_000_000, "fund", "R2", frozenset()), ("compliance", "approver")),
        (chains.Weight("B", 499_999_999, "fund", "R2", frozenset()), ("reviewer",)),
        (chains.Weight("B", 1, "credit", "", frozenset()), ("compliance", "approver")),
        (chains.Weight("B", 1, "insurance", "", frozenset()), ("compliance", "approver")),
        (chains.Weight("B", 1, "fund", "R4", frozenset()), ("compliance", "approver")),
        (chains.Weight("C", 1, "fund", "R1", frozenset({"S3"})), ("reviewer",)),
        (chains.Weight("S", 2_000_000_000, "fund", "R1", frozenset()), ("compliance", "approver", "approver")),
    ],
)
def test_the_chain_follows_level_amount_product_and_severity(weight: chains.Weight, expected: tuple[str, ...]) -> None:
    assert chains._chain(chains.FLOOR, weight) == expected


def test_an_institution_may_ask_for_more_and_never_for_less(db: sa.Engine, keys: Keys) -> None:
    strict = replace(x.PACK, approvals=(ApprovalRule("approver", from_fen=1, count=2),))
    package = put_up(db, pack=strict)
    assert approvals.approve(db, keys, package, actor=APPROVER, now=later(1)).left == ("approver",)
    with pytest.raises(ForbiddenError, match="not_your_step"):
        approvals.approve(db, keys, package, actor=COMPLIANCE, now=later(2))
    assert approvals.approve(db, keys, package, actor=second_approver(db), now=later(3)).missing == 0
    assert approvals.signed(db, keys, package).approvers == ("approver", "chief")
    lax = replace(x.PACK, approvals=(ApprovalRule("reviewer"),))
    assert chains.chain_of(x.package(large()), lax) == ("compliance", "approver")


def test_an_institution_may_ask_by_the_severity_of_findings() -> None:
    strict = replace(x.PACK, approvals=(ApprovalRule("compliance", severities=("S3",)),))
    assert chains.chain_of(x.package(judged()), strict) == ("compliance", "approver")
    assert chains.chain_of(x.package(x.campaign()), strict) == ("reviewer",)


def test_what_needs_a_person_needs_compliance_and_an_approver(db: sa.Engine, keys: Keys) -> None:
    package = put_up(db, large())
    assert approvals.approve(db, keys, package, actor=APPROVER, now=later(1)).left == ("compliance",)
    with pytest.raises(RefusedError, match="not_approved"):
        approvals.signed(db, keys, package)
    with pytest.raises(ForbiddenError, match="not_your_step"):
        approvals.approve(db, keys, package, actor=second_approver(db), now=later(2))
    assert approvals.approve(db, keys, package, actor=COMPLIANCE, now=later(3)).missing == 0
    assert approvals.signed(db, keys, package).approvers == ("approver", "compliance")


def test_a_chain_weakened_by_sql_does_not_help(db: sa.Engine, keys: Keys) -> None:
    package = put_up(db, large())
    with db.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER tr_approval_entry_no_update")
        connection.execute(entries.update().values(chain="reviewer", needed=1))
    assert approvals.approve(db, keys, package, actor=APPROVER, now=later(1)).missing == 0
    with pytest.raises(RefusedError, match="not_approved"):
        approvals.signed(db, keys, package)


@pytest.mark.parametrize(
    "changed",
    [{"chain": "approver"}, {"step": "compliance"}, {"behalf": "chief"}, {"points": '["x"]'}, {"points": None},
     {"basis": "a" * 64}, {"until": later(10**6)}, {"until": None}],
)  # fmt: skip
def test_nothing_of_a_step_can_be_changed_by_sql(db: sa.Engine, keys: Keys, changed: dict[str, Any]) -> None:
    package = put_up(db)
    approvals.approve(db, keys, package, actor=APPROVER, now=later(1), conditions=["补充风险提示截图"])
    with db.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER tr_approval_entry_no_update")
        connection.execute(entries.update().where(entries.c.kind == "approved").values(**changed))
    with pytest.raises(RefusedError, match="bad_signature"):
        approvals.signed(db, keys, package)
    assert not approvals.verify(db, "demo").intact


def test_an_approval_on_conditions_waits_for_them(db: sa.Engine, keys: Keys) -> None:
    package = put_up(db)
    done = approvals.approve(db, keys, package, actor=APPROVER, now=later(1), conditions=["库存加到 5 万", " "])
    assert done.conditions == ("库存加到 5 万",)
    approvals.signed(db, keys, package)
    with pytest.raises(RefusedError, match="condition_open"):
        approvals.signed(db, keys, package, at=later(2))
    maker = replace(COMPLIANCE, name="operator")
    with pytest.raises(ForbiddenError, match="own_campaign"):
        approvals.fulfil(db, keys, package, "库存加到 5 万", actor=maker, now=later(2), comment="加了")
    with pytest.raises(RefusedError, match="no_such_condition"):
        approvals.fulfil(db, keys, package, "别的", actor=COMPLIANCE, now=later(2), comment="加了")
    with pytest.raises(RefusedError, match="no_reason"):
        approvals.fulfil(db, keys, package, "库存加到 5 万", actor=COMPLIANCE, now=later(2), comment=" ")
    approvals.fulfil(db, keys, package, "库存加到 5 万", actor=COMPLIANCE, now=later(3), comment="已核对台账")
    assert approvals.signed(db, keys, package, at=later(4)).approvers == ("approver",)
    with db.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER tr_approval_entry_no_update")
        connection.execute(entries.update().where(entries.c.kind == "fulfilled").values(actor="approver"))
    with pytest.raises(RefusedError, match="bad_signature"):
        approvals.signed(db, keys, package, at=later(4))


def test_an_approval_ends(db: sa.Engine, keys: Keys) -> None:
    package = put_up(db)
    done = approvals.approve(db, keys, package, actor=APPROVER, now=later(1), until=later(60))
    assert done.until == later(60)
    assert approvals.signed(db, keys, package, at=later(59)).approvers == ("approver",)
    with pytest.raises(RefusedError, match="expired"):
        approvals.signed(db, keys, package, at=later(60))
    approvals.record(db, package, "launched", actor=OPERATOR, now=later(59))
    assert approvals.signed(db, keys, package, at=later(60)), "what was launched in time goes on"


def test_what_lapsed_is_asked_for_again_and_not_before(db: sa.Engine, keys: Keys) -> None:
    document = x.stored(db)
    package = x.package(document)

    def again(minutes: float) -> str:
        told = approvals.submit(db, document, package, x.PACK, actor=OPERATOR, now=later(minutes), today=x.TODAY)
        return str(told.status)

    again(0)
    approvals.approve(db, keys, package, actor=APPROVER, now=later(1), until=later(60))
    with pytest.raises(RefusedError, match="wrong_state"):
        again(59)
    assert again(60) == "in_review"
    kinds = [entry.kind for entry in approvals.history(db, "demo", package.campaign_id)]
    assert kinds == ["submitted", "approved", "withdrawn", "submitted"]
    with pytest.raises(RefusedError, match="not_approved"):
        approvals.signed(db, keys, package)
    approvals.approve(db, keys, package, actor=APPROVER, now=later(61))
    assert approvals.signed(db, keys, package, at=later(62)).approvers == ("approver",)


def test_without_a_word_it_ends_after_thirty_days_or_with_the_campaign(db: sa.Engine, keys: Keys) -> None:
    package = put_up(db)
    done = approvals.approve(db, keys, package, actor=APPROVER, now=later(1))
    end = dt.datetime.combine(x.END + dt.timedelta(days=1), dt.time(), dt.UTC)
    assert done.until == min(later(1) + dt.timedelta(days=30), end)


def test_a_delegate_acts_for_somebody_while_it_lasts(db: sa.Engine, keys: Keys) -> None:
    package = put_up(db, large())
    chief = second_approver(db)
    with pytest.raises(ForbiddenError, match="not_delegated"):
        approvals.approve(db, keys, package, actor=COMPLIANCE, now=later(1), behalf="chief")
    made = delegations.delegate(
        db, "demo", actor=chief, taker="compliance", since=later(0), until=later(100), reason="出差", now=later(0)
    )
    done = approvals.approve(db, keys, package, actor=COMPLIANCE, now=later(5), behalf="chief")
    assert done.left == ("compliance",), "the giver's step was taken, not the taker's own"
    assert approvals.approve(db, keys, package, actor=COMPLIANCE, now=later(6)).missing == 1, "four eyes: one step each"
    with pytest.raises(ForbiddenError, match="not_your_step"):
        approvals.approve(db, keys, package, actor=APPROVER, now=later(7))
    assert not delegations.may_act_for(db, "demo", "compliance", "chief", later(100))
    delegations.revoke(db, "demo", made.id, actor=chief, now=later(50))
    assert delegations.may_act_for(db, "demo", "compliance", "chief", later(49))
    assert not delegations.may_act_for(db, "demo", "compliance", "chief", later(50))


@pytest.mark.parametrize(
    ("taker", "until", "code"),
    [("approver", 60, "bad_delegate"), ("operator", 60, "bad_delegate"), ("compliance", 0, "bad_delegation"),
     ("compliance", 60 * 24 * 40, "bad_delegation")],
)  # fmt: skip
def test_odd_delegations_are_refused(db: sa.Engine, taker: str, until: int, code: str) -> None:
    with pytest.raises(RefusedError, match=code):
        delegations.delegate(
            db, "demo", actor=APPROVER, taker=taker, since=later(0), until=later(until), reason="", now=later(0)
        )


def test_who_has_no_right_delegates_nothing_and_a_maker_is_no_giver(db: sa.Engine, keys: Keys) -> None:
    with pytest.raises(ForbiddenError, match="no_right"):
        delegations.delegate(
            db, "demo", actor=OPERATOR, taker="approver", since=later(0), until=later(9), reason="", now=later(0)
        )
    package = put_up(db, x.campaign(owner="approver"))
    delegations.delegate(
        db, "demo", actor=APPROVER, taker="compliance", since=later(0), until=later(90), reason="", now=later(0)
    )
    with pytest.raises(ForbiddenError, match="own_campaign"):
        approvals.approve(db, keys, package, actor=COMPLIANCE, now=later(1), behalf="approver")


def test_what_must_be_changed_holds_up_the_approval(db: sa.Engine, keys: Keys) -> None:
    package = put_up(db)

    def say(
        kind: str, actor: Any = COMPLIANCE, section: str = "copy", text: str = "年化要写历史业绩"
    ) -> comments.Comment:
        return comments.comment(
            db, "demo", package.campaign_id, package.hash, section=section, text=text, kind=kind, actor=actor,
            now=later(1),
        )  # type: ignore[arg-type]  # fmt: skip

    say("remark", OPERATOR)
    must = say("must")
    with pytest.raises(ForbiddenError):
        say("must", OPERATOR)
    with pytest.raises(UsageError, match="unknown_section"):
        say("remark", section="nowhere")
    with pytest.raises(UsageError, match="bad_comment"):
        say("remark", text="  ")
    with pytest.raises(RefusedError, match="must_open"):
        approvals.approve(db, keys, package, actor=APPROVER, now=later(2))
    with pytest.raises(ForbiddenError):
        comments.resolve(db, "demo", must.number, actor=OPERATOR, text="改了", now=later(3))
    assert not comments.resolve(db, "demo", must.number, actor=COMPLIANCE, text="已看", now=later(3)).open
    with pytest.raises(RefusedError, match="not_open"):
        comments.resolve(db, "demo", must.number, actor=COMPLIANCE, text="", now=later(3))
    assert approvals.approve(db, keys, package, actor=APPROVER, now=later(4)).missing == 0
    assert comments.verify(db, "demo").intact
    assert [item.kind for item in comments.listing(db, "demo", package.campaign_id)] == ["remark", "must", "resolved"]


def test_a_rejection_names_reasons_of_the_list(db: sa.Engine) -> None:
    package = put_up(db)
    with pytest.raises(UsageError, match="unknown_reason"):
        approvals.reject(db, package, actor=APPROVER, now=later(1), comment="x", reasons=["mood"])
    approvals.reject(db, package, actor=APPROVER, now=later(1), comment="利率写错", reasons=["copy", "compliance"])
    assert approvals.history(db, "demo", package.campaign_id)[-1].points == ("copy", "compliance")


def test_reminders_are_counted_and_not_too_many(db: sa.Engine) -> None:
    package = put_up(db)
    waiting = approvals.waiting(db, "demo")[0]
    assert (waiting.left, waiting.due, waiting.reminded) == (("reviewer",), x.NOW + dt.timedelta(hours=24), 0)
    assert (
        approvals.remind(db, "demo", package.hash, waiting.left, actor="operator", note="今天要上", now=later(30)) == 1
    )
    with pytest.raises(RefusedError, match="reminded_lately"):
        approvals.remind(db, "demo", package.hash, waiting.left, actor="operator", note="", now=later(31))
    assert approvals.remind(db, "demo", package.hash, waiting.left, actor="operator", note="", now=later(280)) == 2
    found = approvals.waiting(db, "demo")[0]
    assert (found.reminded, found.reminded_at) == (2, later(280))


def swapped(**more: Any) -> Campaign:
    """Another look of the first picture: with it its id changes, and whatever shows it."""
    first, *rest = x.CREATIVES.pictures
    other = replace(first, id="cre_other", file="e" * 64, record="f" * 64)
    variants = tuple(
        replace(item, id=f"var_{item.id}", creative=other.id) if item.creative == first.id else item
        for item in x.VARIANTS.variants
    )
    looked_at = replace(next(item for item in x.REVIEW.assets if item.asset == first.id), asset=other.id)
    changed = {
        "creatives": replace(x.CREATIVES, pictures=(other, *rest)),
        "combinations": replace(x.VARIANTS, variants=variants),
        "compliance": replace(x.REVIEW, assets=(*x.REVIEW.assets, looked_at)),
    }
    return x.campaign(**{**changed, **more})


def exchanged() -> Campaign:
    """Two combinations show each other's picture: no picture is another, but what is shown where is."""
    one, other, *_ = x.CREATIVES.pictures
    turned = {one.id: other.id, other.id: one.id}
    variants = tuple(replace(item, creative=turned.get(item.creative, item.creative)) for item in x.VARIANTS.variants)
    return swapped(combinations=replace(x.VARIANTS, variants=variants))


def topped(share: float) -> Campaign:
    more = int(x.GOAL.budget_fen * (1 + share))
    return x.campaign(goal=replace(x.GOAL, budget_fen=more), benefits=replace(x.ALLOCATION, budget_fen=more))


@pytest.mark.parametrize(
    ("other", "kind"),
    [
        (swapped, "picture"),
        (lambda: swapped(goal=replace(x.GOAL, colours=("gold",), style="premium")), "picture"),
        (lambda: swapped(goal=replace(x.GOAL, tone="calm")), ""),
        (lambda: topped(0.2), "top_up"),
        (lambda: topped(0.21), ""),
        (lambda: topped(-0.1), ""),
        (x.campaign, ""),
        (lambda: swapped(copy=replace(x.TEXTS, facts={"face": "21"})), ""),
        (lambda: swapped(audience=replace(x.AUDIENCE, count=33_000)), ""),
        (lambda: swapped(page=replace(x.PAGE, title="别的")), ""),
        (exchanged, ""),
        (lambda: swapped(compliance=replace(x.REVIEW, assets=(replace(x.REVIEW.assets[0], findings=(S3,)),))), ""),
    ],
)
def test_only_small_changes_are_small(other: Any, kind: str) -> None:
    assert approvals.change(x.package(x.campaign()), x.package(other())) == kind


def test_what_was_judged_in_the_approved_package_needs_no_second_judgement() -> None:
    def found(*findings: Finding) -> dict[str, Any]:
        return {"compliance": replace(x.REVIEW, assets=(replace(x.REVIEW.assets[0], findings=findings),))}

    def quoted(text: str) -> Finding:
        return Finding("compliance.violates", Severity.S3, "a", params={"text": text})

    base = x.package(x.campaign(**found(quoted("20元等你来领"))))
    assert approvals.change(base, x.package(swapped(**found(quoted("20元等你来领"))))) == "picture"
    assert approvals.change(base, x.package(swapped(**found(quoted("稳赚20元"))))) == ""
    assert (
        approvals.change(base, x.package(swapped(**found(replace(quoted("20元等你来领"), severity=Severity.S2))))) == ""
    )


def test_the_short_path_needs_one_person_and_a_genuine_basis(db: sa.Engine, keys: Keys) -> None:
    big = {"goal": replace(x.GOAL, level="S")}
    base = put_up(db, x.campaign(**big))
    assert not approvals.was_signed(db, keys, base)
    approvals.approve(db, keys, base, actor=APPROVER, now=later(1))
    approvals.approve(db, keys, base, actor=COMPLIANCE, now=later(2))
    assert approvals.was_signed(db, keys, base)
    document = swapped(**big)
    package = x.package(document)
    approvals.submit(db, document, package, x.PACK, actor=OPERATOR, now=later(3), today=x.TODAY, basis=base)
    assert approvals.waiting(db, "demo")[0].left == ("reviewer",)
    assert approvals.approve(db, keys, package, actor=COMPLIANCE, now=later(4)).missing == 0
    assert approvals.signed(db, keys, package).approvers == ("compliance",)
    approvals.reject(db, base, actor=APPROVER, now=later(5), comment="收回")
    with pytest.raises(RefusedError, match="not_approved"):
        approvals.signed(db, keys, package), "its basis is gone"


def test_the_short_path_is_no_way_around(db: sa.Engine, keys: Keys) -> None:
    big = {"goal": replace(x.GOAL, level="S")}
    base = put_up(db, x.campaign(**big))
    document = x.campaign(copy=replace(x.TEXTS, facts={"face": "21"}), **big)
    with pytest.raises(RefusedError, match="not_small"):
        approvals.submit(db, document, x.package(document), x.PACK, actor=OPERATOR, now=later(3), basis=base)
    # Somebody writes the claim of a basis that was never approved straight into the ledger.
    document = swapped(**big)
    package = x.package(document)
    approvals.submit(db, document, package, x.PACK, actor=OPERATOR, now=later(3), today=x.TODAY, basis=base)
    approvals.approve(db, keys, package, actor=APPROVER, now=later(4))
    with pytest.raises(RefusedError, match="not_approved"):
        approvals.signed(db, keys, package)


def test_what_was_approved_stays_a_basis_after_an_edit_took_it_back_and_what_was_sent_back_does_not(
    db: sa.Engine, keys: Keys
) -> None:
    def again(minutes: float) -> None:
        approvals.submit(db, x.campaign(), base, x.PACK, actor=OPERATOR, now=later(minutes), today=x.TODAY)

    base = put_up(db)
    assert approvals.pending(db, "demo", base.campaign_id) == base.hash
    approvals.withdraw(db, base, actor=OPERATOR, now=later(1))
    assert approvals.pending(db, "demo", base.campaign_id) == ""
    assert not approvals.was_signed(db, keys, base), "it was taken back before anybody signed"
    again(2)
    approvals.approve(db, keys, base, actor=APPROVER, now=later(3))
    assert approvals.pending(db, "demo", base.campaign_id) == base.hash
    approvals.withdraw(db, base, actor=OPERATOR, now=later(4))
    assert approvals.was_signed(db, keys, base)
    assert approvals.status(db, "demo", base.campaign_id) == "draft"
    with pytest.raises(RefusedError):
        approvals.signed(db, keys, base)
    document = swapped()
    package = x.package(document)
    approvals.submit(db, document, package, x.PACK, actor=OPERATOR, now=later(5), today=x.TODAY, basis=base)
    approvals.approve(db, keys, package, actor=APPROVER, now=later(6))
    assert approvals.signed(db, keys, package, at=later(7)).approvers == ("approver",)
    again(8)
    approvals.approve(db, keys, base, actor=APPROVER, now=later(9))
    approvals.reject(db, base, actor=APPROVER, now=later(10), comment="收回")
    assert not approvals.was_signed(db, keys, base)


def test_small_steps_do_not_add_up(db: sa.Engine, keys: Keys) -> None:
    base = put_up(db, x.campaign(goal=replace(x.GOAL, level="S")))
    approvals.approve(db, keys, base, actor=APPROVER, now=later(1))
    approvals.approve(db, keys, base, actor=COMPLIANCE, now=later(2))
    more = int(x.GOAL.budget_fen * 1.2)
    first = x.campaign(
        goal=replace(x.GOAL, level="S", budget_fen=more), benefits=replace(x.ALLOCATION, budget_fen=more)
    )
    one = x.package(first)
    approvals.submit(db, first, one, x.PACK, actor=OPERATOR, now=later(3), today=x.TODAY, basis=base)
    approvals.approve(db, keys, one, actor=APPROVER, now=later(4))
    most = int(more * 1.2)
    second = x.campaign(
        goal=replace(x.GOAL, level="S", budget_fen=most), benefits=replace(x.ALLOCATION, budget_fen=most)
    )
    two = x.package(second)
    approvals.submit(db, second, two, x.PACK, actor=OPERATOR, now=later(5), today=x.TODAY, basis=one)
    approvals.approve(db, keys, two, actor=APPROVER, now=later(6))
    with pytest.raises(RefusedError, match="not_approved"):
        approvals.signed(db, keys, two)


def test_an_institutions_own_key_signs_by_reference(
    db: sa.Engine, keys: Keys, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = keys.sign(b"earlier")
    (keys.folder / "approval.json").write_text('{"hmac": "env:LH_TEST_KEY"}')
    monkeypatch.setenv("LH_TEST_KEY", "k" * 40)
    package = put_up(db)
    approvals.approve(db, keys, package, actor=APPROVER, now=later(1))
    found = approvals.signed(db, keys, package)
    assert found.keys[0].startswith("h")
    assert keys.verify(*before, b"earlier"), "what was signed before stays valid"
    monkeypatch.setenv("LH_TEST_KEY", "j" * 40)
    with pytest.raises(RefusedError, match="bad_signature"):
        approvals.signed(db, keys, package)
    monkeypatch.setenv("LH_TEST_KEY", "short")
    with pytest.raises(RefusedError, match="key_short"):
        keys.sign(b"x")
    secret = tmp_path / "secret"
    secret.write_text("s" * 40)
    secret.chmod(0o644)
    (keys.folder / "approval.json").write_text(f'{{"hmac": "file:{secret}"}}')
    with pytest.raises(RefusedError, match="secret_exposed"):
        keys.sign(b"x")
    (keys.folder / "approval.json").write_text('{"hmac": "hunter2-hunter2-hunter2-hunter2-hunter2"}')
    with pytest.raises(UsageError) as told:
        keys.sign(b"x")
    assert "hunter2" not in str(told.value), "a secret in the wrong place is not repeated"


def test_the_status_of_a_conditional_approval_is_approved(db: sa.Engine, keys: Keys) -> None:
    package = put_up(db)
    approvals.approve(db, keys, package, actor=APPROVER, now=later(1), conditions=["x"])
    assert approvals.status(db, "demo", package.campaign_id) is Status.APPROVED
