"""Phrases of briefs by kind (days, money, whom to leave out, goals, offers, limits), each read inside of one short brief.

``python -m evals.reading_phrases`` prints what is read otherwise: a value that is wrong, or one that nothing in the text says.
"""

import datetime as dt
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import yaml

from linghang import packs
from linghang.reading import read

TODAY = dt.date(2026, 11, 23)
DATA = Path(__file__).parent / "data/reading_phrases.yaml"


def phrases() -> Iterator[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    """Every phrase in its frame: its kind, the text, the values it must have, and what the frame alone gives."""
    tables = cast("dict[str, dict[str, Any]]", yaml.safe_load(DATA.read_text("utf-8")))
    for kind, table in tables.items():
        for row in table["rows"]:
            value = {key: _plain(each) for key, each in row["v"].items()}
            for lang in ("zh", "en"):
                for said in row.get(lang, []):
                    if "|" in said or said in row.get("skip", []):
                        continue
                    wanted = dict.fromkeys(table["keys"]) | table.get("base", {}) | value
                    yield kind, table["frame"][lang].format(said), wanted, value


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def wrong(text: str, wanted: dict[str, Any], pack: Any) -> dict[str, tuple[Any, Any]]:
    """The keys of the phrase's kind that are read otherwise: wanted and given."""
    found = read(text, today=TODAY, pack=pack)
    if found.kind != "brief":
        return {"kind": ("brief", found.kind)}
    given = found.reading
    return {key: (each, given.get(key)) for key, each in wanted.items() if _sorted(each) != _sorted(given.get(key))}


def _sorted(value: Any) -> Any:
    return sorted(map(repr, value)) if isinstance(value, list) else value or None


def main(kind: str = "") -> int:
    """Print the phrases that are read otherwise, and how many there are."""
    pack, count, failed = packs.load("demo"), 0, 0
    for name, text, wanted, _ in phrases():
        if kind and name != kind:
            continue
        count += 1
        if bad := wrong(text, wanted, pack):
            failed += 1
            print(f"[{name}] {text}\n    {bad}")
    print(f"{failed} of {count} failed")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
