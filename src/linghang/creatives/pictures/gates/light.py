"""Measure light and colour on the text-free plate: contrast under each line, and the share of warm pixels."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linghang.creatives.pictures.colour import luminance, luminances
from linghang.creatives.pictures.gates.facts import TextFact
from linghang.creatives.pictures.type.setting import Box

_MOST = 6000
"""Pixels looked at under a line; more would not change a fifth percentile."""


@dataclass(frozen=True)
class Contrast:
    """Contrast of a line with its ground: ``low`` is the 5th percentile, ``end`` the lowest 5th percentile of
    eight parts of the line from left to right (a disclaimer often fails at its far end only)."""

    low: float
    end: float


def contrast_of(plate: NDArray[np.uint8], fact: TextFact) -> Contrast:
    """The contrast of a text with what lies under it, or with the stroke around it where it has one."""
    cut = _cut(plate, fact.ink)
    if cut.size == 0:
        return Contrast(1.0, 1.0)
    ratios = _ratios(cut, luminance(fact.colour))
    low = _fifth(ratios)
    ends = [low]
    if fact.role == "legal":
        ends = [_fifth(part) for part in np.array_split(ratios, 8, axis=1) if part.size]
    if fact.outline:
        own = _one(luminance(fact.colour), luminance(fact.outline))
        return Contrast(max(low, own), max(min(ends), own))
    return Contrast(low, min(ends))


def warm_share(plate: NDArray[np.uint8]) -> float:
    """The share of visible, coloured pixels whose hue is warm (red through yellow, and magenta-red).

    Hue is taken on the RGB hexagon; greys and near-blacks do not vote.
    """
    small = plate[::8, ::8].astype(np.int16)
    seen = small[small[..., 3] > 128]
    high, low = seen[:, :3].max(axis=1), seen[:, :3].min(axis=1)
    coloured = (high - low) > 24
    if not coloured.any():
        return 0.0
    red, green, blue = (seen[coloured][:, place] for place in range(3))
    warm = (red >= green) & (red >= blue) & ((green >= blue) | (blue - green < (red - green) * 0.75))
    return float(warm.mean())


def ground_light(plate: NDArray[np.uint8]) -> tuple[float, float]:
    """The shares of near-white and near-black pixels of the plate."""
    small = plate[::8, ::8]
    seen = small[small[..., 3] > 128]
    if seen.size == 0:
        return 0.0, 0.0
    light = luminances(seen)
    return float((light > 0.86).mean()), float((light < 0.02).mean())


def _cut(plate: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
    height, width = plate.shape[:2]
    left, top = max(0, int(box.left)), max(0, int(box.top))
    right, bottom = min(width, int(box.right) + 1), min(height, int(box.bottom) + 1)
    cut = plate[top:bottom, left:right]
    step = max(1, int((cut.shape[0] * cut.shape[1] / _MOST) ** 0.5)) if cut.size else 1
    return cut[::step, ::step]


def _ratios(cut: NDArray[np.uint8], own: float) -> NDArray[np.float32]:
    """Contrast per pixel; a transparent one shows a page that may be white or black, so the worse of both counts."""
    light = luminances(cut)
    ratios = _each(light, own)
    thin = cut[..., 3] < 250
    if thin.any():
        share = (1 - cut[..., 3].astype(np.float32) / 255).astype(np.float32)
        ratios = np.where(thin, np.minimum(_each((light + share).astype(np.float32), own), _each(light, own)), ratios)
    return ratios


def _fifth(ratios: NDArray[np.float32]) -> float:
    """The 5th percentile (lower nearest rank)."""
    place = int(0.05 * (ratios.size - 1))
    return float(np.partition(ratios.ravel(), place)[place])


def _each(light: NDArray[np.float32], own: float) -> NDArray[np.float32]:
    return ((np.maximum(light, own) + 0.05) / (np.minimum(light, own) + 0.05)).astype(np.float32)


def _one(a: float, b: float) -> float:
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)


def lowest(contrasts: Sequence[Contrast]) -> float:
    """The lowest 5th percentile of several lines; 21 when there are none."""
    return min((contrast.low for contrast in contrasts), default=21.0)
