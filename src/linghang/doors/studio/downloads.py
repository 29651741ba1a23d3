"""What is taken away as a file, by the user's rights: packets, the audit log, audiences' members, rejected rows."""

import asyncio
import csv
import io
import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from starlette.responses import PlainTextResponse

from linghang.base.errors import ForbiddenError, LinghangError, UnknownItemError
from linghang.base.messages import render
from linghang.customers.rejected import reason_in_words
from linghang.doors.studio.session import Client

_AT_ONCE = 10_000


def serve(app: FastAPI, client: Client, locale: str) -> None:
    """Put ``/packet/{id}.pdf``, ``/audit.jsonl``, ``/audience-file`` and ``/rejected/{id}.csv`` on the application."""

    async def ask(request: Request, skill: str, **arguments: Any) -> Any:
        session = request.scope["lh_visitor"]["session"]
        told = _locale(request, locale)
        principal = f"{session['user']}#{session['id']}"
        return await asyncio.to_thread(lambda: client.call(skill, arguments, actor=principal, locale=told))

    @app.get("/packet/{id}.pdf", include_in_schema=False)
    async def packet(request: Request, id: str, briefing: bool = False) -> Response:
        try:
            made = await ask(request, "campaign.packet", id=id, briefing=briefing)
            data = await asyncio.to_thread(client.file, str(made["file"]))
        except LinghangError as error:
            return _refused(error)
        return _file(data, "application/pdf", str(made["name"]), inline=True)

    @app.get("/audit.jsonl", include_in_schema=False)
    async def audit(request: Request) -> Response:
        try:
            lines = await ask(request, "audit.export")
        except LinghangError as error:
            return _refused(error)
        return _file("".join(f"{line}\n" for line in lines).encode(), "application/jsonl", "audit.jsonl", inline=False)

    @app.get("/audience-file", include_in_schema=False)
    async def members(request: Request, form: str, name: str, audience: str = "", rule: str = "") -> Response:
        """The members of an audience. Asked of the skill again: whoever has the address alone gets nothing."""
        try:
            meant = {"audience": audience} if audience else {"rule": json.loads(rule)}
            made = await ask(request, "audience.export", form=form, **meant)
            data = await asyncio.to_thread(client.file, str(made["file"]))
        except ValueError:
            return PlainTextResponse("", status_code=422)
        except LinghangError as error:
            return _refused(error)
        return _file(data, "application/octet-stream", name, inline=False)

    _rejected(app, ask, locale)


def _locale(request: Request, locale: str) -> str:
    return {"zh": "zh-CN", "en": "en"}.get(request.cookies.get("lh_locale", ""), locale)


def _rejected(app: FastAPI, ask: Callable[..., Awaitable[Any]], locale: str) -> None:
    @app.get("/rejected/{id}.csv", include_in_schema=False)
    async def rejected(request: Request, id: str) -> Response:
        try:
            told = await ask(request, "data.rejected", id=id, limit=_AT_ONCE)
            rows = part = told["rows"]
            while len(part) == _AT_ONCE:
                part = (await ask(request, "data.rejected", id=id, limit=_AT_ONCE, start=len(rows)))["rows"]
                rows = [*rows, *part]
        except LinghangError as error:
            return _refused(error)
        shown = _locale(request, locale)
        words = [[row[0], reason_in_words(str(row[1]), shown), *row[2:]] for row in rows]
        text = io.StringIO()
        csv.writer(text).writerows([told["columns"], *words])
        return _file(b"\xef\xbb\xbf" + text.getvalue().encode(), "text/csv", "rejected.csv", inline=False)


def _refused(error: LinghangError) -> Response:
    status = 403 if isinstance(error, ForbiddenError) else 404 if isinstance(error, UnknownItemError) else 409
    params = {key: value for key, value in error.params.items() if isinstance(value, str | int | float)}
    return PlainTextResponse(render(error.code, params, "zh-CN"), status_code=status)


def _file(data: bytes, kind: str, name: str, *, inline: bool) -> Response:
    how = "inline" if inline else "attachment"
    headers = {"content-disposition": f"{how}; filename*=UTF-8''{quote(name)}", "cache-control": "no-store"}
    return Response(data, media_type=kind, headers=headers)
