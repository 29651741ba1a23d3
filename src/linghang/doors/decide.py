"""The decision endpoint: its own small ASGI application, so that the load of the studio never slows it.

POST /decide {"customer": "<external id>", "slots": [...]?, "at": ...?} → one decision a slot, with propensity and
reasons. POST /events takes what happened after a decision. Bearer token as in REST.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, Protocol

from linghang.base.errors import ForbiddenError, LinghangError, TooManyError, UnknownActorError, UsageError
from linghang.doors import entry
from linghang.doors.wire import error_json

Message = MutableMapping[str, Any]
_MOST_PER_MINUTE = 600_000
_STATUS = {UsageError: 400, UnknownActorError: 401, TooManyError: 429}
_SKILLS = {"/decide": "decide.customer", "/tap": "decide.tap", "/claim": "decide.claim"}


class Host(entry.Host, Protocol):
    """What the endpoint needs of an opened installation."""

    def execute(self, request: Mapping[str, Any], report: Callable[[Mapping[str, Any]], None]) -> Mapping[str, Any]:
        """Run a request as a skill call."""
        ...


def create(host: Host) -> Callable[..., Awaitable[None]]:
    """The ASGI application."""

    # Decisions are asked for by the thousand: who is known is not slowed down, who is refused is.
    door = entry.Entry(host, calls=entry.Rate(_MOST_PER_MINUTE))

    async def app(
        scope: Mapping[str, Any],
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        status, answer = await asyncio.to_thread(_answer, host, door, scope, await _body(receive))
        body = json.dumps(answer, ensure_ascii=False).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return app


def _answer(host: Host, door: entry.Entry, scope: Mapping[str, Any], body: bytes) -> tuple[int, Mapping[str, Any]]:
    skill = _SKILLS.get(str(scope["path"]))
    if skill is None or scope["method"] != "POST":
        return 404, {"error": {"code": "http.no_such_path", "have": sorted(_SKILLS)}}
    headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
    try:
        actor = door.principal(headers, {}, str((scope.get("client") or ("?",))[0]))
        arguments = _arguments(body)
    except LinghangError as error:
        status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 403)
        return status, {"error": error_json(error, "zh-CN")}
    outcome = host.execute(
        {
            "skill": skill,
            "arguments": arguments,
            "actor": actor,
            "remote": True,
            "key": headers.get("idempotency-key", ""),
        },
        lambda _line: None,
    )
    if "error" in outcome:
        if outcome["error"]["kind"] == ForbiddenError.__name__:
            return 403, outcome
        return {2: 422, 3: 503}.get(outcome["error"]["exit_code"], 409), outcome
    return 200, outcome["result"]


def _arguments(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body or b"{}")
    except ValueError as error:
        raise UsageError("http.not_json", reason=str(error)) from error
    if not isinstance(told, dict):
        raise UsageError("http.not_json", reason="not an object")
    return told


async def _body(receive: Callable[[], Awaitable[Message]]) -> bytes:
    parts: list[bytes] = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)
