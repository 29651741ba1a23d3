"""Audiences on two real nodes: the same answers as on one machine, and none without a shard."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from random import Random

import numpy as np
import pyarrow as pa
import pytest

from linghang import audiences, customers
from linghang.adapters.clickhouse_cluster import ClickHouseCluster
from linghang.audiences import reference, sql
from linghang.audiences.index import roaring
from linghang.base.errors import UnavailableError, UsageError
from linghang.base.predicates import Combination, Predicate, Ranked
from linghang.customers import catalogue_of
from linghang.testing import clickhouse_nodes
from linghang.testing.clickhouse_nodes import Node
from linghang.testing.institution import NOW, PACK, TODAY, World, make
from linghang.testing.rules import DAYS, random_rule

pytestmark = pytest.mark.cluster
CATALOGUE = catalogue_of(PACK)
OLD = Predicate("age", "ge", 40)


@pytest.fixture(scope="module")
def world(engine: ClickHouseCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """An institution whose tables are on the cluster: imported, numbered and logged there."""
    made = make(tmp_path_factory.mktemp("world"), engine, 3)
    yield made
    made.context.db.dispose()


def test_customers_are_on_the_shard_of_their_hash(world: World, engine: ClickHouseCluster) -> None:
    table = world.sources.customers.table
    rows = engine.query(
        f"SELECT _shard_num AS shard, count() AS n, uniqExact(intHash64(customer) % 2) AS sides FROM {table} GROUP BY shard"
    ).to_pylist()
    assert sorted(row["shard"] for row in rows) == [1, 2]
    assert {row["sides"] for row in rows} == {1}
    assert sum(row["n"] for row in rows) == len(world.rows)
    # Events lie with their customer, so that a shard can be asked about its own alone.
    split = engine.query(
        f"SELECT count() AS n FROM (SELECT customer FROM {world.sources.events} GROUP BY customer "
        "HAVING uniqExact(_shard_num) > 1)"
    )
    assert split["n"].to_pylist() == [0]


@pytest.mark.parametrize("seed", range(5))
def test_random_rules_have_the_same_members(world: World, engine: ClickHouseCluster, seed: int) -> None:
    random = Random(seed)
    today = random.choice(DAYS)
    for _ in range(8):
        rule = random_rule(random)
        plain = world.expand(rule)
        expected = sorted(reference.members(plain, world.rows, CATALOGUE, today))
        assert sql.members(engine, CATALOGUE, world.sources, plain, today).tolist() == expected, rule
        assert audiences.members(rule, world.index, today).tolist() == expected, rule


def test_partial_bitmaps_of_the_shards_merge_to_the_index_bitset(world: World, engine: ClickHouseCluster) -> None:
    condition, params = sql.condition(CATALOGUE, world.sources, OLD, TODAY)
    table = world.sources.customers.table
    per_shard = engine.query(
        f"SELECT _shard_num AS shard, hex(CAST(groupBitmapState(customer), 'String')) AS state FROM {table} AS c "
        f"WHERE {condition} GROUP BY shard", params,
    ).to_pylist()  # fmt: skip
    parts = [roaring.from_state(bytes.fromhex(row["state"]), world.index.words) for row in per_shard]
    assert len(parts) == 2
    assert not (parts[0] & parts[1]).any()
    whole = audiences.bitset(world.index.plan(OLD, TODAY), world.index.words)
    assert np.array_equal(parts[0] | parts[1], whole)
    merged = engine.query(f"SELECT groupBitmap(customer) AS n FROM {table} AS c WHERE {condition}", params)
    assert merged["n"].to_pylist() == [int(np.bitwise_count(whole).sum())]


def test_a_list_of_many_numbers_travels_whole(world: World, engine: ClickHouseCluster) -> None:
    numbers = tuple(range(0, 600_000, 2))
    table = world.sources.customers.table
    sql_text = f"SELECT count() AS n FROM {table} AS c WHERE c.customer IN (SELECT arrayJoin({{n:Array(UInt32)}}))"
    expected = sum(number % 2 == 0 for number in world.rows)
    assert engine.query(sql_text, {"n": numbers})["n"].to_pylist() == [expected]


def test_a_wrong_statement_and_one_for_a_single_node_are_refused(engine: ClickHouseCluster) -> None:
    with pytest.raises(UsageError, match="bad_statement"):
        engine.query("SELECT nothing FROM numbers(1)")
    with pytest.raises(UsageError, match="not_on_a_cluster"):
        engine.execute("CREATE TABLE `m` (n UInt32) ENGINE = Memory")
    with pytest.raises(UsageError, match="not_on_a_cluster"):
        engine.execute("TRUNCATE TABLE `number:world`")
    with pytest.raises(UnavailableError) as slow:
        engine.query("SELECT sum(cityHash64(number)) FROM numbers(1000000000000)", timeout=0.5)
    assert slow.value.code == "engine.timeout"


def test_a_person_is_erased_on_every_shard(world: World, engine: ClickHouseCluster) -> None:
    table = world.sources.customers.table
    engine.execute("DROP TABLE IF EXISTS `people`")
    engine.execute("CREATE TABLE `people` (customer UInt32, id String) ENGINE = MergeTree ORDER BY customer")
    engine.execute(f"INSERT INTO `people` SELECT customer, id FROM {table}")
    gone = sorted(world.rows)[:5]
    for number in gone:
        engine.execute("DELETE FROM `people` WHERE customer = {n:UInt32}", {"n": number})
    left = engine.query("SELECT customer FROM `people` ORDER BY customer")["customer"].to_pylist()
    assert left == sorted(set(world.rows) - set(gone))


def test_a_dead_shard_is_an_error_and_never_a_smaller_number(
    world: World, nodes: list[Node], engine: ClickHouseCluster, tmp_path: Path
) -> None:
    shared = clickhouse_nodes.library()
    assert shared is not None
    before = sql.count(engine, CATALOGUE, world.sources, OLD, TODAY)
    for dead in (1, 0):
        nodes[dead].stop()
        try:
            for rule in (OLD, None, Ranked("balance", top=3), Combination("not", (Predicate("visit", "exists"),))):
                with pytest.raises(UnavailableError) as gone:
                    sql.count(engine, CATALOGUE, world.sources, rule, TODAY)
                assert gone.value.code == "engine.shard_gone"
            if dead:
                events = {
                    "customer_id": ["k1", "k2", "k3", "k4"], "name": ["visit"] * 4, "key": [f"late{n}" for n in range(4)],
                    "at": pa.array([NOW - dt.timedelta(days=1)] * 4, pa.timestamp("us", "UTC")),
                }  # fmt: skip
                target = customers.Target(engine, world.context.db, "world", PACK, NOW, TODAY)
                with pytest.raises(UnavailableError):
                    customers.post_events(target, pa.table(events))
        finally:
            clickhouse_nodes.restart(nodes[dead], shared)
    assert sql.count(engine, CATALOGUE, world.sources, OLD, TODAY) == before, "everything is there again"
    # What was refused is posted again under the same keys: nothing is counted twice, on whichever shard some had landed.
    log = world.sources.events
    assert log is not None
    customers.post_events(target, pa.table(events))
    told = engine.query(
        f"SELECT count() AS n, uniqExact(key) AS keys FROM {log} WHERE startsWith(key, 'late')"
    ).to_pylist()
    known = engine.query("SELECT count() AS n FROM `number:world` WHERE id IN ('k1', 'k2', 'k3', 'k4')")["n"][0].as_py()
    assert told == [{"n": known, "keys": known}]
