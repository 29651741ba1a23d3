"""The review's findings where people look for them: at the very text, with its words marked; the same one told once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from linghang.campaigns.assets import spans_in
from linghang.doors.studio.words import Words

Shape = Mapping[str, Any]


@dataclass(frozen=True)
class Remark:
    """A finding of an asset in words. ``spans`` maps a text's id to the ranges of its words that offend."""

    code: str
    severity: str
    kind: str
    place: str
    message: str
    quote: str
    law: str
    fix: Shape | None
    spans: Mapping[str, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    times: int = 1


def remarks(t: Words, review: Shape, texts: Sequence[Shape]) -> list[Remark]:
    """What the review found, asset by asset, each different remark once with how often it stands."""
    words = {str(text["id"]): str(text["text"]) for text in texts}
    found: dict[tuple[str, str, str, str], Remark] = {}
    for asset in review.get("assets", []):
        for item in asset.get("findings", []):
            made = _remark(t, asset, item, words)
            key = (made.kind, made.place, made.message, made.quote)
            earlier = found.get(key)
            found[key] = made if earlier is None else _again(earlier, made)
    return sorted(found.values(), key=lambda remark: remark.severity)


def _remark(t: Words, asset: Shape, item: Shape, words: Mapping[str, str]) -> Remark:
    params = item.get("params") or {}
    evidence = item.get("evidence") or {}
    message = str(item.get("message") or t.told(str(item["code"]), params))
    law = t.law(evidence)
    spans = spans_in(str(asset["asset"]), item.get("span"), words) if asset["kind"] == "copy" else {}
    quote = str(params.get("text") or "")
    return Remark(
        str(item["code"]),
        str(item["severity"]),
        str(asset["kind"]),
        str(asset["place"]),
        message,
        quote,
        law,
        item.get("fix"),
        spans,
    )


def _again(one: Remark, other: Remark) -> Remark:
    spans = {id: (*one.spans.get(id, ()), *other.spans.get(id, ())) for id in {**one.spans, **other.spans}}
    return Remark(
        one.code,
        one.severity,
        one.kind,
        one.place,
        one.message,
        one.quote,
        one.law,
        one.fix or other.fix,
        spans,
        one.times + 1,
    )


CARD_OF: Mapping[str, str] = {"copy": "creative", "message": "creative", "picture": "creative", "page": "page"}
"""Kind of asset → the card that shows it."""
