"""The operations of an OpenAPI description as skills: GET reads; everything else takes effect there, so it commits."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from pydantic import ConfigDict, TypeAdapter, create_model

from linghang.agents.model import Json
from linghang.base.errors import RefusedError, UnavailableError
from linghang.kit.context import Context
from linghang.kit.skills import Effect, Manifest, Skill
from linghang.ports.outside import Reply

MOST = 200
"""Operations of one system."""
_METHODS = ("get", "post", "put", "patch", "delete")
_TYPES: Mapping[str, Any] = {"string": str, "integer": int, "number": float, "boolean": bool, "array": list[Any]}


def skills_of(system: str, spec: Mapping[str, Any], url: str, secret: str) -> list[Skill]:
    """A skill for each operation of a description, ``MOST`` at most."""
    made: list[Skill] = []
    for path, item in spec["paths"].items():
        for method in _METHODS:
            found = item.get(method) if isinstance(item, Mapping) else None
            if isinstance(found, Mapping) and len(made) < MOST:
                made.append(_skill(system, path, method, found, item, url, secret))
    return made


def _skill(
    system: str, path: str, method: str, operation: Mapping[str, Any], item: Mapping[str, Any], url: str, secret: str
) -> Skill:
    own = str(operation.get("operationId") or f"{method}_{path}")
    name = f"{system}.{re.sub(r'[^a-z0-9]+', '_', re.sub(r'(?<=[a-z0-9])(?=[A-Z])', '_', own).lower()).strip('_')}"
    parameters = [*item.get("parameters", ()), *operation.get("parameters", ())]
    fields: dict[str, Any] = {}
    places: dict[str, str] = {}
    for parameter in parameters:
        if parameter.get("in") in ("path", "query") and str(parameter.get("name", "")).isidentifier():
            kind = _TYPES.get(str((parameter.get("schema") or {}).get("type")), str)
            required = parameter.get("required") or parameter["in"] == "path"
            fields[parameter["name"]] = (kind, ...) if required else (kind | None, None)
            places[parameter["name"]] = parameter["in"]
    if "requestBody" in operation:
        fields["body"] = (dict[str, Any], ...) if operation["requestBody"].get("required") else (dict[str, Any], {})
    effect: Effect = "read" if method == "get" else "commit"
    model = create_model(name.replace(".", "_"), __config__=ConfigDict(extra="forbid"), **fields)
    told = operation.get("x-says") or [text for text in (operation.get("summary"),) if text]
    says = tuple(str(text) for text in told)
    makes = {str(operation.get("x-makes") or f"{system}.{own}"): ""}
    needs = {key: str(value) for key, value in (operation.get("x-needs") or {}).items() if key in fields}
    needs = needs or _spoken(fields)
    words = " ".join(str(operation.get(key, "")) for key in ("summary", "description")).strip()[:400] or own
    manifest = Manifest(name, effect, "skills.call", "1", "medium", False, False, False, "aggregate", words, {}, needs,
                        makes, says, origin="openapi")  # fmt: skip

    def call(ctx: Context, **arguments: Any) -> dict[str, Json]:
        return _send(ctx, method, url.rstrip("/") + path, places, arguments, secret)

    call.__qualname__ = f"foreign.{name}"
    return Skill(manifest, call, model, TypeAdapter(dict[str, Any]))


def _spoken(fields: Mapping[str, Any]) -> dict[str, str]:
    """What an operator's words fill where the description does not say: the one argument that must be given, by its
    type: the number or the code that stands in the sentence."""
    required = {name: kind for name, (kind, default) in fields.items() if default is ...}
    if len(required) != 1 or "body" in required:
        return {}
    name, kind = next(iter(required.items()))
    return {name: "number"} if kind is int else {name: "code"} if kind is str else {}


def _send(
    ctx: Context, method: str, url: str, places: Mapping[str, str], arguments: Mapping[str, Any], secret: str
) -> dict[str, Json]:
    if ctx.outside is None:
        raise UnavailableError("outside.absent")
    query: dict[str, Any] = {}
    for name, value in arguments.items():
        if places.get(name) == "path":
            url = url.replace("{" + name + "}", quote(str(value), safe=""))
        elif places.get(name) == "query" and value is not None:
            query[name] = value
    headers = {"accept": "application/json"}
    if secret:
        headers["authorization"] = f"Bearer {ctx.outside.secret(secret)}"
    if ctx.idempotency_key and method != "get":
        headers["idempotency-key"] = ctx.idempotency_key
    body = None
    if "body" in arguments:
        body, headers["content-type"] = json.dumps(arguments["body"], ensure_ascii=False), "application/json"
    full = f"{url}?{urlencode(query, doseq=True)}" if query else url
    return _read(ctx.outside.send(method.upper(), full, headers=headers, body=body), url)


def _read(reply: Reply, url: str) -> dict[str, Json]:
    if reply.status >= 500:
        raise UnavailableError("outside.unreachable", url=url[:200], reason=f"HTTP {reply.status}")
    if reply.status >= 300:
        raise RefusedError("outside.refused", url=url[:200], status=reply.status)
    try:
        told = json.loads(reply.text) if reply.text else {}
    except ValueError:
        told = {"text": reply.text[:20_000]}
    return told if isinstance(told, dict) else {"items": told}
