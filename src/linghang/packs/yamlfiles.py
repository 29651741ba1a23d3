"""YAML as packs use it: no surprises in scalars, no duplicate keys, and the line of every value.

Scalars follow YAML 1.2: ``no`` and ``on`` are words, ``09:00`` is a text, a date is a text. The C parser reads;
lines are looked up in a second pass, only for what is wrong.
"""

import re
from collections.abc import Hashable, Sequence
from typing import Any

import yaml

Path = tuple[str | int, ...]
"""Where a value stands in a file: keys of mappings and places in lists."""

_TAG = "tag:yaml.org,2002:"
_SCALARS: tuple[tuple[str, str, str], ...] = (
    ("bool", r"true|false", "tf"),
    ("null", r"~|null|", "~n"),
    ("int", r"[-+]?[0-9][0-9_]*", "-+0123456789"),
    ("float", r"[-+]?[0-9]*\.[0-9]+(?:[eE][-+]?[0-9]+)?|[-+]?[0-9]+(?:\.[0-9]*)?[eE][-+]?[0-9]+", "-+0123456789."),
    ("merge", r"<<", "<"),
)  # fmt: skip


class DuplicateKeyError(yaml.YAMLError):
    """A mapping that says one key twice."""

    def __init__(self, key: str, line: int) -> None:
        super().__init__(key, line)
        self.key, self.line = key, line


class _Loader(yaml.CSafeLoader):
    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.tag != _TAG + "merge":
                if key.value in seen:
                    raise DuplicateKeyError(key.value, key.start_mark.line + 1)
                seen.add(key.value)
        return super().construct_mapping(node, deep)


for _name, _pattern, _first in _SCALARS:
    for _char in [*_first, *([""] if _name == "null" else [])]:
        _Loader.yaml_implicit_resolvers.setdefault(_char, []).append((_TAG + _name, re.compile(rf"^(?:{_pattern})$")))


def parse(text: str) -> Any:
    """The plain values of a YAML text. Raises yaml.YAMLError (DuplicateKeyError for a key said twice)."""
    return yaml.load(text, Loader=_Loader)


def line_of(text: str, path: Sequence[str | int]) -> int:
    """The line (from 1) of the value at ``path``, or of the nearest thing around it that exists."""
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError:
        return 1
    line = 1
    for step in path:
        found = _child(node, step)
        if found is None:
            break
        line, node = found
    return line


def _child(node: yaml.Node | None, step: str | int) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        child = node.value[step]
        return child.start_mark.line + 1, child
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return key.start_mark.line + 1, value
    return None
