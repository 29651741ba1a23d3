"""What the embedded engine and a server of it have in common: bound values as text, and what an error code means."""

from collections.abc import Mapping

from linghang.ports.analytics import Parameter

TIMEOUT, CANCELLED, MEMORY = 159, 394, 241
BAD_STATEMENT = frozenset({6, 27, 36, 41, 42, 43, 44, 46, 47, 48, 53, 57, 60, 62, 63, 70, 81, 117, 184, 386, 456, 457})
"""Codes that say that the statement is wrong, not the engine: parse errors, unknown names, bad types."""
BAD_INSERT = frozenset({16, 20, 122, 349})
"""Codes that say so of an insert."""
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": "\\0", "\b": "\\b", "\f": "\\f"})


def bound(params: Mapping[str, Parameter] | None) -> dict[str, str]:
    """Values in the engine's escaped text form; they travel beside the statement and are never spliced into it."""
    return {name: _text(value) for name, value in (params or {}).items()}


def _text(value: Parameter) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        return value.translate(_ESCAPES)
    items = (str(item) if isinstance(item, int) else _quoted(item) for item in value)
    return f"[{','.join(items)}]"


def _quoted(item: str) -> str:
    return "'" + item.translate(_ESCAPES).replace("'", "\\'") + "'"


def meaning(code: int, *, inserting: bool = False) -> str:
    """The code of our error for one of the engine's."""
    if code in (TIMEOUT, CANCELLED):
        return "engine.timeout"
    if code == MEMORY:
        return "engine.memory"
    return (
        "engine.bad_statement"
        if code in BAD_STATEMENT | (BAD_INSERT if inserting else frozenset())
        else "engine.failed"
    )
