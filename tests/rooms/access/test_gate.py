"""Signing in: passwords, links, sessions, limits, switching; what is refused is in the audit log."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from linghang import access
from linghang.access import audit, limits
from linghang.access.gate import Gate, answer
from linghang.access.sessions import IDLE, LASTS, Sessions
from linghang.access.store import sessions as table
from linghang.base.digest import digest_bytes
from linghang.base.errors import ForbiddenError, TooManyError, UnknownActorError, UnknownItemError, UsageError
from linghang.kit.context import AuditEntry
from linghang.kit.database import metadata, open_database

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
WORD = "correct horse"


@pytest.fixture
def gate(tmp_path: Path) -> Gate:
    db = open_database(tmp_path / "app.db")
    metadata.create_all(db)
    access.seed(db, "demo", NOW)
    access.set_password(db, "demo", "operator", WORD)
    made = Sessions(tmp_path, db, "demo")

    def note(line: AuditEntry) -> None:
        audit.append(db, "demo", line)

    return Gate(made, note, lambda: NOW, demo=True)


def later(gate: Gate, by: dt.timedelta) -> Gate:
    return replace(gate, clock=lambda: NOW + by)


def outcomes(gate: Gate) -> list[tuple[str, str, str]]:
    lines = audit.listing(gate.sessions.db, gate.sessions.institution_id)
    return [(line.actor, line.skill, line.outcome) for line in reversed(lines)]


def test_a_password_opens_a_session_that_says_who_it_is(gate: Gate) -> None:
    signed = gate.sign_in("operator", WORD, "127.0.0.1")
    visitor = gate.find(signed.cookie)
    assert (visitor.session.user, visitor.roles, visitor.demo) == ("operator", ("operator",), True)
    assert gate.admit(f"operator#{visitor.session.id}") == "operator"
    assert outcomes(gate) == [("operator", "access.sign_in", "done")]


def test_neither_the_secret_nor_the_cookie_is_kept(gate: Gate) -> None:
    cookie = gate.sign_in("operator", WORD).cookie
    with gate.sessions.db.connect() as connection:
        kept = str(connection.execute(sa.select(table)).one()._mapping)
    assert cookie not in kept
    assert cookie.partition(".")[0] not in kept


@pytest.mark.parametrize("name", ["operator", "designer", "nobody"])
def test_a_wrong_password_is_refused_the_same_for_all_and_audited(gate: Gate, name: str) -> None:
    with pytest.raises(ForbiddenError, match=r"access.bad_password"):
        gate.sign_in(name, "wrong")
    assert outcomes(gate) == [(name, "access.sign_in", "access.bad_password")]


def test_guessing_closes_the_name_even_for_the_right_password_until_the_window_has_passed(gate: Gate) -> None:
    for n in range(limits.PER_NAME):
        with pytest.raises(ForbiddenError):
            gate.sign_in("operator", "wrong", f"10.0.0.{n}")
    with pytest.raises(TooManyError) as told:
        gate.sign_in("operator", WORD)
    assert 0 < int(str(told.value.params["retry_s"])) <= limits.WINDOW.total_seconds() + 1
    assert outcomes(gate)[-1] == ("operator", "access.sign_in", "access.too_many_sign_ins")
    assert gate.find(gate.enter(gate.link("operator")).cookie).session.user == "operator"
    assert later(gate, limits.WINDOW).sign_in("operator", WORD).session.user == "operator"


def test_an_address_that_tries_many_names_is_closed(gate: Gate) -> None:
    for n in range(limits.PER_ADDRESS):
        with pytest.raises(ForbiddenError):
            gate.sign_in(f"user{n}", "wrong", "10.0.0.1")
    with pytest.raises(TooManyError):
        gate.sign_in("operator", WORD, "10.0.0.1")
    assert gate.sign_in("operator", WORD, "10.0.0.2").session.user == "operator"


def test_a_link_works_once_and_not_for_ever(gate: Gate) -> None:
    code = gate.link("approver")
    assert gate.enter(code).session.user == "approver"
    for one, at in ((code, gate), (gate.link("approver"), later(gate, dt.timedelta(minutes=31))), ("made-up", gate)):
        with pytest.raises(UnknownActorError, match=r"access.bad_link"):
            at.enter(one)
    assert outcomes(gate)[-1] == ("?", "access.enter", "access.bad_link")
    with pytest.raises(UnknownItemError):
        gate.link("nobody")


def test_sessions_end_by_age_by_idleness_and_by_signing_out(gate: Gate) -> None:
    cookie = gate.sign_in("operator", WORD).cookie
    with pytest.raises(UnknownActorError, match=r"session_ended"):
        later(gate, IDLE).find(cookie)
    now = dt.timedelta()
    while now < LASTS - IDLE / 2:
        now += IDLE / 2
        later(gate, now).find(cookie)
    with pytest.raises(UnknownActorError, match=r"session_ended"):
        later(gate, LASTS).find(cookie)
    other = gate.sign_in("operator", WORD)
    gate.end(other.cookie)
    with pytest.raises(UnknownActorError, match=r"session_ended"):
        gate.find(other.cookie)
    with pytest.raises(UnknownActorError, match=r"session_ended"):
        gate.admit(f"operator#{other.session.id}")


def test_a_forged_cookie_opens_nothing_even_when_its_row_is_in_the_database(gate: Gate) -> None:
    signed = gate.sign_in("operator", WORD)
    secret, _, mark = signed.cookie.partition(".")
    row = {**vars(signed.session), "institution_id": "demo", "user": "admin", "id": "ses_forged"}
    with gate.sessions.db.begin() as connection:
        connection.execute(table.insert().values(**row, digest=digest_bytes(b"forged")))
    for cookie in ("", ".", "forged", f"forged.{mark}", f"{secret}.{mark[:-1]}0", f"{secret}.", secret + mark):
        if cookie == signed.cookie:
            continue
        with pytest.raises(UnknownActorError, match=r"no_session"):
            gate.find(cookie)


def test_a_session_of_another_institution_or_user_is_none_here(gate: Gate, tmp_path: Path) -> None:
    signed = gate.sign_in("operator", WORD)
    other = replace(gate, sessions=Sessions(tmp_path, gate.sessions.db, "other"))
    with pytest.raises(UnknownActorError):
        other.find(signed.cookie)
    with pytest.raises(UnknownActorError):
        gate.admit(f"admin#{signed.session.id}")


def test_who_leaves_is_out_at_once(gate: Gate) -> None:
    cookie = gate.sign_in("operator", WORD).cookie
    access.change(gate.sessions.db, "demo", "operator", active=False)
    with pytest.raises(ForbiddenError, match=r"user_inactive"):
        gate.find(cookie)
    with pytest.raises(ForbiddenError):
        gate.sign_in("operator", WORD)


def test_demo_users_switch_in_a_new_session_and_only_in_a_demo(gate: Gate) -> None:
    first = gate.sign_in("operator", WORD)
    second = gate.switch(first.cookie, "approver")
    assert gate.find(second.cookie).session.user == "approver"
    with pytest.raises(UnknownActorError):
        gate.find(first.cookie)
    access.add(gate.sessions.db, "demo", "wang.li", ["admin"], now=NOW)
    for at, name in ((replace(gate, demo=False), "operator"), (gate, "wang.li")):
        with pytest.raises(ForbiddenError, match=r"access.no_switch"):
            at.switch(second.cookie, name)
    assert outcomes(gate)[-1] == ("approver", "access.switch", "access.no_switch")


def test_the_wire_names_acts_and_arguments(gate: Gate) -> None:
    assert isinstance(answer(gate, {"act": "link", "name": "operator"}), str)
    for told in ({"act": "admit", "principal": "x"}, {"act": "find", "cookie": "x", "more": "y"}, {"act": ""}):
        with pytest.raises(UsageError, match=r"access.bad_act"):
            answer(gate, told)
