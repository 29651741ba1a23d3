"""Upgrades: section values of an older schema read as values of today's."""

from collections.abc import Callable, Mapping
from typing import Any

from linghang.campaigns.model import SCHEMA_VERSION

UPGRADES: Mapping[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""(section, schema version) → the function that lifts its value to the next version."""


def upgrade(section: str, value: dict[str, Any], version: int) -> dict[str, Any]:
    """The value lifted to the present schema, one version at a time. A newer one is returned unchanged."""
    for step in range(version, SCHEMA_VERSION):
        lift = UPGRADES.get((section, step))
        value = lift(value) if lift else value
    return value
