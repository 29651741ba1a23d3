"""The operations of an OpenAPI description as skills: GET reads; everything else takes effect there, so it commits."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, get_args, get_origin
from urllib.parse import quote, urlencode

from pydantic import ConfigDict, TypeAdapter, create_model

from linghang.agents import bodies
from linghang.agents.model import Json
from linghang.base.errors import RefusedError, UnavailableError
from linghang.kit.context import Context
from linghang.kit.skills import Effect, Manifest, Skill
from linghang.ports.outside import Reply

MOST = 200
"""Operations of one system."""
_METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class _System:
    """A system whose operations become skills: what it calls itself, its description, where it answers, its secret."""

    name: str
    spec: Mapping[str, Any]
    url: str
    secret: str


def skills_of(system: str, spec: Mapping[str, Any], url: str, secret: str) -> list[Skill]:
    """A skill for each operation of a description, ``MOST`` at most."""
    of = _System(system, spec, url, secret)
    made: list[Skill] = []
    for path, item in spec["paths"].items():
        for method in _METHODS:
            found = item.get(method) if isinstance(item, Mapping) else None
            if isinstance(found, Mapping) and len(made) < MOST:
                made.append(_skill(of, path, method, found, item))
    return made


def _skill(of: _System, path: str, method: str, operation: Mapping[str, Any], item: Mapping[str, Any]) -> Skill:
    system, spec = of.name, of.spec
    own = str(operation.get("operationId") or f"{method}_{path}")
    name = f"{system}.{re.sub(r'[^a-z0-9]+', '_', re.sub(r'(?<=[a-z0-9])(?=[A-Z])', '_', own).lower()).strip('_')}"
    parameters = [*item.get("parameters", ()), *operation.get("parameters", ())]
    fields: dict[str, Any] = {}
    places: dict[str, str] = {}
    for told in parameters:
        parameter = bodies.resolved(spec, told)
        if parameter.get("in") in ("path", "query") and str(parameter.get("name", "")).isidentifier():
            shape = bodies.resolved(spec, parameter.get("schema") or {})
            required = bool(parameter.get("required")) or parameter["in"] == "path"
            about = str(parameter.get("description") or "")
            fields[parameter["name"]] = bodies.field(shape, required=required, about=about)
            places[parameter["name"]] = parameter["in"]
    if "requestBody" in operation:
        body = bodies.resolved(spec, operation["requestBody"])
        own_fields = bodies.of_body(spec, body, fields)
        if own_fields is None:
            fields["body"] = (dict[str, Any], ...) if body.get("required") else (dict[str, Any], {})
        else:
            fields |= own_fields
            places |= dict.fromkeys(own_fields, "body")
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
        return _send(ctx, method, of.url.rstrip("/") + path, places, arguments, of.secret)

    call.__qualname__ = f"foreign.{name}"
    return Skill(manifest, call, model, TypeAdapter(dict[str, Any]))


def _spoken(fields: Mapping[str, Any]) -> dict[str, str]:
    """What an operator's words fill where the description does not say: the one argument that must be given, by its
    type: the number or the code that stands in the sentence."""
    required = {name: kind for name, (kind, default) in fields.items() if default is ...}
    if len(required) != 1 or "body" in required:
        return {}
    name, kind = next(iter(required.items()))
    plain = get_args(kind)[0] if get_origin(kind) is Annotated else kind
    return {name: "number"} if plain is int else {name: "code"} if plain is str else {}


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
    inside = {name: value for name, value in arguments.items() if places.get(name) == "body" and value is not None}
    if "body" in arguments or "body" in places.values():
        whole = arguments.get("body") if "body" not in places else None
        body = json.dumps(inside if whole is None else whole, ensure_ascii=False)
        headers["content-type"] = "application/json"
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
