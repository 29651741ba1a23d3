"""The engine's own state in one word: what a stored picture must have been made with to be taken again."""

import functools
from importlib import resources
from importlib.resources.abc import Traversable

from linghang.base.digest import digest, digest_bytes
from linghang.creatives.pictures.fonts.registry import faces


@functools.cache
def sources() -> str:
    """The digest of the engine's code, shaders and knowledge."""
    found: list[tuple[str, str]] = []
    _walk(resources.files("linghang.creatives.pictures"), "", found)
    return digest(sorted(found))


def version() -> str:
    """The engine's code and the faces that are there now."""
    return digest([sources(), *(f"{face.id}:{face.source}" for face in faces() if face.present)])


def _walk(folder: Traversable, path: str, found: list[tuple[str, str]]) -> None:
    for entry in folder.iterdir():
        name = f"{path}/{entry.name}"
        if entry.is_dir():
            _walk(entry, name, found)
        elif name.endswith((".py", ".sksl", ".yaml")):
            found.append((name, digest_bytes(entry.read_bytes())))
