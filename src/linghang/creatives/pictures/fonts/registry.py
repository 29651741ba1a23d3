"""Where faces are: files of Python packages, the cache that set-up fills, and the system's font folders."""

import contextlib
import functools
import hashlib
import os
from collections.abc import Generator, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from importlib import resources
from importlib.util import find_spec
from pathlib import Path

import skia
import yaml
from fontTools.ttLib import TTFont

from linghang.base.errors import UnavailableError

_SYSTEM = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")
_ALWAYS = ("sans-bold", "sans-medium", "sans-regular")
"""Fallbacks for a glyph that a face lacks; these come with a Python package, so they are there with pip alone."""


_MAINLAND = frozenset({"sans-black", "serif-black"})
"""Faces whose Traditional sister knows the forms, so that they themselves would only bring mainland ones."""
_traditional: ContextVar[bool] = ContextVar("traditional", default=False)


@contextlib.contextmanager
def traditional(on: bool) -> Generator[None]:
    """Set what follows in Traditional forms, where faces have them."""
    token = _traditional.set(on)
    try:
        yield
    finally:
        _traditional.reset(token)


@dataclass(frozen=True)
class Face:
    """One face. ``path`` is None while it is missing; ``index`` its place in a collection; ``source`` says which way
    it came (``wheel``, ``cache``, ``system``); ``use`` is ``title``, ``body`` or ``numeral``."""

    id: str
    family: str
    weight: int
    licence: str
    use: str
    han: bool
    path: Path | None
    index: int
    source: str
    package: str = ""
    file: str = ""
    forms: str = ""

    @property
    def present(self) -> bool:
        """Whether the face can be used now."""
        return self.path is not None


def cache_folder() -> Path:
    """The folder of installed faces: ``$LINGHANG_CACHE/fonts``, else ``~/.cache/linghang/fonts``."""
    base = os.environ.get("LINGHANG_CACHE")
    return (Path(base) if base else Path.home() / ".cache" / "linghang") / "fonts"


def faces() -> tuple[Face, ...]:
    """All faces that the engine knows, present or missing, in the order of the registry."""
    return _faces(str(cache_folder()))


def forget() -> None:
    """Look again: faces were installed meanwhile."""
    _faces.cache_clear()
    typeface.cache_clear()
    coverage.cache_clear()
    _forms.cache_clear()


def chain(wanted: Iterable[str]) -> tuple[str, ...]:
    """The present faces among ``wanted``, in order, then the fallbacks that cover rare characters.

    Raises UnavailableError when no face at all is present, which means that the Python package of fonts is gone.
    """
    present = {face.id for face in faces() if face.present}
    names = (*wanted, *_ALWAYS)
    if _traditional.get():
        names = tuple(one for name in names for one in (f"{name}-tc", name) if name not in _MAINLAND)
        names = (*names, *(f"{name}-tc" for name in _ALWAYS), *_ALWAYS)
    found = tuple(dict.fromkeys(name for name in names if name in present))
    if not found:
        raise UnavailableError("pictures.no_fonts")
    return found


def face(name: str) -> Face:
    """The face called ``name``. Raises UnavailableError when it is missing or unknown."""
    for known in faces():
        if known.id == name and known.present:
            return known
    raise UnavailableError("pictures.face_missing", face=name)


@functools.cache
def typeface(name: str) -> skia.Typeface:
    """Skia's typeface of a present face."""
    known = face(name)
    loaded = skia.Typeface.MakeFromFile(str(known.path), known.index)
    if loaded is None:
        raise UnavailableError("pictures.face_unreadable", face=name, path=str(known.path))
    return loaded


@functools.cache
def coverage(name: str) -> "_Coverage":
    """Which characters a face has a glyph for."""
    return _Coverage(typeface(name), _forms(name))


class _Coverage:
    """A lazily filled map of characters to glyph numbers; 0 means that the face would draw a box."""

    def __init__(self, loaded: skia.Typeface, forms: Mapping[int, int]) -> None:
        self._loaded = loaded
        self._forms = forms
        self._known: dict[str, int] = {}

    def glyph(self, char: str) -> int:
        """The glyph number of a character, 0 when missing."""
        if char not in self._known:
            plain = int(self._loaded.unicharToGlyph(ord(char)))
            self._known[char] = self._forms.get(plain, plain)
        return self._known[char]


@functools.cache
def _forms(name: str) -> Mapping[int, int]:
    """Glyph → glyph of the forms that a face is asked for (GSUB ``locl`` of Han script); empty for most faces."""
    known = face(name)
    if not known.forms:
        return {}
    font = TTFont(str(known.path), fontNumber=known.index, lazy=True)
    table = font["GSUB"].table
    systems = [
        record.LangSys
        for script in table.ScriptList.ScriptRecord
        if script.ScriptTag == "hani"
        for record in script.Script.LangSysRecord
        if record.LangSysTag.strip() == known.forms
    ]
    wanted = {index for system in systems for index in system.FeatureIndex}
    lookups = {
        at
        for index in wanted
        if table.FeatureList.FeatureRecord[index].FeatureTag == "locl"
        for at in table.FeatureList.FeatureRecord[index].Feature.LookupListIndex
    }
    order = font.getReverseGlyphMap()
    found: dict[int, int] = {}
    for at in sorted(lookups):
        for part in table.LookupList.Lookup[at].SubTable:
            single = getattr(part, "ExtSubTable", part)
            found |= {order[one]: order[other] for one, other in getattr(single, "mapping", {}).items()}
    return found


def pick(names: tuple[str, ...], char: str) -> str | None:
    """The first face of ``names`` that has ``char``; None when none has (it would be tofu)."""
    for name in names:
        if coverage(name).glyph(char):
            return name
    return None


@functools.cache
def file_digest(name: str) -> str:
    """SHA-256 of a face's file, so that a record knows which file drew it."""
    path = face(name).path
    if path is None:
        raise UnavailableError("pictures.face_missing", face=name)
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@functools.cache
def _faces(cache: str) -> tuple[Face, ...]:
    text = resources.files("linghang.creatives.pictures").joinpath("knowledge", "fonts.yaml").read_text("utf-8")
    system = _system_files()
    return tuple(_locate(entry, Path(cache), system) for entry in yaml.load(text, Loader=yaml.CSafeLoader))


def _locate(entry: Mapping[str, object], cache: Path, system: Mapping[str, Path]) -> Face:
    path, index, source = _find(entry, cache, system)
    return Face(
        id=str(entry["id"]),
        family=str(entry["family"]),
        weight=int(str(entry["weight"])),
        licence=str(entry["licence"]),
        use=str(entry["use"]),
        han=bool(entry.get("han", True)),
        path=path,
        index=index,
        source=source,
        package=str(entry.get("package", "")),
        file=str(entry.get("file", "")),
        forms=str(entry.get("forms", "")) if source != "system" else "",
    )


def _find(entry: Mapping[str, object], cache: Path, system: Mapping[str, Path]) -> tuple[Path | None, int, str]:
    installed = cache / f"{entry['id']}.ttf"
    if installed.is_file():
        return installed, 0, "cache"
    wheel = entry.get("wheel")
    if isinstance(wheel, list):
        spec = find_spec(str(wheel[0]))
        if spec is not None and spec.origin is not None:
            path = Path(spec.origin).parent / str(wheel[1])
            if path.is_file():
                return path, 0, "wheel"
    names = entry.get("system")
    for name in names if isinstance(names, list) else []:
        if str(name) in system:
            path = system[str(name)]
            return path, int(str(entry.get("index", 0))) if path.suffix == ".ttc" else 0, "system"
    return None, 0, ""


def _system_files() -> dict[str, Path]:
    found: dict[str, Path] = {}
    for folder in _SYSTEM:
        if folder.is_dir():
            for path in sorted(folder.rglob("*")):
                if path.suffix.lower() in (".ttf", ".otf", ".ttc"):
                    found.setdefault(path.name, path)
    return found
