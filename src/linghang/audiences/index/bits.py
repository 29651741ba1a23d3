"""Packed bitsets: customer n is bit n % 64 of word n // 64, little-endian."""

import numpy as np
import numpy.typing as npt

Words = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.uint32]
_BLOCK_WORDS = 1 << 16


def packed(flags: npt.NDArray[np.bool_]) -> Words:
    """Flags as words; what is missing to the last word is false."""
    short = np.packbits(flags, bitorder="little")
    whole = np.zeros(-(-len(flags) // 64) * 8, np.uint8)
    whole[: len(short)] = short
    return whole.view("<u8")


def unpacked(words: Words, size: int) -> npt.NDArray[np.bool_]:
    """Words as ``size`` flags."""
    return np.unpackbits(np.ascontiguousarray(words).view(np.uint8), count=size, bitorder="little").view(np.bool_)


def of_numbers(numbers: npt.NDArray[np.integer], words: int) -> Words:
    """The bitset of some customers."""
    flags = np.zeros(words * 64, np.bool_)
    flags[numbers] = True
    return packed(flags)


def numbers_of(words: Words) -> Numbers:
    """The customers of a bitset, ascending."""
    parts: list[Numbers] = []
    for start in range(0, len(words), _BLOCK_WORDS):
        block = words[start : start + _BLOCK_WORDS]
        if block.any():
            found = np.flatnonzero(np.unpackbits(np.ascontiguousarray(block).view(np.uint8), bitorder="little"))
            parts.append((found + start * 64).astype(np.uint32))
    return np.concatenate(parts) if parts else np.zeros(0, np.uint32)


def count(words: Words) -> int:
    """How many bits are set."""
    return int(np.bitwise_count(words).sum(dtype=np.int64))


def count_both(one: Words, other: Words) -> int:
    """How many bits are set in both, without an array as large as either."""
    total = 0
    for start in range(0, len(one), _BLOCK_WORDS):
        total += count(one[start : start + _BLOCK_WORDS] & other[start : start + _BLOCK_WORDS])
    return total
