"""Several segments in one brief: 高净值发100元券,其余发10元券. Each has its own people and what they get."""

import itertools
import re
from bisect import bisect_left
from typing import Any

from linghang.reading.audience.conditions import ordered
from linghang.reading.audience.scan import Hit
from linghang.reading.channels import channels
from linghang.reading.draft import Draft
from linghang.reading.lexer import sentence
from linghang.reading.lexicon import Lexicon
from linghang.reading.offers import offers
from linghang.reading.sentence import Sentence

_REST = re.compile(
    r"其余|其[他它](?:的|人|客户|用户|城市|地区|等级|会员|人群|层|档)|剩下的?|剩余(?:的|客户)|余下"
    r"|(?<![a-z])(?:the rest|others|everyone else"
    r"|all others|the remaining)(?![a-z])"
)
_SPLIT = re.compile(r"[,，。;；\n]|\sand\s(?=everyone else|others|the rest|all others)")
_SOLD = re.compile(r"(?:推|发|送|卖|给|promote|get|gets|receive)\s?(?:我们的?)?$")
_SHARED = re.compile(r"(?:各|分别|每档|每层)")


def segments(draft: Draft, hits: list[Hit], words: Lexicon) -> list[Hit]:
    """Put ``segments`` when the brief parts its people, and give back the conditions that hold for all of them."""
    found = draft.sentence
    shapes = {(hit.shape["field"], str(hit.shape)) for hit in hits}
    if len({field for field, _ in shapes}) == len(shapes) and not _REST.search(found.text):
        # Nobody is left over and no field is bound twice: one audience.
        return hits
    own = sorted((hit for hit in hits if not hit.excluded), key=lambda hit: hit.first)
    starts = [found.tokens[hit.first].start for hit in own]
    parts = [
        _part(found, own[bisect_left(starts, start) : bisect_left(starts, end)], start, end, words)
        for start, end in _clauses(found.text)
    ]
    made = [part for part in parts if part is not None]
    if len(made) < 2 or not _excludes_itself([part[0] for part in made], [part[1] for part in made]):
        return hits
    draft.values["segments"] = [shape for shape, _ in made]
    offered = [shape["offer"] for shape, _ in made if "offer" in shape]
    if offered and "offer" in draft.values:
        # What the whole campaign is said to give is what the first of them gets.
        draft.values["offer"] = offered[0]
    taken = [hit for _, part in made for hit in part]
    for hit in taken:
        for place in hit.places:
            draft.support("segments", place)
    return [hit for hit in hits if hit not in taken]


def _clauses(text: str) -> list[tuple[int, int]]:
    stops = [hit.start() for hit in _SPLIT.finditer(text)]
    edges = [-1, *stops, len(text)]
    return [(low + 1, high) for low, high in itertools.pairwise(edges) if high > low + 1]


def _part(
    found: Sentence, hits: list[Hit], start: int, end: int, words: Lexicon
) -> tuple[dict[str, Any], list[Hit]] | None:
    """A clause that says who and what they get."""
    inside = hits
    rest = _REST.search(found.text[start:end])
    if not inside and rest is None:
        return None
    piece = sentence(found.text[start:end], words)
    own = Draft(piece)
    channels(own)
    offers(own)
    _plain_sum(found, own, inside, start)
    given = {key: own.values[key] for key in ("offer", "channels", "slots") if key in own.values}
    given |= _ware(piece)
    if not given:
        return None
    told = [ordered(hit.shape) for hit in inside if not (rest and hit.shape.get("value") == "all")]
    shape: dict[str, Any] = {"audience": told} if told else {"rest": True}
    return shape | given, inside


def _ware(piece: Sentence) -> dict[str, Any]:
    """女性推教育金，男性推重疾险: a product of their own."""
    for place, token in enumerate(piece.tokens):
        if token.has("product") and place not in piece.used and _SOLD.search(piece.before(place, 10)):
            spec = token.senses["product"]
            return {"product": spec["kind"]} | ({"product_detail": spec["detail"]} if spec["detail"] else {})
    return {}


def _plain_sum(found: Sentence, own: Draft, hits: list[Hit], start: int) -> None:
    """10万以下10元，…三档券: a sum beside a layer is what that layer gets of the one offer that is spoken of."""
    kinds = list(dict.fromkeys(t.senses["offer"] for t in found.tokens if t.has("offer")))
    if "offer" in own.values or len(kinds) != 1:
        return
    taken = {found.tokens[place].start - start for hit in hits for place in hit.places}
    for place, token in enumerate(own.sentence.tokens):
        quantity = own.sentence.quantity(place)
        if quantity is not None and quantity.unit == "yuan" and quantity.form == "one" and token.start not in taken:
            own.values["offer"] = {"type": kinds[0], "face_value_cny": quantity.value}
            return


def _excludes_itself(shapes: list[dict[str, Any]], parts: list[list[Hit]]) -> bool:
    """Whether the parts cannot be one audience: one is the rest, or all bound the same field differently."""
    if any("rest" in shape for shape in shapes):
        return True
    fields = [{hit.shape["field"] for hit in part} for part in parts]
    shared = set.intersection(*fields)
    return any(
        len({str(hit.shape) for part in parts for hit in part if hit.shape["field"] == name}) == len(parts)
        for name in shared
    )
