"""A picture through the same engine: the words of its layer record, with their sizes and contrast as facts."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

from linghang.base.records import LayerRecord
from linghang.compliance.checking import check
from linghang.compliance.model import Check, Fact, Hit, Material, Reader, Rule

LEAST_CONTRAST = 3.0
"""WCAG 2.2 ratio for large text: below it a risk text of a picture does not count as shown."""
_RISK_ROLES = frozenset({"legal", "risk", "disclosure"})
_BODY_ROLES = frozenset({"subtitle", "body", "button", "coupon", "badge"})


def check_record(
    record: LayerRecord,
    material: Material,
    *,
    rules: Sequence[Rule] | None = None,
    context: Mapping[str, Fact] | None = None,
    today: dt.date,
    reader: Reader = "off",
) -> Check:
    """The verdict on a picture by its record: its words (a line each, top to bottom) and what only a picture shows.

    ``risk_contrast`` below ``LEAST_CONTRAST`` breaks CN-FM-18 (UK-03, EU-01); sizes are told as facts unless the caller
    gives them. Pictures of the engine are machine-made, so ``ai_generated`` is true unless the caller says otherwise.
    """
    texts = sorted(record.texts, key=_top)
    words = "\n".join(_blocks(texts))
    facts: dict[str, Fact] = {"ai_generated": record.engine != "foreign", **_measured(texts), **(context or {})}
    done = check(replace(material, text=words), rules=rules, context=facts, today=today, reader=reader)
    return _with_contrast(done, texts, rules)


_WRAPPED = ("title", "subtitle", "legal", "risk", "disclosure")
"""Roles whose lines are one sentence, set in several."""


def _blocks(texts: Sequence[Mapping[str, object]]) -> list[str]:
    """The words as people read them: what is set in several lines as one, whatever stands beside it."""
    blocks: dict[str, str] = {}
    for number, text in enumerate(texts):
        said, role = str(text.get("text", "")).strip(), str(text.get("role", ""))
        if not said:
            continue
        key = role if role in _WRAPPED else f"{role}{number}"
        earlier = blocks.get(key, "")
        gap = " " if earlier[-1:].isascii() and earlier and said[0].isascii() else ""
        blocks[key] = f"{earlier}{gap}{said}"
    return list(blocks.values())


def _top(text: Mapping[str, object]) -> tuple[float, float]:
    box = text.get("box")
    if isinstance(box, Sequence) and len(box) >= 2 and not isinstance(box, str):
        return float(box[1]), float(box[0])
    return 0.0, 0.0


def _measured(texts: Sequence[Mapping[str, object]]) -> dict[str, Fact]:
    risk = [size for text in texts if text.get("role") in _RISK_ROLES and (size := _size(text)) is not None]
    return {"risk_px": min(risk)} if risk else {}


def _size(text: Mapping[str, object]) -> float | None:
    size = text.get("size", text.get("px"))
    return float(size) if isinstance(size, int | float) else None


def _with_contrast(done: Check, texts: Sequence[Mapping[str, object]], rules: Sequence[Rule] | None) -> Check:
    faint = [
        text
        for text in texts
        if text.get("role") in _RISK_ROLES
        and isinstance(contrast := text.get("contrast"), int | float)
        and contrast < LEAST_CONTRAST
    ]
    wanted = {"CN": "CN-FM-18", "UK": "UK-03", "EU": "EU-01"}.get(done.material.jurisdiction)
    rule = next((rule for rule in rules or () if rule.id == wanted), None)
    if not faint or rule is None:
        return done
    told = str(faint[0].get("text", ""))
    at = done.material.text.find(told)
    hit = Hit(rule, (at, at + len(told)) if at >= 0 else (0, 0), told, "compliance.faint", {"least": LEAST_CONTRAST})
    return replace(done, hits=(*done.hits, hit), verdict="violating")
