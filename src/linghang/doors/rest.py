"""REST under /api/v1: one route a skill, OpenAPI from the skills' own schemas, problem+json errors, SSE progress.

Who asks is told by a bearer token (``users.token``), or by the studio's cookie with the mark of its forms (``entry``);
commits take an ``Idempotency-Key``.
"""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Annotated, Any, Protocol

from fastapi import Depends, FastAPI, Header, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute
from starlette.types import Receive, Scope, Send

from linghang import __version__
from linghang.access.sealing import opened
from linghang.base.errors import (
    ConflictError,
    ForbiddenError,
    LinghangError,
    RefusedError,
    TooManyError,
    UnavailableError,
    UnknownActorError,
    UnknownItemError,
    UsageError,
)
from linghang.doors import entry, uploads
from linghang.doors.wire import error_json, error_of
from linghang.kit import files, runner, skills
from linghang.kit.invalid import findings_of
from linghang.kit.skills import Skill

STATUS: Mapping[type[LinghangError], int] = {
    UnknownItemError: 404,
    UnknownActorError: 401,
    ForbiddenError: 403,
    TooManyError: 429,
    ConflictError: 409,
    UsageError: 422,
    RefusedError: 409,
    UnavailableError: 503,
}
"""Error → HTTP status; the first that the error is an instance of, in this order."""

Report = Callable[[Mapping[str, Any]], None]


class Host(entry.Host, Protocol):
    """What REST needs of an opened installation."""

    path: Any

    def execute(self, request: Mapping[str, Any], report: Report) -> Mapping[str, Any]:
        """Run a request as a skill call."""
        ...

    def rights(self, principal: str) -> frozenset[str]:
        """What a principal may do."""
        ...


class Api(FastAPI):
    """The application; a skill that comes or goes while it runs has its route, and its place in the description, at
    the next request."""

    def __init__(self, host: Host) -> None:
        super().__init__(
            title="Linghang", version=__version__, openapi_url="/api/v1/openapi.json", docs_url=None, redoc_url=None
        )
        self.home, self.entry = host, entry.Entry(host)
        self.routed: dict[str, tuple[Skill, BaseRoute]] = {}
        self.seen, self.turn = -1, threading.Lock()

    def who(self, request: Request) -> str:
        """The principal of a request."""
        return self.entry.principal(request.headers, request.cookies, request.client.host if request.client else "?")

    def renew(self) -> None:
        """Have a route for each skill that is registered now, and none for others."""
        if self.seen == skills.change():
            return
        with self.turn:
            seen, known = skills.change(), {item.manifest.name: item for item in skills.all_skills()}
            gone = [name for name, (item, _) in self.routed.items() if known.get(name) is not item]
            dropped = [self.routed.pop(name)[1] for name in gone]
            self.router.routes = [route for route in self.router.routes if route not in dropped]
            for name, item in known.items():
                if name not in self.routed:
                    _route(self, self.home, item, self.who)
                    self.routed[name] = item, self.router.routes[-1]
            self.openapi_schema = None
            self.seen = seen

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, with the routes as they are now."""
        self.renew()
        await super().__call__(scope, receive, send)

    def openapi(self) -> dict[str, Any]:
        """The description, as it is now."""
        self.renew()
        return super().openapi()


def create(host: Host) -> FastAPI:
    """The ASGI application."""
    app = Api(host)
    who = app.who

    _problems(app)
    _files(app, host, who)

    @app.get("/api/v1/jobs/{job}/events", responses=PROBLEMS, tags=["jobs"])
    async def follow(job: str, actor: Annotated[str, Depends(who)]) -> Response:
        """Progress of a job as server-sent events, then its outcome."""
        await asyncio.to_thread(runner.must_exist, job)
        return StreamingResponse(_events(job), media_type="text/event-stream")

    app.renew()
    return app


def _problems(app: FastAPI) -> None:
    """Every refusal is application/problem+json."""

    @app.exception_handler(LinghangError)
    async def _problem(request: Request, error: LinghangError) -> Response:
        return problem(error, _locale(request))

    @app.exception_handler(RequestValidationError)
    async def _malformed(request: Request, error: RequestValidationError) -> Response:
        return problem(_usage(error), _locale(request))

    @app.exception_handler(HTTPException)
    async def _no_such_path(request: Request, error: HTTPException) -> Response:
        if error.status_code == 400:
            # A body that is no text at all never reaches a model: it is as malformed as one of a wrong shape.
            return problem(UsageError("http.not_json", reason=str(error.detail)), _locale(request))
        told = LinghangError("http.no_such_path", path=request.url.path[:200], method=request.method)
        return problem(told, _locale(request), status=error.status_code, headers=error.headers)


def _files(app: FastAPI, host: Host, who: Callable[..., str]) -> None:
    """Files by their digest, and files that callers bring."""

    @app.get("/api/v1/files/{name}", responses=PROBLEMS, tags=["files"])
    def read_file(name: str, actor: Annotated[str, Depends(who)]) -> Response:
        """The bytes of a content digest."""
        return Response(opened(host.path, files.get(host.path, name)), media_type="application/octet-stream")

    @app.put("/api/v1/uploads/{name:path}", responses=PROBLEMS, tags=["files"])
    async def upload(name: str, request: Request, actor: Annotated[str, Depends(who)]) -> dict[str, Any]:
        """Bring a file; its name is then what skills take (``table``, ``file``)."""
        rights = await asyncio.to_thread(host.rights, actor)
        if not rights & uploads.RIGHTS:
            host.gate.refuse("access.no_right", f"uploads/{name[:80]}", actor.partition("#")[0])
            needed = ", ".join(sorted(uploads.RIGHTS))
            raise ForbiddenError("access.no_right", actor=actor.partition("#")[0], permission=needed, skill="uploads")
        try:
            size = await uploads.keep(host.path, name, request.stream())
        except LinghangError as error:
            host.gate.refuse(error.code, f"uploads/{name[:80]}", actor.partition("#")[0])
            raise
        return {"name": name, "bytes": size}


def _locale(request: Request) -> str:
    return "en" if request.headers.get("accept-language", "zh").startswith("en") else "zh-CN"


def _usage(error: RequestValidationError) -> UsageError:
    """What FastAPI found wrong with a request, as our own error with a finding for each."""
    return UsageError("http.malformed", findings_of(error.errors(), "request"))


def problem(
    error: LinghangError, locale: str, *, status: int = 0, headers: Mapping[str, str] | None = None
) -> Response:
    """An error as application/problem+json (RFC 9457)."""
    status = status or next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)
    shape = error_json(error, locale)
    body = {"type": f"urn:linghang:{shape['code']}", "title": shape["message"], "status": status, **shape}
    told = {**entry.headers_of(error), **(headers or {})}
    return JSONResponse(body, status_code=status, media_type="application/problem+json", headers=told)


_PROBLEM_SCHEMA: dict[str, Any] = {
    "application/problem+json": {
        "schema": {
            "type": "object",
            "required": ["type", "title", "status", "code"],
            "properties": {
                "type": {"type": "string"},
                "title": {"type": "string"},
                "status": {"type": "integer"},
                "code": {"type": "string"},
                "findings": {"type": "array", "items": {"type": "object"}},
            },
        }
    }
}
_MEANINGS = {
    401: "nobody knows who asks",
    403: "no right",
    404: "unknown",
    409: "refused",
    422: "malformed",
    429: "too often",
    500: "failed",
    503: "unavailable",
}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    code: {"description": text, "content": _PROBLEM_SCHEMA} for code, text in _MEANINGS.items()
}


ACCEPTED: dict[str, Any] = {
    "description": "begun: what was asked with `wait=false` goes on as a job",
    "content": {"application/json": {"schema": {"type": "object", "required": ["job"],
                                                "properties": {"job": {"type": "string"}}}}},
}  # fmt: skip


def _route(app: FastAPI, host: Host, skill: Skill, who: Callable[..., str]) -> None:
    """One POST route of a skill; a durable one answers 202 with its job unless ``wait`` is asked."""
    manifest = skill.manifest
    model = skill.arguments

    async def endpoint(
        body: Any,
        request: Request,
        actor: str = Depends(who),
        idempotency_key: str = Header("", max_length=200),
        wait: bool = True,
    ) -> Response:
        asked: dict[str, Any] = {
            "skill": manifest.name,
            "arguments": body.model_dump(mode="json", exclude_unset=True),
            "actor": actor,
            "key": idempotency_key,
            "locale": _locale(request),
            "now": "",
            "remote": True,
        }
        if manifest.durable:
            job = await asyncio.to_thread(runner.submit, asked)
            if not wait:
                return JSONResponse({"job": job}, status_code=202)
            outcome = await asyncio.to_thread(_outcome, job)
        else:
            outcome = await asyncio.to_thread(host.execute, asked, lambda _line: None)
        if "error" in outcome:
            return problem(error_of(outcome["error"]), asked["locale"])
        return JSONResponse({"result": outcome["result"]})

    endpoint.__annotations__["body"] = model
    endpoint.__name__ = manifest.name.replace(".", "_")
    app.add_api_route(
        f"/api/v1/{manifest.name.replace('.', '/')}",
        endpoint,
        methods=["POST"],
        summary=manifest.description.splitlines()[0] if manifest.description else manifest.name,
        description=manifest.description,
        tags=[manifest.name.split(".")[0]],
        responses={**PROBLEMS, 202: ACCEPTED} if manifest.durable else PROBLEMS,
        openapi_extra={"x-effect": manifest.effect, "x-permission": manifest.permission},
    )


def _outcome(job: str) -> Mapping[str, Any]:
    outcome: Mapping[str, Any] = {}
    for line in runner.follow(job):
        outcome = line
    return outcome


async def _events(job: str) -> AsyncIterator[str]:
    lines = runner.follow(job)
    while True:
        line = await asyncio.to_thread(next, lines, None)
        if line is None:
            return
        kind = "progress" if "step" in line else "outcome"
        yield f"event: {kind}\ndata: {json.dumps(line, ensure_ascii=False)}\n\n"
