"""A plan as a program for the compiled loops, and its run over all words by a few threads."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from linghang.audiences.index import kernels, kernels_more, roaring
from linghang.audiences.index.bits import Numbers, Words
from linghang.audiences.index.nodes import (
    Bits,
    Codes,
    Complement,
    Constant,
    Hashed,
    Intersection,
    Node,
    Range,
    Sparse,
    Union,
    packed_words,
)
from linghang.audiences.index.roaring import Roaring
from linghang.audiences.index.tail import Segment

_FULL = np.uint64(0xFFFFFFFFFFFFFFFF)
_LOWEST, _HIGHEST = np.iinfo(np.int64).min, np.iinfo(np.int64).max


@dataclass
class _Code:
    """A program as it grows. ``kept`` holds the arrays whose addresses are in it."""

    words: int
    ops: list[int] = field(default_factory=list)
    addresses: list[int] = field(default_factory=list)
    dtypes: list[int] = field(default_factory=list)
    bounds: list[tuple[int, int]] = field(default_factory=list)
    kept: list[npt.NDArray[Any]] = field(default_factory=list)
    depth: int = 0
    deepest: int = 0

    def emit(
        self, op: int, array: npt.NDArray[Any] | None = None, dtype: int = 0, bounds: tuple[int, int] = (0, 0)
    ) -> None:
        self.ops.append(op)
        self.addresses.append(0 if array is None else array.ctypes.data)
        self.dtypes.append(dtype)
        self.bounds.append(bounds)
        if array is not None:
            self.kept.append(array)
        if op in (kernels.LOAD, kernels.RANGE, kernels.SPARSE):
            self.depth += 1
            self.deepest = max(self.deepest, self.depth)
        elif op in (kernels.BOTH, kernels.EITHER):
            self.depth -= 1


def _write(node: Node, code: _Code, *, outermost: bool = False) -> None:
    """Put a node's words on top of the stack."""
    if isinstance(node, Bits):
        code.emit(kernels.LOAD, _plain(node.words))
    elif isinstance(node, Sparse):
        tables = (node.bitmap.offsets.ctypes.data, node.bitmap.sizes.ctypes.data)
        code.emit(kernels.SPARSE, node.bitmap.data, 0, tables)
        code.kept += [node.bitmap.offsets, node.bitmap.sizes]
    elif isinstance(node, Constant):
        code.emit(kernels.LOAD, np.full(code.words, _FULL if node.full else np.uint64(0)))
    elif isinstance(node, Range):
        _write_range(node, code)
    elif isinstance(node, Complement):
        _write(node.part, code)
        code.emit(kernels.INVERT)
    elif isinstance(node, Intersection | Union):
        _write_parts(node, code, outermost)
    elif isinstance(node, Codes):
        code.emit(kernels.LOAD, packed_words(node, code.words))
    elif isinstance(node, Hashed):
        code.emit(kernels.LOAD, sampled(node, code.words))
    else:
        raise TypeError(f"no program for {type(node).__name__}")


def _write_parts(node: Intersection | Union, code: _Code, outermost: bool) -> None:
    both = isinstance(node, Intersection)
    for place, part in enumerate(node.parts):
        if not place:
            _write(part, code)
            if both and outermost and isinstance(part, Sparse):
                # Most blocks hold none of few: nothing else is read there.
                code.emit(kernels.LEAVE_IF_EMPTY)
        elif isinstance(part, Bits):
            code.emit(kernels.AND if both else kernels.OR, _plain(part.words))
        elif isinstance(part, Complement) and isinstance(part.part, Bits):
            code.emit(kernels.AND_NOT if both else kernels.OR_NOT, _plain(part.part.words))
        else:
            if both and outermost:
                # What follows is dear: where nobody is left in the block, it is spared.
                code.emit(kernels.LEAVE_IF_EMPTY)
            _write(part, code)
            code.emit(kernels.BOTH if both else kernels.EITHER)


def _write_range(node: Range, code: _Code) -> None:
    dtype = kernels.DTYPES.index(node.column.dtype.str)
    for place, (low, high, low_open, high_open) in enumerate(node.spans):
        code.emit(kernels.RANGE, _plain(node.column), dtype, _ends(node.column.dtype, low, high, low_open, high_open))
        if place:
            code.emit(kernels.EITHER)


def _ends(
    dtype: np.dtype[Any], low: float | int | None, high: float | int | None, low_open: bool, high_open: bool
) -> tuple[int, int]:
    """Closed bounds: the type's own ends where there are none; of floats the next number inside, as bits."""
    if dtype.kind != "f":
        info = np.iinfo(dtype)
        return int(info.min if low is None else low), int(info.max if high is None else high)
    first = -np.inf if low is None else np.nextafter(low, np.inf) if low_open else low
    last = np.inf if high is None else np.nextafter(high, -np.inf) if high_open else high
    return tuple(int(np.float64(end).view(np.int64)) for end in (first, last))  # type: ignore[return-value]


def _plain(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return array if array.flags.c_contiguous else np.ascontiguousarray(array)


@dataclass(frozen=True)
class Program:
    """A plan, ready to run. ``arrays`` are kept so that the addresses in it stay good."""

    words: int
    code: npt.NDArray[np.int64]
    address: npt.NDArray[np.uint64]
    dtypes: npt.NDArray[np.int64]
    bounds: npt.NDArray[np.int64]
    depth: int
    arrays: tuple[npt.NDArray[Any], ...]

    def count(self) -> int:
        """How many customers the plan holds."""

        def part(start: int, stop: int) -> int:
            return int(kernels.run_count(self.code, self.address, self.dtypes, self.bounds, start, stop, self.depth))

        return sum(in_parts(self.words, part))

    def store(self, room: Words | None = None) -> tuple[Words, int]:
        """All words of the plan (in ``room``, if given), and how many customers they hold."""
        out = np.empty(self.words, np.uint64) if room is None else room

        def part(start: int, stop: int) -> int:
            return int(
                kernels.run_store(self.code, self.address, self.dtypes, self.bounds, start, stop, self.depth, out)
            )

        return out, sum(in_parts(self.words, part))

    def roaring(self) -> list[npt.NDArray[np.uint8]]:
        """The plan as a portable roaring bitmap, in parts that follow one another in a file."""
        sizes = np.zeros(-(-self.words // kernels.BLOCK), np.int64)

        def part(start: int, stop: int) -> npt.NDArray[np.uint8]:
            # Room for the worst case is only an address: pages are taken as they are written.
            out = np.empty(-(-(stop - start) // kernels.BLOCK) * kernels.BLOCK * 8, np.uint8)
            length = kernels_more.run_containers(
                self.code, self.address, self.dtypes, self.bounds, start, stop, self.depth, sizes, out
            )
            return out[:length]

        parts = in_parts(self.words, part)
        return [roaring.head(sizes)[0], *parts]


def compile_plan(node: Node, words: int) -> Program:
    """The program of a plan."""
    code = _Code(words)
    _write(node, code, outermost=True)
    return Program(
        words,
        np.array(code.ops, np.int64),
        np.array(code.addresses, np.uint64),
        np.array(code.dtypes, np.int64),
        np.array(code.bounds, np.int64).reshape(-1, 2),
        code.deepest,
        tuple(code.kept),
    )


def numbers_of(words: Words, count: int) -> Numbers:
    """The customers of a bitset, ascending, when their number is known."""
    out = np.empty(count, np.uint32)
    plain = _plain(words)
    sizes = in_parts(len(words), lambda start, stop: int(np.bitwise_count(plain[start:stop]).sum(dtype=np.int64)))
    offsets = np.concatenate(([0], np.cumsum(sizes)))

    def part(start: int, stop: int) -> int:
        place = edges(len(words)).index((start, stop))
        return int(kernels.places(plain[start:stop], start * 64, out[offsets[place] : offsets[place + 1]]))

    in_parts(len(words), part)
    return out


def shared_with(words: Words, others: Sequence[Words]) -> list[int]:
    """How many customers ``words`` shares with each of the others."""
    plain = [_plain(other) for other in others]
    address = np.array([other.ctypes.data for other in plain], np.uint64)
    own = _plain(words)

    def part(start: int, stop: int) -> npt.NDArray[np.uint64]:
        out = np.zeros(len(plain), np.uint64)
        kernels.count_against(own, address, start, stop, out)
        return out

    return [int(number) for number in sum(in_parts(len(words), part))]  # type: ignore[union-attr]


def shared_pairs(plans: Sequence[Node], words: int) -> npt.NDArray[np.int64]:
    """The matrix of how many customers every two plans share; nothing as large as a bitset is made."""
    made = [compile_plan(plan, words) for plan in plans]
    code, address, dtypes, bounds = (
        np.concatenate([getattr(one, key) for one in made]) for key in ("code", "address", "dtypes", "bounds")
    )
    starts = np.cumsum([0, *(len(one.code) for one in made)])
    depth = max(one.depth for one in made)

    def part(start: int, stop: int) -> npt.NDArray[np.uint64]:
        out = np.zeros((len(made), len(made)), np.uint64)
        kernels_more.run_pairs(code, address, dtypes, bounds, starts, start, stop, depth, out)
        return out

    lower = np.add.reduce(in_parts(words, part)).astype(np.int64)
    return np.tril(lower) + np.tril(lower, -1).T


def as_roaring(words: Words) -> npt.NDArray[np.uint8]:
    """A bitset as the bytes of a portable roaring bitmap."""
    plain = _plain(words)
    blocks = -(-len(plain) // kernels.BLOCK)
    each = np.zeros(blocks, np.int64)
    in_parts(len(plain), lambda start, stop: kernels_more.container_sizes(plain, start, stop, each))

    def fill(keys: roaring.Places, _sizes: roaring.Places, offsets: roaring.Places, out: npt.NDArray[np.uint8]) -> None:
        every = np.zeros(blocks, np.int64)
        every[keys] = offsets

        def part(start: int, stop: int) -> None:
            first, last = start // kernels.BLOCK, -(-stop // kernels.BLOCK)
            kernels_more.containers(plain, first, each[first:last], every[first:last], out)

        in_parts(len(plain), part)

    return roaring.encoded(each, fill)


def sampled(node: Hashed, words: int) -> Words:
    """All words of a sample."""
    out = np.empty(words, np.uint64)
    first, second = (np.uint64(key) for key in node.keys)
    low, high = np.uint64(node.low), np.uint64(node.high)
    in_parts(words, lambda start, stop: kernels.sample(first, second, low, high, start, out[start:stop]))
    return out


def scan_events(
    segment: Segment,
    wanted: npt.NDArray[np.bool_],
    days: tuple[int, int],
    measure: int,
    spans: Sequence[tuple[int, int]],
    words: int,
    *,
    inverse: bool,
) -> Words:
    """The customers with events of a segment in the days that measure within the spans (or, inverse, outside).

    ``measure`` is 0 for how often, 1 for the sum of amounts, 2 for days since the last; see ``kernels.scan``.
    """
    out = np.zeros(words, np.uint64)
    lows, highs = (np.array([span[end] for span in spans], np.int64) for end in (0, 1))

    def part(start: int, stop: int) -> int:
        # Keys of the array's own type: with wider ones the whole array would be converted first.
        keys = np.minimum(np.array([start, stop], np.int64) * 64, np.iinfo(np.uint32).max).astype(np.uint32)
        first, last = np.searchsorted(segment.customer, keys)
        if stop * 64 > np.iinfo(np.uint32).max:
            last = len(segment.customer)
        return int(
            kernels.scan(
                segment.customer, segment.day, segment.names, segment.amount, wanted, days[0], days[1], measure,
                lows, highs, first, last, inverse, out,
            )
        )  # fmt: skip

    in_parts(words, part)
    return out


def warm() -> None:
    """Compile the loops now, once for this machine, so that nobody waits for it at the first count."""
    one = np.zeros(kernels.BLOCK * 2, np.uint64)
    column = np.zeros(len(one) * 64, np.uint8)
    program = compile_plan(Intersection((Bits(one), Complement(Range(column, ((1, 2, False, False),))))), len(one))
    program.count()
    program.store()
    program.roaring()
    numbers_of(one, 0)
    shared_with(one, [one])
    shared_pairs([Bits(one), Sparse(Roaring(as_roaring(one), len(one)))], len(one))
    sampled(Hashed((1, 2), 0, 1), 1)
    for dtype in (np.uint16, np.uint32):
        none = np.zeros(0, np.uint32)
        events = Segment(none, none.astype(np.uint16), none, none.astype(dtype), none.astype(np.int64), ())
        scan_events(events, np.zeros(0, np.bool_), (0, 1), 0, [(1, 2)], 1, inverse=False)


@lru_cache(maxsize=1)
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads(), thread_name_prefix="audience")


def threads() -> int:
    """How many threads share the words: one saturates about half of the memory of a small machine."""
    return max(1, min(4, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1))


def edges(words: int) -> list[tuple[int, int]]:
    """(start, stop) of each thread's words, in whole blocks."""
    each = -(-words // (threads() * kernels.BLOCK)) * kernels.BLOCK
    return [(start, min(start + each, words)) for start in range(0, words, each)] if words else []


def in_parts(words: int, part: Callable[[int, int], Any]) -> list[Any]:
    """What ``part`` says of each thread's words, in order."""
    ranges = edges(words)
    if len(ranges) <= 1:
        return [part(*one) for one in ranges]
    return list(_pool().map(lambda one: part(*one), ranges))
