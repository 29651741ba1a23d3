"""Two sets of rules side by side: what a bank's own file, or another launch date, adds, drops and changes."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Literal

from linghang.compliance.model import Rule

_SAME = frozenset({"source", "line"})


@dataclass(frozen=True)
class Difference:
    """A rule that only one side has, or the keys in which the sides differ."""

    rule: str
    kind: Literal["added", "dropped", "changed"]
    keys: tuple[str, ...] = ()
    reason: str = ""


def differences(before: Iterable[Rule], after: Iterable[Rule]) -> tuple[Difference, ...]:
    """What ``after`` has otherwise than ``before``, by id."""
    old, new = {rule.id: rule for rule in before}, {rule.id: rule for rule in after}
    found: list[Difference] = []
    for name in sorted({*old, *new}):
        if name not in old:
            found.append(Difference(name, "added", reason=new[name].reason))
        elif name not in new:
            found.append(Difference(name, "dropped"))
        elif keys := _changed(old[name], new[name]):
            found.append(Difference(name, "changed", keys, new[name].reason))
    return tuple(found)


def _changed(old: Rule, new: Rule) -> tuple[str, ...]:
    names = (item.name for item in fields(Rule) if item.name not in _SAME)
    return tuple(name for name in names if getattr(old, name) != getattr(new, name))
