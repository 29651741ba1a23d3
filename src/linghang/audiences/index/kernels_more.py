"""Compiled loops over several rules at once, and over roaring containers; see ``kernels``."""

import numpy as np

from linghang.audiences.index.kernels import BLOCK, SUB, evaluate, extract, jit, shared, size


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
def containers(words, start, sizes, offsets, out):  # type: ignore[no-untyped-def]
    """The containers from ``start`` of a portable roaring bitmap into its bytes ``out``."""
    numbers = np.empty(1 << 16, np.uint32)
    for index in range(len(sizes)):
        first = (start + index) * BLOCK
        block = words[first : min(first + BLOCK, len(words))]
        place = offsets[index]
        if sizes[index] == 0:
            continue
        if sizes[index] <= 4096:
            found = extract(block, 0, len(block), numbers)
            low = out[place : place + 2 * found].view(np.uint16)
            for at in range(found):
                low[at] = np.uint16(numbers[at])
        else:
            whole = out[place : place + BLOCK * 8].view(np.uint64)
            for at in range(len(block)):
                whole[at] = block[at]
