"""A table of a real PostgreSQL comes into a home whose engine is the cluster: read once, and with the same accounts."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from databases.servers import WORD, Server, postgres

from linghang import customers, packs
from linghang.adapters.clickhouse_cluster import ClickHouseCluster
from linghang.customers import Target
from linghang.customers.arrivals import databases
from linghang.customers.arrivals.bringing import bring
from linghang.customers.arrivals.mapping import ColumnMap, TableMap
from linghang.customers.arrivals.opening import Place
from linghang.customers.arrivals.places import connection_of
from linghang.customers.sources import Ragged
from linghang.kit.database import metadata, open_database

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(300)]
NOW = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
MAPPED = TableMap(
    "customers",
    (ColumnMap("customer", "customer_id"), ColumnMap("years", "age"), ColumnMap("pay", "salary_cny")),
    format="database",
)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A PostgreSQL with a table whose columns are called as ours are."""
    with postgres(tmp_path) as started:
        if started is None:
            pytest.skip("postgresql is not installed: scripts/install-test-tools brings Debian's packages")
        started.run(
            "CREATE TABLE people (customer text, id integer, years integer, pay numeric(12, 2), seen timestamptz); "
            "GRANT SELECT ON people TO reader; INSERT INTO people SELECT 'k' || n, n, n % 90, n + 0.25, now() "
            "FROM generate_series(0, 4999) AS n; INSERT INTO people VALUES ('x', NULL, 200, 1, NULL), (NULL, 1, 3, 1, NULL);"
        )
        yield started


def test_a_database_is_read_by_the_first_node_and_lies_on_all(
    engine: ClickHouseCluster, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BANK_WORD", WORD)
    db: sa.Engine = open_database(tmp_path / "app.db")
    metadata.create_all(db)
    target = Target(engine, db, f"pg{tmp_path.name[-6:]}", packs.load("demo"), NOW, NOW.date())
    address = f"postgresql://reader@127.0.0.1:{server.port}/bank"
    connection = connection_of(address, "env:BANK_WORD")
    source = databases.open_server(engine, target.institution_id, connection, "people")
    assert (source.rows, source.columns) == (5002, ("customer", "id", "years", "pay", "seen"))
    ids = [id for batch in source.blocks(Ragged()) for id in batch.column("customer").to_pylist()]
    assert sorted(filter(None, ids)) == sorted([*(f"k{n}" for n in range(5000)), "x"])
    server.run("DELETE FROM people;")
    again = databases.open_server(engine, target.institution_id, connection, "people")
    assert (again.rows, again.fingerprint) == (5002, source.fingerprint), "the copy is one state of the table"
    done = bring(target, tmp_path, Place(address, "people", "env:BANK_WORD"), MAPPED, actor="engineer")
    assert (done.rows, done.accepted, done.rejected) == (5002, 5000, 2)
    table = customers.current(db, target.institution_id).table
    [row] = engine.query(f"SELECT count() AS n, sum(salary_cny) AS pay, max(age) AS age FROM {table}").to_pylist()
    assert row == {"n": 5000, "pay": sum(n * 100 + 25 for n in range(5000)), "age": 89}
    anew = databases.open_server(engine, target.institution_id, connection, "people")
    assert anew.rows == 0, "the copy was let go of when the import had ended"
    databases.forget_copy(engine, target.institution_id, connection, "people")
    db.dispose()
