"""The tools of an MCP server as skills: one that says that it reads is a reader, any other commits.

Arguments are checked here by the tool's own schema before anything is sent. A server may say for the planner what its
tools make, need and are asked for with, in the tool's ``_meta``: ``linghang/makes``, ``linghang/needs``,
``linghang/says``; without that a tool that takes one text gets the operator's words.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, TypeAdapter, WithJsonSchema, create_model

from linghang.agents.model import Json
from linghang.base.errors import UnavailableError
from linghang.kit.context import Context
from linghang.kit.skills import Manifest, Skill
from linghang.ports.tools import Tool

MOST = 200
"""Tools of one server."""
PATIENCE = 20.0
"""Seconds that a tool has."""
_TYPES: Mapping[str, Any] = {
    "string": str, "integer": int, "number": float, "boolean": bool, "array": list[Any], "object": dict[str, Any],
}  # fmt: skip
_WORDS = frozenset({"query", "question", "text", "q", "keyword", "keywords", "words"})


def skills_of(system: str, tools: Sequence[Tool], address: str, secret: str) -> list[Skill]:
    """A skill for each tool whose arguments can be given by name."""
    made: dict[str, Skill] = {}
    for item in tools[:MOST]:
        found = _skill(system, item, address, secret)
        if found is not None:
            made.setdefault(found.manifest.name, found)
    return list(made.values())


def _skill(system: str, item: Tool, address: str, secret: str) -> Skill | None:
    fields = _fields(item.schema)
    if fields is None:
        return None
    word = re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", item.name).lower()).strip("_")
    name = f"{system}.{word or 'tool'}"
    says = item.meta.get("linghang/says") or ([item.title] if item.title else [])
    told = item.meta.get("linghang/needs") or {}
    required = [key for key, (_, default) in fields.items() if default is ...]
    needs = {key: str(value) for key, value in told.items() if key in fields}
    if not needs and len(required) == 1 and required[0] in _WORDS:
        needs = {required[0]: "words"}
    makes = str(item.meta.get("linghang/makes") or f"{system}.{word}")
    manifest = Manifest(
        name, "read" if item.reads else "commit", "skills.call", "1", "medium", False, False, False, "aggregate",
        (item.description or item.title or item.name)[:400], {}, needs, {makes: ""},
        tuple(str(text) for text in says)[:10], origin="mcp",
    )  # fmt: skip

    def call(ctx: Context, **arguments: Any) -> dict[str, Json]:
        if ctx.tool_servers is None:
            raise UnavailableError("outside.absent")
        given = {key: value for key, value in arguments.items() if value is not None}
        key = ctx.idempotency_key if not item.reads else ""
        return dict(ctx.tool_servers.call(address, item.name, given, secret=secret, key=key, timeout=PATIENCE))

    call.__qualname__ = f"foreign.{name}"
    model = create_model(name.replace(".", "_"), __config__=ConfigDict(extra="forbid"), **fields)
    return Skill(manifest, call, model, TypeAdapter(dict[str, Any]))


def _fields(schema: Mapping[str, Any]) -> dict[str, Any] | None:
    """The arguments with their types; None where one that must be given cannot be named."""
    required = set(schema.get("required") or ())
    fields: dict[str, Any] = {}
    for name, shape in (schema.get("properties") or {}).items():
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name):
            if name in required:
                return None
            continue
        told = dict(shape) if isinstance(shape, Mapping) else {}
        kind = _type(told) if name in required else _type(told) | None
        shown = Annotated[kind, WithJsonSchema(told)] if "$ref" not in str(told) else kind
        fields[name] = (shown, ...) if name in required else (shown, None)
    return fields if required <= set(fields) else None


def _type(shape: Mapping[str, Any]) -> Any:
    told = shape.get("enum")
    if isinstance(told, list) and told and all(isinstance(item, str) for item in told):
        return Literal[tuple(told)]
    return _TYPES.get(str(shape.get("type")), Any)
