"""Users, roles, passwords and tokens."""

import datetime as dt
from pathlib import Path

import pytest
import sqlalchemy as sa

from linghang import access
from linghang.base.errors import ConflictError, ForbiddenError, UnknownItemError, UsageError
from linghang.kit.database import metadata, open_database

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)


@pytest.fixture
def db(tmp_path: Path) -> sa.Engine:
    db = open_database(tmp_path / "app.db")
    metadata.create_all(db)
    access.seed(db, "demo", NOW)
    return db


def test_the_demo_users_are_there_and_seeding_again_changes_nothing(db: sa.Engine) -> None:
    access.change(db, "demo", "analyst", roles=["analyst", "engineer"])
    access.seed(db, "demo", NOW + dt.timedelta(days=1))
    names = [user.name for user in access.listing(db, "demo")]
    assert {"operator", "designer", "compliance", "approver", "analyst", "admin"} <= set(names)
    assert access.find(db, "demo", "analyst").roles == ("analyst", "engineer")


def test_institutions_do_not_see_each_others_users(db: sa.Engine) -> None:
    access.seed(db, "other", NOW)
    access.add(db, "other", "li.wei", ["operator"], now=NOW)
    with pytest.raises(UnknownItemError) as told:
        access.actor(db, "demo", "li.wei")
    assert "operator" in str(told.value.params["have"])


def test_makers_do_not_approve_and_approvers_do_not_make() -> None:
    for role, rights in access.ROLES.items():
        assert not ({"campaign.edit", "campaign.approve"} <= rights), role
        assert not ({"campaign.launch", "campaign.approve"} <= rights), role
        assert rights <= set(access.RIGHTS), role


def test_an_actor_has_the_rights_of_all_roles(db: sa.Engine) -> None:
    access.add(db, "demo", "chen", ["designer", "analyst"], now=NOW)
    actor = access.actor(db, "demo", "chen")
    assert actor.rights == access.ROLES["designer"] | access.ROLES["analyst"]
    assert actor.kind == "person"


def test_who_left_may_do_nothing(db: sa.Engine) -> None:
    access.change(db, "demo", "designer", active=False)
    with pytest.raises(ForbiddenError, match=r"access.user_inactive"):
        access.actor(db, "demo", "designer")


@pytest.mark.parametrize(("name", "roles"), [("", ["operator"]), ("a b", ["operator"]), ("x", []), ("x#y", ["admin"])])
def test_bad_users_are_refused(db: sa.Engine, name: str, roles: list[str]) -> None:
    with pytest.raises(UsageError):
        access.add(db, "demo", name, roles, now=NOW)


def test_unknown_roles_and_double_names_are_refused(db: sa.Engine) -> None:
    with pytest.raises(UsageError, match=r"access.unknown_role"):
        access.add(db, "demo", "zhou", ["king"], now=NOW)
    with pytest.raises(ConflictError):
        access.add(db, "demo", "operator", ["operator"], now=NOW)


def test_passwords_are_kept_as_argon2_and_checked(db: sa.Engine) -> None:
    access.set_password(db, "demo", "operator", "correct horse battery")
    with db.connect() as connection:
        kept = connection.execute(sa.text("SELECT password FROM user_account WHERE name = 'operator'")).scalar_one()
    assert kept.startswith("$argon2id$")
    assert access.check_password(db, "demo", "operator", "correct horse battery") == "operator"


@pytest.mark.parametrize(("name", "password"), [("operator", "wrong"), ("nobody", "x"), ("designer", "")])
def test_every_wrong_login_is_refused_alike(db: sa.Engine, name: str, password: str) -> None:
    access.set_password(db, "demo", "operator", "correct horse battery")
    with pytest.raises(ForbiddenError) as told:
        access.check_password(db, "demo", name, password)
    assert (told.value.code, dict(told.value.params)) == ("access.bad_password", {})


def test_weak_passwords_are_refused(db: sa.Engine) -> None:
    for weak in ("short", "aaaaaaaaaaaaaa"):
        with pytest.raises(UsageError, match=r"weak_password"):
            access.set_password(db, "demo", "operator", weak)


def test_a_token_stands_for_its_user_and_its_secret_is_not_kept(db: sa.Engine) -> None:
    made = access.make_token(db, "demo", "operator", now=NOW)
    principal = access.bearer(db, "demo", made.secret, NOW)
    assert access.actor(db, "demo", principal).rights == access.ROLES["operator"]
    assert access.actor(db, "demo", principal).name == "operator"
    with db.connect() as connection:
        rows = connection.execute(sa.text("SELECT * FROM api_token")).all()
    assert made.secret not in str(rows)


def test_scopes_narrow_and_never_widen(db: sa.Engine) -> None:
    made = access.make_token(db, "demo", "operator", scopes=["analysis.read"], now=NOW)
    principal = access.bearer(db, "demo", made.secret, NOW)
    assert access.actor(db, "demo", principal).rights == {"analysis.read"}
    with pytest.raises(UsageError, match=r"bad_scope"):
        access.make_token(db, "demo", "operator", scopes=["campaign.approve"], now=NOW)
    access.change(db, "demo", "operator", roles=["designer"])
    assert access.actor(db, "demo", principal).rights <= access.ROLES["designer"]


def test_expired_revoked_foreign_and_made_up_tokens_are_refused(db: sa.Engine) -> None:
    access.seed(db, "other", NOW)
    made = access.make_token(db, "demo", "operator", days=1, now=NOW)
    principal = access.bearer(db, "demo", made.secret, NOW)
    for institution, secret, at in (
        ("demo", made.secret, NOW + dt.timedelta(days=1)),
        ("other", made.secret, NOW),
        ("demo", "lh_made_up", NOW),
        ("demo", "", NOW),
    ):
        with pytest.raises(ForbiddenError):
            access.bearer(db, institution, secret, at)
    access.revoke(db, "demo", made.id, NOW)
    with pytest.raises(ForbiddenError):
        access.bearer(db, "demo", made.secret, NOW)
    with pytest.raises(ForbiddenError):
        access.actor(db, "demo", principal)
    with pytest.raises(ForbiddenError):
        access.actor(db, "demo", f"admin#{made.id}")
