"""The index follows the data: late events at once, new customers and holdings by a new version."""

import datetime as dt
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest

from linghang import audiences, customers
from linghang.adapters.chdb_engine import ChdbEngine
from linghang.audiences import sql
from linghang.audiences.index import files
from linghang.base.errors import UnavailableError
from linghang.base.predicates import Act, Behaviour, Combination, Predicate, Succession
from linghang.customers import Target
from linghang.kit.database import metadata, open_database
from linghang.testing.institution import NOW, PACK, TODAY

VISITED = Predicate("visit", "exists", window_days=7)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChdbEngine]:
    """One engine: starting it takes a second."""
    engine = ChdbEngine(tmp_path_factory.mktemp("fresh"))
    yield engine
    engine.close()


@pytest.fixture
def target(engine: ChdbEngine, tmp_path: Path) -> Target:
    """An institution with twenty customers and one visit."""
    db = open_database(tmp_path / "app.db")
    metadata.create_all(db)
    target = Target(engine, db, f"f-{tmp_path.name[-20:].replace('_', '-')}", PACK, NOW, TODAY)
    _customers(target, 20)
    _events(target, ["k0"], "first")
    return target


def _customers(target: Target, count: int) -> None:
    table = pa.table({"customer_id": [f"k{n}" for n in range(count)], "age": list(range(count))})
    customers.import_batches(target, table.to_batches(), name=f"{count}", columns=table.column_names)


def _events(target: Target, ids: list[str], name: str, at: dt.datetime = NOW) -> None:
    count = len(ids)
    rows = {
        "customer_id": ids, "name": ["visit"] * count, "at": pa.array([at] * count, pa.timestamp("us", "UTC")),
        "key": [f"{name}:{n}" for n in range(count)],
    }  # fmt: skip
    customers.post_events(target, pa.table(rows))


def _context(target: Target, home: Path) -> Any:
    return SimpleNamespace(
        home=home, institution_id=target.institution_id, db=target.db, analytics=target.engine, now=NOW, today=TODAY,
        emit=lambda *_a, **_k: None,
    )  # fmt: skip


def test_late_events_are_counted_without_a_build(target: Target, tmp_path: Path) -> None:
    context = _context(target, tmp_path)
    index = audiences.current_index(context, PACK)
    assert (audiences.count(VISITED, index), index.label) == (1, "c1.h0.e1")
    _events(target, ["k1", "k2", "k0"], "late")
    again = audiences.current_index(context, PACK)
    assert again.store is index.store, "nothing is built"
    assert (audiences.count(VISITED, again), again.label) == (3, "c1.h0.e2")
    assert audiences.members(Predicate("visit", "ge", 2), again).tolist() == [0]


def test_a_batch_without_new_rows_changes_nothing(target: Target, tmp_path: Path) -> None:
    context = _context(target, tmp_path)
    audiences.current_index(context, PACK)
    later = replace(target, now=NOW + dt.timedelta(seconds=1))
    _events(later, ["k0"], "first")  # the same keys again: the batch is accepted and adds no row
    assert audiences.count(VISITED, audiences.current_index(context, PACK)) == 1


def test_ten_thousand_events_are_seen_within_a_second(target: Target, tmp_path: Path) -> None:
    context = _context(target, tmp_path)
    audiences.count(VISITED, audiences.current_index(context, PACK))
    _events(target, [f"k{n % 20}" for n in range(10_000)], "many")
    started = time.process_time()
    index = audiences.current_index(context, PACK)
    assert audiences.count(Predicate("visit", "ge", 500), index) == 20
    assert time.process_time() - started < 1


def test_new_customers_make_a_new_version(target: Target, tmp_path: Path) -> None:
    context = _context(target, tmp_path)
    before = audiences.current_index(context, PACK)
    _customers(target, 30)
    after = audiences.current_index(context, PACK)
    assert (before.population, after.population, after.label) == (20, 30, "c2.h0.e1")
    assert audiences.count(VISITED, after) == 1
    assert audiences.count(None, before) == 20, "who holds the old version still counts in it"


def test_new_holdings_make_a_new_version(target: Target, tmp_path: Path) -> None:
    context = _context(target, tmp_path)
    assert audiences.count(Predicate("holding", "exists"), audiences.current_index(context, PACK)) == 0
    customers.import_holdings(target, [pa.table({"customer_id": ["k3"], "product": ["f1"]})], name="h")
    index = audiences.current_index(context, PACK)
    assert audiences.members(Predicate("holding", "exists", "fund"), index).tolist() == [3]


def test_a_changed_pack_makes_a_new_version(target: Target, tmp_path: Path) -> None:
    context = _context(target, tmp_path)
    before = audiences.current_index(context, PACK)
    changed = replace(PACK, zone="Asia/Shanghai")
    after = audiences.current_index(context, changed)
    assert after.store is not before.store
    assert after.catalogue.zone == "Asia/Shanghai"


def test_a_broken_version_is_built_again(target: Target, tmp_path: Path) -> None:
    context = _context(target, tmp_path)
    index = audiences.current_index(context, PACK)
    (index.folder / "manifest.json").write_text("{}")
    # Another process opens the same home: it has nothing in memory.
    moved = tmp_path / "copy"
    moved.mkdir()
    (tmp_path / "index").rename(moved / "index")
    fresh = audiences.current_index(_context(target, moved), PACK)
    assert audiences.count(VISITED, fresh) == 1


def test_consent_as_a_condition_hears_what_customers_said_since(target: Target, tmp_path: Path) -> None:
    table = pa.table({"customer_id": [f"k{n}" for n in range(6)], "opted": [True, True, True, True, False, None]})
    customers.import_batches(target, table.to_batches(), name="consents", columns=table.column_names)
    context = _context(target, tmp_path)
    rule = Predicate("contactable_by", "in", ("push",))
    before = audiences.screening.count(audiences.current_index(context, PACK).plan(rule), 1)
    later = NOW + dt.timedelta(minutes=1)
    customers.note(
        target.db,
        target.institution_id,
        [
            customers.Said(0, "opt_out", later, channel="push"),
            customers.Said(1, "complaint", NOW),
            customers.Said(2, "blacklisted", NOW),
            customers.Said(4, "consent", later, channel="push"),
        ],
        now=later,
    )
    index = audiences.current_index(context, PACK)
    screened = audiences.screen(
        None, index, PACK, product=None, channels=("push",),
        said=audiences.Said(customers.register_of(target.db, target.institution_id), NOW),
    )  # fmt: skip
    told = audiences.screening.bitset(index.plan(rule), index.words)
    assert before == 4
    assert [n for n in range(6) if told[0] >> n & 1] == [3, 4]
    assert screened.reach == {"push": 2}


def test_consent_for_one_purpose_is_consent_for_that_purpose(target: Target, tmp_path: Path) -> None:
    table = pa.table({"customer_id": [f"k{n}" for n in range(4)], "opted": [True, True, False, False]})
    customers.import_batches(target, table.to_batches(), name="purposes", columns=table.column_names)
    later = NOW + dt.timedelta(minutes=1)
    said = [
        customers.Said(0, "opt_out", later, channel="push", purpose="wealth"),
        customers.Said(2, "consent", later, channel="push", purpose="wealth"),
    ]
    customers.note(target.db, target.institution_id, said, now=later)
    index = audiences.current_index(_context(target, tmp_path), PACK)
    found = {
        value: audiences.members(Predicate("contactable_by", "eq", value), index).tolist()
        for value in ("push", "push:fund", "push:deposit")
    }
    assert found == {"push": [0, 1], "push:fund": [1, 2], "push:deposit": [0, 1]}
    heard = audiences.Said(customers.register_of(target.db, target.institution_id), NOW)
    for product, value in ((PACK.products[0], "push:fund"), (PACK.products[2], "push:deposit")):
        (channel,) = [one for one in PACK.channels if one.id == "push"]
        reached = audiences.channel_members(index.base, channel, index, PACK, product=product, said=heard)
        assert audiences.numbers_of(reached).tolist() == found[value], "a condition and the reach of a campaign agree"


def test_counts_follow_many_batches(target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Answers may be older than what is known by batch.
    monkeypatch.setattr(audiences.index.tail, "_RECENT", 3)
    context = _context(target, tmp_path)
    random = Random(3)
    kinds = ("visit", "buy")
    rules = [
        Predicate("visit", "exists", window_days=7), Predicate("visit", "exists", window_days=7, negated=True),
        Predicate("visit", "ge", 3), Predicate("buy_amount", "between", (0, 500)), Predicate("last_buy_days", "gt", 2),
        Behaviour("buy", "avg", "ge", 100), Behaviour("buy", "count", "eq", 0, 30), Behaviour("visit", "first", "le", 5),
        Succession(Act("visit"), Act("buy"), 3), Succession(Act("buy"), Act("visit"), 1, True),
        Combination("not", (Predicate("buy", "exists"),)),
    ]  # fmt: skip
    first = audiences.current_index(context, PACK)
    for batch in range(12):
        size = random.choice((1, 3, 40))
        rows = {
            "customer_id": [f"k{random.randrange(20)}" for _ in range(size)],
            "name": [random.choice(kinds) for _ in range(size)],
            "at": pa.array(
                [NOW - dt.timedelta(days=random.choice((-1, 0, 1, 2, 6, 8))) for _ in range(size)],
                pa.timestamp("us", "UTC"),
            ),
            "amount_fen": [random.choice((0, 100_00, 499_99)) for _ in range(size)],
            "key": [f"{batch}:{n}" for n in range(size)],
        }
        customers.post_events(target, pa.table(rows))
        index = audiences.current_index(context, PACK)
        assert index.store is first.store
        sources = audiences.sources_of(context)
        # Not every rule every time: an answer may be several batches old when it is put right.
        for rule in random.sample(rules, 6):
            expected = sql.members(target.engine, index.catalogue, sources, rule, TODAY).tolist()
            assert audiences.members(rule, index, TODAY).tolist() == expected, (batch, rule)


def test_a_long_tail_is_built_in_aside(target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = _context(target, tmp_path)
    first = audiences.current_index(context, PACK)
    monkeypatch.setattr(audiences.freshness, "_LONGEST_TAIL", 10)
    _events(target, ["k3"] * 20, "long")
    rule = Predicate("visit", "ge", 20)
    assert audiences.count(rule, audiences.current_index(context, PACK)) == 1
    again = audiences.current_index(context, PACK)
    assert audiences.count(rule, again) == 1, "the old version counts on"
    for _ in range(200):
        if (again := audiences.current_index(context, PACK)).store is not first.store:
            break
        time.sleep(0.05)
    assert again.batch == 2
    assert again.tail is not None
    assert again.tail.rows == 0, "all of it was built in"
    assert audiences.count(rule, again) == 1


def test_a_broken_version_is_told_once_and_built_again(target: Target, tmp_path: Path) -> None:
    context = _context(target, tmp_path)
    index = audiences.current_index(context, PACK)
    place = index.store._places["age/raw"]
    path = index.folder / place.file
    data = bytearray(path.read_bytes())
    data[place.offset] ^= 1
    path.write_bytes(bytes(data))
    audiences.freshness._opened.clear()  # as after a restart: what was read before is no longer in memory
    with pytest.raises(UnavailableError) as broken:
        audiences.count(Predicate("age", "ge", 10), audiences.current_index(context, PACK))
    assert broken.value.code == "audiences.index_broken"
    again = audiences.current_index(context, PACK)
    assert again.folder != index.folder
    assert audiences.count(Predicate("age", "ge", 10), again) == 10


def test_a_build_that_fails_leaves_the_version_that_counts(
    target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = _context(target, tmp_path)
    before = audiences.current_index(context, PACK)
    _customers(target, 30)
    with monkeypatch.context() as patch:
        patch.setattr(files.os, "posix_fallocate", _full)
        with pytest.raises(UnavailableError) as failed:
            audiences.current_index(context, PACK)
    assert failed.value.code == "audiences.index_not_written"
    assert before.folder.is_dir()
    assert audiences.count(None, before) == 20
    assert audiences.count(None, audiences.current_index(context, PACK)) == 30


def _full(*_arguments: object) -> None:
    raise OSError(28, "No space left on device")
