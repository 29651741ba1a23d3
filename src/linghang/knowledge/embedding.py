"""The embedded sentence encoder: runs of one to three characters, hashed, weighted, turned to main directions.

No download and no model: the directions are those of the institution's own documents (latent semantic analysis,
Deerwester et al. 1990), so that words which stand in the same passages come near each other.
"""

import zlib
from collections.abc import Collection, Sequence

import numpy as np

from linghang.knowledge.grams import folded
from linghang.ports.vectors import Vectors

_BUCKETS = 4096
_DIRECTIONS = 160
_RARE = 1e-9
_FITTED = 1500
"""Passages that the directions are fitted on, at most."""


class PassageEncoder:
    """An encoder that is fitted on passages. Texts without anything known become zero."""

    def __init__(self, passages: Sequence[str]) -> None:
        passages = passages[:_FITTED]
        told = zlib.crc32("\x1f".join(passages).encode())
        self.name = f"chargrams-lsa-1:{told:08x}-{len(passages)}"
        counts = _hashed(passages)
        present = (counts > 0).sum(axis=0)
        self._weights = np.log((1 + len(passages)) / (1 + present)).astype(np.float32)
        matrix = _unit(np.log1p(counts) * self._weights)
        if len(passages) > 1:
            _, values, directions = np.linalg.svd(matrix, full_matrices=False)
            kept = min(_DIRECTIONS, int((values > _RARE).sum()))
            self._directions = directions[:kept].astype(np.float32)
        else:
            self._directions = np.eye(1, _BUCKETS, dtype=np.float32) if not len(passages) else matrix[:1]
        self.dimensions = len(self._directions)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a text."""
        weighted = _unit(np.log1p(_hashed(texts)) * self._weights)
        return _unit(weighted @ self._directions.T)


def _hashed(texts: Sequence[str]) -> Vectors:
    counts = np.zeros((len(texts), _BUCKETS), np.float32)
    for row, text in enumerate(texts):
        plain = "".join(char for char in folded(text) if char.isalnum())
        for size in (1, 2, 3):
            for place in range(len(plain) - size + 1):
                counts[row, zlib.crc32(plain[place : place + size].encode()) % _BUCKETS] += 1
    return counts


def _unit(rows: Vectors) -> Vectors:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.divide(rows, length, out=np.zeros_like(rows), where=length > _RARE)


class MemoryVectors:
    """Vectors in memory, compared one by one: exact, and quick up to some hundred thousand passages."""

    def __init__(self, dimensions: int) -> None:
        self._ids = np.zeros(0, np.int64)
        self._rows = np.zeros((0, dimensions), np.float32)

    def put(self, ids: Sequence[int], vectors: Vectors) -> None:
        """Add vectors; an id that is there already gets the new one."""
        stay = ~np.isin(self._ids, np.asarray(ids))
        self._ids = np.concatenate([self._ids[stay], np.asarray(ids, np.int64)])
        self._rows = np.concatenate([self._rows[stay], np.asarray(vectors, np.float32)])

    def search(self, vector: Vectors, k: int, among: Collection[int] | None = None) -> list[tuple[int, float]]:
        """The ``k`` nearest ids with their inner products, best first; equal ones by id."""
        scores = self._rows @ np.asarray(vector, np.float32).ravel()
        allowed = np.ones(len(self._ids), np.bool_) if among is None else np.isin(self._ids, list(among))
        places = np.nonzero(allowed)[0]
        order = places[np.lexsort((self._ids[places], -scores[places]))][: max(k, 0)]
        return [(int(self._ids[n]), float(scores[n])) for n in order]
