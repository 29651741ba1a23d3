"""Design knowledge as data: moods, products, festivals, title styles, slots and limits, read once from YAML."""

import functools
from collections.abc import Mapping
from importlib import resources
from typing import Any

import yaml

from linghang.base.errors import UnknownItemError


@functools.cache
def read(name: str) -> Mapping[str, Any]:
    """A file of ``knowledge/`` by name: plain mappings, checked by the reader of each part."""
    folder = resources.files("linghang.creatives.pictures").joinpath("knowledge")
    return yaml.safe_load(folder.joinpath(f"{name}.yaml").read_text("utf-8"))


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
