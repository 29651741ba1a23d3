"""The official MCP SDK, as far as ``mcp_tools`` uses it; a file of its own because it takes half a second to import."""

import asyncio
import contextlib
import json
import os
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx2
from mcp import Client, MCPError, StdioServerParameters, stdio_client, types
from mcp.client.streamable_http import streamable_http_client

from linghang.adapters.http_outside import checked_address
from linghang.base.errors import LinghangError, RefusedError, UnavailableError
from linghang.ports.tools import Tool

MOST = 400_000
"""Characters of an answer."""
MOST_PAGES = 10
PATIENCE = 20.0
"""Seconds that a server has to start or to be connected."""


def client_of(
    address: str, secret: tuple[str, str], allowed: frozenset[str], stack: contextlib.AsyncExitStack
) -> Client:
    """The client of an address or of a command; ``secret`` is the name of a variable with its value, or empty."""
    if address.startswith(("http://", "https://")):
        headers = {"authorization": f"Bearer {secret[1]}"} if secret[0] else {}
        http = httpx2.AsyncClient(
            transport=_Guarded(allowed), headers=headers, timeout=httpx2.Timeout(PATIENCE, read=300)
        )
        stack.push_async_callback(http.aclose)
        return Client(streamable_http_client(address, http_client=http))
    words = shlex.split(address)
    if not words:
        raise UnavailableError("outside.unreachable", url=address[:200], reason="empty command")
    silent = stack.enter_context(Path(os.devnull).open("w"))  # noqa: SIM115 - the stack closes it
    given = {secret[0]: secret[1]} if secret[0] else {}
    started = StdioServerParameters(command=words[0], args=words[1:], env=given)
    return Client(stdio_client(started, errlog=silent))


async def tools_of(client: Client) -> tuple[Tool, ...]:
    """The tools that a server offers, of every page of its list."""
    found: list[Tool] = []
    cursor: str | None = None
    for _ in range(MOST_PAGES):
        page = await client.list_tools(cursor=cursor)
        found += [_tool(item) for item in page.tools]
        cursor = page.next_cursor
        if not cursor:
            break
    return tuple(found)


async def answer_of(client: Client, tool: str, arguments: Mapping[str, Any], key: str, timeout: float) -> Any:
    """What a tool answers, as a JSON object."""
    meta: Any = {"linghang/idempotency-key": key} if key else None
    told = await client.call_tool(tool, dict(arguments), read_timeout_seconds=timeout, meta=meta)
    return _answer(told, tool)


def refusal_of(error: BaseException, address: str) -> LinghangError:
    """An error of the SDK, of its tasks or of the system as one of ours."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, LinghangError):
        return error
    if isinstance(error, MCPError) and error.code in (types.CONNECTION_CLOSED, types.REQUEST_TIMEOUT):
        return UnavailableError("outside.unreachable", url=address, reason=error.message[:200])
    if isinstance(error, MCPError):
        return RefusedError("outside.tool_failed", tool=address, reason=error.message[:300])
    return UnavailableError("outside.unreachable", url=address, reason=str(error)[:200] or type(error).__name__)


class _Guarded(httpx2.AsyncBaseTransport):
    """Requests go to the address that was checked, not to one that the name gets a moment later."""

    def __init__(self, allowed: frozenset[str]) -> None:
        self._allowed = allowed
        self._inner = httpx2.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        host = request.url.host
        address = await asyncio.to_thread(checked_address, str(request.url), self._allowed)
        request.extensions = {**request.extensions, "sni_hostname": host}
        request.url = request.url.copy_with(host=address)
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()


def _tool(item: types.Tool) -> Tool:
    notes = item.annotations
    return Tool(
        item.name, item.title or (notes.title if notes else "") or "", (item.description or "")[:2000],
        item.input_schema, bool(notes and notes.read_only_hint), item.meta or {},
    )  # fmt: skip


def _answer(told: types.CallToolResult, tool: str) -> Mapping[str, Any]:
    """The typed part of an answer where there is one, else its words; pictures and files are left out."""
    words = "\n".join(part.text for part in told.content if isinstance(part, types.TextContent))
    if told.is_error:
        raise RefusedError("outside.tool_failed", tool=tool, reason=words[:300])
    value: Any = told.structured_content
    if value is None:
        try:
            value = json.loads(words)
        except ValueError:
            value = {"text": words}
    if max(len(words), len(json.dumps(value, ensure_ascii=False))) > MOST:
        raise UnavailableError("outside.too_large", url=tool, most=MOST // 1000)
    return value if isinstance(value, Mapping) else {"items": value}
