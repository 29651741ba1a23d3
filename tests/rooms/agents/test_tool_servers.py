"""MCP servers as a source of skills, tried with a real server process of the official SDK, over pipes and over HTTP."""

import os
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from linghang.access.rights import ROLES
from linghang.adapters.mcp_tools import McpTools
from linghang.agents import commands, foreign, toolbox
from linghang.base.errors import ForbiddenError, RefusedError, UnavailableError, UsageError
from linghang.kit.context import Context
from linghang.kit.skills import all_skills, call, find
from linghang.ports.tools import Tool
from linghang.testing.contexts import context

SERVER = Path(__file__).with_name("tool_server.py")


@pytest.fixture
def servers() -> Iterator[McpTools]:
    made = McpTools(secrets={"WMS_TOKEN": ""})
    yield made
    made.close()


@pytest.fixture
def command(tmp_path: Path) -> str:
    return shlex.join([sys.executable, str(SERVER), "stdio", str(tmp_path / "shipped.txt")])


@pytest.fixture
def ctx(tmp_path: Path, servers: McpTools) -> Iterator[Context]:
    yield replace(context(tmp_path, rights=ROLES["operator"] | ROLES["engineer"]), tool_servers=servers)
    for name in [item.manifest.name for item in all_skills() if item.manifest.name.startswith("wms.")]:
        foreign.skills.remove(name)


def test_tools_become_skills_and_a_writer_waits_for_a_person(ctx: Context, command: str, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=r"foreign\.command_not_allowed"):
        call(ctx, "skills.add", {"name": "wms", "mcp": command})
    commands.allow(ctx.home, command)
    with pytest.raises(ForbiddenError, match=r"access\.agent_needs_approval"):
        call(ctx.as_agent(), "skills.add", {"name": "wms", "mcp": command})
    told = call(ctx, "skills.add", {"name": "wms", "mcp": command})
    effects = {item["name"]: item["effect"] for item in told["skills"]}
    assert effects["wms.stock"] == "read"
    assert effects["wms.ship"] == "commit"
    assert find("wms.stock").schema()["properties"]["unit"]["enum"] == ["piece", "box"]
    assert call(ctx.as_agent(), "wms.stock", {"query": "雨伞"})["left"] == 1200
    with pytest.raises(UsageError, match=r"skill\.bad_arguments"):
        call(ctx, "wms.stock", {"query": "雨伞", "unit": "ton"})
    with pytest.raises(ForbiddenError, match=r"access\.agent_needs_approval"):
        call(ctx.as_agent(), "wms.ship", {"gift": "雨伞", "count": 3})
    assert not (tmp_path / "shipped.txt").exists()
    call(replace(ctx, idempotency_key="once"), "wms.ship", {"gift": "雨伞", "count": 3})
    call(replace(ctx, idempotency_key="once"), "wms.ship", {"gift": "雨伞", "count": 3})
    assert (tmp_path / "shipped.txt").read_text() == "雨伞 3\n"
    # After a restart the skills are there without asking the server, and what it answers stays data.
    foreign.skills.remove("wms.stock")
    assert "wms.stock" in foreign.declare(ctx.home)
    # Its own sentence reaches it; one that is like a question of our own too is asked, the choice named in words.
    assert call(ctx, "agents.say", {"text": "查一下礼品的库存还有多少"})["skill"] == "wms.stock"
    asked = call(ctx, "agents.say", {"text": "查一下礼品和券的库存还有多少"})
    offered = {choice["aim"]: choice["text"] for choice in asked["choices"]}
    assert asked["state"] == "asked"
    assert offered["skill:wms.stock"].startswith("查一下礼品的库存")
    reply = call(ctx, "agents.say", {"text": "查一下礼品的库存还有多少", "aim": "skill:wms.stock"})
    assert (reply["skill"], reply["state"], reply["result"]["left"]) == ("wms.stock", "done", 1200)
    assert "wms.ship" in call(ctx, "skills.remove", {"name": "wms"})["removed"]


def test_a_server_that_misbehaves_is_told_of_and_comes_back(
    ctx: Context, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands.allow(ctx.home, command)
    call(ctx, "skills.add", {"name": "wms", "mcp": command})
    monkeypatch.setattr(toolbox, "PATIENCE", 0.5)
    with pytest.raises((UnavailableError, RefusedError)):
        call(ctx, "wms.hang", {})
    monkeypatch.undo()
    with pytest.raises(RefusedError, match=r"outside\.tool_failed"):
        call(ctx, "wms.fail", {})
    with pytest.raises(UnavailableError, match=r"outside\.too_large"):
        call(ctx, "wms.flood", {})
    with pytest.raises((UnavailableError, RefusedError)):
        call(ctx, "wms.die", {})
    assert call(ctx, "wms.stock", {"query": "x"})["left"] == 1200


def test_a_secret_reaches_the_process_by_reference_only(tmp_path: Path, command: str) -> None:
    servers = McpTools(secrets={"WMS_TOKEN": str(tmp_path / "shipped.txt"), "OTHER": "never"})
    try:
        assert servers.call(command, "stock", {"query": "x"}, secret="env:WMS_TOKEN")["token"] is True
        assert servers.call(command, "stock", {"query": "x"})["token"] is False
        with pytest.raises(UnavailableError, match=r"outside\.no_secret"):
            servers.call(command, "stock", {"query": "x"}, secret="env:ABSENT")
    finally:
        servers.close()
    with pytest.raises(UnavailableError, match=r"outside\.unreachable"):
        McpTools().tools("/nonexistent/program --serve")


def test_over_http_the_own_network_is_closed_unless_allowed() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, str(SERVER), str(port)], env=os.environ, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        address = f"http://127.0.0.1:{port}/mcp"
        closed = McpTools()
        with pytest.raises(RefusedError, match=r"outside\.forbidden_address"):
            closed.tools(address)
        closed.close()
        servers = McpTools(allowed=frozenset({f"127.0.0.1:{port}"}))
        assert {tool.name: tool.reads for tool in servers.tools(address)}["ship"] is False
        assert servers.call(address, "stock", {"query": "雨伞"})["left"] == 1200
        servers.close()
    finally:
        process.kill()
        process.wait()


def test_tools_without_a_name_that_can_be_given_are_left_out() -> None:
    tools = (
        Tool("Get-Item", "", "", {"type": "object", "properties": {"q": {"type": "string"}}, "required": ["q"]}, True),
        Tool("bad", "", "", {"type": "object", "properties": {"a-b": {}}, "required": ["a-b"]}, True),
        Tool("get_item", "", "the same word again", {"type": "object"}, False),
    )
    made = toolbox.skills_of("wms", tools, "http://x", "")
    assert [(item.manifest.name, item.manifest.effect, dict(item.manifest.needs)) for item in made] == [
        ("wms.get_item", "read", {"q": "words"})
    ]
