"""Portable roaring bitmaps: the same as another library's and as the engine's own states."""

import base64
import contextlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from linghang.adapters.chdb_engine import ChdbEngine
from linghang.audiences.index import roaring
from linghang.audiences.index.bits import Words, numbers_of, of_numbers
from linghang.base.errors import UsageError

WORDS = 5000
"""Five containers, the last one cut short."""


@st.composite
def bitsets(draw: st.DrawFn) -> Words:
    """Containers that are empty, sparse, at the edge between list and words, dense, full, and in runs."""
    flags = np.zeros(WORDS * 64, np.bool_)
    random = np.random.default_rng(draw(st.integers(0, 1 << 30)))
    for start in range(0, len(flags), 1 << 16):
        part = flags[start : start + (1 << 16)]
        size = min(draw(st.sampled_from((0, 1, 2, 40, 4095, 4096, 4097, 30_000, 1 << 16))), len(part))
        if draw(st.booleans()):
            part[random.choice(len(part), size, replace=False)] = True
        else:
            part[:size] = True
    return np.packbits(flags, bitorder="little").view(np.uint64)


@settings(max_examples=60)
@given(words=bitsets(), runs=st.booleans())
def test_another_library_reads_and_writes_the_same(words: Words, runs: bool) -> None:
    numbers = numbers_of(words)
    assert np.array_equal(np.array(BitMap.deserialize(roaring.encode(words)), np.uint32), numbers)
    theirs = BitMap(numbers)
    if runs:
        theirs.run_optimize()
    assert np.array_equal(roaring.decode(theirs.serialize(), WORDS), words)


@settings(max_examples=100)
@given(words=bitsets(), place=st.integers(0, 1 << 20), change=st.integers(1, 255), cut=st.booleans())
def test_damage_is_refused_or_harmless(words: Words, place: int, change: int, cut: bool) -> None:
    data = bytearray(roaring.encode(words))
    place %= max(len(data), 1)
    damaged = bytes(data[:place]) if cut else bytes([*data[:place], data[place] ^ change, *data[place + 1 :]])
    if cut:
        with pytest.raises(UsageError, match="not_a_bitmap"):
            roaring.decode(damaged, WORDS)
        return
    # A changed number within a container is a good bitmap of others: a checksum must tell that, and the files have one.
    with contextlib.suppress(UsageError):
        assert len(roaring.decode(damaged, WORDS)) == WORDS


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> object:
    """An embedded engine."""
    opened = ChdbEngine(tmp_path_factory.mktemp("roaring"))
    yield opened
    opened.close()


@pytest.mark.parametrize("size", [0, 1, 32, 33, 5000, 70_000])
def test_the_engine_reads_our_states_and_we_read_its(engine: ChdbEngine, size: int, tmp_path: Path) -> None:
    numbers = np.sort(np.random.default_rng(size).choice(WORDS * 64, size, replace=False)).astype(np.uint32)
    words = of_numbers(numbers, WORDS)
    engine.execute("DROP TABLE IF EXISTS s")
    engine.execute("CREATE TABLE s (s AggregateFunction(groupBitmap, UInt32)) ENGINE = Memory")
    state = base64.b64encode(roaring.to_state(words)).decode()
    engine.execute(
        "INSERT INTO s SELECT CAST(base64Decode({state:String}), 'AggregateFunction(groupBitmap, UInt32)')",
        {"state": state},
    )
    read = engine.query("SELECT bitmapCardinality(s) AS n, bitmapToArray(s) AS a FROM s")
    assert read["n"][0].as_py() == size
    assert sorted(read["a"][0].as_py()) == numbers.tolist()
    engine.execute("DROP TABLE IF EXISTS n")
    engine.execute("CREATE TABLE n (c UInt32) ENGINE = Memory")
    if size:
        engine.execute("INSERT INTO n SELECT arrayJoin(bitmapToArray(s)) FROM s")
    theirs = engine.query("SELECT base64Encode(CAST(groupBitmapState(c), 'String')) AS s FROM n")["s"][0].as_py()
    assert np.array_equal(roaring.from_state(base64.b64decode(theirs), WORDS), words)
