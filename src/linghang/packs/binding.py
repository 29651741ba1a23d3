"""From plain values to the frozen types of ``model``: strict, with every problem named by its place.

Two shorthands keep pack files readable: a label is ``中文 | English`` (or one name for both), and an amount may be
written in yuan, ``face_cny: 20`` for ``face_fen: 2000`` and ``unit_cost_cny: 0.05`` for ``unit_cost_fen100: 500``.
"""

import dataclasses
import datetime as dt
import functools
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from rapidfuzz import process

from linghang.base.predicates import Value
from linghang.packs.model import Label
from linghang.packs.yamlfiles import Path

T = TypeVar("T")
_WRONG = object()


@dataclass(frozen=True)
class Problem:
    """Something wrong at ``path`` (the first step names the file), with what was found and what is allowed."""

    code: str
    path: Path
    params: Mapping[str, str | int | float | bool | None] = field(default_factory=dict)


class Problems:
    """The problems found so far."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def add(self, code: str, path: Path, **params: str | int | float | bool | None) -> Any:
        """Note a problem; returns the mark of a value that could not be made."""
        self.found.append(Problem(code, path, params))
        return _WRONG


def bind(kind: type[T], raw: object, path: Path, problems: Problems) -> T | None:
    """The dataclass of ``kind`` that ``raw`` says, or None with problems noted."""
    if not isinstance(raw, Mapping):
        problems.add("pack.not_a_mapping", path, found=_shown(raw), allowed=", ".join(_fields(kind)))
        return None
    fields, before = _fields(kind), len(problems.found)
    values: dict[str, Any] = {}
    for key, item in raw.items():
        name, scale = _named(str(key), fields)
        if name is None:
            problems.add("pack.unknown_key", (*path, str(key)), found=str(key), near=near(str(key), fields),
                         allowed=", ".join(fields))  # fmt: skip
            continue
        place = (*path, str(key))
        made = _scaled(item, scale, place, problems) if scale else convert(fields[name], item, place, problems)
        if made is not _WRONG:
            values[name] = made
    for name in _required(kind):
        if name not in values and len(problems.found) == before:
            problems.add("pack.missing_key", path, key=name, allowed=", ".join(fields))
    return kind(**values) if len(problems.found) == before else None


@functools.cache
def _fields(kind: type) -> Mapping[str, Any]:
    hints = get_type_hints(kind)
    return {item.name: hints[item.name] for item in dataclasses.fields(kind)}


@functools.cache
def _required(kind: type) -> tuple[str, ...]:
    missing = dataclasses.MISSING
    return tuple(
        item.name for item in dataclasses.fields(kind) if item.default is missing and item.default_factory is missing
    )


def _named(key: str, fields: Mapping[str, Any]) -> tuple[str | None, int]:
    if key in fields:
        return key, 0
    stem = key.removesuffix("_cny")
    for suffix, scale in (("_fen", 100), ("_fen100", 10_000)):
        if stem != key and stem + suffix in fields:
            return stem + suffix, scale
    return None, 0


def _scaled(raw: object, scale: int, path: Path, problems: Problems) -> Any:
    try:
        exact = Decimal(str(raw)) * scale
    except InvalidOperation:
        return problems.add("pack.wrong_type", path, found=_shown(raw), allowed="yuan")
    if exact != exact.to_integral_value():
        return problems.add("pack.too_fine", path, found=_shown(raw), allowed=f"1/{scale}")
    return int(exact)


def near(word: str, among: Any) -> str:
    """The names of ``among`` that ``word`` may have been meant to be, nearest first."""
    matches = process.extract(word, [str(item) for item in among], limit=3, score_cutoff=60)
    return ", ".join(match[0] for match in matches)


def _shown(raw: object) -> str:
    text = str(raw)
    return text if len(text) <= 60 else text[:57] + "…"


def convert(hint: Any, raw: object, path: Path, problems: Problems) -> Any:
    """``raw`` as a value of a type hint, or the mark of a wrong value with the problem noted."""
    origin = get_origin(hint)
    if origin is None and isinstance(hint, type):
        if hint is Label:
            return _label(raw, path, problems)
        if dataclasses.is_dataclass(hint):
            made = bind(hint, raw, path, problems)
            return _WRONG if made is None else made
        return _scalar(hint, raw, path, problems)
    if origin is Literal:
        return _choice(get_args(hint), raw, path, problems)
    if origin is tuple:
        return _tuple(get_args(hint), raw, path, problems)
    if origin is dict:
        return _dict(get_args(hint), raw, path, problems)
    if origin in (Union, types.UnionType):
        return _union(hint, raw, path, problems)
    raise TypeError(f"the model uses a type that pack files cannot say: {hint!r}")


def _label(raw: object, path: Path, problems: Problems) -> Any:
    if isinstance(raw, Mapping):
        made = bind(Label, raw, path, problems)
        return _WRONG if made is None else made
    if not isinstance(raw, str | int | float) or raw == "":
        return problems.add("pack.wrong_type", path, found=_shown(raw), allowed="中文 | English")
    zh, bar, en = str(raw).partition(" | ")
    return Label(zh.strip(), en.strip() if bar else zh.strip())


_SCALARS: Mapping[type, Callable[[object], Any]] = {
    str: lambda raw: str(raw) if isinstance(raw, str | int | float) and not isinstance(raw, bool) else _WRONG,
    bool: lambda raw: raw if isinstance(raw, bool) else _WRONG,
    int: lambda raw: raw if isinstance(raw, int) and not isinstance(raw, bool) else _WRONG,
    float: lambda raw: float(raw) if isinstance(raw, int | float) and not isinstance(raw, bool) else _WRONG,
    dt.date: lambda raw: _date(raw),  # noqa: PLW0108 - defined below
}
_SAID: Mapping[type, str] = {str: "text", bool: "true, false", int: "integer", float: "number", dt.date: "YYYY-MM-DD"}


def _scalar(kind: type, raw: object, path: Path, problems: Problems) -> Any:
    made = _SCALARS[kind](raw)
    return made if made is not _WRONG else problems.add("pack.wrong_type", path, found=_shown(raw), allowed=_SAID[kind])


def _date(raw: object) -> Any:
    try:
        return dt.date.fromisoformat(raw) if isinstance(raw, str) else _WRONG
    except ValueError:
        return _WRONG


def _choice(allowed: tuple[object, ...], raw: object, path: Path, problems: Problems) -> Any:
    if raw in allowed or (raw is None and "" in allowed):
        return raw or ""
    return problems.add("pack.not_allowed", path, found=_shown(raw), near=near(str(raw), allowed),
                        allowed=", ".join(str(item) for item in allowed))  # fmt: skip


def _tuple(inner: tuple[Any, ...], raw: object, path: Path, problems: Problems) -> Any:
    if not isinstance(raw, list):
        return problems.add("pack.not_a_list", path, found=_shown(raw))
    if inner[-1] is not Ellipsis:
        if len(raw) != len(inner):
            return problems.add("pack.wrong_length", path, found=len(raw), allowed=len(inner))
        made = [
            convert(hint, item, (*path, n), problems) for n, (hint, item) in enumerate(zip(inner, raw, strict=True))
        ]
    else:
        made = [convert(inner[0], item, (*path, n), problems) for n, item in enumerate(raw)]
    return _WRONG if any(item is _WRONG for item in made) else tuple(made)


def _dict(inner: tuple[Any, ...], raw: object, path: Path, problems: Problems) -> Any:
    if not isinstance(raw, Mapping):
        return problems.add("pack.not_a_mapping", path, found=_shown(raw), allowed="")
    made: dict[Any, Any] = {}
    for key, item in raw.items():
        # The compiled cache is JSON, whose keys are texts.
        exact = int(key) if inner[0] is int and isinstance(key, str) and key.isdigit() else key
        name = convert(inner[0], exact, (*path, str(key)), problems)
        value = convert(inner[1], item, (*path, str(key)), problems)
        if name is _WRONG or value is _WRONG:
            return _WRONG
        made[name] = value
    return made


def _union(hint: Any, raw: object, path: Path, problems: Problems) -> Any:
    if hint == Value:
        return tuple(raw) if isinstance(raw, list) else raw
    options = [option for option in get_args(hint) if option is not type(None)]
    if raw is None and len(options) < len(get_args(hint)):
        return None
    if len(options) == 1:
        return convert(options[0], raw, path, problems)
    if type(raw) in options:
        return raw
    return problems.add(
        "pack.wrong_type", path, found=_shown(raw), allowed=", ".join(_SAID.get(o, str(o)) for o in options)
    )
