"""Fresh candidates: designs and elements drawn from their distributions, not yet painted."""

import dataclasses
import random
from collections.abc import Mapping, Sequence

from linghang.base.digest import digest, plain
from linghang.creatives.pictures.colour import Lch
from linghang.creatives.pictures.design import Design, design
from linghang.creatives.pictures.elements.model import Element, Paint, kind
from linghang.creatives.pictures.model import DesignSpec
from linghang.creatives.pictures.palette import GOLDS, ramp
from linghang.creatives.ratings.model import Candidate, Value

_LEFT_OUT = frozenset({"seed", "mark"})


def picture_pool(specs: Sequence[DesignSpec], count: int, *, seed: int) -> tuple[Candidate, ...]:
    """``count`` pictures that the engine could make of some specs, each of another seed; nothing is painted."""
    stream = random.Random(f"{seed}|pictures")
    return tuple(
        picture_candidate(dataclasses.replace(specs[place % len(specs)], seed=stream.getrandbits(31)))
        for place in range(count)
    )


def picture_candidate(spec: DesignSpec) -> Candidate:
    """A spec as a candidate: what its seed drew is what a model learns from."""
    told: dict[str, Value] = {
        "mood": spec.mood,
        "product": spec.product,
        "slot": spec.frame.id,
        "aspect": round(spec.frame.width / spec.frame.height, 3),
        "title_chars": sum(len(line) for line in spec.words.title),
        "festival": spec.festival,
        **_drawn(design(spec)),
    }
    recipe = plain(spec)
    return Candidate(f"can_{digest(recipe)[:20]}", "picture", told, recipe)


def _drawn(made: Design) -> Mapping[str, Value]:
    """The drawn parameters of a design: its plain fields, the first of a list, the palette's hue and lightness."""
    told: dict[str, Value] = {}
    for field in dataclasses.fields(made):
        value = getattr(made, field.name)
        if field.name in _LEFT_OUT:
            continue
        if isinstance(value, str | int | float | bool):
            told[field.name] = value
        elif isinstance(value, tuple) and value and isinstance(value[0], str):
            told[field.name] = value[0]
    return told | {"hue": made.palette.hue, "light": made.palette.light}


def element_pool(name: str, count: int, *, px: int = 360, seed: int) -> tuple[Candidate, ...]:
    """``count`` elements of a kind, drawn wider than the engine would by itself: what is good has to be found out.

    Turned freely (透视), of any metal or hue and chroma (配色, 色相, 饱和度), shaped over the whole range (造型), with
    larger or smaller characters (字符).
    """
    stream = random.Random(f"{seed}|{name}")
    return tuple(_element(name, px, stream) for _ in range(count))


def _element(name: str, px: int, stream: random.Random) -> Candidate:
    found = kind(name)
    yaw, pitch, roll = stream.uniform(-75, 75), stream.uniform(-25, 65), stream.uniform(-35, 35)
    metal = stream.choice(list(GOLDS))
    hue, chroma, light = stream.uniform(0, 360), stream.uniform(0.02, 0.27), stream.uniform(0.3, 0.8)
    body = Lch(light, chroma, hue)
    shape = {key: round(stream.uniform(low, high), 4) for key, (low, _, high) in found.constants.items()}
    glyph = stream.choice([found.glyph, found.glyph, "", "¥", "福"]) if found.glyph else ""
    paints: dict[str, Paint] = {
        "body": ramp(body), "body2": ramp(body.shift(light=0.06, chroma=0.9)), "packet": ramp(body),
        "packet2": ramp(body.shift(light=0.06, chroma=0.9)), "red": ramp(body), "rising": ramp(body),
        "rising2": ramp(body.shift(light=0.08, chroma=0.85)), "skin": ramp(body), "metal": GOLDS[metal],
        "metal_cloth": GOLDS[metal], "accent": ("#D9DEE8", "#FFFFFF", "#FFFFFF"),
        "dark": ("#171B28", "#343B50", "#6A738C"), "pale": ("#AFC0DE", "#F0F5FF", "#FFFFFF"),
        "cream": ("#E3B981", "#FFF0D8", "#FFFFFF"), "pearl": ("#D8C9B0", "#FFF8EA", "#FFFFFF"),
        "screen": ("#1B2F8F", "#3B6BFF", "#A9D0FF"), "orange": ("#C24A06", "#FF8A22", "#FFD08A"),
        "sky": ramp(Lch(0.62, 0.18, 255)),
    }  # fmt: skip
    element = Element(name, px, (round(yaw, 1), round(pitch, 1), round(roll, 1)), paints, glyph, shape)
    told: dict[str, Value] = {
        "kind": name, "yaw": round(yaw, 1), "pitch": round(pitch, 1), "roll": round(roll, 1), "metal": metal,
        "body_hue": round(hue, 1), "chroma": round(chroma, 4), "lightness": round(light, 4),
        "character": glyph or "none",
        **{key.lower(): value for key, value in shape.items()},
    }  # fmt: skip
    recipe = plain(element)
    return Candidate(f"can_{digest(recipe)[:20]}", "element", told, recipe)


def element_of(recipe: Mapping[str, object]) -> Element:
    """The element that a candidate's recipe tells."""
    told = dict(recipe)
    pose, paints, shape = told["pose"], told["paints"], told["shape"]
    if not (isinstance(pose, list | tuple) and isinstance(paints, Mapping) and isinstance(shape, Mapping)):
        raise TypeError("a recipe of an element has pose, paints and shape")
    return Element(
        kind=str(told["kind"]),
        px=int(str(told["px"])),
        pose=(float(pose[0]), float(pose[1]), float(pose[2])),
        paints={str(name): (str(one[0]), str(one[1]), str(one[2])) for name, one in paints.items()},
        glyph=str(told["glyph"]),
        shape={str(name): float(str(value)) for name, value in shape.items()},
    )
