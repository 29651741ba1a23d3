"""The studio's gate: who is not signed in sees the sign-in page and nothing else.

Every request but those for assets shows its session's cookie; what changes something also carries the session's mark
(``csrf``) and must not come from another website, the event socket included. Users are switched only where the home
says that its institution is a demo, and only between a browser and a studio on this machine.
"""

import asyncio
import hmac
import ipaddress
import secrets
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs, quote

from fastapi import FastAPI, Request, Response
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse

from linghang.base.errors import ForbiddenError, LinghangError, TooManyError, UnavailableError
from linghang.base.messages import render
from linghang.doors.entry import COOKIE, headers_of, strange
from linghang.doors.studio import signing
from linghang.doors.studio.session import Client
from linghang.doors.studio.words import Words

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

FORM_COOKIE = "lh_form"
_OPEN = ("/assets/", "/sign-in", "/enter", "/favicon", "/_nicegui/")
_LARGEST_FORM = 4096
_POLICY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; connect-src 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "SAMEORIGIN",
    "content-security-policy": _POLICY,
}


@dataclass(frozen=True)
class Place:
    """Where the studio is served. ``local``: on this machine only; ``tls``: behind a proxy that speaks HTTPS."""

    local: bool = True
    tls: bool = False


def mount(app: FastAPI, client: Client, place: Place, *, locale: str, version: str) -> None:
    """Put the gate in front of an application, and its own pages on it."""
    desk = _Desk(client, place, locale, version)
    app.add_middleware(Guard, client=client, place=place)
    for path, method, answer in (
        ("/sign-in", "GET", desk.form),
        ("/sign-in", "POST", desk.sign_in),
        ("/enter", "GET", desk.enter),
        ("/switch", "POST", desk.switch),
        ("/sign-out", "POST", desk.sign_out),
    ):
        app.add_api_route(path, answer, methods=[method], include_in_schema=False)


class Guard:
    """ASGI middleware: finds the visitor of a request, sends strangers to the sign-in page, refuses other websites."""

    def __init__(self, app: Any, client: Client, place: Place) -> None:
        self.app = app
        self.client = client
        self.place = place

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        refusal = await self._refusal(scope, headers)
        if refusal is None:
            await self.app(scope, receive, _with_headers(send))
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 4401})
        else:
            await refusal(scope, receive, send)

    async def _refusal(self, scope: Scope, headers: Mapping[str, str]) -> Response | None:
        if self.place.local and not _is_local_name(headers.get("host", "")):
            # A name that now leads here but belongs to somebody else's page (DNS rebinding).
            return await self._refuse("access.strange_origin", headers, 421)
        changes = scope["type"] == "websocket" or scope["method"] not in ("GET", "HEAD", "OPTIONS")
        if changes and strange(headers):
            return await self._refuse("access.strange_origin", headers, 403)
        if str(scope["path"]).startswith(_OPEN):
            return None
        try:
            scope["lh_visitor"] = await _ask(self.client, "find", cookie=cookies_of(headers).get(COOKIE, ""))
        except UnavailableError as error:
            return PlainTextResponse(render(error.code, error.params, "zh-CN"), status_code=503)
        except LinghangError as error:
            return _to_sign_in(scope, headers, error)
        return None

    async def _refuse(self, code: str, headers: Mapping[str, str], status: int) -> Response:
        try:
            about = headers.get("origin") or headers.get("host", "")
            await _ask(self.client, "refuse", code=code, about=about[:120])
        except UnavailableError:
            pass  # Nothing was let through; without a home there is no log to write to.
        return PlainTextResponse(render(code, {}, "zh-CN"), status_code=status)


class _Desk:
    """The gate's own pages: the form, what it sends, links, switching, signing out."""

    def __init__(self, client: Client, place: Place, locale: str, version: str) -> None:
        self.client = client
        self.place = place
        self.locale = locale
        self.version = version

    async def form(self, request: Request, next: str = "/", why: str = "", lang: str = "") -> Response:
        """The sign-in page."""
        if lang in ("zh", "en"):
            answer: Response = RedirectResponse(f"/sign-in?next={quote(_inside(next))}", 303)
            answer.set_cookie("lh_locale", lang, max_age=31_536_000, samesite="lax")
            return answer
        known = {"ended": "access.session_ended", "link": "access.bad_link"}
        return self._page(request, next, code=known.get(why, ""))

    async def sign_in(self, request: Request) -> Response:
        """What the form sends: a name and a password."""
        told = await _form(request)
        expected = request.cookies.get(FORM_COOKIE, "")
        if not expected or not hmac.compare_digest(told.get("form", "").encode(), expected.encode()):
            await _ask(self.client, "refuse", code="access.bad_form", about=_address(request))
            return self._page(request, told.get("next", "/"), code="access.bad_form", status=403)
        try:
            signed = await _ask(self.client, "sign_in", name=told.get("name", ""), password=told.get("password", ""),
                                address=_address(request))  # fmt: skip
        except LinghangError as error:
            return self._page(request, told.get("next", "/"), name=told.get("name", ""), error=error)
        return self._inside(signed, told.get("next", "/"))

    async def enter(self, request: Request, code: str = "", next: str = "/") -> Response:
        """A one-time link."""
        try:
            signed = await _ask(self.client, "enter", code=code, address=_address(request))
        except LinghangError as error:
            return self._page(request, next, error=error)
        return self._inside(signed, next)

    async def switch(self, request: Request) -> Response:
        """Go on as another demo user."""
        told = await self._own_form(request)
        if not can_switch(self.place, request, request.scope["lh_visitor"]):
            await _ask(self.client, "refuse", code="access.no_switch", about=_address(request))
            raise ForbiddenError("access.no_switch", name=told.get("user", "")[:80])
        signed = await _ask(self.client, "switch", cookie=request.cookies[COOKIE], name=told.get("user", ""))
        return self._inside(signed, told.get("next", "/"))

    async def sign_out(self, request: Request) -> Response:
        """End this browser's session."""
        await self._own_form(request)
        await _ask(self.client, "end", cookie=request.cookies[COOKIE])
        answer = RedirectResponse("/sign-in", 303)
        answer.delete_cookie(COOKIE)
        return answer

    async def _own_form(self, request: Request) -> Mapping[str, str]:
        told = await _form(request)
        mark = str(request.scope["lh_visitor"]["session"]["csrf"])
        if not hmac.compare_digest(told.get("csrf", "").encode(), mark.encode()):
            user = str(request.scope["lh_visitor"]["session"]["user"])
            await _ask(self.client, "refuse", code="access.bad_form", about=_address(request), name=user)
            raise ForbiddenError("access.bad_form")
        return told

    def _inside(self, signed: Mapping[str, Any], next: str) -> Response:
        answer = RedirectResponse(_inside(next), 303)
        answer.set_cookie(
            COOKIE, str(signed["cookie"]), max_age=43_200, httponly=True, samesite="lax", secure=self.place.tls
        )
        answer.delete_cookie(FORM_COOKIE)
        return answer

    def _page(
        self, request: Request, next: str, *, name: str = "", code: str = "", error: LinghangError | None = None,
        status: int = 200,
    ) -> Response:  # fmt: skip
        t = Words({"zh": "zh-CN", "en": "en"}.get(request.cookies.get("lh_locale", ""), self.locale))
        said = render(error.code, error.params, t.locale) if error else render(code, {}, t.locale) if code else ""
        mark = secrets.token_urlsafe(18)
        html = signing.page(
            t, theme=request.cookies.get("lh_theme", ""), version=self.version, mark=mark, next=_inside(next),
            name=name[:80], trouble=said, wait=isinstance(error, TooManyError),
        )  # fmt: skip
        status = status if error is None else 429 if isinstance(error, TooManyError) else 401
        answer = HTMLResponse(html, status_code=status, headers=headers_of(error) if error else None)
        answer.headers["cache-control"] = "no-store"
        answer.set_cookie(
            FORM_COOKIE, mark, max_age=3600, httponly=True, samesite="strict", secure=self.place.tls, path="/sign-in"
        )
        return answer


def can_switch(place: Place, request: Any, visitor: Mapping[str, Any]) -> bool:
    """Whether demo users may be switched here: a demo, served on this machine only, asked from this machine."""
    return place.local and not place.tls and bool(visitor.get("demo")) and _is_loopback(_address(request))


def cookies_of(headers: Mapping[str, str]) -> Mapping[str, str]:
    """The cookies of a request."""
    jar: SimpleCookie = SimpleCookie()
    jar.load(headers.get("cookie", ""))
    return {name: morsel.value for name, morsel in jar.items()}


async def _ask(client: Client, act: str, **told: str) -> Any:
    return await asyncio.to_thread(lambda: client.gate(act, **told))


def _to_sign_in(scope: Scope, headers: Mapping[str, str], error: LinghangError) -> Response:
    if scope["type"] == "http" and scope["method"] == "GET" and "text/html" in headers.get("accept", ""):
        asked = str(scope["path"])
        query = scope.get("query_string", b"").decode("latin-1")
        why = "&why=ended" if error.code == "access.session_ended" else ""
        return RedirectResponse(f"/sign-in?next={quote(asked + ('?' + query if query else ''))}{why}", 303)
    return PlainTextResponse(render(error.code, error.params, "zh-CN"), status_code=401)


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            there = {bytes(name).lower() for name, _ in message.get("headers", [])}
            more = [(k.encode(), v.encode()) for k, v in _HEADERS.items() if k.encode() not in there]
            message = {**message, "headers": [*message.get("headers", []), *more]}
        await send(message)

    return sending


async def _form(request: Request) -> Mapping[str, str]:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _LARGEST_FORM:
            raise ForbiddenError("access.bad_form")
    return {key: values[0] for key, values in parse_qs(body.decode("utf-8", "replace")).items()}


def _inside(path: str) -> str:
    """A path of this studio; anything else (another website, a scheme, a back-slash) becomes the desk."""
    fine = path.startswith("/") and not path.startswith(("//", "/\\", "/sign-in", "/enter")) and path.isprintable()
    return path if fine and "\\" not in path else "/"


def _address(request: Any) -> str:
    return str(request.client.host) if request.client else "?"


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _is_local_name(host: str) -> bool:
    name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
    return name.strip("[]").lower() == "localhost" or _is_loopback(name.strip("[]"))
