"""What was told wrongly is put right, and who is erased is gone: at once, in the index and in the engine alike."""

import datetime as dt
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from linghang import audiences, customers, events
from linghang.access.vault import Vault
from linghang.adapters.chdb_engine import ChdbEngine
from linghang.audiences import freshness, sql
from linghang.audiences.index import files
from linghang.base.errors import UnavailableError
from linghang.base.predicates import Act, Behaviour, Combination, Predicate, Succession
from linghang.customers import Target, persons
from linghang.kit.database import metadata, open_database
from linghang.testing.institution import NOW, PACK, TODAY

RULES = [
    Predicate("visit", "exists", window_days=7), Predicate("visit", "exists", window_days=7, negated=True),
    Predicate("visit", "ge", 3), Predicate("buy_amount", "between", (0, 500)), Predicate("last_buy_days", "gt", 2),
    Behaviour("buy", "avg", "ge", 100), Behaviour("buy", "count", "eq", 0, 30), Behaviour("visit", "first", "le", 5),
    Succession(Act("visit"), Act("buy"), 3), Combination("not", (Predicate("buy", "exists"),)), None,
]  # fmt: skip


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChdbEngine]:
    """One engine: starting it takes a second."""
    engine = ChdbEngine(tmp_path_factory.mktemp("corrected"))
    yield engine
    engine.close()


@pytest.fixture
def target(engine: ChdbEngine, tmp_path: Path) -> Target:
    """An institution with twenty customers."""
    db = open_database(tmp_path / "app.db")
    metadata.create_all(db)
    target = Target(engine, db, f"c-{tmp_path.name[-20:].replace('_', '-')}", PACK, NOW, TODAY)
    table = pa.table({"customer_id": [f"k{n}" for n in range(20)], "age": list(range(20))})
    customers.import_batches(target, table.to_batches(), name="all", columns=table.column_names)
    return target


def _context(target: Target, home: Path) -> Any:
    return SimpleNamespace(
        home=home, institution_id=target.institution_id, db=target.db, analytics=target.engine, now=NOW, today=TODAY,
        emit=lambda *_a, **_k: None,
    )  # fmt: skip


def _rows(told: list[tuple[int, str, int, int, str]]) -> pa.Table:
    """Events from (customer, name, days ago, amount in fen, key)."""
    return pa.table({
        "customer": pa.array([one[0] for one in told], pa.uint32()),
        "name": [one[1] for one in told],
        "at": pa.array([NOW - dt.timedelta(days=one[2]) for one in told], pa.timestamp("us", "UTC")),
        "amount_fen": pa.array([one[3] for one in told], pa.int64()),
        "key": [one[4] for one in told],
    })  # fmt: skip


def _agree(target: Target, context: Any, rules: list[Any], what: object) -> Any:
    index = audiences.current_index(context, PACK)
    sources = audiences.sources_of(context)
    for rule in rules:
        expected = sql.members(target.engine, index.catalogue, sources, rule, TODAY).tolist()
        assert audiences.members(rule, index, TODAY).tolist() == expected, (what, rule)
    return index


def test_a_correction_is_counted_at_once(target: Target, tmp_path: Path) -> None:
    context = _context(target, tmp_path)
    args = (target.engine, target.db, target.institution_id)
    events.ingest(
        *args, _rows([(1, "buy", 1, 100_00, "a"), (2, "buy", 1, 100_00, "b"), (2, "buy", 1, 100_00, "c")]), now=NOW
    )
    spent = Predicate("buy_amount", "ge", 150)
    before = audiences.current_index(context, PACK)
    assert audiences.members(spent, before).tolist() == [2]
    done = events.correct(
        *args, _rows([(1, "buy", 1, 160_00, "a"), (3, "buy", 1, 900_00, "c"), (4, "buy", 2, 900_00, "new"), (2, "buy", 1, 100_00, "b")]),
        now=NOW,
    )  # fmt: skip
    assert (done.rows, done.accepted, done.corrected, done.repeated) == (4, 3, 2, 1)
    after = _agree(target, context, RULES, "corrected")
    assert after.store is before.store, "nothing was built anew"
    assert audiences.members(spent, after).tolist() == [1, 3, 4]
    assert events.mark(target.db, target.institution_id).events == 4
    # The same again changes nothing.
    again = events.correct(*args, _rows([(1, "buy", 1, 160_00, "a")]), now=NOW + dt.timedelta(1))
    assert (again.accepted, again.repeated) == (0, 1)


def test_counts_follow_any_corrections_and_erasings(
    target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audiences.index.tail, "_WHO", 3)
    context = _context(target, tmp_path)
    args = (target.engine, target.db, target.institution_id)
    random = Random(11)
    keys = 0

    def some(known: bool) -> tuple[int, str, int, int, str]:
        nonlocal keys
        keys += not known
        key = f"e{random.randrange(max(keys, 1)) if known else keys}"
        return (random.randrange(20), random.choice(("visit", "buy")), random.choice((0, 1, 2, 6, 8, 40)),
                random.choice((0, 100_00, 499_99)), key)  # fmt: skip

    events.ingest(*args, _rows([some(False) for _ in range(60)]), now=NOW)
    first = audiences.current_index(context, PACK)
    alive = list(range(20))
    for step in range(14):
        now = NOW + dt.timedelta(seconds=step)
        what = random.choice(("append", "correct", "correct", "erase"))
        if what == "append":
            events.ingest(*args, _rows([some(False) for _ in range(random.choice((1, 30)))]), now=now)
        elif what == "correct":
            events.correct(*args, _rows([some(random.random() < 0.8) for _ in range(random.choice((1, 9)))]), now=now)
        else:
            gone = alive.pop(random.randrange(len(alive)))
            persons.erase(
                target.engine,
                target.db,
                Vault(tmp_path, target.db, target.institution_id),
                f"k{gone}",
                actor="a",
                now=now,
            )
        index = _agree(target, context, random.sample(RULES, 6), (step, what))
        assert index.store is first.store
        assert index.population == len(alive) == audiences.count(None, index)
    built = freshness.index_path(tmp_path, target.institution_id)
    freshness._opened.pop(built)
    (files.current(built) / "manifest.json").unlink()  # type: ignore[operator]
    assert _agree(target, context, RULES, "built anew").store is not first.store


def test_the_number_of_an_erased_person_is_nobodys(target: Target, tmp_path: Path) -> None:
    vault = Vault(tmp_path, target.db, target.institution_id)
    persons.erase(target.engine, target.db, vault, "k19", actor="a", now=NOW)
    table = pa.table({"customer_id": [f"k{n}" for n in range(19)] + ["new"], "age": list(range(20))})
    customers.import_batches(target, table.to_batches(), name="next", columns=table.column_names)
    assert customers.Numbers(target.engine, target.institution_id).one("new") == 20
    index = audiences.current_index(_context(target, tmp_path), PACK)
    assert audiences.members(Predicate("age", "ge", 18), index).tolist() == [18, 20]


def _two_versions(target: Target, context: Any) -> tuple[Any, Any]:
    """Two versions of the index of the same customers: the second was built with later events."""
    args = (target.engine, target.db, target.institution_id)
    events.ingest(*args, _rows([(1, "visit", 1, 0, "a")]), now=NOW)
    first = audiences.current_index(context, PACK)
    events.ingest(*args, _rows([(2, "visit", 1, 0, "b")]), now=NOW + dt.timedelta(seconds=1))
    path = freshness.index_path(context.home, target.institution_id)
    audiences.index.building.build(
        target.engine, first.catalogue, audiences.sources_of(context), path, mark=first.mark, now=NOW
    )
    freshness._opened.pop(path)
    second = audiences.current_index(context, PACK)
    assert second.folder != first.folder
    freshness._opened.pop(path)
    return first, second


@pytest.mark.parametrize("how", ["manifest", "bytes", "gone"])
def test_a_broken_version_gives_way_to_the_one_before(target: Target, tmp_path: Path, how: str) -> None:
    context = _context(target, tmp_path)
    first, second = _two_versions(target, context)
    if how == "manifest":
        (second.folder / "manifest.json").write_text("{}")
    elif how == "gone":
        for file in second.folder.glob("*.bin"):
            file.unlink()
    else:
        place = second.store._places["age/raw"]
        file = second.folder / place.file
        data = bytearray(file.read_bytes())
        data[place.offset] ^= 1
        file.write_bytes(bytes(data))
    rule = Predicate("age", "ge", 10)
    index = audiences.current_index(context, PACK)
    if how == "bytes":
        with pytest.raises(UnavailableError) as caught:
            audiences.members(rule, index)
        assert caught.value.code == "audiences.index_broken", "told once, to whoever met it"
        index = audiences.current_index(context, PACK)
    assert audiences.members(rule, index).tolist() == list(range(10, 20))
    assert index.folder == first.folder
    (told,) = freshness.fallen_back(tmp_path, target.institution_id)
    assert told.params["version"] == first.folder.name
    assert _agree(target, context, RULES, how).folder in (first.folder, *tmp_path.rglob("v*"))
    for _ in range(200):
        if freshness.fallen_back(tmp_path, target.institution_id) == ():
            break
        time.sleep(0.05)
    anew = audiences.current_index(context, PACK)
    assert anew.folder not in (first.folder, second.folder)
    assert np.array_equal(audiences.members(rule, anew), np.arange(10, 20))


def test_a_version_of_other_customers_is_not_gone_back_to(target: Target, tmp_path: Path) -> None:
    context = _context(target, tmp_path)
    audiences.current_index(context, PACK)
    table = pa.table({"customer_id": [f"k{n}" for n in range(25)], "age": list(range(25))})
    customers.import_batches(target, table.to_batches(), name="more", columns=table.column_names)
    second = audiences.current_index(context, PACK)
    (second.folder / "manifest.json").write_text("{}")
    freshness._opened.clear()
    index = audiences.current_index(context, PACK)
    assert (audiences.count(None, index), freshness.fallen_back(tmp_path, target.institution_id)) == (25, ())
