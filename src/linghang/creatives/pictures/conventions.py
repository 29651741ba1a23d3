"""Design knowledge as data: moods, products, festivals, title styles, slots and limits, read once from YAML.

A pack may say its own (``design/moods.yaml`` …, see ``overrides``): ``using`` lays it over the engine's for the time
of a picture, so that what a record was drawn by is in the record.
"""

import contextlib
import functools
from collections.abc import Generator, Mapping
from contextvars import ContextVar
from importlib import resources
from typing import Any

import yaml

from linghang.base.errors import UnknownItemError

Tables = Mapping[str, Mapping[str, Any]]
_own: ContextVar[Tables] = ContextVar("own_design", default={})  # noqa: B039 - nobody writes to it


@contextlib.contextmanager
def using(own: Tables) -> Generator[None]:
    """Lay an institution's own knowledge over the engine's."""
    token = _own.set(own)
    try:
        yield
    finally:
        _own.reset(token)


def read(name: str) -> Mapping[str, Any]:
    """A file of ``knowledge/`` by name, with what the institution in use says otherwise."""
    own = _own.get().get(name)
    return merged(shipped(name), own) if own else shipped(name)


def merged(base: Mapping[str, Any], own: Mapping[str, Any]) -> Mapping[str, Any]:
    """A table with own entries laid over it: their fields replace the entry's, lists of taboos only grow."""
    table: dict[str, Any] = dict(base)
    for key, entry in own.items():
        before: Any = table.get(key) or type(entry)()
        table[key] = [*before, *entry] if isinstance(entry, list) else {**before, **entry}
    return table


@functools.cache
def shipped(name: str) -> Mapping[str, Any]:
    """The engine's own file: plain mappings, checked by the reader of each part."""
    folder = resources.files("linghang.creatives.pictures").joinpath("knowledge")
    return yaml.load(folder.joinpath(f"{name}.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)


def entry(name: str, key: str) -> Mapping[str, Any]:
    """One entry of a file. Raises UnknownItemError with the entries that exist."""
    table = read(name)
    if key not in table:
        raise UnknownItemError("pictures.unknown_choice", table=name, key=key, exist=", ".join(k for k in table if k))
    return table[key]


def moods() -> tuple[str, ...]:
    """The moods that exist."""
    return tuple(read("moods"))


@functools.cache
def limit(name: str) -> float:
    """A limit of ``knowledge/limits.yaml``, in the unit that its reason tells."""
    return float(entry("limits", name)["value"])
