"""Portable roaring bitmaps (https://github.com/RoaringBitmap/RoaringFormatSpec), and the engine's bitmap states.

A container holds 65,536 customers: as a sorted list of 16-bit numbers where they are few, else as 1,024 words. Runs
are read, and not written. What is read is not trusted: lengths and order are checked.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linghang.audiences.index.bits import Numbers, Words
from linghang.base.errors import UsageError

CONTAINER = 1024
"""Words of a container."""
LIST_UP_TO = 4096
_PLAIN, _WITH_RUNS = 12346, 12347
_OFFSETS_FROM = 4
_SMALL = 32
"""The engine keeps so many numbers as they are, without a bitmap."""


Places = npt.NDArray[np.int64]
Fill = Callable[[Places, Places, Places, npt.NDArray[np.uint8]], None]
"""Writes the containers (keys, members, first bytes) into the bytes of a bitmap."""


@dataclass(frozen=True)
class Directory:
    """Where the containers of a bitmap lie: key, members, first byte, and kind (0 list, 1 words, 2 runs)."""

    keys: npt.NDArray[np.uint16]
    sizes: npt.NDArray[np.int64]
    offsets: npt.NDArray[np.int64]
    kinds: npt.NDArray[np.uint8]

    @property
    def count(self) -> int:
        """How many customers the bitmap holds."""
        return int(self.sizes.sum())


class Roaring:
    """A roaring bitmap that is read where it lies, container by container."""

    def __init__(self, data: npt.NDArray[np.uint8], words: int) -> None:
        found = directory(data)
        blocks = -(-words // CONTAINER)
        if bool((found.kinds == 2).any()) or (len(found.keys) and int(found.keys[-1]) >= blocks):
            raise UsageError("audiences.not_a_bitmap", reason="runs, or customers beyond the last")
        self.data = data
        self.count = found.count
        self.offsets, self.sizes = np.zeros(blocks, np.int64), np.zeros(blocks, np.int64)
        self.offsets[found.keys], self.sizes[found.keys] = found.offsets, found.sizes

    def words(self, start: int, stop: int) -> Words:
        """The words from ``start``, where a container begins, to ``stop``."""
        out = np.zeros(-(-(stop - start) // CONTAINER) * CONTAINER, np.uint64)
        for block in range(start // CONTAINER, -(-stop // CONTAINER)):
            size = int(self.sizes[block])
            if size:
                place = block * CONTAINER - start
                kind = 0 if size <= LIST_UP_TO else 1
                out[place : place + CONTAINER] = _container(self.data, size, int(self.offsets[block]), kind)
        return out[: stop - start]


def encode(words: Words) -> bytes:
    """A bitset as a portable roaring bitmap."""
    short = -len(words) % CONTAINER
    whole = np.concatenate([words, np.zeros(short, np.uint64)]) if short else np.ascontiguousarray(words)
    blocks = whole.reshape(-1, CONTAINER)
    each = np.bitwise_count(blocks).sum(axis=1, dtype=np.int64)
    return encoded(each, lambda keys, sizes, offsets, out: _fill(blocks, keys, sizes, offsets, out)).tobytes()


def encoded(each: npt.NDArray[np.int64], fill: Fill) -> npt.NDArray[np.uint8]:
    """The bytes of a portable roaring bitmap with so many members in each container; ``fill`` writes the containers."""
    first, keys, offsets = head(each)
    sizes = each[keys]
    last = 0 if not len(keys) else CONTAINER * 8 if sizes[-1] > LIST_UP_TO else 2 * int(sizes[-1])
    out = np.empty((int(offsets[-1]) if len(keys) else len(first)) + last, np.uint8)
    if last == CONTAINER * 8:
        # The last container of words may lie beyond the last customer: there it has to be zeros.
        out[-last:] = 0
    out[: len(first)] = first
    fill(keys, sizes, offsets, out)
    return out


def head(each: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.uint8], Places, Places]:
    """(what comes before the containers, the keys of those that are not empty, their first bytes)."""
    keys = np.flatnonzero(each)
    sizes = each[keys]
    bytes_of = np.where(sizes <= LIST_UP_TO, sizes * 2, CONTAINER * 8)
    offsets = 8 + 8 * len(keys) + np.concatenate(([0], np.cumsum(bytes_of)))[:-1].astype(np.int64)
    described = np.column_stack([keys, sizes - 1]).astype("<u2").reshape(-1)
    parts = (np.array([_PLAIN, len(keys)], "<u4"), described, offsets.astype("<u4"))
    return np.concatenate([part.view(np.uint8) for part in parts]), keys, offsets


def _fill(
    blocks: Words,
    keys: npt.NDArray[np.int64],
    sizes: npt.NDArray[np.int64],
    offsets: npt.NDArray[np.int64],
    out: npt.NDArray[np.uint8],
) -> None:
    for key, size, offset in zip(keys, sizes, offsets, strict=True):
        block = blocks[key].view(np.uint8)
        if size <= LIST_UP_TO:
            block = np.flatnonzero(np.unpackbits(block, bitorder="little")).astype("<u2").view(np.uint8)
        out[offset : offset + len(block)] = block


def directory(data: npt.NDArray[np.uint8]) -> Directory:
    """The containers of a portable roaring bitmap. Raises UsageError("audiences.not_a_bitmap")."""
    try:
        return _directory(data)
    except (IndexError, ValueError) as error:
        raise UsageError("audiences.not_a_bitmap", reason=str(error)) from error


def _directory(data: npt.NDArray[np.uint8]) -> Directory:
    cookie = int(_numbers(data, 0, 1, "<u4")[0])
    if cookie & 0xFFFF == _WITH_RUNS:
        size = (cookie >> 16) + 1
        place = 4 + (size + 7) // 8
        runs = np.unpackbits(data[4:place], count=size, bitorder="little")
    elif cookie == _PLAIN:
        size, place = int(_numbers(data, 4, 1, "<u4")[0]), 8
        runs = np.zeros(size, np.uint8)
    else:
        raise ValueError(f"cookie {cookie}")
    if size > 1 << 16:
        raise ValueError(f"{size} containers")
    described = _numbers(data, place, 2 * size, "<u2").reshape(-1, 2).astype(np.int64)
    keys, sizes = described[:, 0], described[:, 1] + 1
    place += 4 * size
    if not runs.any() or size >= _OFFSETS_FROM:
        place += 4 * size
    kinds = np.where(runs == 1, 2, np.where(sizes <= LIST_UP_TO, 0, 1)).astype(np.uint8)
    # Offsets follow from the sizes: what the file says of them is not needed, and so cannot be wrong.
    offsets = np.zeros(size, np.int64)
    for number in range(size):
        offsets[number] = place
        if kinds[number] == 2:
            place += 2 + 4 * int(_numbers(data, place, 1, "<u2")[0])
        else:
            place += 2 * int(sizes[number]) if kinds[number] == 0 else CONTAINER * 8
    if place > len(data) or bool((keys[1:] <= keys[:-1]).any()):
        raise ValueError("cut short, or out of order")
    return Directory(keys.astype(np.uint16), sizes, offsets, kinds)


def decode(data: bytes | npt.NDArray[np.uint8], words: int) -> Words:
    """The bitset of a portable roaring bitmap; customers beyond ``words`` are refused."""
    raw = np.frombuffer(data, np.uint8) if isinstance(data, bytes) else data
    found = directory(raw)
    out = np.zeros(-(-words // CONTAINER) * CONTAINER, np.uint64)
    for key, size, offset, kind in zip(found.keys, found.sizes, found.offsets, found.kinds, strict=True):
        if int(key) * CONTAINER >= words:
            raise UsageError("audiences.not_a_bitmap", reason=f"customers from {int(key) << 16}")
        out[int(key) * CONTAINER : (int(key) + 1) * CONTAINER] = _container(raw, int(size), int(offset), int(kind))
    if bool(out[words:].any()):
        raise UsageError("audiences.not_a_bitmap", reason=f"customers from {words * 64}")
    return out[:words]


def _container(data: npt.NDArray[np.uint8], size: int, offset: int, kind: int) -> Words:
    if kind == 1:
        words = _numbers(data, offset, CONTAINER, "<u8").astype(np.uint64)
    else:
        flags = np.zeros(1 << 16, np.uint8)
        if kind == 0:
            flags[_numbers(data, offset, size, "<u2")] = 1
        else:
            runs = int(_numbers(data, offset, 1, "<u2")[0])
            for first, more in _numbers(data, offset + 2, 2 * runs, "<u2").reshape(-1, 2).astype(np.int64):
                flags[first : first + more + 1] = 1
        words = np.packbits(flags, bitorder="little").view(np.uint64)
    if int(np.bitwise_count(words).sum(dtype=np.int64)) != size:
        raise UsageError("audiences.not_a_bitmap", reason="a container holds other than it says")
    return words


def _numbers(data: npt.NDArray[np.uint8], offset: int, items: int, dtype: str) -> npt.NDArray[np.integer]:
    part = data[offset : offset + items * np.dtype(dtype).itemsize]
    if len(part) != items * np.dtype(dtype).itemsize:
        raise ValueError("cut short")
    return np.frombuffer(part.tobytes(), dtype)


def to_state(words: Words, numbers: Numbers | None = None) -> bytes:
    """The state of the engine's ``groupBitmap`` over UInt32: few numbers as they are, else a roaring bitmap."""
    size = int(np.bitwise_count(words).sum(dtype=np.int64)) if numbers is None else len(numbers)
    if size <= _SMALL:
        few = np.flatnonzero(np.unpackbits(words.view(np.uint8), bitorder="little")) if numbers is None else numbers
        return bytes([0, size]) + few.astype("<u4").tobytes()
    body = encode(words)
    return b"\x01" + _varint(len(body)) + body


def from_state(state: bytes, words: int) -> Words:
    """The bitset of such a state. Raises UsageError("audiences.not_a_bitmap")."""
    if len(state) >= 2 and state[0] == 0:
        few = np.frombuffer(state[2 : 2 + 4 * state[1]], "<u4")
        if len(few) != state[1] or (len(few) and int(few.max()) >= words * 64):
            raise UsageError("audiences.not_a_bitmap", reason="a list cut short, or beyond the last customer")
        out = np.zeros(words, np.uint64)
        np.bitwise_or.at(out, few >> 6, np.uint64(1) << (few & 63).astype(np.uint64))
        return out
    if not state or state[0] != 1:
        raise UsageError("audiences.not_a_bitmap", reason="no state of a bitmap")
    length, place = _from_varint(state, 1)
    if len(state) < place + length:
        raise UsageError("audiences.not_a_bitmap", reason="cut short")
    return decode(state[place : place + length], words)


def _varint(number: int) -> bytes:
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def _from_varint(data: bytes, place: int) -> tuple[int, int]:
    number = shift = 0
    for at in range(place, min(len(data), place + 10)):
        number |= (data[at] & 0x7F) << shift
        shift += 7
        if data[at] < 0x80:
            return number, at + 1
    raise UsageError("audiences.not_a_bitmap", reason="cut short")
