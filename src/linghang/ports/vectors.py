"""What we ask of sentence encoders and of stores of vectors: nearest by inner product of unit vectors."""

from collections.abc import Collection, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]


class Encoder(Protocol):
    """Makes a unit vector of a text. ``name`` changes whenever equal texts would get other vectors."""

    name: str

    @property
    def dimensions(self) -> int:
        """Numbers of a vector. Raises UnavailableError where they must be asked for."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row a text, of length 1 (or 0 for a text that says nothing). Raises UnavailableError."""
        ...


class VectorIndex(Protocol):
    """Keeps vectors by id and finds the nearest."""

    def put(self, ids: Sequence[int], vectors: Vectors) -> None:
        """Add vectors; an id that is there already gets the new one."""
        ...

    def search(self, vector: Vectors, k: int, among: Collection[int] | None = None) -> list[tuple[int, float]]:
        """The ``k`` nearest ids with their inner products, best first, of ``among`` only where given."""
        ...
