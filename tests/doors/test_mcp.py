"""The MCP server with a real MCP client: tools with their effects, calls, refusals, over the library's own transport."""

from typing import Any

import anyio
import pytest
from mcp import Client

from linghang.base.errors import ForbiddenError
from linghang.doors import mcp


class Home:
    """A home that knows three skills."""

    locale = "zh-CN"

    def call(
        self, skill: str, arguments: dict[str, Any], *, actor: str, agent: bool = False, approved: tuple[str, ...] = ()
    ) -> Any:
        if skill == "skills.list":
            return [
                {"name": "campaign.list", "effect": "read", "data": "aggregate", "description": "All campaigns.",
                 "schema": {"type": "object", "properties": {}}},
                {"name": "campaign.launch", "effect": "commit", "data": "aggregate", "description": "Launch.",
                 "schema": {"type": "object", "properties": {"id": {"type": "string"}}}},
                {"name": "audience.sample", "effect": "read", "data": "rows", "description": "Rows.",
                 "schema": {"type": "object", "properties": {}}},
            ]  # fmt: skip
        assert agent
        if skill == "campaign.launch" and skill not in approved:
            raise ForbiddenError("access.agent_needs_approval", skill=skill)
        return {"skill": skill, "arguments": arguments, "actor": actor}


async def _session(approved: tuple[str, ...] = ()) -> dict[str, Any]:
    server = mcp.create(Home(), actor="operator", approved=approved)  # type: ignore[arg-type]
    async with Client(server) as client:
        tools = (await client.list_tools()).tools
        listed = await client.call_tool("campaign__list", {})
        launched = await client.call_tool("campaign__launch", {"id": "cmp_1"})
    return {"tools": {tool.name: tool for tool in tools}, "listed": listed, "launched": launched}


@pytest.mark.parametrize("approved", [(), ("campaign.launch",)])
def test_a_client_lists_calls_and_is_refused(approved: tuple[str, ...]) -> None:
    told = anyio.run(_session, approved)
    assert set(told["tools"]) == {"campaign__list", "campaign__launch"}
    assert told["tools"]["campaign__list"].annotations.read_only_hint
    assert told["tools"]["campaign__launch"].annotations.destructive_hint
    assert told["listed"].structured_content["skill"] == "campaign.list"
    assert told["launched"].is_error is (not approved)
