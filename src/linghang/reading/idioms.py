"""Set phrases whose parts stand apart (领券7天内没用, 流失90天以上): read as one state of customers."""

import functools
import re
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any

import yaml

from linghang.reading.quantities import NUMBER, number

_UNITS = {"天": 1, "日": 1, "周": 7, "个月": 30, "年": 365, "day": 1, "week": 7, "month": 30, "year": 365}
_SPAN = rf"(?P<n>{NUMBER}|an?(?= (?:day|week|month|year)))\s?(?P<u>天|日|周|个月|年|days?|weeks?|months?|years?)"


# 尚未缴存 says what 未缴存 says.
_NOT, _NOT_YET = "(?:没|未)", "(?:尚未|没|未)"


@functools.cache
def _table() -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    text = resources.files("linghang.reading").joinpath("lexicon/idioms.yaml").read_text("utf-8")
    entries = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return [(re.compile(entry["re"].replace("<SPAN>", _SPAN).replace(_NOT, _NOT_YET)), entry) for entry in entries]


def idioms(text: str) -> Iterator[tuple[int, int, Mapping[str, Any]]]:
    """The set phrases of a normalised text as ``(start, end, senses)``."""
    for pattern, entry in _table():
        for hit in pattern.finditer(text):
            shape: dict[str, Any] = {"field": entry["f"], "op": entry["op"]}
            if "v" in entry:
                shape["value"] = entry["v"]
            elif "m" in entry:
                shape["value"] = entry["m"][hit["v"]]
            days = _days(hit)
            if days is not None and entry.get("n") == "value":
                shape |= {"op": _op(hit, entry["op"]), "value": days}
            elif days is not None:
                shape["window_days"] = days
            if "w" in entry:
                shape["window_days"] = entry["w"]
            if entry.get("negated"):
                shape["negated"] = True
            yield hit.start(), hit.end(), {"state": shape, "idiom": True}


def _days(hit: re.Match[str]) -> int | None:
    groups = hit.groupdict()
    if not groups.get("n"):
        return None
    value = 1 if groups["n"] in ("a", "an") else number(groups["n"])
    if value == 0.5 and groups["u"] in ("年", "year"):
        return 180
    return None if value is None else round(value * _UNITS[groups["u"].rstrip("s")])


def _op(hit: re.Match[str], usual: str) -> str:
    return (
        "ge"
        if re.search(r"以上|满|(?<![a-z])or more", hit[0])
        else "gt"
        if re.search(r"超过|多|over|more than", hit[0])
        else usual
    )
