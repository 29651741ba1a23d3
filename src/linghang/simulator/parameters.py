"""The frozen numbers of the bank in a box; no other package may read them."""

import functools
import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import Any


@functools.cache
def parameters() -> Mapping[str, Any]:
    """The tables of ``parameters.toml``."""
    return tomllib.loads((resources.files("linghang.simulator") / "parameters.toml").read_text("utf-8"))
