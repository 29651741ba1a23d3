"""A picture composed anew over another plate: the plate fills the frame, set pieces and old veils go, new veils come.

Veils are chosen from the plate: where it is calm and of the right light there is none; where letters would drown it is
shaded in its own colour, just as far as the worst end of each line needs. They run out softly over the picture, so that
no block of another ground is seen around the words. A plate with a subject of its own (a photograph) keeps it: hero,
podium and coins give way.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from linghang.base.records import LayerRecord
from linghang.creatives.pictures.colour import Lch, contrast, luminance, parse
from linghang.creatives.pictures.conventions import limit
from linghang.creatives.pictures.gates.facts import TextFact, texts_of
from linghang.creatives.pictures.gates.light import contrast_of
from linghang.creatives.pictures.layouts.scenery import KINDS as SCENERY
from linghang.creatives.pictures.painting.canvas import paint_plate, pixels
from linghang.creatives.pictures.painting.values import Layer, numbers, text
from linghang.creatives.pictures.type.setting import Box

BUSY = 6.0
"""Mean change of grey (of 255) from pixel to pixel of a small copy above which a place has a subject of its own:
photographs measured 6 to 12, backdrops below 2."""
_SMALL = 160
_ADDED = frozenset({"sprite", "confetti", "fan", "sparkle", "glow"})
_HOLDERS = frozenset({"panel", "ticket", "ribbon", "pocket", "floor", "plaque"})
_LARGE = ("title", "figure", "button", "ai_label")
_STEPS = (0.0, 0.3, 0.45, 0.6, 0.7, 0.8, 0.88, 0.95, 1.0)
_UNSETTLED = 4.5
"""Above this change of grey under a title it gets the first veil, whatever its contrast."""


def energy(image: Image.Image, box: Box) -> float:
    """How busy a picture is within a box of its own pixels: the mean change of grey of a small copy."""
    cut = image.convert("L").crop((round(box.left), round(box.top), round(box.right), round(box.bottom)))
    if min(cut.size) < 2:
        return 0.0
    scale = _SMALL / max(image.size)
    small = cut.resize((max(2, round(cut.width * scale)), max(2, round(cut.height * scale))), Image.Resampling.BOX)
    grey = np.asarray(small, np.float32)
    return float(np.abs(np.diff(grey, axis=0)).mean() + np.abs(np.diff(grey, axis=1)).mean()) / 2


def cover(image: Image.Image, width: int, height: int, zones: Sequence[Box] = ()) -> Image.Image:
    """The picture scaled over a frame and cropped so that its subject is seen, and not under the words of ``zones``."""
    scale = max(width / image.width, height / image.height)
    large = image.resize((round(image.width * scale) + 1, round(image.height * scale) + 1), Image.Resampling.LANCZOS)
    free_x, free_y = large.width - width, large.height - height
    places = {(round(free_x * share), round(free_y * share)) for share in (0.5, 0.25, 0.75, 0.0, 1.0)}

    def under(place: tuple[int, int]) -> float:
        seen = Box(0, 0, width, height).moved(*place)
        return _mean_energy(large, [zone.moved(*place) for zone in zones]) - 0.8 * energy(large, seen)

    middle = (free_x // 2, free_y // 2)
    left, top = min(sorted(places), key=lambda place: (round(under(place), 1), _apart(place, middle)))
    return large.crop((left, top, left + width, top + height))


def crowded(image: Image.Image, record: LayerRecord) -> float:
    """How busy a picture is under a record's words, at its best crop."""
    zones = zones_of(record)
    return _mean_energy(cover(image, record.width, record.height, zones), zones)


def _mean_energy(image: Image.Image, boxes: Sequence[Box]) -> float:
    areas = [box.width * box.height for box in boxes]
    return sum(energy(image, box) * area for box, area in zip(boxes, areas, strict=True)) / max(1.0, sum(areas))


def _apart(one: tuple[int, int], other: tuple[int, int]) -> int:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def has_subject(image: Image.Image, record: LayerRecord) -> bool:
    """Whether a fitted plate shows something where the hero would stand, or all over."""
    sprites = [layer for layer in record.layers if text(layer, "kind") == "sprite"]
    hero = max(sprites, key=lambda layer: float(str(layer["side"])), default=None)
    whole = Box(0, 0, record.width, record.height)
    if hero is None:
        return energy(image, whole) > BUSY
    (x, y), half = numbers(hero, "at"), float(str(hero["side"])) * 0.42
    place = Box(max(0, x - half), max(0, y - half), min(record.width, x + half), min(record.height, y + half))
    return max(energy(image, place), energy(image, whole)) > BUSY


def zones_of(record: LayerRecord) -> list[Box]:
    """Where words stand on the plate itself, half an em around each line; those on tickets and buttons do not count."""
    return [fact.reach.grown(fact.size * 0.5) for fact in loose(record)]


def loose(record: LayerRecord) -> list[TextFact]:
    """The texts that stand on the plate itself."""
    held = [
        Box(*numbers(layer, "box")) for layer in record.layers
        if text(layer, "kind") in _HOLDERS and "box" in layer and text(layer, "kind") != "picture"
    ]  # fmt: skip
    return [fact for fact in texts_of(record.layers) if not any(fact.ink.inside(box, 2.0) for box in held)]


def over(record: LayerRecord, plate: Layer, *, subject: bool, cache: Path) -> LayerRecord:
    """The record with ``plate`` (a ``picture`` layer) as its ground, and the veils that its words need."""
    layers: list[Layer] = []
    for own in record.layers:
        kind = text(own, "kind")
        if kind in SCENERY or (kind == "scrim" and _wide(own, record)) or (subject and kind in _ADDED):
            continue
        layers.append(own)
        if kind == "ground":
            layers.append(plate)
    bare = dataclasses.replace(record, layers=tuple(layers))
    return _veiled(bare, plate, cache)


def _wide(layer: Layer, record: LayerRecord) -> bool:
    """Whether a veil was laid for the old ground: one from edge to edge. Bands behind a subtitle stay."""
    box = Box(*numbers(layer, "box"))
    return box.width > 0.9 * record.width or box.width * box.height > 0.3 * record.width * record.height


# --- veils ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Veil:
    """One gradient over the plate and the texts that it carries. ``side`` is where it is strongest."""

    side: str
    facts: tuple[TextFact, ...]
    tone: str
    depth: float
    """How far its texts reach from the strong side, as a share of the frame."""

    def layer(self, alpha: float, width: int, height: int) -> Mapping[str, object]:
        end = min(1.0, self.depth + 0.22)
        knee = self.depth / end
        fill = [
            [0, self.tone, alpha],
            [round(knee * 0.7, 3), self.tone, round(alpha * 0.98, 3)],
            [round(knee, 3), self.tone, round(alpha * 0.94, 3)],
            [round(knee + (1 - knee) * 0.5, 3), self.tone, round(alpha * 0.42, 3)],
            [1, self.tone, 0],
        ]
        start, stop = {
            "left": ([0, 0], [end * width, 0]),
            "right": ([width, 0], [width - end * width, 0]),
            "top": ([0, 0], [0, end * height]),
            "bottom": ([0, height], [0, height - end * height]),
        }[self.side]
        return {"kind": "scrim", "role": "veil", "box": [0, 0, width, height], "start": start, "end": stop,
                "fill": fill}  # fmt: skip


def _veiled(record: LayerRecord, plate: Layer, cache: Path) -> LayerRecord:
    """Veils under the words, each as strong as its weakest line needs."""
    under = pixels(paint_plate(record.layers, record.width, record.height, cache=cache))
    veils = _veils(record, under)
    strength = [0] * len(veils)
    for place, veil in enumerate(veils):
        if any(fact.role == "title" and _unsettled(under, fact.reach) for fact in veil.facts):
            strength[place] = 1
    for _ in range(2 * len(_STEPS)):
        shaded = _with(record, plate, veils, strength)
        under = pixels(paint_plate(shaded.layers, record.width, record.height, cache=cache))
        weak = [
            place for place, veil in enumerate(veils)
            if strength[place] < len(_STEPS) - 1 and any(_faint(under, fact) for fact in veil.facts)
        ]  # fmt: skip
        if not weak:
            return shaded
        for place in weak:
            strength[place] += 1
    return _with(record, plate, veils, strength)


def _with(record: LayerRecord, plate: Layer, veils: Sequence[_Veil], strength: Sequence[int]) -> LayerRecord:
    added = [
        veil.layer(_STEPS[step], record.width, record.height)
        for veil, step in zip(veils, strength, strict=True) if step
    ]  # fmt: skip
    layers: list[Layer] = []
    for own in record.layers:
        layers.append(own)
        if own is plate:
            layers += added
    return dataclasses.replace(record, layers=tuple(layers))


def _faint(under: NDArray[np.uint8], fact: TextFact) -> bool:
    found = contrast_of(under, fact)
    least = limit("contrast_large") if fact.role in _LARGE else limit("contrast_body")
    return (found.end if fact.role == "legal" else found.low) < least * 1.04


def _unsettled(under: NDArray[np.uint8], box: Box) -> bool:
    return energy(Image.fromarray(np.ascontiguousarray(under[..., :3])), box) > _UNSETTLED


def _veils(record: LayerRecord, under: NDArray[np.uint8]) -> list[_Veil]:
    """The words by the edge that they hang on: one gradient each, never a box."""
    sides: dict[str, list[TextFact]] = {}
    facts = loose(record)
    titles = [fact for fact in facts if fact.role == "title"] or facts
    wide = record.width > record.height * 1.2
    middle = sum(fact.ink.centre[0] for fact in titles) / max(1, len(titles)) / record.width
    column = "left" if middle < 0.42 else "right" if middle > 0.58 else ""
    reach = _reach(titles, column, record) if wide and column else 0.0
    for fact in facts:
        sides.setdefault(_side(fact, record, column if wide else "", reach), []).append(fact)
    return [_Veil(side, tuple(own), _tone(own, under), _reach(own, side, record)) for side, own in sides.items()]


def _side(fact: TextFact, record: LayerRecord, column: str, reach: float) -> str:
    far = {"left": fact.ink.right / record.width, "right": 1 - fact.ink.left / record.width}.get(column)
    if far is not None and far <= reach + 0.1:
        return column
    return "top" if fact.ink.centre[1] < record.height * 0.5 else "bottom"


def _reach(facts: Sequence[TextFact], side: str, record: LayerRecord) -> float:
    ends = {
        "left": lambda box: box.right / record.width,
        "right": lambda box: 1 - box.left / record.width,
        "top": lambda box: box.bottom / record.height,
        "bottom": lambda box: 1 - box.top / record.height,
    }
    return max((ends[side](fact.reach) for fact in facts), default=0.0) if side else 0.0


def _tone(facts: Sequence[TextFact], under: NDArray[np.uint8]) -> str:
    """The plate's own colour under the words, taken to the dark for light letters and to the light for dark ones."""
    boxes = [fact.reach for fact in facts]
    left, top = max(0, int(min(b.left for b in boxes))), max(0, int(min(b.top for b in boxes)))
    right, bottom = int(max(b.right for b in boxes)) + 1, int(max(b.bottom for b in boxes)) + 1
    cut = under[top:bottom, left:right, :3].reshape(-1, 3)
    mean = cut.mean(axis=0) if cut.size else np.array([60.0, 60.0, 70.0])
    own = parse("#" + "".join(f"{round(float(value)):02X}" for value in mean))
    ink = max(facts, key=lambda fact: fact.role != "title").colour
    dark = luminance(ink) > 0.3
    tone = Lch(0.30 if dark else 0.93, min(own.chroma, 0.075 if dark else 0.03), own.hue)
    for _ in range(20):
        if contrast(ink, tone.hex()) >= 7.0:
            break
        tone = tone.shift(light=-0.02 if dark else 0.01)
    return tone.hex()
