"""Check where things are: no text over text, inside the safe area, nothing drawn over a text's own ground."""

from collections.abc import Mapping, Sequence

from linghang.base.findings import Finding, Severity
from linghang.creatives.pictures.conventions import limit
from linghang.creatives.pictures.gates.facts import Layer, TextFact
from linghang.creatives.pictures.painting.values import number, numbers, part, text
from linghang.creatives.pictures.type.setting import Box

_HOLDERS = {"button": "button", "figure": "coupon", "unit": "coupon", "label": "coupon", "badge": "badge"}


def overlaps(facts: Sequence[TextFact]) -> list[Finding]:
    """Texts that lie over one another by more than the allowed share of the smaller one."""
    findings: list[Finding] = []
    for place, one in enumerate(facts):
        for other in facts[place + 1 :]:
            shared = one.reach.overlap(other.reach)
            smaller = min(one.reach.width * one.reach.height, other.reach.width * other.reach.height)
            if shared > 0 and shared / max(smaller, 1) > limit("overlap_share"):
                params: dict[str, str | int | float | bool | None] = {"one": one.text, "other": other.text}
                findings.append(
                    Finding(
                        "pictures.overlap", Severity.S2, about=one.role, params=params, evidence={"px2": round(shared)}
                    )
                )
    return findings


def unsafe(facts: Sequence[TextFact], width: int, height: int) -> list[Finding]:
    """Texts that leave the safe area."""
    top = limit("safe_top_full") if height / width > 1.5 else limit("safe_y")
    small = min(width, height) < 260
    margin_x, margin_y = (0.012, 0.006) if small else (limit("safe_x"), limit("safe_y"))
    safe = Box(width * margin_x, height * (0.006 if small else top), width * (1 - margin_x), height * (1 - margin_y))
    return [
        Finding("pictures.unsafe", Severity.S2, about=fact.role, params={"text": fact.text})
        for fact in facts
        if not fact.ink.inside(safe, 1.0)
    ]


def spills(facts: Sequence[TextFact], layers: Sequence[Layer]) -> list[Finding]:
    """Texts of a button, ticket or badge that do not lie inside one."""
    boxes: dict[str, list[Box]] = {}
    for layer in layers:
        role = text(layer, "role")
        if role in ("button", "coupon", "badge") and "box" in layer and text(layer, "kind") in ("panel", "ticket"):
            boxes.setdefault(role, []).append(Box(*numbers(layer, "box")))
    return [
        Finding("pictures.spills", Severity.S2, about=fact.role, params={"text": fact.text})
        for fact in facts
        if (holder := _HOLDERS.get(fact.role)) and holder in boxes
        and not any(fact.ink.inside(box, 1.5) for box in boxes[holder])
    ]  # fmt: skip


def covered(facts: Sequence[TextFact], layers: Sequence[Layer]) -> list[Finding]:
    """Texts whose own ground (ticket, button, ribbon) an element was drawn over later."""
    findings: list[Finding] = []
    for place, layer in enumerate(layers):
        shown = text(layer, "kind") == "picture" and text(layer, "role") == "element"
        if not shown and (text(layer, "kind") != "sprite" or number(layer, "alpha", 1.0) < 0.2):
            continue
        box = Box(*numbers(layer, "box")) if shown else sprite_box(layer)
        ground = max(
            (n for n, other in enumerate(layers[:place]) if text(other, "kind") in ("panel", "ticket", "ribbon")),
            default=-1,
        )
        if ground < 0:
            continue
        for fact in facts:
            shared = fact.ink.overlap(box)
            if (
                fact.role != "title"
                and shared > 0.04 * max(1.0, fact.ink.width * fact.ink.height)
                and _held(fact, layers[:place])
            ):
                findings.append(Finding("pictures.covered", Severity.S2, about=fact.role, params={"text": fact.text}))
    return findings


def sprite_box(layer: Layer) -> Box:
    """The middle two thirds of an element's square: what it fills whatever its kind and pose."""
    at, half = numbers(layer, "at"), number(layer, "side") * 0.36
    return Box(at[0] - half, at[1] - half, at[0] + half, at[1] + half)


def _held(fact: TextFact, layers: Sequence[Layer]) -> bool:
    return any(
        text(layer, "role") in ("button", "coupon", "badge", "ribbon", "chip")
        and fact.ink.inside(Box(*numbers(layer, "box")), 2.0)
        for layer in layers if "box" in layer
    )  # fmt: skip


def elements_of(layers: Sequence[Layer]) -> list[Mapping[str, object]]:
    """The elements that a record draws."""
    return [part(layer, "element") for layer in layers if text(layer, "kind") == "sprite"]
