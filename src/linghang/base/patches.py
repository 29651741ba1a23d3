"""Patches: small edits of a JSON document that apply wholly or not at all, and know their inverse.

``{"op": "set" | "add" | "remove", "path", "value"?}``. Paths are dotted keys; ``list[key]`` names the element
whose ``field``, ``name``, ``id`` or ``code`` is ``key``, or which is ``key`` itself. ``set`` on a list replaces
it; ``add`` appends if absent; ``remove`` with a value takes that value out of a list, without one clears.
"""

import copy
import re
from collections.abc import Mapping, Sequence
from typing import Any

from linghang.base.errors import UsageError

_STEP = re.compile(r"([^.\[\]]+)|\[([^\]]+)\]")
_NAMES = ("field", "name", "id", "code")
Patch = Mapping[str, Any]


def apply(document: Mapping[str, Any], patches: Sequence[Patch]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The patched document and the patches that undo it. The given document is not touched.

    Raises UsageError("patch.malformed" | "patch.no_such_path"); then nothing was applied.
    """
    result: dict[str, Any] = copy.deepcopy(dict(document))
    inverse: list[dict[str, Any]] = []
    for patch in patches:
        key = _steps(patch)[0]
        before = copy.deepcopy(result.get(key)) if key in result else None
        undo = {"op": "set", "path": key, "value": before} if key in result else {"op": "remove", "path": key}
        _apply_one(result, patch)
        inverse.insert(0, undo)
    return result, inverse


def root(path: str) -> str:
    """The key of the document that a path stands in."""
    return re.split(r"[.\[]", path, maxsplit=1)[0]


def _steps(patch: Patch) -> list[str]:
    path = patch.get("path")
    if not isinstance(path, str) or not path or patch.get("op") not in ("set", "add", "remove"):
        raise UsageError("patch.malformed", patch=str(dict(patch)))
    return [name or key for name, key in _STEP.findall(path)]


def _apply_one(document: dict[str, Any], patch: Patch) -> None:
    steps = _steps(patch)
    holder: Any = document
    for step in steps[:-1]:
        holder = _descend(holder, step, patch)
    last, op = steps[-1], patch["op"]
    if isinstance(holder, list):
        _apply_to_list(holder, last, patch)
    elif not isinstance(holder, dict):
        raise UsageError("patch.no_such_path", path=str(patch["path"]))
    elif op == "set":
        holder[last] = copy.deepcopy(patch.get("value"))
    elif op == "add":
        _add(holder, last, patch)
    else:
        _remove(holder, last, patch)


def _descend(holder: Any, step: str, patch: Patch) -> Any:
    if isinstance(holder, dict):
        if step not in holder and patch["op"] != "remove":
            holder[step] = {}
        if step in holder:
            return holder[step]
    if isinstance(holder, list) and (place := find(holder, step)) is not None:
        return holder[place]
    raise UsageError("patch.no_such_path", path=str(patch["path"]))


def find(items: Sequence[Any], key: str) -> int | None:
    """The place of the element that ``list[key]`` names, or None."""
    for place, item in enumerate(items):
        if isinstance(item, Mapping):
            if any(str(item.get(name)) == key for name in _NAMES if name in item):
                return place
        elif str(item) == key:
            return place
    return None


def _apply_to_list(items: list[Any], key: str, patch: Patch) -> None:
    place = find(items, key)
    if patch["op"] == "remove":
        if place is None:
            raise UsageError("patch.no_such_path", path=str(patch["path"]))
        del items[place]
    elif place is None:
        items.append(copy.deepcopy(patch.get("value")))
    else:
        items[place] = copy.deepcopy(patch.get("value"))


def _add(holder: dict[str, Any], key: str, patch: Patch) -> None:
    items = holder.setdefault(key, [])
    if not isinstance(items, list):
        raise UsageError("patch.malformed", patch=str(dict(patch)))
    if patch.get("value") not in items:
        items.append(copy.deepcopy(patch.get("value")))


def _remove(holder: dict[str, Any], key: str, patch: Patch) -> None:
    if "value" not in patch:
        if key not in holder:
            raise UsageError("patch.no_such_path", path=str(patch["path"]))
        del holder[key]
        return
    items = holder.get(key)
    if not isinstance(items, list) or patch["value"] not in items:
        raise UsageError("patch.no_such_path", path=str(patch["path"]))
    items.remove(patch["value"])
    if not items:
        del holder[key]
