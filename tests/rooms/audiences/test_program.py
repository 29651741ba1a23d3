"""The compiled loops say what the plain ones say, for any plan and any events."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linghang.audiences.index import bits, deeds, kernels, nodes, program, roaring
from linghang.audiences.index.behaviour import happened
from linghang.audiences.index.nodes import Bits, Codes, Constant, Node, Range, Sparse, all_of, any_of, inverse
from linghang.audiences.index.roaring import Roaring
from linghang.audiences.index.tail import Segment
from linghang.base.predicates import Measure, Rule
from linghang.customers import catalogue
from linghang.customers.behaviours import Days, Deed, Measured
from linghang.customers.catalogue import Field, Interval, Spans
from linghang.packs.model import Label
from linghang.testing.institution import World

from .test_agreement import DAYS, RULES

WORDS = 2100
"""Two blocks of the loops and a bit."""
RANDOM = np.random.default_rng(5)
BITSETS = [Bits(RANDOM.integers(0, 2**64, WORDS, dtype=np.uint64)) for _ in range(4)]
SPARSE = Bits(np.where(RANDOM.random(WORDS) < 0.01, np.uint64(8), np.uint64(0)))
ROARING = [
    Sparse(Roaring(np.frombuffer(roaring.encode(words), np.uint8), WORDS))
    for words in (SPARSE.words, BITSETS[0].words, np.zeros(WORDS, np.uint64))
]
COLUMNS = [
    RANDOM.integers(-100 if np.dtype(kind).kind == "i" else 0, 100, WORDS * 64).astype(kind)
    for kind in ("u1", "<u2", "<u4", "i1", "<i2", "<i4", "<i8", "<f8")
]
ENDS = st.sampled_from((None, -100, -1, 0, 1, 50, 99))


def _range(column: int, low: float | None, high: float | None, more: bool) -> Node:
    data = COLUMNS[column]
    if data.dtype.kind == "u":
        low, high = (None if end is None else max(end, 0) for end in (low, high))
    spans = ((low, high, False, False), (7, 7, False, False)) if more else ((low, high, False, False),)
    return Range(data, spans)


LEAVES = st.one_of(
    st.sampled_from([*BITSETS, SPARSE, *ROARING, Constant(True), Constant(False)]),
    st.builds(_range, st.integers(0, 7), ENDS, ENDS, st.booleans()),
    st.just(Codes(COLUMNS[0], RANDOM.random(256) < 0.3)),
    st.just(Range(COLUMNS[7], ((3, 50, True, True),))),
)
PLANS = st.recursive(
    LEAVES,
    lambda parts: st.one_of(
        st.lists(parts, max_size=4).map(all_of), st.lists(parts, max_size=4).map(any_of), parts.map(inverse)
    ),
    max_leaves=10,
)


@settings(max_examples=150)
@given(plan=PLANS)
def test_any_plan(plan: Node) -> None:
    compiled = program.compile_plan(plan, WORDS)
    plain = nodes.packed_words(plan, WORDS)
    words, size = compiled.store()
    assert (words == plain).all()
    assert compiled.count() == size == nodes.count(plan, WORDS)
    assert (program.numbers_of(words, size) == nodes.numbers(plan, WORDS)).all()
    assert b"".join(part.tobytes() for part in compiled.roaring()) == roaring.encode(plain)


@settings(max_examples=60)
@given(rule=RULES, today=DAYS)
def test_any_rule(world: World, rule: Rule, today: dt.date) -> None:
    plan = world.index.plan(rule, today)
    assert program.compile_plan(plan, world.index.words).count() == nodes.count(plan, world.index.words)


def test_sharing_is_counted_alike() -> None:
    sets = [one.words for one in BITSETS]
    expected = [[bits.count_both(one, other) for other in sets] for one in sets]
    assert program.shared_pairs(BITSETS, WORDS).tolist() == expected
    assert program.shared_with(sets[0], sets) == expected[0]


@settings(max_examples=40)
@given(plans=st.lists(PLANS, min_size=1, max_size=4))
def test_pairs_of_any_plans(plans: list[Node]) -> None:
    sets = [nodes.packed_words(plan, WORDS) for plan in plans]
    expected = [[bits.count_both(one, other) for other in sets] for one in sets]
    assert program.shared_pairs(plans, WORDS).tolist() == expected


def test_roaring_bitmaps_are_written_alike() -> None:
    full = np.full(WORDS, np.uint64(0xFFFFFFFFFFFFFFFF))
    for words in (*(one.words for one in BITSETS), SPARSE.words, full, np.zeros(WORDS, np.uint64)):
        assert program.as_roaring(words).tobytes() == roaring.encode(words)


@pytest.mark.parametrize("share", [0, 0.001, 0.04, 0.12, 0.5, 0.97, 1])
@pytest.mark.parametrize("kind", [np.uint16, np.uint32])
def test_the_places_of_bits_at_any_density(share: float, kind: type[np.unsignedinteger]) -> None:
    flags = np.random.default_rng(int(share * 1000)).random(1 << 16) < share
    words = np.packbits(flags, bitorder="little").view(np.uint64)
    expected = np.flatnonzero(flags).astype(kind)
    room = np.full(len(expected) + 8, 7, kind)
    assert kernels.places(words, 0, room[: len(expected)]) == len(expected)
    assert np.array_equal(room[: len(expected)], expected)
    assert (room[len(expected) :] == 7).all(), "what belongs to the next part was written over"


def _segment(seed: int) -> Segment:
    random = np.random.default_rng(seed)
    count = 20_000
    customers = np.sort(random.integers(0, 3000, count)).astype(np.uint32)
    day, names = random.integers(19_000, 19_100, count), random.integers(0, 3, count)
    things = (("a", "", "", ""), ("b", "push", "", ""), ("", "", "", ""))
    second = np.zeros(count, np.uint32)
    return Segment(
        customers, day.astype(np.uint16), second, names.astype(np.uint16), random.integers(-50, 50, count), things
    )


_TODAY = dt.date(1970, 1, 1) + dt.timedelta(days=19_080)


@pytest.mark.parametrize("measure", ["occurrence", "amount", "days"])
@pytest.mark.parametrize("span", [(1, None), (3, 5), (None, 2), (None, 0), (-20, 20), (0, 0), (60, None)])
@pytest.mark.parametrize("window", [None, 1, 30, 40_000])
@pytest.mark.parametrize("objects", [None, frozenset({"a"}), frozenset({"push"}), frozenset({"nothing"})])
def test_any_scan(
    measure: str, span: tuple[int | None, int | None], window: int | None, objects: frozenset[str] | None
) -> None:
    field = Field("e", "integer", "event", measure, Label("e", "e"), event="e")  # type: ignore[arg-type]
    test = catalogue.Test(field, Spans((Interval(*span),)), objects, window)
    segment = _segment(3)
    plain = happened([segment], test, _TODAY, 50)
    scanned = happened([segment], test, _TODAY, 50, scanned_from=0)
    assert (plain == scanned).all()


@pytest.mark.parametrize("measure", ["count", "sum", "avg", "first", "last"])
@pytest.mark.parametrize("span", [(1, None), (3, 5), (None, 2), (0, 0), (60, None)])
@pytest.mark.parametrize("days", [Days(), Days(1), Days(30), Days(None, None, _TODAY - dt.timedelta(days=3))])
@pytest.mark.parametrize("wanted", [(), (("object", frozenset({"a"})),), (("channel", frozenset({"push"})),)])
def test_any_measure(
    measure: Measure, span: tuple[int | None, int | None], days: Days, wanted: tuple[tuple[str, frozenset[str]], ...]
) -> None:
    test = Measured(Deed("e", wanted), measure, Spans((Interval(*span),)), days)
    plain = deeds.measures([_segment(3)], test, _TODAY, 50)
    scanned = deeds.measures([_segment(3)], test, _TODAY, 50, scanned_from=0)
    assert (plain == scanned).all()
