"""The fields of an operation's parameters and body as arguments with types, labels, choices and formats.

A body that is an object with named fields becomes one argument a field, so that forms show it, words fill it and what
is missing can be asked for one by one. Any other body stays one argument.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from linghang.agents.model import Json

_TYPES: Mapping[str, Any] = {
    "string": str, "integer": int, "number": float, "boolean": bool, "array": list[Any], "object": dict[str, Any],
}  # fmt: skip
_DEEPEST = 8
_SHOWN = ("format", "pattern", "x-label", "x-labels", "examples", "example")
"""What of a field's schema is shown beside its type and choices."""
Fields = dict[str, Any]
"""Argument → (type, default), as pydantic makes models of."""


def field(schema: Mapping[str, Any], *, required: bool, about: str = "") -> tuple[Any, Any]:
    """A field as a type and a default; what the schema calls it and allows is kept for those who fill it."""
    kind = _kind(schema)
    shown = {key: schema[key] for key in _SHOWN if key in schema}
    told = Field(title=str(schema["title"]) if schema.get("title") else None,
                 description=str(schema.get("description") or about)[:200] or None,
                 json_schema_extra=shown or None)  # fmt: skip
    if required:
        return Annotated[kind, told], ...
    return Annotated[kind | SkipJsonSchema[None], told], None


def of_body(spec: Mapping[str, Any], body: Mapping[str, Any], taken: Fields) -> Fields | None:
    """The fields of a JSON body; None where it is no object whose fields can be named as arguments."""
    content = body.get("content") if isinstance(body.get("content"), Mapping) else {}
    shape = next((one.get("schema") for name, one in (content or {}).items() if "json" in name), None)
    schema = resolved(spec, shape) if isinstance(shape, Mapping) else {}
    properties = schema.get("properties")
    if not isinstance(properties, Mapping) or not properties:
        return None
    needed = set(schema.get("required") or ()) if body.get("required") else set[str]()
    if any(not str(name).isidentifier() or str(name).startswith("_") or name in taken for name in properties):
        return None
    return {
        str(name): field(resolved(spec, one) if isinstance(one, Mapping) else {}, required=name in needed)
        for name, one in properties.items()
        if not (isinstance(one, Mapping) and one.get("readOnly"))
    }


def resolved(spec: Mapping[str, Any], schema: Mapping[str, Any], depth: int = 0) -> dict[str, Json]:
    """A schema with the one that it refers to, and with all that it joins, in its place; bounded."""
    told = dict(schema)
    if depth > _DEEPEST:
        return told
    if isinstance(reference := told.pop("$ref", None), str):
        found: Any = spec
        for key in reference.removeprefix("#/").split("/"):
            found = found.get(key) if isinstance(found, Mapping) else None
        there: Mapping[str, Json] = found if isinstance(found, Mapping) else {}
        return resolved(spec, dict(there) | told, depth + 1)
    for part in told.pop("allOf", None) or ():
        inner = resolved(spec, part, depth + 1) if isinstance(part, Mapping) else {}
        joined: dict[str, Json] = dict(inner.get("properties") or {}) | dict(told.get("properties") or {})
        needed = list(dict.fromkeys([*(told.get("required") or ()), *(inner.get("required") or ())]))
        told = inner | told | ({"properties": joined, "required": needed} if joined else {})
    for way in ("anyOf", "oneOf"):
        # A field that may be null is its other type.
        rest = [one for one in told.get(way) or () if isinstance(one, Mapping) and one.get("type") != "null"]
        if len(rest) == 1:
            told.pop(way)
            told = {**resolved(spec, rest[0], depth + 1), **told}
    return told


def _kind(schema: Mapping[str, Any]) -> Any:
    choices = schema.get("enum")
    if isinstance(choices, list) and choices and all(isinstance(one, str) for one in choices):
        return Literal[tuple(choices)]
    told = schema.get("type")
    if isinstance(told, list):
        told = next((one for one in told if one != "null"), "string")
    return _TYPES.get(str(told), str if "type" not in schema and "properties" not in schema else Any)
