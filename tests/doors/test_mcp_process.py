"""Linghang's own MCP server as a process, with a client of the official SDK over its pipes, on a real home."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client, StdioServerParameters, stdio_client

MAIN = ("-c", "from linghang.doors.cli import main; main()")


async def _walk(env: dict[str, str]) -> dict[str, Any]:
    started = StdioServerParameters(command=sys.executable, args=[*MAIN, "--as", "operator", "mcp"], env=env)  # fmt: skip
    async with Client(stdio_client(started)) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        said = await client.call_tool("agents__say", {"text": "什么是QFII"})
        launched = await client.call_tool("campaign__launch", {"id": "cmp_none"})
        wrong = await client.call_tool("knowledge__ask", {"nonsense": 1})
    return {"tools": tools, "said": said, "launched": launched, "wrong": wrong}


@pytest.mark.slow
def test_a_client_of_the_sdk_talks_to_a_home(tmp_path: Path) -> None:
    env = {**os.environ, "LINGHANG_HOME": str(tmp_path / "home")}
    cli = [sys.executable, *MAIN]
    subprocess.run([*cli, "init", "--pack", "demo", "--customers", "300"], env=env, check=True, capture_output=True)
    try:
        told = anyio.run(_walk, env)
    finally:
        subprocess.run([*cli, "home", "stop"], env=env, check=False, capture_output=True)
    assert told["tools"]["campaign__launch"].annotations.destructive_hint
    assert told["tools"]["knowledge__ask"].annotations.read_only_hint
    assert "customers__sample" not in told["tools"]
    assert told["said"].structured_content["skill"] == "knowledge.ask"
    assert told["launched"].is_error
    assert told["launched"].structured_content["code"] == "access.agent_needs_approval"
    assert told["wrong"].is_error
