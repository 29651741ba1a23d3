"""Message codes become sentences here, at the doors, per locale.

Every room keeps its sentences in a ``messages.toml`` beside its code: one table a code, with ``zh`` and ``en``
templates in ``str.format`` form. Rooms hand out codes and parameters only.
"""

import datetime as dt
import functools
import re
import tomllib
from collections.abc import Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from zoneinfo import ZoneInfo

LOCALES = ("zh-CN", "en")


@functools.cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """All sentences of the installed rooms: code → language (``zh``, ``en``) → template."""
    found: dict[str, Mapping[str, str]] = {}
    for file in _message_files(resources.files("linghang")):
        for code, sentence in _flatten(tomllib.loads(file.read_text("utf-8")), ""):
            if code in found:
                raise ValueError(f"message code {code} is defined twice")
            found[code] = sentence
    return found


def render(code: str, params: Mapping[str, object], locale: str = "zh-CN") -> str:
    """The sentence of a code in a locale. A code without a sentence is shown as it is, with its parameters.

    In English a parameter that has its English beside it (``says`` and ``says_en``) is told by that.
    """
    english = locale.startswith("en")
    template = catalogue().get(code, {}).get("en" if english else "zh")
    if template is None:
        return f"{code} {dict(params)}" if params else code
    beside = {name: params[f"{name}_en"] for name in params if f"{name}_en" in params} if english else {}
    return template.format_map(_Params({**params, **beside}))


def spoken(params: Mapping[str, object], locale: str = "zh-CN", zone: str = "") -> dict[str, object]:
    """Parameters as people read them: instants by the clocks of ``zone`` (else UTC), the name of a section."""
    told: dict[str, object] = {}
    for name, value in params.items():
        text = str(value)
        if name == "section" and f"section.{text}" in catalogue():
            told[name] = render(f"section.{text}", {}, locale)
        elif _INSTANT.fullmatch(text):
            at = dt.datetime.fromisoformat(text).astimezone(ZoneInfo(zone or "UTC"))
            told[name] = f"{at:%Y-%m-%d %H:%M}" + ("" if zone else " UTC")
        else:
            told[name] = value
    return told


_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)")


class _Params(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def _message_files(folder: Traversable, depth: int = 3) -> list[Traversable]:
    files: list[Traversable] = []
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.name == "messages.toml":
            files.append(entry)
        elif depth and entry.is_dir() and not entry.name.startswith(("_", ".")):
            files.extend(_message_files(entry, depth - 1))
    return files


def _flatten(table: Mapping[str, object], prefix: str) -> list[tuple[str, Mapping[str, str]]]:
    rows: list[tuple[str, Mapping[str, str]]] = []
    for key, value in table.items():
        if not isinstance(value, dict):
            raise ValueError(f"message {prefix}{key} is not a table with zh and en")
        if set(value) == {"zh", "en"} and all(isinstance(text, str) for text in value.values()):
            rows.append((prefix + key, value))
        else:
            rows.extend(_flatten(value, f"{prefix}{key}."))
    return rows
