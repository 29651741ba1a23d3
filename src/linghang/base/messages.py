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


def render(code: str, params: Mapping[str, object], locale: str = "zh-CN", *, heard: bool = False) -> str:
    """The sentence of a code in a locale. A code without a sentence is shown as it is, with its parameters.

    In English a parameter that has its English beside it (``says`` and ``says_en``) is told by that. Days are told as
    people write them, but in words that are ``heard`` again by a program.
    """
    english = locale.startswith("en")
    template = catalogue().get(code, {}).get("en" if english else "zh")
    if template is None:
        return f"{code} {dict(params)}" if params else code
    beside = {name: params[f"{name}_en"] for name in params if f"{name}_en" in params} if english else {}
    said = {**params, **beside}
    return template.format_map(_Params(said if heard else {name: _day(value, english) for name, value in said.items()}))


def _day(value: object, english: bool) -> object:
    """A calendar day as people write it, 2026年12月8日 or 8 Dec 2026; any other value as it is."""
    text = value if isinstance(value, str) else value.isoformat() if type(value) is dt.date else ""
    if not _DAY.fullmatch(text):
        return value
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:  # a day that no calendar has is told as it was given
        return value
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}" if english else f"{day.year}年{day.month}月{day.day}日"


def spoken(params: Mapping[str, object], locale: str = "zh-CN", zone: str = "") -> dict[str, object]:
    """Parameters as people read them: instants by the clocks of ``zone`` (else UTC); sections, states and keys of a
    reading by their names, several as a list."""
    told: dict[str, object] = {}
    for name, value in params.items():
        text = str(value)
        codes = [f"{_NAMED[name]}.{part}" for part in text.split(", ")] if name in _NAMED else []
        if codes and all(code in catalogue() for code in codes):
            told[name] = (", " if locale.startswith("en") else "、").join(render(code, {}, locale) for code in codes)
        elif _INSTANT.fullmatch(text):
            at = dt.datetime.fromisoformat(text).astimezone(ZoneInfo(zone or "UTC"))
            told[name] = f"{_day(at.date(), locale.startswith('en'))} {at:%H:%M}" + ("" if zone else " UTC")
        else:
            told[name] = value
    return told


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""Months as English dates are written here."""

_NAMED: Mapping[str, str] = {
    "section": "section", "sections": "section", "status": "status", "key": "reading.key", "verb": "approvals.step",
    "may": "approvals.step",
}  # fmt: skip
"""Parameter → the table of messages that names its values."""

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
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
