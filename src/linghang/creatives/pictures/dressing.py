"""Dress a finished picture with what an image model or a person made: its plate or its hero, words left free.

The parametric picture is made first and has passed the gates; the model only replaces layers under the text. What it
sends is checked before it is used and the whole is gated again; after ``tries`` the parametric layer stays.
"""

import base64
import dataclasses
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from linghang.base.errors import RefusedError, UnavailableError
from linghang.base.findings import Finding, Severity
from linghang.base.records import LayerRecord
from linghang.creatives.pictures import conventions, plates
from linghang.creatives.pictures.colour import parse
from linghang.creatives.pictures.composing import compose, marked
from linghang.creatives.pictures.elements.model import kind
from linghang.creatives.pictures.encode import MIMES, straight, within
from linghang.creatives.pictures.gates import Reader, check
from linghang.creatives.pictures.layouts.scenery import KINDS as SCENERY
from linghang.creatives.pictures.model import Choice, DesignSpec, Picture
from linghang.creatives.pictures.painting.canvas import paint_plate, paint_texts, pixels
from linghang.creatives.pictures.painting.values import number, numbers, part, text
from linghang.ports.images import ImageMaker, Wish

Part = Literal["plate", "element"]
Finder = Callable[[NDArray[np.uint8]], Sequence[str]]
"""Reads whatever text stands in RGB pixels: a model's picture must hold none."""
Judge = Callable[[NDArray[np.uint8]], float]
"""How likely (0–1) RGB pixels show what no bank may show: such a picture is refused whoever asked for it."""
_UNSAFE = 0.5
_NOT_HEROES = ("coin", "podium", "cloud", "streamer", "lantern")
_LEAST_SIDE, _MOST_AREA = 200, 20_000_000


def dress(
    spec: DesignSpec,
    maker: ImageMaker | Mapping[Part, ImageMaker],
    *,
    cache: Path,
    parts: Sequence[Part] = ("plate",),
    modelled: bool = True,
    tries: int = 3,
    timeout: float = 120.0,
    reader: Reader | None = None,
    finder: Finder | None = None,
    judge: Judge | None = None,
) -> Picture:
    """A picture whose ``parts`` come from an image model, under the same gates as any other; with several makers each
    makes its part. Pictures that people brought are not ``modelled``: the mark of machine-made ones stays small.

    Each failing try is told as an S4 finding with its reason; a part that fails ``tries`` times stays as the engine
    made it, which is told too. Raises what ``compose`` raises, never what the model does.
    """
    plain = compose(spec, cache=cache, reader=reader)
    makers = maker if isinstance(maker, Mapping) else dict.fromkeys(parts, maker)
    told = dataclasses.replace(spec, choices={**spec.choices, "model_made": True}) if modelled else spec
    picture = compose(told, cache=cache, reader=reader) if modelled else plain
    findings = list(picture.findings)
    used = 0
    for part_ in sorted(makers):  # the element first: a plate with a subject of its own makes room for it
        dressed, said = _part(picture, told, makers[part_], part_, cache, tries, timeout, reader, finder, judge)
        findings += said
        if dressed is not None:
            picture, used = dressed, used + 1
    if not used:
        return dataclasses.replace(plain, findings=(*plain.findings, *[f for f in findings if f not in plain.findings]))
    return dataclasses.replace(picture, findings=tuple(findings))


def _part(
    picture: Picture, spec: DesignSpec, maker: ImageMaker, name: Part, cache: Path, tries: int, timeout: float,
    reader: Reader | None, finder: Finder | None, judge: Judge | None,
) -> tuple[Picture | None, list[Finding]]:  # fmt: skip
    said: list[Finding] = []
    for attempt in range(max(1, tries)):
        wish = _WISHES[name](picture.record, spec, maker, cache, spec.seed + attempt * 7919)
        if wish is None:
            return None, said
        try:
            image = sound(maker.make(wish, timeout=timeout).data)
        except UnavailableError as error:
            said.append(_told(error.code, name, attempt, str(error.params.get("reason") or error.params.get("server"))))
            if error.code in ("images.unreachable", "images.timeout"):
                break  # asking again would only make people wait again
            continue
        except RefusedError as error:
            said.append(_told(error.code, name, attempt, str(error.params.get("to") or maker.name)))
            continue
        if finder is not None and (
            strays := [word for word in finder(np.asarray(image.convert("RGB"))) if word.strip()]
        ):
            said.append(_told("pictures.stray_text", name, attempt, " ".join(strays)[:60]))
            continue
        if judge is not None and (share := judge(np.asarray(image.convert("RGB")))) >= _UNSAFE:
            said.append(_told("pictures.unsafe_image", name, attempt, f"{share:.2f}"))
            continue
        try:
            dressed = _gated(*_LAYERS[name](picture.record, spec, image, cache), cache, reader)
        except UnavailableError as error:
            said.append(_told(error.code, name, attempt, str(error.params.get("reason"))))
            continue
        wrong = [f for f in dressed.findings if f.severity in (Severity.S1, Severity.S2)]
        if not wrong:
            return dataclasses.replace(dressed, attempts=picture.attempts + attempt + 1), said
        said += [_told(finding.code, name, attempt, finding.about) for finding in wrong]
    params: dict[str, str | int | float | bool | None] = {"part": name, "server": maker.name}
    return None, [*said, Finding("pictures.model_unused", Severity.S3, about=name, params=params)]


def _told(code: str, name: str, attempt: int, reason: str) -> Finding:
    params: dict[str, str | int | float | bool | None] = {
        "code": code,
        "about": name,
        "try": attempt + 1,
        "reason": reason,
    }
    return Finding("pictures.retried", Severity.S4, about=name, params=params)


def sound(data: bytes) -> Image.Image:
    """The image of a file that a model sent. Raises UnavailableError("images.bad_answer") for what is no usable
    picture: another format, a bomb, a stamp-sized or a blank one (models answer black for what they refuse)."""
    try:
        image = Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP"))
        if image.width * image.height > _MOST_AREA or min(image.size) < _LEAST_SIDE:
            raise UnavailableError("images.bad_answer", server="", reason=f"{image.width}x{image.height}")
        image.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise UnavailableError("images.bad_answer", server="", reason="no picture") from error
    grey = np.asarray(image.convert("RGB").convert("L").resize((64, 64)), np.float32)
    if float(grey.std()) < 3.0:
        raise UnavailableError("images.bad_answer", server="", reason="blank")
    return image.convert("RGBA")


def _gated(record: LayerRecord, spec: DesignSpec, cache: Path, reader: Reader | None) -> Picture:
    plate = paint_plate(record.layers, record.width, record.height, cache=cache)
    under = pixels(plate)
    finished = pixels(paint_texts(record.layers, plate))
    data, how = within(
        finished, spec.frame.max_bytes, transparent=spec.frame.transparent, note=marked(spec), form=spec.frame.form
    )
    encoding = {"form": how.form, "quality": how.quality, "method": how.method, "note": marked(spec)}
    record = dataclasses.replace(record, encoding=encoding)
    found = check(record, under, size=len(data), finished=finished, reader=reader)
    return Picture(data, MIMES[how.form], record.width, record.height, record, found, 1)


# --- the plate ------------------------------------------------------------------------------------------------------


def _plate_wish(record: LayerRecord, spec: DesignSpec, maker: ImageMaker, cache: Path, seed: int) -> Wish | None:
    ground = next((layer for layer in record.layers if text(layer, "kind") == "ground"), None)
    if ground is None:
        return None
    words = conventions.read("wishes")
    tone = text(part(ground, "tones"), "base")
    prompt = str(words["plate"]).format(mood=words["moods"][spec.mood], colour=f"{_named(tone)} ({tone})")
    base = mask = b""
    if maker.ability.masks:
        own = [layer for layer in record.layers if text(layer, "kind") in ("ground", *SCENERY)]
        base = _png(straight(pixels(paint_plate(own, record.width, record.height, cache=cache))))
        mask = _png(_mask(record))
    return Wish(prompt, str(words["avoid"]), record.width, record.height, seed, base, mask)


def _mask(record: LayerRecord) -> NDArray[np.uint8]:
    """White where the model may paint: not under words. Its edges are soft, so that what it adds has no seam."""
    open_ = Image.new("L", (record.width, record.height), 255)
    pen = ImageDraw.Draw(open_)
    for zone in plates.zones_of(record):
        pen.rounded_rectangle(zone.listed(), radius=zone.height * 0.4, fill=0)
    soft = open_.filter(ImageFilter.GaussianBlur(min(record.width, record.height) * 0.025))
    return np.minimum(np.asarray(soft), np.asarray(open_))


def _plate_layers(
    record: LayerRecord, spec: DesignSpec, image: Image.Image, cache: Path
) -> tuple[LayerRecord, DesignSpec]:
    """The picture composed anew over the plate. Over a photograph titles are plain: it is rich enough."""
    image = image.convert("RGB")
    fitted = plates.cover(image, record.width, record.height, plates.zones_of(record))
    shown = any(text(layer, "role") == "element" for layer in record.layers)
    subject = plates.has_subject(fitted, record) and not shown
    if subject:
        ways = [_plain(spec), *([_plain(spec, turned=True)] if record.width > record.height * 1.62 else [])]
        made = [(way, compose(way, cache=cache).record) for way in ways]
        spec, record = min(made, key=lambda one: plates.crowded(image, one[1]))
        fitted = plates.cover(image, record.width, record.height, plates.zones_of(record))
    box = [0, 0, record.width, record.height]
    layer = {"kind": "picture", "role": "plate", "box": box, "data": _stored(fitted), **_source(spec)}
    return plates.over(record, layer, subject=subject, cache=cache), spec


# --- one element ----------------------------------------------------------------------------------------------------


def _hero(record: LayerRecord) -> Mapping[str, object] | None:
    sprites = [
        layer
        for layer in record.layers
        if text(layer, "kind") == "sprite" and text(part(layer, "element"), "kind") not in _NOT_HEROES
    ]
    return max(sprites, key=lambda layer: number(layer, "side"), default=None)


def _plain(spec: DesignSpec, *, turned: bool = False) -> DesignSpec:
    """The spec with what a photograph wants: plain letters, no coins; ``turned`` has the words at the right."""
    usual: dict[str, Choice] = {"title_style": "clean", "coins": 0.0, "composition": 0.4 if turned else 0.1}
    return dataclasses.replace(spec, choices={**usual, **spec.choices})


def _element_wish(record: LayerRecord, spec: DesignSpec, maker: ImageMaker, _cache: Path, seed: int) -> Wish | None:
    hero = _hero(record)
    if hero is None:
        return None
    words = conventions.read("wishes")
    name = text(part(hero, "element"), "kind")
    clear = maker.ability.transparent
    prompt = str(words["element"]).format(
        object=words["objects"].get(name, name), ground="transparent" if clear else "white"
    )
    return Wish(prompt, str(words["avoid"]), 1024, 1024, seed, transparent=clear)


def _element_layers(
    record: LayerRecord, spec: DesignSpec, image: Image.Image, _cache: Path
) -> tuple[LayerRecord, DesignSpec]:
    hero = _hero(record)
    if hero is None:
        return record, spec
    cut = _trimmed(_cut_out(image))
    x, y = numbers(hero, "at")
    side, foot = number(hero, "side"), kind(text(part(hero, "element"), "kind")).foot
    scale = min(side * 0.92 / cut.width, side * 0.86 / cut.height)
    wide, high = cut.width * scale, cut.height * scale
    base = y + (foot - 0.5) * side  # it stands where the hero stood
    box = [x - wide / 2, base - high, x + wide / 2, base]
    layer = {"kind": "picture", "role": "element", "box": box, "data": _stored(cut), **_source(spec)}
    layers = tuple(layer if own is hero else own for own in record.layers)
    return dataclasses.replace(record, layers=layers), spec


def _cut_out(image: Image.Image) -> Image.Image:
    """The object on nothing: by the model's own alpha, else by its even ground. Raises UnavailableError where neither
    is there: a square patch in the picture would look like a fault."""
    small = image.copy()
    small.thumbnail((768, 768), Image.Resampling.LANCZOS)
    values = np.asarray(small).astype(np.int16)
    if (values[..., 3] < 16).mean() > 0.05:
        return small
    edge = np.concatenate([values[0], values[-1], values[:, 0], values[:, -1]])[:, :3]
    ground = np.median(edge, axis=0)
    if float(np.abs(edge - ground).max(axis=1).mean()) > 12:
        raise UnavailableError("images.bad_answer", server="", reason="the element has no even ground")
    far = np.abs(values[..., :3] - ground).max(axis=2)
    alpha = np.clip((far - 8) * 10, 0, 255).astype(np.uint8)
    outside = _flooded(alpha < 128)
    result = np.dstack(
        [values[..., :3].astype(np.uint8), np.where(outside, np.minimum(alpha, 127), 255).astype(np.uint8)]
    )
    result[..., 3] = np.where(outside & (alpha < 40), 0, result[..., 3])
    if not 0.04 < float((result[..., 3] > 127).mean()) < 0.9:
        raise UnavailableError("images.bad_answer", server="", reason="the element cannot be cut out")
    return Image.fromarray(result, "RGBA")


def _trimmed(image: Image.Image) -> Image.Image:
    """Without the empty margin around the object."""
    rows, columns = np.nonzero(np.asarray(image.getchannel("A")) > 24)
    if not rows.size:
        return image
    return image.crop((int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1))


def _source(spec: DesignSpec) -> dict[str, str]:
    """Whose pixels a layer holds: a model's need the larger mark of machine-made pictures."""
    return {"source": "model" if spec.choices.get("model_made") else "library"}


def _flooded(open_: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """What of ``open_`` is reached from the border: white inside the object is not its ground."""
    reached = np.zeros_like(open_)
    reached[0], reached[-1], reached[:, 0], reached[:, -1] = open_[0], open_[-1], open_[:, 0], open_[:, -1]
    while True:
        grown = reached.copy()
        for _ in range(24):
            wider = grown.copy()
            wider[1:] |= grown[:-1]
            wider[:-1] |= grown[1:]
            wider[:, 1:] |= grown[:, :-1]
            wider[:, :-1] |= grown[:, 1:]
            grown = wider & open_
        if bool((grown == reached).all()):
            return reached
        reached = grown


# --- files ----------------------------------------------------------------------------------------------------------


def _stored(image: Image.Image) -> str:
    """The pixels as they are kept inside the record, so that it needs nobody else to be painted again."""
    stream = io.BytesIO()
    image.save(stream, "WEBP", quality=90, method=2)
    return base64.b64encode(stream.getvalue()).decode()


def _png(values: NDArray[np.uint8]) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(values)).save(stream, "PNG")
    return stream.getvalue()


def _named(tone: str) -> str:
    value = parse(tone)
    if value.chroma < 0.04:
        return "black" if value.lightness < 0.35 else "white"
    names = ((20, "crimson"), (45, "red"), (75, "orange"), (105, "gold"), (150, "green"), (195, "jade"), (235, "cyan"),
             (272, "blue"), (310, "violet"), (345, "magenta"), (361, "crimson"))  # fmt: skip
    return next(name for end, name in names if value.hue < end)


_WISHES = {"plate": _plate_wish, "element": _element_wish}
_LAYERS = {"plate": _plate_layers, "element": _element_layers}
