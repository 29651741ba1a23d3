"""Skills of access: oneself and others, tokens that never widen, effects, passwords that leave no trace."""

import datetime as dt
from pathlib import Path

import pytest
import sqlalchemy as sa

from linghang import access
from linghang.access import audit
from linghang.access.rights import EFFECTS, RIGHTS, ROLES
from linghang.access.sessions import Sessions
from linghang.app import declare_skills
from linghang.base.digest import digest
from linghang.base.errors import ForbiddenError, UsageError
from linghang.kit.context import AuditEntry, Context
from linghang.kit.database import metadata, open_database
from linghang.kit.skills import all_skills, call

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
declare_skills()
SKILLS = [skill for skill in all_skills() if skill.function.__module__.startswith("linghang.")]


@pytest.fixture
def db(tmp_path: Path) -> sa.Engine:
    db = open_database(tmp_path / "app.db")
    metadata.create_all(db)
    access.seed(db, "demo", NOW)
    return db


def context(db: sa.Engine, tmp_path: Path, principal: str) -> Context:
    def note(line: AuditEntry) -> None:
        audit.append(db, "demo", line)

    return Context(
        institution_id="demo", actor=access.actor(db, "demo", principal), clock=lambda: NOW, zone="Asia/Shanghai",
        locale="zh-CN", seed=7, home=tmp_path, pack="demo", db=db,
        audit=note,
    )  # fmt: skip


def principal(db: sa.Engine, tmp_path: Path, user: str, *scopes: str) -> str:
    made = call(context(db, tmp_path, user), "users.token", {"scopes": list(scopes)})
    return access.bearer(db, "demo", made.secret, NOW)


def test_a_right_to_see_never_lets_anything_change() -> None:
    loose = {
        skill.manifest.name
        for skill in SKILLS
        if skill.manifest.permission.endswith(".read") and skill.manifest.effect != "read"
    }
    # What the watch finds is noted, for whoever may see opportunities and for the scheduler.
    assert loose == {"inbox.scan"}


def test_every_skill_asks_for_a_right_of_the_table_that_some_role_has() -> None:
    held = frozenset().union(*ROLES.values())
    for skill in SKILLS:
        assert skill.manifest.permission in RIGHTS, skill.manifest.name
        assert skill.manifest.permission in held, skill.manifest.name


def test_designers_and_analysts_never_spend_send_or_sign(db: sa.Engine, tmp_path: Path) -> None:
    for role, effects in EFFECTS.items():
        assert ("commit" in effects) == (role not in ("designer", "analyst"))
    ctx = context(db, tmp_path, "designer")
    assert "commit" not in ctx.actor.effects


def test_a_token_of_one_effect_causes_no_other(db: sa.Engine, tmp_path: Path) -> None:
    who = principal(db, tmp_path, "admin", "read")
    ctx = context(db, tmp_path, who)
    assert call(ctx, "users.list", {})
    with pytest.raises(ForbiddenError, match=r"access.no_effect"):
        call(ctx, "users.add", {"name": "x", "roles": ["admin"]})
    assert audit.listing(db, "demo")[0].outcome == "access.no_effect"


def test_a_narrow_token_makes_no_wider_one(db: sa.Engine, tmp_path: Path) -> None:
    who = principal(db, tmp_path, "operator", "users.token", "campaign.read", "draft", "read")
    ctx = context(db, tmp_path, who)
    made = call(ctx, "users.token", {})
    child = access.actor(db, "demo", access.bearer(db, "demo", made.secret, NOW))
    assert child.rights == {"users.token", "campaign.read"}
    assert child.effects == {"read", "draft"}
    for scope in ("campaign.launch", "commit"):
        with pytest.raises(UsageError, match=r"access.bad_scope"):
            call(ctx, "users.token", {"scopes": [scope]})


def test_nobody_changes_their_own_roles_nor_leaves_alone(db: sa.Engine, tmp_path: Path) -> None:
    for arguments in ({"name": "admin", "roles": ["admin", "approver"]}, {"name": "admin", "active": False}):
        with pytest.raises(ForbiddenError, match=r"access.own_roles"):
            call(context(db, tmp_path, "admin"), "users.change", arguments)


def test_ones_own_password_needs_the_present_one_and_ends_sessions(db: sa.Engine, tmp_path: Path) -> None:
    call(context(db, tmp_path, "admin"), "users.password", {"name": "analyst", "password": "first password"})
    open_one = Sessions(tmp_path, db, "demo").open("analyst", address="::1", now=NOW)
    ctx = context(db, tmp_path, "analyst")
    with pytest.raises(ForbiddenError, match=r"wrong_old_password"):
        call(ctx, "users.password", {"password": "second password", "old": "guess"})
    with pytest.raises(ForbiddenError, match=r"access.not_oneself"):
        call(ctx, "users.password", {"name": "admin", "password": "second password"})
    assert len(call(ctx, "users.sessions", {})) == 1
    call(ctx, "users.password", {"password": "second password", "old": "first password"})
    assert call(ctx, "users.sessions", {}) == []
    with pytest.raises(ForbiddenError, match=r"session_ended"):
        Sessions(tmp_path, db, "demo").find(open_one.cookie, NOW)


def test_a_weak_first_password_adds_nobody(db: sa.Engine, tmp_path: Path) -> None:
    ctx = context(db, tmp_path, "admin")
    with pytest.raises(UsageError, match="weak_password"):
        call(ctx, "users.add", {"name": "li.hua", "roles": ["approver"], "password": "short"})
    added = call(ctx, "users.add", {"name": "li.hua", "roles": ["approver"], "password": "long enough 7"})
    assert added.has_password
    assert access.check_password(db, "demo", "li.hua", "long enough 7") == "li.hua"


def test_not_even_a_digest_of_a_password_is_kept(db: sa.Engine, tmp_path: Path) -> None:
    arguments = {"name": "analyst", "password": "first password"}
    call(context(db, tmp_path, "admin"), "users.password", arguments)
    line = audit.listing(db, "demo")[0]
    assert line.skill == "users.password"
    assert line.arguments != digest(arguments)
    assert line.arguments == digest({"name": "analyst"})


def test_sessions_of_others_are_seen_and_ended_by_administrators_only(db: sa.Engine, tmp_path: Path) -> None:
    made = Sessions(tmp_path, db, "demo").open("operator", address="10.1.1.1", now=NOW)
    for arguments in ({"name": "operator"},):
        with pytest.raises(ForbiddenError):
            call(context(db, tmp_path, "designer"), "users.sessions", arguments)
    with pytest.raises(ForbiddenError):
        call(context(db, tmp_path, "designer"), "users.sign_out", {"session": made.session.id})
    told = call(context(db, tmp_path, "admin"), "users.sessions", {"name": "operator"})
    assert [one.address for one in told] == ["10.1.1.1"]
    assert made.session.csrf not in str(told)
    call(context(db, tmp_path, "admin"), "users.sign_out", {"session": made.session.id})
    assert call(context(db, tmp_path, "admin"), "users.sessions", {"name": "operator"}) == []


def test_the_audit_log_is_searched_by_who_what_when_and_outcome(db: sa.Engine, tmp_path: Path) -> None:
    admin = context(db, tmp_path, "admin")
    call(admin, "users.add", {"name": "li.wei", "roles": ["operator"]})
    with pytest.raises(ForbiddenError):
        call(context(db, tmp_path, "operator"), "users.add", {"name": "x", "roles": ["admin"]})

    def found(**search: object) -> list[tuple[str, str]]:
        return [(line.actor, line.outcome) for line in call(admin, "audit.list", search)]

    assert found(outcome="refused") == [("operator", "access.no_right")]
    assert found(actor="admin") == [("admin", "done")]
    assert found(skill="users.") == [("operator", "access.no_right"), ("admin", "done")]
    assert found(skill="users") == []
    assert found(about="li.w") == [("admin", "done")]
    assert found(until="2026-11-23T10:00:00") == []
    assert len(found(since="2026-11-23T10:00:00")) == 2
    assert found(before=2) == [("admin", "done")]
