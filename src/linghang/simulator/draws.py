"""Random numbers by name: the same seed, block and topic give the same draws, whatever else is drawn."""

import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def generator(seed: int, block: int, topic: str) -> np.random.Generator:
    """A stream of its own for a topic of a block of customers."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, block, zlib.crc32(topic.encode())])))


def correlated(stream: np.random.Generator, count: int, lower: Sequence[Sequence[float]]) -> Floats:
    """``count`` rows of standard normals with the correlation matrix whose lower triangle is given (Cholesky)."""
    size = len(lower)
    matrix = np.eye(size)
    for i, row in enumerate(lower):
        matrix[i, : i + 1] = row
        matrix[: i + 1, i] = row
    return stream.standard_normal((count, size)) @ np.linalg.cholesky(matrix).T


def share_of(normals: Floats) -> Floats:
    """Standard normals as shares (0–1) of the customers below."""
    return ndtr(normals)


def logistic(log_odds: Floats) -> Floats:
    """The probability of log-odds."""
    return 1.0 / (1.0 + np.exp(-log_odds))


def happens(stream: np.random.Generator, probability: Floats | float, count: int) -> Flags:
    """One draw a customer."""
    return stream.random(count) < probability


def pick(stream: np.random.Generator, weights: Sequence[float] | Floats, count: int) -> Ints:
    """Places by their weights."""
    edges = np.cumsum(np.asarray(weights, np.float64))
    return np.searchsorted(edges / edges[-1], stream.random(count), side="right").clip(0, len(edges) - 1)


def uniform_of(seed: int, topic: str, keys: Ints) -> Floats:
    """A share in (0, 1) a key that depends on seed, topic and key alone (splitmix64), for what must be replayable."""
    with np.errstate(over="ignore"):
        salt = np.uint64(zlib.crc32(topic.encode()) + (seed << 32) & 0xFFFFFFFFFFFFFFFF)
        mixed = keys.astype(np.uint64) + salt * np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
    return ((mixed >> np.uint64(11)).astype(np.float64) + 0.5) / float(1 << 53)
