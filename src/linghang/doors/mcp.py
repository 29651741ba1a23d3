"""The MCP server: the skills as tools, with their effects. An agent reads and drafts; a commit needs a person.

Tools run for the person who started the server, marked as an agent: customers' rows and commit skills are refused
unless that person named the commit skill when starting the server (``--approve campaign.launch``).
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import anyio
from mcp import types
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server

from linghang import __version__
from linghang.base.errors import LinghangError
from linghang.doors.client import HomeClient
from linghang.doors.wire import error_json

_DOT = "__"
"""Tool names may not hold dots everywhere: campaign.new is the tool campaign__new."""


def run(home: HomeClient, *, actor: str, approved: Sequence[str] = ()) -> None:
    """Serve on standard input and output until the client leaves."""
    anyio.run(_serve, create(home, actor=actor, approved=approved))


def create(home: HomeClient, *, actor: str, approved: Sequence[str] = ()) -> Server[Any]:
    """The server, for any transport."""

    async def list_tools(_context: Any, _request: Any) -> types.ListToolsResult:
        skills = await anyio.to_thread.run_sync(lambda: home.call("skills.list", {}, actor=actor))
        return types.ListToolsResult(tools=[_tool(skill) for skill in skills if skill["data"] == "aggregate"])

    async def call_tool(_context: Any, request: types.CallToolRequestParams) -> types.CallToolResult:
        name = request.name.replace(_DOT, ".")
        arguments = dict(request.arguments or {})
        try:
            result = await anyio.to_thread.run_sync(
                lambda: home.call(name, arguments, actor=actor, agent=True, approved=tuple(approved))
            )
        except LinghangError as error:
            return _answer(error_json(error, home.locale), failed=True)
        return _answer(result, failed=False)

    return Server("linghang", version=__version__, on_list_tools=list_tools, on_call_tool=call_tool)


def _tool(skill: Mapping[str, Any]) -> types.Tool:
    reading = skill["effect"] == "read"
    return types.Tool(
        name=skill["name"].replace(".", _DOT),
        description=f"[{skill['effect']}] {skill['description']}",
        input_schema=skill["schema"],
        annotations=types.ToolAnnotations(
            read_only_hint=reading, destructive_hint=skill["effect"] == "commit", idempotent_hint=reading
        ),
    )


def _answer(value: Any, *, failed: bool) -> types.CallToolResult:
    text = json.dumps(value, ensure_ascii=False)
    structured = value if isinstance(value, dict) else {"result": value}
    return types.CallToolResult(
        content=[types.TextContent(type="text", text=text)], structured_content=structured, is_error=failed
    )


async def _serve(server: Server[Any]) -> None:
    async with stdio_server() as (reader, writer):
        await server.run(reader, writer, server.create_initialization_options())
