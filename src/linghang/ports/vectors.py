"""What we ask of sentence encoders: unit vectors, so that the inner product says how near two texts are."""

from collections.abc import Sequence
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
