"""Who asks at the HTTP doors: tokens, cookies with their mark, strange origins, and how often."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from linghang import access
from linghang.access import audit
from linghang.access.gate import Gate
from linghang.access.sessions import Sessions
from linghang.app import declare_skills
from linghang.base.digest import plain
from linghang.base.errors import LinghangError
from linghang.doors import decide, entry, rest
from linghang.doors.cli import cards
from linghang.doors.wire import error_json
from linghang.kit.context import AuditEntry, Context
from linghang.kit.database import metadata, open_database
from linghang.kit.skills import call

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
declare_skills()


@dataclass
class Home:
    """An installation without engine and pools: users, gate and skills are the real ones."""

    path: Path
    db: sa.Engine
    now: dt.datetime = NOW

    @property
    def gate(self) -> Gate:
        made = Sessions(self.path, self.db, "demo")
        return Gate(made, self.note, lambda: self.now, demo=True)

    def note(self, line: AuditEntry) -> None:
        audit.append(self.db, "demo", line)

    def rights(self, principal: str) -> frozenset[str]:
        return access.actor(self.db, "demo", principal).rights

    def bearer(self, token: str) -> str:
        return access.bearer(self.db, "demo", token, self.now)

    def execute(self, request: Mapping[str, Any], report: Callable[[Mapping[str, Any]], None]) -> Mapping[str, Any]:
        ctx = Context(
            institution_id="demo", actor=access.actor(self.db, "demo", request["actor"]), clock=lambda: self.now,
            zone="Asia/Shanghai", locale="zh-CN", seed=7, home=self.path, pack="demo", db=self.db,
            audit=self.note, remote=bool(request.get("remote")),
        )  # fmt: skip
        try:
            return {"result": plain(call(ctx, request["skill"], request["arguments"]))}
        except LinghangError as error:
            return {"error": error_json(error, "zh-CN")}

    def token(self, name: str, *scopes: str) -> dict[str, str]:
        made = access.make_token(self.db, "demo", name, scopes=scopes, now=self.now)
        return {"authorization": f"Bearer {made.secret}"}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    db = open_database(tmp_path / "app.db")
    metadata.create_all(db)
    access.seed(db, "demo", NOW)
    return Home(tmp_path, db)


@pytest.fixture
def client(home: Home) -> TestClient:
    return TestClient(rest.create(home), base_url="http://127.0.0.1")


def last(home: Home) -> tuple[str, str, str]:
    line = audit.listing(home.db, "demo")[0]
    return line.actor, line.skill, line.outcome


USERS = "/api/v1/users/list"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Bearer"},
        {"authorization": "Bearer lh_made_up"},
        {"authorization": "Basic b3BlcmF0b3I6eA=="},
        {"cookie": "lh_session=made.up"},
        {"cookie": "lh_session="},
        {"cookie": "lh_actor=admin"},
    ],
)
def test_who_is_not_known_is_told_how_to_sign_in_and_noted(client: TestClient, home: Home, headers: Any) -> None:
    answer = client.post(USERS, json={}, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.headers["content-type"] == "application/problem+json"
    assert last(home)[:2] == ("?", "access.door")


def test_expired_and_revoked_tokens_are_nobodys(client: TestClient, home: Home) -> None:
    headers = home.token("operator")
    assert client.post(USERS, json={}, headers=headers).status_code == 200
    access.revoke(home.db, "demo", access.tokens_of(home.db, "demo", "operator")[0].id, NOW)
    assert client.post(USERS, json={}, headers=headers).status_code == 401
    other = home.token("operator")
    home.now += dt.timedelta(days=91)
    assert client.post(USERS, json={}, headers=other).status_code == 401
    assert last(home)[2] == "access.bad_token"


def test_a_right_that_is_missing_is_403_and_noted(client: TestClient, home: Home) -> None:
    answer = client.post("/api/v1/users/add", json={"name": "x", "roles": ["admin"]}, headers=home.token("operator"))
    assert answer.status_code == 403
    assert answer.json()["code"] == "access.no_right"
    assert last(home) == ("operator", "users.add", "access.no_right")
    narrow = home.token("admin", "users.read")
    assert client.post(USERS, json={}, headers=narrow).status_code == 200
    assert client.post("/api/v1/users/add", json={"name": "x", "roles": ["admin"]}, headers=narrow).status_code == 403


def test_a_cookie_needs_the_mark_of_its_session_and_its_own_origin(client: TestClient, home: Home) -> None:
    signed = home.gate.enter(home.gate.link("operator"))
    cookie = {"cookie": f"lh_session={signed.cookie}"}
    mark = {"x-csrf-token": signed.session.csrf}
    assert client.post(USERS, json={}, headers={**cookie, **mark}).status_code == 200
    for headers, code in (
        (cookie, "access.bad_form"),
        ({**cookie, "x-csrf-token": "guess"}, "access.bad_form"),
        ({**cookie, **mark, "origin": "https://evil.example"}, "access.strange_origin"),
        ({**cookie, **mark, "sec-fetch-site": "cross-site"}, "access.strange_origin"),
    ):
        answer = client.post(USERS, json={}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, code)
        assert last(home) == ("?", "access.door", code)
    home.gate.end(signed.cookie)
    assert client.post(USERS, json={}, headers={**cookie, **mark}).status_code == 401


@pytest.mark.parametrize(
    ("body", "status"), [("{", 422), ("[]", 422), ('{"strange": 1}', 422), ('"x"', 422), ("", 422), ("{}", 200)]
)
def test_malformed_bodies_are_problems_that_say_where(client: TestClient, home: Home, body: str, status: int) -> None:
    headers = {**home.token("operator"), "content-type": "application/json"}
    answer = client.post(USERS, content=body, headers=headers)
    assert answer.status_code == status
    if status == 422:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["findings"]


def test_unknown_paths_and_methods_are_problems_too(client: TestClient) -> None:
    for answer, status in ((client.get("/api/v1/nothing"), 404), (client.get(USERS), 405)):
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_too_many_calls_are_429_with_when_to_come_back(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINGHANG_CALLS_PER_MINUTE", "3")
    client = TestClient(rest.create(home))
    one, other = home.token("operator"), home.token("analyst")
    told = [client.post(USERS, json={}, headers=one) for _ in range(4)]
    assert [answer.status_code for answer in told] == [200, 200, 200, 429]
    assert 0 < int(told[-1].headers["retry-after"]) <= 21
    assert client.post(USERS, json={}, headers=other).status_code == 200


def test_who_guesses_tokens_is_slowed_down_and_the_log_does_not_grow_for_ever(client: TestClient, home: Home) -> None:
    told = [client.post(USERS, json={}, headers={"authorization": f"Bearer lh_{n}"}).status_code for n in range(40)]
    assert told[:30] == [401] * 30
    assert set(told[30:]) == {429}
    assert len(audit.listing(home.db, "demo", limit=100)) == 30


def test_a_rate_refills_with_time_and_forgets_the_idle() -> None:
    now = [0.0]
    rate = entry.Rate(60, clock=lambda: now[0])
    assert [rate.take("a") for _ in range(60)] == [0.0] * 60
    assert rate.take("a") == pytest.approx(1.0)
    now[0] = 1.0
    assert rate.take("a") == 0.0
    for n in range(entry.KEPT + 10):
        rate.take(f"n{n}")
    assert len(rate) <= entry.KEPT
    assert rate.wait("a") > 0


def test_the_decision_door_knows_the_same_refusals(home: Home) -> None:
    client = TestClient(decide.create(home))
    assert client.post("/decide", json={"customer": "x"}).status_code == 401
    assert client.post("/decide", content="[", headers=home.token("operator")).status_code == 400
    assert client.post("/decide", json={"customer": "x"}, headers=home.token("approver")).status_code == 403
    assert last(home)[2] == "access.no_right"
    told = [client.post("/decide", json={}).status_code for _ in range(40)]
    assert told[-1] == 429


def test_instants_are_those_of_the_institution() -> None:
    assert cards.instant("2026-11-29T23:30:00+00:00", "Asia/Shanghai") == "2026-11-30 07:30"
    assert cards.instant(None, "Asia/Shanghai") == "—"
