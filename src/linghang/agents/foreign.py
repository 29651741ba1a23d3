"""Skills of systems that the institution has already: an OpenAPI description, or a server of tools (MCP).

What reads there reads here; everything else takes effect there, so it is a commit: an agent prepares it and a person
confirms. Secrets are references (``env:CRM_TOKEN``), never values. What a system answers is data. What was seen when a
system was added is kept and used: a server that describes its tools otherwise later gains nothing by it.
"""

import json
import logging
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from linghang.agents import commands, operations, toolbox
from linghang.agents.model import Json
from linghang.base.errors import LinghangError, RefusedError, UnavailableError, UsageError
from linghang.kit import skills
from linghang.kit.context import Context
from linghang.kit.skills import Skill
from linghang.ports.tools import Tool

log = logging.getLogger(__name__)

_NAME = re.compile(r"[a-z][a-z0-9_]{1,29}")


def declare(home: Path) -> tuple[str, ...]:
    """Register the skills of every system that was added to a home; one that is broken is left out and logged."""
    made: list[str] = []
    for path in sorted((home / "foreign").glob("*.json")) if (home / "foreign").is_dir() else []:
        try:
            made += [item.manifest.name for item in _register(_skills(json.loads(path.read_text("utf-8"))))]
        except (LinghangError, KeyError, ValueError, TypeError) as error:
            log.warning("the system of %s is left out: %s", path.name, error)
    return tuple(made)


def _skills(told: Mapping[str, Any]) -> list[Skill]:
    if told.get("kind") == "mcp":
        tools = tuple(Tool(**item) for item in told["tools"])
        return toolbox.skills_of(told["name"], tools, told["url"], told["secret"])
    return operations.skills_of(told["name"], told["spec"], told["url"], told["secret"])


def add(ctx: Context, name: str, text: str, url: str, secret: str) -> dict[str, Json]:
    """Add a system by its OpenAPI description (JSON), and register its skills at once.

    Raises UsageError("foreign.bad_name" | "foreign.not_openapi" | "foreign.secret_in_clear"),
    ForbiddenError("outside.forbidden_address") for a system inside this machine or its network that is not allowed.
    """
    _check(ctx, name, secret)
    try:
        spec = json.loads(text)
        base = url or str(spec["servers"][0]["url"])
        if not str(spec["openapi"]).startswith("3") or not isinstance(spec["paths"], Mapping):
            raise ValueError("openapi 3 wanted")
    except (ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
        raise UsageError("foreign.not_openapi", reason=f"{type(error).__name__} {error}"[:120]) from error
    if ctx.outside is not None:
        ctx.outside.must_be_open(base)
    return _keep(ctx, {"name": name, "kind": "openapi", "spec": spec, "url": base, "secret": secret})


def add_tools(ctx: Context, name: str, address: str, secret: str) -> dict[str, Json]:
    """Add a server of tools by its address or by the command that starts it, and register its tools at once.

    A command runs on the home's machine: it must have been allowed there before (the command line does so), so that
    nobody starts programs from afar.
    Raises UsageError("foreign.bad_name" | "foreign.secret_in_clear" | "foreign.no_tools"),
    RefusedError("foreign.command_not_allowed"), and what the server raises.
    """
    _check(ctx, name, secret)
    if ctx.tool_servers is None:
        raise UnavailableError("outside.absent")
    if not address.startswith(("http://", "https://")) and address not in commands.allowed(ctx.home):
        raise RefusedError("foreign.command_not_allowed", command=address[:200])
    if address.startswith(("http://", "https://")) and ctx.outside is not None:
        ctx.outside.must_be_open(address)
    tools = ctx.tool_servers.tools(address, secret=secret)
    if not tools:
        raise UsageError("foreign.no_tools", name=name)
    kept = [vars(item) for item in tools[: toolbox.MOST]]
    return _keep(ctx, {"name": name, "kind": "mcp", "tools": kept, "url": address, "secret": secret})


def remove(ctx: Context, name: str) -> dict[str, Json]:
    """Take a system away with all its skills. Raises UsageError("foreign.unknown")."""
    path = ctx.home / "foreign" / f"{name}.json"
    if not _NAME.fullmatch(name) or not path.exists():
        raise UsageError("foreign.unknown", name=name)
    path.unlink()
    gone = [item.manifest.name for item in skills.all_skills() if item.manifest.name.startswith(f"{name}.")]
    for item in gone:
        skills.remove(item)
    return {"system": name, "removed": gone}


def _check(ctx: Context, name: str, secret: str) -> None:
    taken = any(item.manifest.name.startswith(f"{name}.") for item in skills.all_skills())
    if not _NAME.fullmatch(name) or (taken and not (ctx.home / "foreign" / f"{name}.json").exists()):
        raise UsageError("foreign.bad_name", name=name)
    if secret and not re.fullmatch(r"env:[A-Z][A-Z0-9_]*", secret):
        raise UsageError("foreign.secret_in_clear")


def _keep(ctx: Context, told: Mapping[str, Any]) -> dict[str, Json]:
    made = _register(_skills(told))
    folder = ctx.home / "foreign"
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{told['name']}.draft"
    draft.write_text(json.dumps(told, ensure_ascii=False), "utf-8")
    draft.replace(folder / f"{told['name']}.json")
    return {
        "system": told["name"], "url": told["url"],
        "skills": [{"name": item.manifest.name, "effect": item.manifest.effect, "says": list(item.manifest.says),
                    "description": item.manifest.description} for item in made],
    }  # fmt: skip


def _register(made: Iterable[Skill]) -> list[Skill]:
    found = list(made)
    for item in found:
        skills.remove(item.manifest.name)
        skills.add(item)
    return found
