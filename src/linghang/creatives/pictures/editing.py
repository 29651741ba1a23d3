"""Edit a spec by parameter: each change is checked against what exists, everything else stays as it was."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from linghang.base.errors import UsageError
from linghang.creatives.pictures import conventions
from linghang.creatives.pictures.model import Choice, Coupon, DesignSpec, Frame, Kit, Words

_PLAIN = {"mood": "moods", "product": "products", "festival": "festivals"}
_LABELS = {
    "mood": {"zh": "气质", "en": "mood"},
    "product": {"zh": "产品类型", "en": "product kind"},
    "festival": {"zh": "节日", "en": "festival"},
}
_WORDS = ("subtitle", "button", "badge", "legal", "brand", "ai_label", "lang")


def parameters() -> Mapping[str, Mapping[str, Any]]:
    """Every parameter with its label (zh, en) and its range or options, for sliders and for sentences."""
    table: dict[str, Mapping[str, Any]] = {}
    for name, entry in conventions.read("parameters").items():
        source = entry.get("from")
        table[name] = {**entry, "options": list(conventions.read(source))} if source else entry
    for name, source in _PLAIN.items():
        table[name] = {"label": _LABELS[name], "options": list(conventions.read(source))}
    return table


def edit(spec: DesignSpec, changes: Mapping[str, object]) -> DesignSpec:
    """The spec with ``changes`` made. Keys are ``mood``, ``product``, ``festival``, ``layer``, ``seed``,
    ``words.title`` (and the other roles), or any of ``parameters()``; None takes a pinned parameter back to its
    distribution.

    Raises UsageError("pictures.bad_parameter") for an unknown key or a value outside its range; then nothing changed.
    """
    with conventions.using(spec.knowledge):
        return _edit(spec, changes)


def _edit(spec: DesignSpec, changes: Mapping[str, object]) -> DesignSpec:
    words, choices = spec.words, dict(spec.choices)
    plain: dict[str, Any] = {}
    for key, value in changes.items():
        if key.startswith("words."):
            words = _word(words, key.removeprefix("words."), value)
        elif key in ("seed", "layer", *_PLAIN):
            plain[key] = _plain(key, value)
        elif value is None:
            _choice_known(key)
            choices.pop(key, None)
        else:
            choices[key] = _choice(key, value)
    return dataclasses.replace(spec, words=words, choices=choices, **plain)


def spec_of(plain: Mapping[str, Any]) -> DesignSpec:
    """The spec kept in a record, as a value again: what a slider edits after the picture was stored."""
    words = dict(plain["words"])
    words["title"] = tuple(words["title"])
    words["coupons"] = tuple(Coupon(**item) for item in words["coupons"])
    fields = {name: plain[name] for name in ("mood", "product", "festival", "layer", "seed")}
    return DesignSpec(
        frame=Frame(**plain["frame"]),
        words=Words(**words),
        kit=Kit(**plain["kit"]),
        choices=dict(plain["choices"]),
        knowledge=plain.get("knowledge") or {},
        **fields,
    )


def _plain(key: str, value: object) -> object:
    if key == "seed":
        if isinstance(value, bool) or not isinstance(value, int):
            raise _bad(key, value)
        return value
    if not isinstance(value, str) or (key in _PLAIN and value not in conventions.read(_PLAIN[key])):
        raise _bad(key, value)
    return value


def _word(words: Words, role: str, value: object) -> Words:
    if role == "title":
        lines = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list | tuple) else ()
        if not lines or not all(isinstance(line, str) for line in lines):
            raise _bad("words.title", value)
        return dataclasses.replace(words, title=lines)
    if role not in _WORDS or not isinstance(value, str):
        raise _bad(f"words.{role}", value)
    return dataclasses.replace(words, **{role: value})


def _choice_known(key: str) -> None:
    if key not in parameters():
        raise _bad(key, None)


def _choice(key: str, value: object) -> Choice:
    entry = parameters().get(key)
    if entry is None or not isinstance(value, str | int | float | bool):
        raise _bad(key, value)
    if "low" in entry:
        if isinstance(value, bool | str) or not float(entry["low"]) <= value <= float(entry["high"]):
            raise _bad(key, value)
    elif "options" in entry:
        if value not in entry["options"]:
            raise _bad(key, value)
    elif not isinstance(value, str) or len(value) > int(entry["text"]):
        raise _bad(key, value)
    return value


def _bad(key: str, value: object) -> UsageError:
    return UsageError("pictures.bad_parameter", parameter=key, value=str(value), exist=", ".join(parameters()))
