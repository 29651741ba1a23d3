"""Pictures with one seeded defect each: records of good pictures, damaged in a known way that a gate must see."""

import copy
import dataclasses
import random
from collections.abc import Callable
from typing import Any

from linghang.base.records import LayerRecord

Layers = list[dict[str, Any]]
Damage = Callable[[LayerRecord, random.Random], LayerRecord | None]


def _with(record: LayerRecord, layers: Layers) -> LayerRecord:
    return dataclasses.replace(record, layers=tuple(layers))


def _layers(record: LayerRecord) -> Layers:
    return copy.deepcopy([dict(layer) for layer in record.layers])


def _texts(layers: Layers, *roles: str) -> list[dict[str, Any]]:
    return [
        layer for layer in layers if layer["kind"] in ("line", "title") and (not roles or layer.get("role") in roles)
    ]


def _unlike(stream: random.Random, items: list[Any]) -> Any:
    return stream.choice(items) if items else None


def tofu(record: LayerRecord, stream: random.Random) -> LayerRecord | None:
    """A character that the recorded face lacks."""
    layers = _layers(record)
    layer = _unlike(stream, _texts(layers, "subtitle", "button", "legal", "label", "title"))
    if layer is None:
        return None
    at = stream.randrange(len(layer["text"]))
    layer["text"] = layer["text"][:at] + stream.choice("\U0001f9e7\ue123\U0001f4b0") + layer["text"][at + 1 :]
    return _with(record, layers)


def overlap(record: LayerRecord, stream: random.Random) -> LayerRecord | None:
    """A line moved onto another one."""
    layers = _layers(record)
    lines = _texts(layers, "subtitle", "legal", "title", "button", "brand")
    if len(lines) < 2:
        return None
    one, other = stream.sample(lines, 2)
    one["x"], one["y"] = other["x"] + other["size"] * 0.3, other["y"]
    return _with(record, layers)


def outside(record: LayerRecord, stream: random.Random) -> LayerRecord | None:
    """A line moved over the edge."""
    layers = _layers(record)
    layer = _unlike(stream, _texts(layers, "subtitle", "title", "legal", "brand"))
    if layer is None:
        return None
    if stream.random() < 0.5:
        layer["x"] = record.width - layer["size"] * len(layer["text"]) * 0.4
    else:
        layer["y"] = record.height + layer["size"] * 0.2
    return _with(record, layers)


def faint(record: LayerRecord, stream: random.Random) -> LayerRecord | None:
    """A line in the colour of its ground (the brand's colour on the brand's ground)."""
    layers = _layers(record)
    layer = _unlike(stream, _texts(layers, "subtitle", "legal", "brand", "label"))
    if layer is None:
        return None
    paper = layer["role"] == "label"
    ground = next((item for item in layers if item["kind"] == "ground"), None)
    tone = ground["tones"]["base"] if ground else "#B04040"
    layer["colour"] = "#F3E3C3" if paper else tone
    return _with(record, layers)


def no_legal(record: LayerRecord, stream: random.Random) -> LayerRecord | None:
    """The legal text, or one of its lines, gone."""
    layers = _layers(record)
    lines = _texts(layers, "legal")
    if not lines:
        return None
    gone = id(stream.choice(lines))
    return _with(record, [layer for layer in layers if id(layer) != gone])


def tiny_legal(record: LayerRecord, stream: random.Random) -> LayerRecord | None:
    """The legal text at two thirds of the least size."""
    layers = _layers(record)
    lines = _texts(layers, "legal")
    for layer in lines:
        layer["size"] *= stream.uniform(0.5, 0.75)
    return _with(record, layers) if lines else None


def no_label(record: LayerRecord, stream: random.Random) -> LayerRecord | None:
    """The AI label gone, or too small to be seen."""
    layers = _layers(record)
    lines = _texts(layers, "ai_label")
    if not lines:
        return None
    if stream.random() < 0.5:
        return _with(record, [layer for layer in layers if layer not in lines])
    lines[0]["size"] *= 0.5
    return _with(record, layers)


def taboo(record: LayerRecord, stream: random.Random) -> LayerRecord | None:
    """A forbidden or literal object in place of an element."""
    layers = _layers(record)
    sprites = [layer for layer in layers if layer["kind"] == "sprite"]
    if not sprites:
        return None
    forbidden = ["flag", "emblem", "banknote", "official_seal"]
    if record.spec["product"] in ("wealth", "fund", "mmf"):
        forbidden += ["safe", "vault"]
    stream.choice(sprites)["element"]["kind"] = stream.choice(forbidden)
    return _with(record, layers)


def cold(record: LayerRecord, stream: random.Random) -> LayerRecord | None:
    """A lively picture on a blue ground."""
    layers = _layers(record)
    grounds = [layer for layer in layers if layer["kind"] == "ground"]
    if record.spec["mood"] != "lively" or not grounds:
        return None
    blues = {"deep": "#0B2E8A", "base": "#1F5BD6", "bright": "#8CC8FF", "floor": "#123C9E"}
    grounds[0]["tones"] |= blues
    for layer in layers:
        if layer["kind"] in ("scrim", "floor", "stage"):
            layer["fill"] = [[stop[0], blues["deep"], *stop[2:]] for stop in layer["fill"]]
    return _with(record, layers)


def heavy(record: LayerRecord, stream: random.Random) -> LayerRecord | None:
    """A slot whose byte limit the file exceeds."""
    spec = copy.deepcopy(dict(record.spec))
    spec["frame"] = {**spec["frame"], "max_bytes": stream.randrange(1500, 2500)}
    return dataclasses.replace(record, spec=spec)


def covered(record: LayerRecord, stream: random.Random) -> LayerRecord | None:
    """A coin pushed over a button or ticket."""
    layers = _layers(record)
    lines = _texts(layers, "button", "figure")
    coins = [layer for layer in layers if layer["kind"] == "sprite"]
    if not lines or not coins:
        return None
    line, coin = stream.choice(lines), copy.deepcopy(stream.choice(coins))
    coin["at"] = [line["x"] + line["size"] * len(line["text"]) * 0.4, line["y"] - line["size"] * 0.3]
    coin["side"] = max(coin["side"], line["size"] * 2.5)
    return _with(record, [*layers, coin])


def small_title(record: LayerRecord, stream: random.Random) -> LayerRecord | None:
    """A title that no longer leads."""
    layers = _layers(record)
    titles = _texts(layers, "title")
    for layer in titles:
        layer["size"] *= stream.uniform(0.2, 0.3)
    return _with(record, layers) if titles else None


def spilled(record: LayerRecord, stream: random.Random) -> LayerRecord | None:
    """A label that leaves its button or ticket."""
    layers = _layers(record)
    layer = _unlike(stream, _texts(layers, "button", "figure", "label"))
    if layer is None:
        return None
    layer["size"] *= stream.uniform(2.6, 3.2)
    return _with(record, layers)


DEFECTS: dict[str, Damage] = {
    "tofu": tofu, "overlap": overlap, "outside": outside, "faint": faint, "no_legal": no_legal, "tiny_legal": tiny_legal,
    "no_label": no_label, "taboo": taboo, "cold": cold, "heavy": heavy, "covered": covered, "small_title": small_title,
    "spilled": spilled,
}  # fmt: skip
