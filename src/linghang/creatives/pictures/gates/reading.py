"""Read the picture back: each line cut out and recognised; figures must match exactly, words nearly."""

import re
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from linghang.base.findings import Finding, Severity
from linghang.creatives.pictures.gates.facts import TextFact

_ALIKE = str.maketrans("・•●‧∙—–－０１２３４５６７８９％（）：，；！？＋￥", "·····---0123456789%():,;!?+¥")
_ROLES = ("subtitle", "button", "legal", "title", "figure", "label")
_DIGITS = re.compile(r"[0-9]+(?:[.,][0-9]+)*")


class Reader(Protocol):
    """What we ask of a reader of text lines: RGB pixels of one line in, its text and confidence (0–1) out."""

    def __call__(self, line: NDArray[np.uint8], /) -> tuple[str, float]:
        """The text of one line."""
        ...


def same(one: str, other: str) -> float:
    """Likeness of two texts (1 = equal) after width, dots and spaces are made alike: 1 − edit distance / length."""
    a, b = plain_text(one), plain_text(other)
    if a == b:
        return 1.0
    return 1.0 - _distance(a, b) / max(len(a), len(b), 1)


def plain_text(text: str) -> str:
    """The text without spaces, with full-width and look-alike signs made plain."""
    return re.sub(r"\s+", "", text.translate(_ALIKE)).lower()


def crop(pixels: NDArray[np.uint8], fact: TextFact) -> NDArray[np.uint8]:
    """The line's pixels with a margin, RGB, over white where the picture is transparent."""
    height, width = pixels.shape[:2]
    margin = fact.size * (0.06 if fact.role in ("figure", "unit") else 0.28)  # a figure's unit stands close by
    box = fact.reach.grown(margin)
    left, top = max(0, int(box.left)), max(0, int(box.top))
    right, bottom = min(width, int(box.right) + 1), min(height, int(box.bottom) + 1)
    cut = pixels[top:bottom, left:right].astype(np.uint16)
    alpha = cut[..., 3:4]
    return (cut[..., :3] + 255 - alpha).clip(0, 255).astype(np.uint8)


def read_back(pixels: NDArray[np.uint8], facts: Sequence[TextFact], reader: Reader) -> list[Finding]:
    """Findings for lines that do not read as they were written. Titles in display faces are given more slack."""
    findings: list[Finding] = []
    for fact in facts:
        if fact.role not in _ROLES or not plain_text(fact.text):
            continue
        cut = crop(pixels, fact)
        if cut.size == 0:
            continue
        found, score = reader(cut)
        alike = same(fact.text, found)
        figures = _DIGITS.findall(plain_text(fact.text)) == _DIGITS.findall(plain_text(found))
        least = 0.5 if fact.role == "title" else 0.7 if len(fact.text) < 5 else 0.85
        if alike < least or (not figures and fact.role in ("subtitle", "legal", "figure")):
            params: dict[str, str | int | float | bool | None] = {"text": fact.text, "read": found, "role": fact.role}
            evidence = {"likeness": round(alike, 3), "score": round(float(score), 3)}
            findings.append(
                Finding("pictures.not_readable", Severity.S2, about=fact.role, params=params, evidence=evidence)
            )
    return findings


def _distance(a: str, b: str) -> int:
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]
