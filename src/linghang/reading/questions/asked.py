"""Turns of phrase of questions, from ``lexicon/asked.yaml``: what is wanted, which figure, which way it went."""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

import yaml


@dataclass(frozen=True)
class _Asked:
    """The compiled tables."""

    kinds: Mapping[str, re.Pattern[str]]
    figures: tuple[tuple[str, re.Pattern[str]], ...]
    unused: tuple[re.Pattern[str], re.Pattern[str]]
    span: Mapping[str, re.Pattern[str]]
    warned: re.Pattern[str]
    fall: re.Pattern[str]
    rise: re.Pattern[str]


@functools.cache
def _tables() -> _Asked:
    text = resources.files("linghang.reading").joinpath("lexicon/asked.yaml").read_text("utf-8")
    rows: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    turns = {name: "(?:" + "|".join(said) + ")" for name, said in rows["turns"].items()}

    def one(said: list[str]) -> re.Pattern[str]:
        joined = "|".join(said)
        for name, pattern in turns.items():
            joined = joined.replace("{" + name + "}", pattern)
        return re.compile(joined)

    return _Asked(
        {kind: one(said) for kind, said in rows["kinds"].items()},
        tuple((str(row["v"]), one(row["w"])) for row in rows["figures"]),
        (one(rows["unused"]["coupon"]), one(rows["unused"]["spare"])),
        {name: one(said) for name, said in rows["span"].items()},
        one(rows["warned"]),
        re.compile(turns["fall"]),
        re.compile(turns["rise"]),
    )


_PLAIN = {"summary", "trend", "breakdown"}


def kinds_said(text: str, kinds: list[str]) -> list[str]:
    """The kinds of analysis that the words name, and those that a turn of phrase asks for beside them.

    A wonder at a figure asks for its cause only where nothing more is asked.
    """
    found = list(kinds)
    for kind, said in _tables().kinds.items():
        if kind not in found and said.search(text) and not (kind == "root_cause" and set(found) - _PLAIN):
            found.append(kind)
    return found


_OF_RESULTS = ("root_cause", "validation", "cohort", "uplift")


def of_results(text: str) -> bool:
    """Whether a turn of phrase is only ever one of questions about what has happened."""
    tables = _tables()
    return any(tables.kinds[kind].search(text) for kind in _OF_RESULTS)


def figure_said(text: str) -> str | None:
    """The figure that a phrase says, where no word names one."""
    return next((name for name, said in _tables().figures if said.search(text)), None)


def says_unused(text: str) -> bool:
    """Whether coupons are spoken of that were taken and never spent."""
    return all(part.search(text) for part in _tables().unused)


def says_span(text: str) -> bool:
    """Whether the time from a first sight to a first order is asked: both ends are said, and how long lies between."""
    span = _tables().span
    return all(span[part].search(text) for part in ("first", "last", "asked")) and not span["not"].search(text)


def warned(text: str) -> tuple[int, int] | None:
    """Where those are spoken of whom a warning or a model named."""
    hit = _tables().warned.search(text)
    return None if hit is None else hit.span()


def turned(text: str) -> str | None:
    """Which way a figure went, by the last word that says so."""
    tables = _tables()
    falls = [hit.start() for hit in tables.fall.finditer(text)]
    rises = [hit.start() for hit in tables.rise.finditer(text)]
    if not falls and not rises:
        return None
    return "down" if (falls or [-1])[-1] > (rises or [-1])[-1] else "up"
