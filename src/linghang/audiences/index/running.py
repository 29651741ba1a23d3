"""Plans at work: block by block in numpy for small institutions, by the compiled loops for large ones."""

import importlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from linghang.audiences.index import bits, nodes, roaring
from linghang.audiences.index.bits import Numbers, Words
from linghang.audiences.index.nodes import Bits, Node
from linghang.audiences.index.tail import Segment

COMPILED_FROM = 1 << 16
"""Words (four million customers) from which the compiled loops are used: below, numpy answers in a millisecond."""


def count(node: Node, words: int) -> int:
    """How many customers a plan holds."""
    if words < COMPILED_FROM:
        return nodes.count(node, words)
    return _compiled().compile_plan(node, words).count()


def bitset(node: Node, words: int) -> Words:
    """All words of a plan."""
    if isinstance(node, Bits):
        return node.words
    if words < COMPILED_FROM:
        return nodes.packed_words(node, words)
    return _compiled().compile_plan(node, words).store()[0]


def numbers(node: Node, words: int) -> Numbers:
    """The customers of a plan, ascending."""
    if words < COMPILED_FROM:
        return nodes.numbers(node, words)
    found, size = _compiled().compile_plan(node, words).store()
    return _compiled().numbers_of(found, size)


def numbers_of(words: Words) -> Numbers:
    """The customers of a bitset, ascending."""
    if len(words) < COMPILED_FROM:
        return bits.numbers_of(words)
    return _compiled().numbers_of(words, bits.count(words))


def shared_with(words: Words, others: Sequence[Words]) -> list[int]:
    """How many customers a bitset shares with each of the others."""
    if len(words) < COMPILED_FROM:
        return [bits.count_both(words, other) for other in others]
    return _compiled().shared_with(words, others)


def shared_pairs(plans: Sequence[Node], words: int) -> npt.NDArray[np.int64]:
    """The matrix of how many customers every two plans share; the diagonal holds their sizes."""
    if not plans:
        return np.zeros((0, 0), np.int64)
    if words >= COMPILED_FROM:
        return _compiled().shared_pairs(plans, words)
    sets = [bitset(plan, words) for plan in plans]
    matrix = np.zeros((len(sets), len(sets)), np.int64)
    for row, one in enumerate(sets):
        for column in range(row + 1):
            matrix[row, column] = matrix[column, row] = bits.count_both(one, sets[column])
    return matrix


def as_roaring(words: Words) -> npt.NDArray[np.uint8]:
    """A bitset as the bytes of a portable roaring bitmap."""
    if len(words) < COMPILED_FROM:
        return np.frombuffer(roaring.encode(words), np.uint8)
    return _compiled().as_roaring(words)


def roaring_of(node: Node, words: int) -> list[npt.NDArray[np.uint8]]:
    """A plan as a portable roaring bitmap, in parts that follow one another in a file."""
    if words < COMPILED_FROM:
        return [as_roaring(bitset(node, words))]
    return _compiled().compile_plan(node, words).roaring()


def scan(
    segment: Segment,
    wanted: npt.NDArray[np.bool_],
    days: tuple[int, int],
    measure: int,
    spans: Sequence[tuple[int, int]],
    words: int,
    *,
    inverse: bool,
) -> Words:
    """The customers of many events that measure within the spans (``program.scan_events``)."""
    found: Words = _compiled().scan_events(segment, wanted, days, measure, spans, words, inverse=inverse)
    return found


def warm() -> None:
    """Compile the loops if they have not been compiled on this machine."""
    _compiled().warm()


def _compiled() -> Any:
    # ``program``: the compiler takes half a second to import, and most institutions never need it.
    return importlib.import_module("linghang.audiences.index.program")
