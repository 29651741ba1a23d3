"""Compiled loops over several rules at once, and over roaring containers; see ``kernels``."""

import numpy as np

from linghang.audiences.index.kernels import BLOCK, SUB, evaluate, jit, places, shared, size, take


@jit
def pairs(code, address, dtypes, bounds, starts, base, stop, rows, flags, out):  # type: ignore[no-untyped-def]
    """One block of ``run_pairs``: the answers of all programs, and what every two of them share."""
    count = min(BLOCK, stop - base)
    programs = len(starts) - 1
    for one in range(programs):
        first, last = starts[one], starts[one + 1]
        evaluate(
            code[first:last], address[first:last], dtypes[first:last], bounds[first:last], base, count, rows[one], flags
        )
        out[one, one] += size(rows[one, 0, :count])
        for other in range(one):
            out[one, other] += shared(rows[one, 0, :count], rows[other, 0, :count])


@jit
def run_pairs(code, address, dtypes, bounds, starts, start, stop, depth, out):  # type: ignore[no-untyped-def]
    """For every two programs, how many customers they share: no bitset is written, each operand read once a block."""
    rows = np.empty((len(starts) - 1, depth, BLOCK), np.uint64)
    flags = np.empty(SUB * 64, np.uint8)
    for base in range(start, stop, BLOCK):
        pairs(code, address, dtypes, bounds, starts, base, stop, rows, flags, out)


@jit
def container_sizes(words, start, stop, out):  # type: ignore[no-untyped-def]
    """How many bits are set in each block from word ``start``, into ``out`` by the block's number."""
    for first in range(start, stop, BLOCK):
        out[first // BLOCK] = size(words[first : min(first + BLOCK, stop)])


@jit
def containers(words, start, sizes, offsets, out):  # type: ignore[no-untyped-def]
    """The containers from ``start`` of a portable roaring bitmap into its bytes ``out``."""
    for index in range(len(sizes)):
        first = (start + index) * BLOCK
        block = words[first : min(first + BLOCK, len(words))]
        place = offsets[index]
        if sizes[index] == 0:
            continue
        if sizes[index] <= 4096:
            places(block, 0, out[place : place + 2 * sizes[index]].view(np.uint16))
        else:
            take(out[place : place + BLOCK * 8].view(np.uint64)[: len(block)], block)


@jit
def run_containers(code, address, dtypes, bounds, start, stop, depth, sizes, out):  # type: ignore[no-untyped-def]
    """The containers of a program's answer, one after another into ``out``; returns how many bytes they take.

    No bitset is written: a block's answer goes from the first cache into its list or its words.
    """
    rows, flags = np.empty((depth, BLOCK), np.uint64), np.empty(SUB * 64, np.uint8)
    place = 0
    for base in range(start, stop, BLOCK):
        count = min(BLOCK, stop - base)
        rows[0, count:] = np.uint64(0)
        evaluate(code, address, dtypes, bounds, base, count, rows, flags)
        members = np.int64(size(rows[0, :count]))
        sizes[base // BLOCK] = members
        if members == 0:
            continue
        if members <= 4096:
            places(rows[0, :count], 0, out[place : place + 2 * members].view(np.uint16))
            place += 2 * members
        else:
            take(out[place : place + BLOCK * 8].view(np.uint64), rows[0])
            place += BLOCK * 8
    return place
