"""The studio's gate: strangers see the sign-in page only; forms carry their mark; other websites are refused."""

import re
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from linghang.base.errors import LinghangError
from linghang.doors.rest import problem
from linghang.doors.studio import files, gate
from linghang.doors.studio.gate import Place, can_switch
from linghang.doors.studio.session import ACTORS

from . import document
from .fake import FakeHome

LOCAL = "http://127.0.0.1:8080"
HTML = {"accept": "text/html"}


def studio(home: FakeHome, place: Place | None = None, *, at: str = LOCAL, peer: str = "127.0.0.1") -> TestClient:
    app = FastAPI()
    gate.mount(app, home, place or Place(), locale="zh-CN", version="v")
    files.serve(app, home)

    @app.get("/")
    def desk(request: Request) -> dict[str, Any]:
        visitor = request.scope["lh_visitor"]
        return {"user": visitor["session"]["user"], "switch": can_switch(place or Place(), request, visitor)}

    @app.exception_handler(LinghangError)
    async def _told(request: Request, error: LinghangError) -> Any:
        return problem(error, "zh-CN")

    return TestClient(app, base_url=at, client=(peer, 50000), follow_redirects=False)


@pytest.fixture
def home() -> FakeHome:
    return FakeHome()


def form_of(client: TestClient, **more: str) -> dict[str, str]:
    page = client.get("/sign-in").text
    found = re.search('name="form" value="([^"]+)"', page)
    assert found is not None
    return {"form": found.group(1), "name": "operator", "password": "right-password", "next": "/", **more}


@pytest.mark.parametrize(
    "path", ["/", "/settings/audit?actor=operator", f"/files/{'0' * 64}", "/campaigns/cmp_1", "/_nicegui_ws/x"]
)
def test_strangers_are_sent_to_the_sign_in_page_and_back(home: FakeHome, path: str) -> None:
    client = studio(home)
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=/")
    assert client.get(path).status_code == 401
    client.cookies.set("lh_session", "forged")
    client.cookies.set("lh_actor", "admin")
    assert client.get(path).status_code == 401
    assert client.post("/switch", data={"user": "admin"}).status_code == 401


def test_a_password_opens_the_studio_with_a_cookie_that_scripts_cannot_read(home: FakeHome) -> None:
    client = studio(home)
    answer = client.post("/sign-in", data=form_of(client, next="/campaigns?x=1"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/campaigns?x=1")
    cookie = next(value for value in answer.headers.get_list("set-cookie") if value.startswith("lh_session="))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie
    assert client.get("/").json() == {"user": "operator", "switch": True}


def test_behind_https_cookies_are_secure_and_users_are_not_switched(home: FakeHome) -> None:
    client = studio(home, Place(local=False, tls=True), at="https://studio.bank.example")
    answer = client.post("/sign-in", data=form_of(client))
    assert all("Secure" in value for value in answer.headers.get_list("set-cookie") if "Max-Age=0" not in value)
    assert client.get("/").json() == {"user": "operator", "switch": False}
    told = client.post("/switch", data={"user": "approver", "csrf": "mark-operator"})
    assert (told.status_code, told.json()["code"]) == (403, "access.no_switch")
    assert home.refused == ["access.no_switch"]


def test_a_wrong_password_stays_at_the_form_and_says_so_in_the_readers_language(home: FakeHome) -> None:
    client = studio(home)
    answer = client.post("/sign-in", data=form_of(client, password="wrong"))
    assert answer.status_code == 401
    assert "用户名或密码不对" in answer.text
    assert 'value="operator"' in answer.text
    assert "wrong" not in answer.text
    assert client.get("/sign-in?lang=en").headers["location"] == "/sign-in?next=/"
    assert "Sign in" in client.get("/sign-in").text


def test_a_form_without_its_mark_is_refused_and_noted(home: FakeHome) -> None:
    client = studio(home)
    for told in ({**form_of(client), "form": "guess"}, {"name": "operator", "password": "right-password"}):
        answer = client.post("/sign-in", data=told)
        assert answer.status_code == 403
        assert "lh_session" not in answer.cookies
    assert home.refused == ["access.bad_form", "access.bad_form"]
    client.get("/enter?code=operator")
    for path in ("/switch", "/sign-out"):
        for mark in ({}, {"csrf": "guess"}, {"csrf": "mark-approver"}):
            assert client.post(path, data={"user": "approver", **mark}).status_code == 403
    assert client.get("/").json()["user"] == "operator"


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://127.0.0.1:9999"},
        {"sec-fetch-site": "cross-site"},
        {"origin": "null"},
    ],
)
def test_other_websites_change_nothing(home: FakeHome, headers: dict[str, str]) -> None:
    client = studio(home)
    client.get("/enter?code=operator")
    answer = client.post("/switch", data={"user": "approver", "csrf": "mark-operator"}, headers=headers)
    assert answer.status_code == 403
    assert client.post("/sign-in", data=form_of(client), headers=headers).status_code == 403
    assert client.post("/_nicegui_ws/socket.io/", headers=headers).status_code == 403
    with (
        pytest.raises(WebSocketDisconnect) as told,
        client.websocket_connect("/_nicegui_ws/socket.io/", headers=headers),
    ):
        pass
    assert told.value.code == 4401
    assert home.refused == ["access.strange_origin"] * 4


def test_a_name_that_was_bent_to_this_machine_is_refused(home: FakeHome) -> None:
    client = studio(home, at="http://evil.example:8080")
    assert client.get("/sign-in").status_code == 421
    for name in ("localhost", "127.0.0.1", "[::1]"):
        assert studio(home, at=f"http://{name}:8080").get("/sign-in").status_code == 200


def test_the_event_socket_needs_a_session(home: FakeHome) -> None:
    client = studio(home)
    with pytest.raises(WebSocketDisconnect) as told, client.websocket_connect("/_nicegui_ws/socket.io/"):
        pass
    assert told.value.code == 4401


def test_links_work_and_wrong_ones_say_why(home: FakeHome) -> None:
    client = studio(home)
    answer = client.get("/enter?code=designer&next=/creatives")
    assert (answer.status_code, answer.headers["location"]) == (303, "/creatives")
    wrong = studio(home).get("/enter?code=nobody")
    assert wrong.status_code == 401
    assert "linghang users link" in wrong.text


@pytest.mark.parametrize("next", ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil", "/sign-in", "javascript:x", "/a\nb"])  # fmt: skip
def test_nobody_is_sent_to_another_website(home: FakeHome, next: str) -> None:
    client = studio(home)
    assert client.post("/sign-in", data=form_of(client, next=next)).headers["location"] == "/"
    assert studio(home).get("/enter", params={"code": "operator", "next": next}).headers["location"] == "/"


def test_what_people_type_into_the_form_is_never_markup(home: FakeHome) -> None:
    client = studio(home)
    attack = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    page = client.post("/sign-in", data=form_of(client, name=attack, next=f"/{attack}", password="wrong")).text
    assert "<script" not in page
    assert "<img" not in page


def test_users_switch_from_this_machine_in_a_demo_only(home: FakeHome) -> None:
    client = studio(home)
    client.get("/enter?code=operator")
    for name in ACTORS:
        user = client.get("/").json()["user"]
        answer = client.post("/switch", data={"user": name, "csrf": f"mark-{user}", "next": "/approvals"})
        assert answer.headers["location"] == "/approvals"
        assert client.get("/").json()["user"] == name
    far = studio(home, peer="10.0.0.7")
    far.get("/enter?code=operator")
    assert far.get("/").json() == {"user": "operator", "switch": False}
    assert far.post("/switch", data={"user": "admin", "csrf": "mark-operator"}).status_code == 403
    home.demo = False
    assert client.post("/switch", data={"user": "operator", "csrf": "mark-admin"}).status_code == 403


def test_signing_out_ends_the_session_in_the_home(home: FakeHome) -> None:
    client = studio(home)
    client.get("/enter?code=operator")
    kept = client.cookies["lh_session"]
    assert client.post("/sign-out", data={"csrf": "mark-operator"}).headers["location"] == "/sign-in"
    client.cookies.set("lh_session", kept)
    assert client.get("/").status_code == 401


def test_answers_forbid_frames_of_others_and_pages_keep_their_own_policy(home: FakeHome) -> None:
    client = studio(home)
    client.get("/enter?code=operator")
    headers = client.get("/").headers
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    page = client.get(f"/files/{next(iter(document.FILES))}")
    assert page.headers["content-security-policy"] == "sandbox allow-scripts"


def test_a_form_that_is_too_large_is_not_read(home: FakeHome) -> None:
    client = studio(home)
    assert client.post("/sign-in", data=form_of(client, name="x" * 5000)).status_code == 403
