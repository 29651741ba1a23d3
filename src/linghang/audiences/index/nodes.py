"""The plan of a rule over an index: leaves that give words of a block, and how they are combined.

Blocks are evaluated one after another and a conjunction stops at the first empty one, so that most of a narrow rule
touches little more than its first bitset.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from linghang.audiences.index.bits import Numbers, Words, numbers_of, packed
from linghang.audiences.index.roaring import Roaring
from linghang.experiments.assignment import hashes

BLOCK_WORDS = 1 << 14
"""A block is 1,048,576 customers: its bitset is 128 KiB, so that operands and result stay in the cache."""


class Node(Protocol):
    """Something that can say, for a block of customers, who satisfies it."""

    @property
    def cost(self) -> float:
        """About how many bits a customer are read."""
        ...

    def block(self, start: int, stop: int) -> Words:
        """The words from ``start`` to ``stop``. The caller may change what it gets only if it is not a ``Bits``'s."""
        ...


@dataclass(frozen=True)
class Bits:
    """A bitset that is already there."""

    words: Words
    cost: float = 1.0

    def block(self, start: int, stop: int) -> Words:
        """Its own words."""
        return self.words[start:stop]


@dataclass(frozen=True, eq=False)
class Sparse:
    """A bitset of few, as a portable roaring bitmap."""

    bitmap: Roaring

    @property
    def cost(self) -> float:
        """About its own bits, and some for putting them in their place."""
        return 0.5

    def block(self, start: int, stop: int) -> Words:
        """The containers from ``start``, which begins one."""
        return self.bitmap.words(start, stop)


@dataclass(frozen=True)
class Constant:
    """Everyone or nobody."""

    full: bool
    cost: float = 0.0

    def block(self, start: int, stop: int) -> Words:
        """Ones or zeros."""
        return np.full(stop - start, np.uint64(0xFFFFFFFFFFFFFFFF) if self.full else np.uint64(0))


@dataclass(frozen=True)
class Range:
    """Numbers of a narrow column in any of the closed or open intervals; the column is padded to whole words."""

    column: npt.NDArray[Any]
    spans: tuple[tuple[float | int | None, float | int | None, bool, bool], ...]

    @property
    def cost(self) -> float:
        """The column's width."""
        return 8.0 * self.column.dtype.itemsize

    def block(self, start: int, stop: int) -> Words:
        """Compare, and pack."""
        values = self.column[start * 64 : stop * 64]
        flags = np.zeros(len(values), np.bool_)
        for low, high, low_open, high_open in self.spans:
            inside = np.ones(len(values), np.bool_)
            if low is not None:
                inside &= (values > low) if low_open else (values >= low)
            if high is not None:
                inside &= (values < high) if high_open else (values <= high)
            flags |= inside
        return packed(flags)


@dataclass(frozen=True)
class Codes:
    """Coded values of a column, those for which ``wanted`` holds."""

    column: npt.NDArray[Any]
    wanted: npt.NDArray[np.bool_]

    @property
    def cost(self) -> float:
        """The column's width, and a look-up."""
        return 16.0 * self.column.dtype.itemsize

    def block(self, start: int, stop: int) -> Words:
        """Look up, and pack."""
        return packed(self.wanted[self.column[start * 64 : stop * 64]])


@dataclass(frozen=True)
class Hashed:
    """A sample: customers whose 53-bit hash by a salt's keys (``experiments.uniforms``) is from ``low`` to ``high``."""

    keys: tuple[int, int]
    low: int
    high: int

    @property
    def cost(self) -> float:
        """A hash a customer."""
        return 64.0

    def block(self, start: int, stop: int) -> Words:
        """Hash, compare, and pack."""
        bits = hashes(np.arange(start * 64, stop * 64, dtype=np.uint64), self.keys)
        return packed((bits >= np.uint64(self.low)) & (bits < np.uint64(self.high)))


@dataclass(frozen=True)
class Intersection:
    """Those in every part."""

    parts: tuple[Node, ...]

    @property
    def cost(self) -> float:
        """The sum of the parts'."""
        return sum(part.cost for part in self.parts)

    def block(self, start: int, stop: int) -> Words:
        """The parts' intersection; empty as soon as one is."""
        result = self.parts[0].block(start, stop)
        for place, part in enumerate(self.parts[1:]):
            if not result.any():
                return result
            other = part.block(start, stop)
            result = result & other if place == 0 else np.bitwise_and(result, other, out=result)
        return result


@dataclass(frozen=True)
class Union:
    """Those in at least one part."""

    parts: tuple[Node, ...]

    @property
    def cost(self) -> float:
        """The sum of the parts'."""
        return sum(part.cost for part in self.parts)

    def block(self, start: int, stop: int) -> Words:
        """The parts' union."""
        result = self.parts[0].block(start, stop)
        for place, part in enumerate(self.parts[1:]):
            other = part.block(start, stop)
            result = result | other if place == 0 else np.bitwise_or(result, other, out=result)
        return result


@dataclass(frozen=True)
class Complement:
    """Those not in a part (of all numbers; whoever counts takes the base)."""

    part: Node

    @property
    def cost(self) -> float:
        """The part's."""
        return self.part.cost

    def block(self, start: int, stop: int) -> Words:
        """The complement."""
        return ~self.part.block(start, stop)


def all_of(parts: Sequence[Node]) -> Node:
    """The conjunction, cheap parts first; of none, everyone."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, Intersection) else (part,))]
    kept = [part for part in flat if not (isinstance(part, Constant) and part.full)]
    if any(isinstance(part, Constant) for part in kept):
        return Constant(False)
    if not kept:
        return Constant(True)
    return kept[0] if len(kept) == 1 else Intersection(tuple(sorted(kept, key=lambda part: part.cost)))


def any_of(parts: Sequence[Node]) -> Node:
    """The disjunction; of none, nobody."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, Union) else (part,))]
    kept = [part for part in flat if not (isinstance(part, Constant) and not part.full)]
    if any(isinstance(part, Constant) for part in kept):
        return Constant(True)
    if not kept:
        return Constant(False)
    return kept[0] if len(kept) == 1 else Union(tuple(kept))


def inverse(part: Node) -> Node:
    """The complement."""
    if isinstance(part, Constant):
        return Constant(not part.full)
    return part.part if isinstance(part, Complement) else Complement(part)


def blocks(words: int) -> Iterator[tuple[int, int]]:
    """(start, stop) of the blocks of a bitset."""
    for start in range(0, words, BLOCK_WORDS):
        yield start, min(start + BLOCK_WORDS, words)


def packed_words(node: Node, words: int) -> Words:
    """All words of a node, block by block."""
    result = np.empty(words, np.uint64)
    for start, stop in blocks(words):
        result[start:stop] = node.block(start, stop)
    return result


def count(node: Node, words: int) -> int:
    """How many customers a node holds."""
    return sum(int(np.bitwise_count(node.block(*block)).sum(dtype=np.int64)) for block in blocks(words))


def numbers(node: Node, words: int) -> Numbers:
    """The customers of a node, ascending."""
    parts: list[Numbers] = []
    for start, stop in blocks(words):
        found = numbers_of(node.block(start, stop))
        if len(found):
            parts.append(found + np.uint32(start * 64))
    return np.concatenate(parts) if parts else np.zeros(0, np.uint32)
