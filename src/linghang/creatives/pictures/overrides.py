"""What a pack says otherwise than the engine: its ``design/*.yaml``, checked entry by entry before anything is drawn.

Each entry needs a reason, as the engine's own do. Fields that an entry leaves out are the engine's; a new mood says
them all. Taboos can be added and never taken away, because the law stands behind them.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from linghang.base.findings import Finding, Severity
from linghang.creatives.pictures import conventions
from linghang.creatives.pictures.conventions import Tables
from linghang.creatives.pictures.elements.model import kinds

TABLES = ("moods", "festivals", "products", "presets", "taboos")
_RANGES = ("coins", "confetti", "rays")
_MOST = 120_000


def of_folder(folder: Path) -> tuple[Tables, tuple[Finding, ...]]:
    """The tables of ``folder/design`` that can be used, and a finding (S2) for each entry that cannot."""
    tables: dict[str, dict[str, Any]] = {}
    found: list[Finding] = []
    for path in sorted((folder / "design").glob("*.yaml")) if folder.name else []:
        name = path.stem
        if name not in TABLES:
            found.append(_wrong(path.name, "", f"{name} ({', '.join(TABLES)})"))
            continue
        try:
            text = path.read_text("utf-8")
            table = yaml.load(text, Loader=yaml.CSafeLoader) if len(text) <= _MOST else None
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            found.append(_wrong(path.name, "", str(error).splitlines()[0]))
            continue
        if not isinstance(table, dict):
            found.append(_wrong(path.name, "", "mapping"))
            continue
        for key, entry in table.items():
            problem = _CHECKS[name](str(key), entry)
            if problem:
                found.append(_wrong(path.name, str(key), problem))
            else:
                tables.setdefault(name, {})[str(key)] = entry
    return tables, tuple(found)


def _wrong(file: str, entry: str, problem: str) -> Finding:
    params: dict[str, str | int | float | bool | None] = {"file": f"design/{file}", "entry": entry, "problem": problem}
    return Finding("pictures.pack_design", Severity.S2, about=f"design/{file}", params=params)


def _reason(entry: object) -> str:
    if not isinstance(entry, Mapping):
        return "mapping"
    return "" if str(entry.get("reason") or "").strip() else "reason"


def _mood(key: str, entry: Any) -> str:
    base = conventions.shipped("moods")
    if problem := _reason(entry):
        return problem
    known = {name for mood in base.values() for name in mood}
    if strange := sorted(set(entry) - known):
        return ", ".join(strange)
    if key not in base and (absent := sorted(set(base["steady"]) - set(entry))):
        return ", ".join(absent)
    bad = [name for name in _RANGES if name in entry and not _range(entry[name])]
    bad += ["hues" for band in entry.get("hues", ()) if not _band(band)]
    bad += ["ground" for tone in entry.get("ground", {}).values() if not (isinstance(tone, list) and len(tone) == 3)]
    if bad:
        return bad[0]
    for field, allowed in (("grounds", _grounds()), ("scenes", base_names("scenes")), ("titles", base_names("titles"))):
        if problem := _weights(entry.get(field, {}), allowed, field):
            return problem
    return _known(entry.get("avoid", ()), set(kinds()), "avoid")


def _band(band: Any) -> bool:
    return isinstance(band, Mapping) and _range(band.get("at")) and isinstance(band.get("weight"), int | float)


def _look(entry: Any) -> str:
    """What festivals and products both have: a reason, a hue, heroes."""
    if problem := _reason(entry):
        return problem
    if "hue" in entry and not _range(entry["hue"]):
        return "hue"
    return _weights(entry.get("heroes", {}), set(kinds()), "heroes")


def _festival(key: str, entry: Any) -> str:
    if problem := _look(entry):
        return problem
    if problem := _weights(entry.get("scenes", {}), base_names("scenes"), "scenes"):
        return problem
    return _weights(entry.get("grounds", {}), _grounds(), "grounds")


def _product(key: str, entry: Any) -> str:
    if problem := _look(entry):
        return problem
    return _known(entry.get("supports", ()), set(kinds()), "supports")


def _preset(key: str, entry: Any) -> str:
    if problem := _reason(entry):
        return problem
    if not {"zh", "en"} <= set(entry.get("label") or {}):
        return "label"
    turned = entry.get("set")
    if not isinstance(turned, Mapping) or not turned:
        return "set"
    return _known(turned, {"mood", "product", "festival", *conventions.shipped("parameters")}, "set")


def _taboo(key: str, entry: Any) -> str:
    if key not in conventions.shipped("taboos"):
        return ", ".join(conventions.shipped("taboos"))
    if not isinstance(entry, list) or not entry:
        return "list"
    for rule in entry:
        if problem := _reason(rule):
            return problem
        if not rule.get("kinds") or (key != "everywhere" and not rule.get(key)):
            return "kinds" if not rule.get("kinds") else key
    return ""


def base_names(table: str) -> set[str]:
    """The names that a table of the engine has."""
    return set(conventions.shipped(table))


def _grounds() -> set[str]:
    return set(conventions.shipped("parameters")["ground"]["options"])


def _range(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(isinstance(one, int | float) and not isinstance(one, bool) for one in value)
        and value[0] <= value[1]
    )


def _weights(value: Any, allowed: set[str], field: str) -> str:
    if not isinstance(value, Mapping):
        return field
    if any(not isinstance(one, int | float) or isinstance(one, bool) or one < 0 for one in value.values()):
        return field
    return _known(value, allowed, field)


def _known(value: Any, allowed: set[str], field: str) -> str:
    strange = sorted(str(one) for one in value if str(one) not in allowed)
    return f"{field}: {', '.join(strange)}" if strange else ""


_CHECKS: Mapping[str, Callable[[str, Any], str]] = {
    "moods": _mood,
    "festivals": _festival,
    "products": _product,
    "presets": _preset,
    "taboos": _taboo,
}
