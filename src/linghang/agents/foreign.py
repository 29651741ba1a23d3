"""Skills of systems that the institution has already: the operations of an OpenAPI description become skills.

GET reads; everything else takes effect there, so it is a commit: an agent prepares it and a person confirms. Secrets
are references (``env:CRM_TOKEN``), never values. What a system answers is data.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from pydantic import ConfigDict, TypeAdapter, create_model

from linghang.agents.model import Json
from linghang.base.errors import LinghangError, RefusedError, UnavailableError, UsageError
from linghang.kit import skills
from linghang.kit.context import Context
from linghang.kit.skills import Effect, Manifest, Skill
from linghang.ports.outside import Reply

MOST_OPERATIONS = 200
_NAME = re.compile(r"[a-z][a-z0-9_]{1,29}")
_METHODS = ("get", "post", "put", "patch", "delete")
_TYPES: Mapping[str, Any] = {"string": str, "integer": int, "number": float, "boolean": bool, "array": list[Any]}


def declare(home: Path) -> tuple[str, ...]:
    """Register the skills of every system that was added to a home; one that is broken is left out."""
    made: list[str] = []
    for path in sorted((home / "foreign").glob("*.json")) if (home / "foreign").is_dir() else []:
        told = json.loads(path.read_text("utf-8"))
        try:
            made += [item.manifest.name for item in _register(told["name"], told["spec"], told["url"], told["secret"])]
        except (LinghangError, KeyError, ValueError):
            continue
    return tuple(made)


def add(ctx: Context, name: str, text: str, url: str, secret: str) -> dict[str, Json]:
    """Add a system by its OpenAPI description (JSON), and register its skills at once.

    Raises UsageError("foreign.bad_name" | "foreign.not_openapi" | "foreign.secret_in_clear").
    """
    if not _NAME.fullmatch(name) or any(item.manifest.name.startswith(f"{name}.") and not _mine(ctx, name)
                                        for item in skills.all_skills()):  # fmt: skip
        raise UsageError("foreign.bad_name", name=name)
    if secret and not re.fullmatch(r"env:[A-Z][A-Z0-9_]*", secret):
        raise UsageError("foreign.secret_in_clear")
    try:
        spec = json.loads(text)
        base = url or str(spec["servers"][0]["url"])
        if not str(spec["openapi"]).startswith("3") or not isinstance(spec["paths"], Mapping):
            raise ValueError("openapi 3 wanted")
    except (ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
        raise UsageError("foreign.not_openapi", reason=f"{type(error).__name__} {error}"[:120]) from error
    made = _register(name, spec, base, secret)
    folder = ctx.home / "foreign"
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{name}.draft"
    draft.write_text(
        json.dumps({"name": name, "spec": spec, "url": base, "secret": secret}, ensure_ascii=False), "utf-8"
    )
    draft.replace(folder / f"{name}.json")
    return {
        "system": name, "url": base,
        "skills": [{"name": item.manifest.name, "effect": item.manifest.effect, "says": list(item.manifest.says),
                    "description": item.manifest.description} for item in made],
    }  # fmt: skip


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


def _mine(ctx: Context, name: str) -> bool:
    return (ctx.home / "foreign" / f"{name}.json").exists()


def _register(name: str, spec: Mapping[str, Any], url: str, secret: str) -> list[Skill]:
    made: list[Skill] = []
    for path, item in spec["paths"].items():
        for method in _METHODS:
            operation = item.get(method) if isinstance(item, Mapping) else None
            if isinstance(operation, Mapping) and len(made) < MOST_OPERATIONS:
                made.append(_skill(name, path, method, operation, item, url, secret))
    for found in made:
        skills.remove(found.manifest.name)
        skills.add(found)
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
    says = tuple(str(text) for text in operation.get("x-says", ()))
    makes = {str(operation.get("x-makes") or f"{system}.{own}"): ""}
    needs = {key: str(value) for key, value in (operation.get("x-needs") or {}).items() if key in fields}
    words = " ".join(str(operation.get(key, "")) for key in ("summary", "description")).strip()[:400] or own
    manifest = Manifest(name, effect, "skills.call", "1", "medium", False, False, False, "aggregate", words, {}, needs,
                        makes, says)  # fmt: skip

    def call(ctx: Context, **arguments: Any) -> dict[str, Json]:
        return _send(ctx, method, url.rstrip("/") + path, places, arguments, secret)

    call.__qualname__ = f"foreign.{name}"
    return Skill(manifest, call, model, TypeAdapter(dict[str, Any]))


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
