"""Compiled loops for large institutions: one pass over memory for a whole rule, without an intermediate array.

A program works on a block of words at a time in scratch rows that stay in the first cache, so that every operand is
read from memory once and nothing is written back. All loops release the interpreter's lock; callers split the words
among threads. Numba's own threads are not used: its default layer must not be entered from two threads at once.
"""

from typing import Any

import numba as nb
import numpy as np
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic as numba_intrinsic

LOAD, AND, OR, AND_NOT, OR_NOT, BOTH, EITHER, INVERT, LEAVE_IF_EMPTY, RANGE, SPARSE = range(11)
"""What an instruction does with the row on top of the stack, and a bitset (LOAD … OR_NOT) or the row below."""
BLOCK = 1024
SUB = 64
"""Words of a block whose flags are made at once from a column: 4,096 bytes."""
DTYPES = ("|u1", "<u2", "<u4", "|i1", "<i2", "<i4", "<i8", "<f8")

jit: Any = nb.njit(nogil=True, cache=True, boundscheck=False)
intrinsic: Any = numba_intrinsic
carray: Any = nb.carray  # pyright: ignore[reportPrivateImportUsage] - it is documented, and only not listed


@intrinsic
def pointer(typingctx: Any, address: Any) -> Any:
    """An address as a pointer, for ``carray``."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.inttoptr(args[0], cgutils.voidptr_t)

    return types.voidptr(address), generate


@intrinsic
def popcount(typingctx: Any, word: Any) -> Any:
    """How many bits of a word are set."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.ctpop(args[0])

    return types.uint64(types.uint64), generate


@intrinsic
def trailing_zeros(typingctx: Any, word: Any) -> Any:
    """The place of the lowest set bit of a word; 64 of an empty one."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.cttz(args[0], context.get_constant(types.boolean, False))

    return types.uint64(types.uint64), generate


@jit
def flags_between(column, start, low, high, flags):  # type: ignore[no-untyped-def]
    """One byte a customer: whether its number is from ``low`` to ``high``, both included."""
    # A slice, and not an offset into the whole, becomes vector instructions: eight times faster.
    some = column[start : start + len(flags)]
    for place in range(len(flags)):
        flags[place] = 1 if (some[place] >= low and some[place] <= high) else 0


@jit
def pack(flags, row, first, count):  # type: ignore[no-untyped-def]
    """Bytes 0 and 1 as bits: eight at a time, by a multiplication that gathers them in the highest byte."""
    eights = flags.view(np.uint64)
    for word in range(count):
        bits = np.uint64(0)
        for part in range(8):
            gathered = (eights[word * 8 + part] * np.uint64(0x0102040810204080)) >> np.uint64(56)
            bits |= gathered << np.uint64(8 * part)
        row[first + word] = bits


@jit
def put_range(address, dtype, base, count, bounds, row, flags):  # type: ignore[no-untyped-def]
    """The words of a column's comparison; ``bounds`` are low and high as int64, for floats their bits."""
    for first in range(0, count, SUB):
        words = min(SUB, count - first)
        start = (base + first) * 64
        some = flags[: words * 64]
        whole = start + words * 64
        low, high = bounds[0], bounds[1]
        if dtype == 0:
            column = carray(pointer(address), (whole,), np.uint8)
            flags_between(column, start, np.uint8(low), np.uint8(high), some)
        elif dtype == 1:
            column = carray(pointer(address), (whole,), np.uint16)
            flags_between(column, start, np.uint16(low), np.uint16(high), some)
        elif dtype == 2:
            column = carray(pointer(address), (whole,), np.uint32)
            flags_between(column, start, np.uint32(low), np.uint32(high), some)
        elif dtype == 3:
            column = carray(pointer(address), (whole,), np.int8)
            flags_between(column, start, np.int8(low), np.int8(high), some)
        elif dtype == 4:
            column = carray(pointer(address), (whole,), np.int16)
            flags_between(column, start, np.int16(low), np.int16(high), some)
        elif dtype == 5:
            column = carray(pointer(address), (whole,), np.int32)
            flags_between(column, start, np.int32(low), np.int32(high), some)
        elif dtype == 6:
            column = carray(pointer(address), (whole,), np.int64)
            flags_between(column, start, low, high, some)
        else:
            column = carray(pointer(address), (whole,), np.float64)
            ends = bounds.view(np.float64)
            flags_between(column, start, ends[0], ends[1], some)
        pack(some, row, first, words)


@jit
def put_sparse(address, tables, base, row):  # type: ignore[no-untyped-def]
    """A container of a roaring bitmap as words; ``tables`` are the addresses of the offset and size of each block."""
    block = base // BLOCK
    offset = carray(pointer(np.uint64(tables[0])), (block + 1,), np.int64)[block]
    members = carray(pointer(np.uint64(tables[1])), (block + 1,), np.int64)[block]
    if members > 4096:
        take(row, carray(pointer(address + np.uint64(offset)), (BLOCK,), np.uint64)[: len(row)])
        return
    row[:] = np.uint64(0)
    found = carray(pointer(address + np.uint64(offset)), (members,), np.uint16)
    for place in range(members):
        row[found[place] >> 6] |= np.uint64(1) << np.uint64(found[place] & 63)


@jit
def empty(row):  # type: ignore[no-untyped-def]
    """Whether no bit is set."""
    any_bits = np.uint64(0)
    for word in range(len(row)):
        any_bits |= row[word]
    return any_bits == 0


# Every loop below runs over two rows that begin at 0: an offset in the subscript keeps the compiler from vector
# instructions, which costs a factor of four.


@jit
def take(row, other):  # type: ignore[no-untyped-def]
    """row = other"""
    for word in range(len(row)):
        row[word] = other[word]


@jit
def both(row, other):  # type: ignore[no-untyped-def]
    """row = row ∩ other"""
    for word in range(len(row)):
        row[word] &= other[word]


@jit
def either(row, other):  # type: ignore[no-untyped-def]
    """row = row ∪ other"""
    for word in range(len(row)):
        row[word] |= other[word]


@jit
def but_not(row, other):  # type: ignore[no-untyped-def]
    """row = row without other"""
    for word in range(len(row)):
        row[word] &= ~other[word]


@jit
def or_not(row, other):  # type: ignore[no-untyped-def]
    """row = row ∪ everything but other"""
    for word in range(len(row)):
        row[word] |= ~other[word]


@jit
def turn(row):  # type: ignore[no-untyped-def]
    """row = everything but row"""
    for word in range(len(row)):
        row[word] = ~row[word]


@jit
def size(row):  # type: ignore[no-untyped-def]
    """How many bits are set."""
    total = np.uint64(0)
    for word in range(len(row)):
        total += popcount(row[word])
    return total


@jit
def shared(row, other):  # type: ignore[no-untyped-def]
    """How many bits are set in both."""
    total = np.uint64(0)
    for word in range(len(row)):
        total += popcount(row[word] & other[word])
    return total


@jit
def with_bits(op, row, bits):  # type: ignore[no-untyped-def]
    """One instruction on a row and a bitset."""
    if op == LOAD:
        take(row, bits)
    elif op == AND:
        both(row, bits)
    elif op == OR:
        either(row, bits)
    elif op == AND_NOT:
        but_not(row, bits)
    else:
        or_not(row, bits)


@jit
def evaluate(code, address, dtypes, bounds, base, count, rows, flags):  # type: ignore[no-untyped-def]
    """Run a program on the words from ``base``; the answer is the first of ``rows``."""
    top = -1
    place = 0
    while place < len(code):
        op = code[place]
        if op <= OR_NOT:
            bits = carray(pointer(address[place]), (base + count,), np.uint64)[base:]
            top += op == LOAD
            with_bits(op, rows[top, :count], bits)
        elif op == RANGE:
            top += 1
            put_range(address[place], dtypes[place], base, count, bounds[place], rows[top], flags)
        elif op == SPARSE:
            top += 1
            put_sparse(address[place], bounds[place], base, rows[top, :count])
        elif op == INVERT:
            turn(rows[top, :count])
        elif op == LEAVE_IF_EMPTY:
            if empty(rows[top, :count]):
                break
        else:
            top -= 1
            if op == BOTH:
                both(rows[top, :count], rows[top + 1, :count])
            else:
                either(rows[top, :count], rows[top + 1, :count])
        place += 1


@jit
def run_count(code, address, dtypes, bounds, start, stop, depth):  # type: ignore[no-untyped-def]
    """How many customers a program holds in the words from ``start`` to ``stop``."""
    rows, flags = np.empty((depth, BLOCK), np.uint64), np.empty(SUB * 64, np.uint8)
    total = np.uint64(0)
    for base in range(start, stop, BLOCK):
        count = min(BLOCK, stop - base)
        evaluate(code, address, dtypes, bounds, base, count, rows, flags)
        total += size(rows[0, :count])
    return total


@jit
def run_store(code, address, dtypes, bounds, start, stop, depth, out):  # type: ignore[no-untyped-def]
    """The words themselves, into ``out``; returns how many customers they hold."""
    rows, flags = np.empty((depth, BLOCK), np.uint64), np.empty(SUB * 64, np.uint8)
    total = np.uint64(0)
    for base in range(start, stop, BLOCK):
        count = min(BLOCK, stop - base)
        evaluate(code, address, dtypes, bounds, base, count, rows, flags)
        take(out[base : base + count], rows[0, :count])
        total += size(rows[0, :count])
    return total


# Few words have the same number of set bits, so a loop "while there is one" is guessed wrong once a word, which costs
# more than its work. Below four places are written whether there are four or not (the next word writes over what is too
# much), and four more where there are more: Lemire, "Really fast bitset decoding for average densities" (2019). It is
# one loop without slices or calls: either makes it five times slower.


@jit
def places(words, base, out):  # type: ignore[no-untyped-def]
    """The places of the set bits of ``words`` plus ``base``, ascending, into ``out``, which is just long enough."""
    filled = 0
    for index in range(len(words)):
        word = words[index]
        first = base + index * 64
        last = filled + np.int64(popcount(word))
        if filled + 8 <= len(out):
            for place in range(4):
                out[filled + place] = first + np.int64(trailing_zeros(word))
                word &= word - np.uint64(1)
            if last > filled + 4:
                for place in range(4, 8):
                    out[filled + place] = first + np.int64(trailing_zeros(word))
                    word &= word - np.uint64(1)
            filled += 8
        while word:
            out[filled] = first + np.int64(trailing_zeros(word))
            filled += 1
            word &= word - np.uint64(1)
        filled = last
    return filled


@jit
def count_against(words, address, start, stop, out):  # type: ignore[no-untyped-def]
    """For each bitset of ``address``, how many customers it shares with ``words``; ``words`` is read once."""
    for base in range(start, stop, BLOCK):
        count = min(BLOCK, stop - base)
        for place in range(len(address)):
            bits = carray(pointer(address[place]), (stop,), np.uint64)
            out[place] += shared(words[base : base + count], bits[base : base + count])


@jit
def mix(z):  # type: ignore[no-untyped-def]
    """The finaliser of SplitMix64, as in ``experiments.assignment``."""
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@jit
def sample(first, second, low, high, start, out):  # type: ignore[no-untyped-def]
    """The words from ``start`` of the customers whose hash lies from ``low`` to ``high``."""
    for word in range(len(out)):
        bits = np.uint64(0)
        base = np.uint64((start + word) * 64)
        for bit in range(64):
            z = mix((base + np.uint64(bit)) * np.uint64(0x9E3779B97F4A7C15) + first)
            place = mix(z ^ second) >> np.uint64(11)
            bits |= np.uint64(place >= low and place < high) << np.uint64(bit)
        out[word] = bits


@jit
def inside(value, lows, highs):  # type: ignore[no-untyped-def]
    """Whether a number is in any of the intervals."""
    found = False
    for part in range(len(lows)):
        found |= lows[part] <= value <= highs[part]
    return found


@jit
def within(days, first, width, found):  # type: ignore[no-untyped-def]
    """The places of the days in a window, into ``found``; how many. Most events lie outside, and branch nowhere."""
    size = 0
    for place in range(len(days)):
        found[size] = place
        size += np.uint16(days[place] - first) <= width
    return size


@jit
def measured(measure, counted, total, days):  # type: ignore[no-untyped-def]
    """The measure that is asked for."""
    return total if measure == 1 else (days if measure == 2 else counted)


@jit
def put(who, value, lows, highs, inverse, out):  # type: ignore[no-untyped-def]
    """Set a customer's bit where the measure is within the intervals, or, inverse, where it is not."""
    if inside(value, lows, highs) != inverse:
        out[who >> 6] |= np.uint64(1) << np.uint64(who & 63)


@jit
def scan(customer, day, names, amount, wanted, first, last, measure, lows, highs, start, stop, inverse, out):  # type: ignore[no-untyped-def]
    """Set the bits of customers whose events from ``first`` to ``last`` (days) measure within the intervals.

    Events are sorted by customer. ``measure``: 0 counts, 1 sums amounts, 2 days since the last. ``wanted`` are flags by
    code of ``names`` (none: all). ``inverse`` sets those with events who are outside. Returns how many had an event.
    """
    seen = 0
    who, counted, total, latest = np.int64(-1), np.int64(0), np.int64(0), np.int64(-1)
    some = len(wanted) > 0
    found = np.empty(BLOCK * 4 + 1, np.uint32)
    for base in range(start, stop, BLOCK * 4):
        size = within(day[base : min(base + BLOCK * 4, stop)], np.uint16(first), np.uint16(last - first), found)
        for index in range(size):
            place = base + np.int64(found[index])
            if some and not wanted[names[place]]:
                continue
            now = np.int64(customer[place])
            if now != who:
                if counted:
                    seen += 1
                    put(who, measured(measure, counted, total, last - latest), lows, highs, inverse, out)
                who, counted, total, latest = now, np.int64(0), np.int64(0), np.int64(-1)
            counted += 1
            if measure == 1:
                total += amount[place]
            latest = max(latest, np.int64(day[place]))
    if counted:
        seen += 1
        put(who, measured(measure, counted, total, last - latest), lows, highs, inverse, out)
    return seen
