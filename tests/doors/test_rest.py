"""The REST door on a real home: what the description promises is what is answered, whatever is sent; never a 500."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import schemathesis
from doors.rest_home import Door, opened
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from linghang.customers.numbers import Numbers

# The strategies for badly formed requests of schemathesis draw from `random` themselves.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisDeprecationWarning")]
PROMISES = [status_code_conformance, content_type_conformance, response_schema_conformance]
USERS = ("operator", "admin")
SECONDS = 120
"""For one answer: a first sentence loads its encoder, and machines of tests are shared."""
EXAMPLES = int(os.environ.get("REST_EXAMPLES", "2"))
LONG = ("/api/v1/creative/round", "/api/v1/institution/fill")
"""Routes whose work takes long: a round of pictures, an institution's year of events."""


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    os.environ["LINGHANG_CALLS_PER_MINUTE"] = "100000"
    with opened(tmp_path_factory.mktemp("rest")) as made:
        yield made
    del os.environ["LINGHANG_CALLS_PER_MINUTE"]


@pytest.fixture(scope="module")
def client(door: Door) -> TestClient:
    return TestClient(door.app)


def test_who_is_unknown_has_no_right_or_asks_for_nothing_is_told_so(door: Door, client: TestClient) -> None:
    assert client.post("/api/v1/campaign/list", json={}).status_code == 401
    refused = client.post("/api/v1/users/list", json={"nothing": 1}, headers=door.headers())
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")
    assert refused.json()["findings"]
    analyst = client.post("/api/v1/campaign/launch", json={"id": "last"}, headers=door.headers("analyst"))
    assert (analyst.status_code, analyst.json()["code"]) == (403, "access.no_right")
    assert client.post("/api/v1/no/such", json={}, headers=door.headers()).status_code == 404
    assert client.get("/api/v1/campaign/list", headers=door.headers()).status_code == 405
    nothing = client.post("/api/v1/campaign/show", json={"id": "cmp_nothing"}, headers=door.headers())
    assert (nothing.status_code, nothing.json()["type"]) == (404, "urn:linghang:campaign.unknown")


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("campaign/show", {"content": b"\xff\xfe"}),
        ("campaign/show", {"content": b"[1, 2]"}),
        ("benefit/ledger", {"json": {"limit": 2**63}}),
        ("decide/customer", {"json": {"customer": "C0000001", "at": "tomorrow"}}),
        ("campaign/clone", {"json": {"id": "last", "start": "2026-13-01"}}),
        ("asset/find", {"json": {"data": "数据"}}),
    ],
)
def test_malformed_requests_are_told_what_is_wrong(
    door: Door, client: TestClient, path: str, sent: dict[str, Any]
) -> None:
    answer = client.post(f"/api/v1/{path}", headers=door.headers(), **sent)
    assert answer.status_code == 422, answer.text
    assert answer.json()["title"]


def test_a_sentence_becomes_a_campaign_by_rest(door: Door, client: TestClient) -> None:
    text = "给近30天浏览过理财但没买过的客户发20元红包,预算5万,push,下周一开始两周"
    begun = client.post("/api/v1/campaign/new?wait=false", json={"text": text}, headers=door.headers())
    assert begun.status_code == 202
    told = client.get(f"/api/v1/jobs/{begun.json()['job']}/events", headers=door.headers())
    assert "event: progress" in told.text
    assert "event: outcome" in told.text
    rows = client.post("/api/v1/campaign/list", json={}, headers=door.headers()).json()["result"]
    assert len(rows) == 1
    named = {**door.headers(), "idempotency-key": "once", "accept-language": "en"}
    edits = [
        client.post("/api/v1/campaign/edit", json={"id": rows[0]["id"], "text": "预算提到8万"}, headers=named).json()
        for _ in range(2)
    ]
    assert edits[0] == edits[1]
    assert edits[0]["result"]["version"] == 2
    assert edits[0]["result"]["status_label"] == "Draft"


def test_every_route_asks_who_it_is_before_anything_else(door: Door, client: TestClient) -> None:
    """Nobody, a made-up token, a made-up cookie, a token that was revoked: 401 on every route, well formed or not."""
    made = door.call("users.token", {"days": 1})["result"]
    door.call("users.revoke", {"token": made["id"]})
    revoked = {"authorization": f"Bearer {made['secret']}"}
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    assert len(paths) > 100
    strangers = [{}, {"authorization": "Bearer lh_made_up"}, {"cookie": "lh_session=made.up"}, revoked]
    for place, (path, methods) in enumerate(paths.items()):
        for method in methods:
            # Thirty refusals a minute from one address would be enough: each route is asked from its own.
            asking = TestClient(door.app, client=(f"10.0.{place // 250}.{place % 250}", 50000))
            for headers in strangers:
                answer = asking.request(method, path, json={"strange": True}, headers=headers)
                assert answer.status_code == 401, (path, headers, answer.text)
                assert answer.headers["content-type"] == "application/problem+json"


def test_a_token_with_one_scope_gets_nothing_else(door: Door) -> None:
    """Well-formed requests of every route with a token that may only list skills: 403, or refused as malformed."""
    made = door.call("users.token", {"days": 1, "scopes": ["skills.read", "read"]}, user="admin")["result"]
    narrow = {"Authorization": f"Bearer {made['secret']}"}
    described = schemathesis.openapi.from_asgi("/api/v1/openapi.json", door.app)
    let_in: dict[str, int] = {}
    for found in described.get_all_operations():
        operation = found.ok()
        permission = operation.definition.raw.get("x-permission", "")
        if not permission or permission == "skills.read":
            continue
        let_in.update((operation.label, status) for status in _answers(operation, narrow) - {403, 422})
    assert not let_in


def _answers(operation: Any, headers: dict[str, str]) -> set[int]:
    statuses: set[int] = set()

    @settings(
        max_examples=1, deadline=None, phases=(Phase.generate,), derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        statuses.add(case.call(headers={**(case.headers or {}), **headers}, timeout=SECONDS).status_code)

    ask()
    return statuses


def test_no_word_of_a_person_and_no_secret_lies_in_the_homes_files(door: Door, tmp_path: Path) -> None:
    numbers = Numbers(door.home.engine, door.home.institution_id)
    person = str(numbers.texts(np.array([9], dtype=np.uint32)).to_pylist()[0])
    phone, mail, password = "13800138426", "zhang.san.426@example.com", "a long password 426"
    (tmp_path / "addresses.csv").write_text(f"customer_id,address\n{person},{mail}\n", "utf-8")
    kept = door.call("customers.addresses", {"table": str(tmp_path / "addresses.csv"), "channel": "email"}, "engineer")
    assert kept["result"]["kept"] == 1, kept
    said = {"customer": person, "word": "consent", "channel": "sms", "evidence": f"电话 {phone} 录音"}
    assert "result" in door.call("customers.note", said, "compliance")
    secret = door.call("users.token", {"days": 1}, "engineer")["result"]["secret"]
    assert "result" in door.call("users.add", {"name": "li.hua", "roles": ["analyst"], "password": password}, "admin")
    refused = door.call("users.add", {"name": "li.hua", "roles": ["analyst"], "password": password}, "admin")
    assert password not in json.dumps(refused)
    home = door.home.path
    files = [path for path in home.rglob("*") if path.is_file() and path.relative_to(home).parts[0] != "analytics"]
    assert {"app.db", "jobs.db"} <= {path.name for path in files}
    written = {path.name: path.read_bytes() for path in files}
    for word in (phone, mail, password, secret, secret.removeprefix("lh_")):
        assert [name for name, data in written.items() if word.encode() in data] == [], word
    exported = "\n".join(door.call("audit.export", {}, "engineer")["result"])
    assert not [word for word in (phone, mail, password, secret, person) if word in exported]
    shown = door.call("customers.proof", {"customer": person}, "compliance")["result"]
    assert phone in json.dumps(shown, ensure_ascii=False), "whoever may still reads it"


def test_people_are_masked_by_role_at_every_door_and_erased_on_request(door: Door, client: TestClient) -> None:
    numbers = Numbers(door.home.engine, door.home.institution_id)
    whole, other = (str(one) for one in numbers.texts(np.array([5, 6], dtype=np.uint32)).to_pylist())
    door.call(
        "customers.note",
        {"customer": whole, "word": "opt_out", "channel": "sms", "evidence": "电话录音 8812"},
        "compliance",
    )

    def shown(skill: str, user: str, **arguments: Any) -> tuple[int, str]:
        answer = client.post(f"/api/v1/{skill}", json={"customer": whole, **arguments}, headers=door.headers(user))
        return answer.status_code, answer.text

    status, told = shown("customers/show", "operator")
    assert (status, whole in told) == (200, False)
    assert whole in shown("customers/show", "compliance")[1]
    assert "8812" not in shown("customers/proof", "operator")[1]
    assert "8812" in shown("customers/proof", "compliance")[1]
    for user in ("approver", "designer", "analyst", "admin"):
        assert shown("customers/show", user)[0] == 403
    agent = {"skill": "customers.show", "arguments": {"customer": whole}, "actor": "compliance", "agent": True}
    assert door.home.execute(agent, lambda _line: None)["error"]["code"] == "access.rows_not_for_agents"

    assert shown("customers/erase", "compliance")[0] == 403
    assert shown("customers/erase", "admin")[0] == 200
    assert shown("customers/show", "compliance")[0] == 404
    kept = client.post("/api/v1/customers/show", json={"customer": other}, headers=door.headers("compliance"))
    assert kept.status_code == 200
    for ledger in ("audit/verify", "customers/register", "benefit/verify", "approvals/verify"):
        answer = client.post(f"/api/v1/{ledger}", json={}, headers=door.headers("engineer"))
        told = answer.json()["result"]
        assert all(one["intact"] for one in (told if isinstance(told, list) else [told])), ledger
    lines = client.post(
        "/api/v1/audit/list", json={"skill": "customers.", "limit": 50}, headers=door.headers("engineer")
    )
    assert {"done", "access.no_right", "access.rows_not_for_agents"} <= {
        one["outcome"] for one in lines.json()["result"]
    }
    assert whole not in lines.text


def test_whatever_is_sent_the_answer_is_one_of_those_described(door: Door) -> None:
    """A few requests of every route, well and badly formed, by two users: statuses, types and bodies as described."""
    described = schemathesis.openapi.from_asgi("/api/v1/openapi.json", door.app)
    headers = [door.headers(user) for user in USERS]
    routes = [found.ok() for found in described.get_all_operations()]
    assert len(routes) > 100
    broken = {one.label: why for one in routes if one.path not in LONG if (why := asked(one, headers))}
    assert not broken, "\n\n".join(f"{name}\n{why[:1500]}" for name, why in broken.items())


def asked(operation: Any, headers: list[dict[str, str]]) -> str:
    """What is wrong with a route's answers; empty if nothing is.

    Kept, not raised: asked again to be made smaller, a commit answers otherwise.
    """
    broken: list[str] = []

    @settings(
        max_examples=EXAMPLES, deadline=None, phases=(Phase.explicit, Phase.generate), derandomize=True,
        database=None, suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy() | operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
    def ask(case: Any) -> None:
        for known in headers:
            answer = case.call(headers={**(case.headers or {}), **known}, timeout=SECONDS)
            if answer.status_code == 500:
                broken.append(answer.text)
            try:
                case.validate_response(answer, checks=PROMISES)
            except (AssertionError, BaseExceptionGroup) as error:
                broken.append(str(error))

    ask()
    return "\n".join(broken)


def test_a_job_is_stopped_by_who_began_it(door: Door, client: TestClient) -> None:
    text = "给近30天没登录的客户推小金库，预算2万，push，明天开始一周"
    begun = client.post("/api/v1/agents/say?wait=false", json={"text": text}, headers=door.headers()).json()
    other = client.post("/api/v1/jobs/cancel", json={"job": begun["job"]}, headers=door.headers("designer"))
    assert other.status_code == 404
    told = client.post("/api/v1/jobs/cancel", json={"job": begun["job"]}, headers=door.headers())
    assert told.json()["result"]["skill"] == "agents.say"
    events = client.get(f"/api/v1/jobs/{begun['job']}/events", headers=door.headers()).text
    ended = json.loads(events.rsplit("data: ", 1)[1])["result"]
    # It may have come to its end before it looked; never is anything else told.
    assert ended["state"] in (("cancelled", "done") if told.json()["result"]["stopping"] else ("done",))
    assert client.post("/api/v1/jobs/cancel", json={"job": "job_no"}, headers=door.headers()).status_code == 404
    assert client.post("/api/v1/agents/cancel", json={}, headers=door.headers()).status_code == 422
