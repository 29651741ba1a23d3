"""REST under /api/v1: one route a skill, OpenAPI from the skills' own schemas, problem+json errors, SSE progress.

Who asks is told by a bearer token (``users.token``); commits take an ``Idempotency-Key``.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Annotated, Any, Protocol

from fastapi import Depends, FastAPI, Header, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from linghang import __version__
from linghang.base.errors import (
    ConflictError,
    ForbiddenError,
    LinghangError,
    RefusedError,
    UnavailableError,
    UnknownItemError,
    UsageError,
)
from linghang.doors.wire import error_json, error_of
from linghang.kit import files, runner
from linghang.kit.skills import Skill, all_skills

STATUS: Mapping[type[LinghangError], int] = {
    UnknownItemError: 404,
    ForbiddenError: 403,
    ConflictError: 409,
    UsageError: 422,
    RefusedError: 409,
    UnavailableError: 503,
}
"""Error → HTTP status; the first that the error is an instance of, in this order."""

Report = Callable[[Mapping[str, Any]], None]


class Host(Protocol):
    """What REST needs of an opened installation."""

    path: Any

    def execute(self, request: Mapping[str, Any], report: Report) -> Mapping[str, Any]:
        """Run a request as a skill call."""
        ...

    def bearer(self, token: str) -> str:
        """The user of an API token. Raises ForbiddenError."""
        ...


def create(host: Host) -> FastAPI:
    """The ASGI application."""
    app = FastAPI(
        title="Linghang", version=__version__, openapi_url="/api/v1/openapi.json", docs_url=None, redoc_url=None
    )

    def who(authorization: Annotated[str, Header()] = "") -> str:
        return host.bearer(authorization.removeprefix("Bearer ").strip())

    @app.exception_handler(LinghangError)
    async def _problem(request: Request, error: LinghangError) -> Response:
        locale = "en" if request.headers.get("accept-language", "zh").startswith("en") else "zh-CN"
        return problem(error, locale)

    @app.get("/api/v1/files/{name}", responses=PROBLEMS, tags=["files"])
    def read_file(name: str, actor: Annotated[str, Depends(who)]) -> Response:
        """The bytes of a content digest."""
        return Response(files.get(host.path, name), media_type="application/octet-stream")

    @app.get("/api/v1/jobs/{job}/events", responses=PROBLEMS, tags=["jobs"])
    async def follow(job: str, actor: Annotated[str, Depends(who)]) -> Response:
        """Progress of a job as server-sent events, then its outcome."""
        await asyncio.to_thread(runner.must_exist, job)
        return StreamingResponse(_events(job), media_type="text/event-stream")

    for skill in all_skills():
        _route(app, host, skill, who)
    return app


def problem(error: LinghangError, locale: str) -> Response:
    """An error as application/problem+json (RFC 9457)."""
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)
    shape = error_json(error, locale)
    body = {"type": f"urn:linghang:{shape['code']}", "title": shape["message"], "status": status, **shape}
    return JSONResponse(body, status_code=status, media_type="application/problem+json")


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
    400: "not JSON",
    403: "no right",
    404: "unknown",
    409: "refused",
    422: "malformed",
    500: "failed",
    503: "unavailable",
}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    code: {"description": text, "content": _PROBLEM_SCHEMA} for code, text in _MEANINGS.items()
}


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
        asked = {
            "skill": manifest.name,
            "arguments": body.model_dump(mode="json", exclude_unset=True),
            "actor": actor,
            "key": idempotency_key,
            "locale": "en" if request.headers.get("accept-language", "zh").startswith("en") else "zh-CN",
            "now": "",
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
        responses=PROBLEMS,
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
