"""JSON lines: an object a line; nested objects become dotted columns. Read in pieces; lines that are none are told."""

import itertools
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from linghang.base.errors import UsageError
from linghang.customers.sources import Ragged, Source, beginning, fingerprint, texts

_ROWS_AT_ONCE = 50_000
_LOOKED_AT = 1000
_LONGEST = 64 << 20


def open_lines(path: Path, encoding: str = "utf-8", columns: tuple[str, ...] = ()) -> Source:
    """Open a file of JSON lines; without ``columns`` those of its first thousand lines are read.

    Raises UsageError("customers.json_array") for one big array, UsageError("customers.no_json").
    """
    size, head = beginning(path)
    text = head.lstrip(b"\xef\xbb\xbf \r\n\t")
    if text.startswith(b"["):
        raise UsageError("customers.json_array", path=path.name)
    have = _names(path, encoding)
    if not have:
        raise UsageError("customers.no_json", path=path.name)
    # A column that the first lines do not have may come later; one that never comes is unknown for everybody.
    chosen = tuple(columns) or have

    def blocks(ragged: Ragged) -> Iterator[pa.RecordBatch]:
        rows: list[Mapping[str, Any]] = []
        for number, line in _lines(path, encoding):
            row = _object(line)
            if row is None:
                if not ragged.add(number, line, "customers.bad_json"):
                    raise UsageError("customers.no_json", path=path.name)
                continue
            rows.append(row)
            if len(rows) == _ROWS_AT_ONCE:
                yield _batch(rows, chosen)
                rows = []
        if rows:
            yield _batch(rows, chosen)

    return Source(path.name, fingerprint(path, size, head), chosen, blocks, (), size)


def _lines(path: Path, encoding: str) -> Iterator[tuple[int, str]]:
    """(number, text) of the lines that are not blank; numbers count them from 1."""
    rest = ""
    number = 0
    for text in itertools.chain(texts(path, encoding), ("\n",)):
        lines = (rest + text).split("\n")
        rest = lines.pop()
        if len(rest) > _LONGEST:
            raise UsageError("customers.no_json", path=path.name)
        for line in lines:
            told = line.strip("\r \t\ufeff")
            if told:
                number += 1
                yield number, told


def _object(line: str) -> dict[str, Any] | None:
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return _flat(told) if isinstance(told, dict) else None


def _flat(told: Mapping[str, Any], prefix: str = "", depth: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in told.items():
        if isinstance(value, dict) and depth < 4:
            found.update(_flat(value, f"{prefix}{key}.", depth + 1))
        else:
            found[f"{prefix}{key}"] = value
    return found


def _names(path: Path, encoding: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for number, line in _lines(path, encoding):
        found.update(dict.fromkeys(_object(line) or ()))
        if number >= _LOOKED_AT:
            break
    return tuple(found)


def _batch(rows: list[Mapping[str, Any]], columns: tuple[str, ...]) -> pa.RecordBatch:
    return pa.record_batch({name: pa.array([_text(row.get(name)) for row in rows], pa.string()) for name in columns})


def _text(value: Any) -> str | None:
    """A value as a cell: lists as groups are written in a table, numbers as JSON writes them."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "|".join(text for one in value if (text := _text(one)))
    return json.dumps(value, ensure_ascii=False)
