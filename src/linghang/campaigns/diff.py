"""Differences between two versions, as changes that a door can put into words ("预算 ¥50万 → ¥80万")."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from linghang.base.digest import plain
from linghang.campaigns.model import Campaign

_UNTOLD = frozenset({"copy", "creatives", "combinations", "brief", "pins"})
"""Sections whose inner changes are many and derived: told as one change with counts."""


@dataclass(frozen=True)
class Change:
    """``path`` of a section went from ``before`` to ``after`` (None: not there). Long lists are told by their size."""

    section: str
    path: str
    before: Any
    after: Any


def diff(before: Campaign, after: Campaign) -> tuple[Change, ...]:
    """What changed between two versions, in the order of the walk; equal digests are never looked into."""
    changes: list[Change] = []
    for name in dict.fromkeys([*before.sections, *after.sections]):
        one, other = before.sections.get(name), after.sections.get(name)
        if one is not None and other is not None and one.digest == other.digest:
            continue
        old = None if one is None else plain(one.value)
        new = None if other is None else plain(other.value)
        if name in _UNTOLD:
            changes.extend(_counted(name, old, new))
        else:
            changes.extend(_walk(name, "", old, new))
    return tuple(changes)


def _counted(section: str, old: Any, new: Any) -> list[Change]:
    lists = [key for key in {**(old or {}), **(new or {})} if isinstance((new or old or {}).get(key), list)]
    found: list[Change] = []
    for key in lists:
        was, now = list((old or {}).get(key) or []), list((new or {}).get(key) or [])
        kept = sum(1 for item in now if item in was)
        if kept != len(now) or len(was) != len(now):
            found.append(Change(section, f"{key}.changed", len(was) - kept, len(now) - kept))
    return found


def _walk(section: str, path: str, old: Any, new: Any) -> list[Change]:
    if old == new:
        return []
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        found: list[Change] = []
        for key in dict.fromkeys([*old, *new]):
            found.extend(_walk(section, f"{path}.{key}" if path else str(key), old.get(key), new.get(key)))
        return found
    if isinstance(old, list) and isinstance(new, list) and _named(old) and _named(new):
        was, now = _by_name(old), _by_name(new)
        return [
            change
            for key in dict.fromkeys([*was, *now])
            for change in _walk(section, f"{path}[{key}]", was.get(key), now.get(key))
        ]
    return [Change(section, path, old, new)]


def _named(items: list[Any]) -> bool:
    return all(isinstance(item, Mapping) and _name(item) for item in items)


def _name(item: Mapping[str, Any]) -> str:
    return str(next((item[key] for key in ("id", "field", "name") if item.get(key)), ""))


def _by_name(items: list[Any]) -> dict[str, Any]:
    named: dict[str, Any] = {}
    for item in items:
        key, number = _name(item), 2
        while key in named:
            key, number = f"{_name(item)}#{number}", number + 1
        named[key] = item
    return named
