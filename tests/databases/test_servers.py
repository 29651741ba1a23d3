"""Tables of real database servers: read by the engine's own connectors, exactly, and without leaving the password behind."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from linghang import customers, packs
from linghang.adapters.chdb_engine import ChdbEngine
from linghang.base.errors import UnavailableError, UsageError
from linghang.customers import Target
from linghang.customers.arrivals import databases
from linghang.customers.arrivals.bringing import bring
from linghang.customers.arrivals.mapping import ColumnMap, TableMap
from linghang.customers.arrivals.opening import Place
from linghang.kit.database import metadata, open_database

from .servers import WORD, Server, mariadb, postgres

pytestmark = pytest.mark.database
NOW = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
PEOPLE = TableMap(
    "customers",
    (
        ColumnMap("id", "customer_id"),
        ColumnMap("years", "age"),
        ColumnMap("pay", "salary_cny"),
        ColumnMap("town", "city"),
    ),
    format="database",
)
EVENT = next(event.name for event in packs.load("demo").events if event.has_amount)
DEEDS = TableMap(
    "events",
    (ColumnMap("who", "customer_id"), ColumnMap("at", "at"), ColumnMap("yuan", "amount"), ColumnMap("n", "key")),
    constants={"name": EVENT},
    format="database",
)
TABLES = {
    "postgresql": (
        "CREATE TABLE people (id text, years integer, pay numeric(12, 2), town varchar(20)); "
        "CREATE SCHEMA raw; CREATE TABLE raw.deeds (n bigint, who text, at {instant}, yuan numeric(12, 2)); "
        "GRANT USAGE ON SCHEMA raw TO reader; GRANT SELECT ON people, raw.deeds TO reader; "
    ),
    "mysql": (
        "CREATE TABLE people (id varchar(20), years int, pay decimal(12, 2), town varchar(20)); "
        "CREATE TABLE deeds (n bigint, who varchar(20), at {instant}, yuan decimal(12, 2)); "
    ),
}


@pytest.fixture(scope="module", params=["postgresql", "mysql"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a table of customers and one of events."""
    start = postgres if request.param == "postgresql" else mariadb
    with start(tmp_path_factory.mktemp("server")) as started:
        if started is None:
            pytest.skip(f"{request.param} is not installed: scripts/install-test-tools brings Debian's packages")
        started.run(
            TABLES[started.kind].replace("{instant}", "timestamp" if started.kind == "postgresql" else "datetime")
        )
        deeds = "raw.deeds" if started.kind == "postgresql" else "deeds"
        people = ", ".join(f"('k{n}', {n % 90}, {n}.25, '北京')" for n in range(3000))
        started.run(
            f"INSERT INTO people VALUES {people}, ('x', 200, 1, '北京'), ('y', NULL, NULL, NULL), (NULL, 3, 1, '北京');"
        )
        started.run(
            f"INSERT INTO {deeds} VALUES (1, 'k1', '2026-11-20 08:00:00', 12.50), (2, 'k2', '2026-11-20 23:30:00', NULL), "
            "(3, 'stranger', '2026-11-20 08:00:00', 1), (4, 'k3', NULL, 1);"
        )
        yield started


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Target]:
    """A home with an engine of its own, whose every file is looked through at the end."""
    monkeypatch.setenv("BANK_WORD", WORD)
    home = tmp_path / "home"
    home.mkdir()
    db: sa.Engine = open_database(home / "app.db")
    metadata.create_all(db)
    engine = ChdbEngine(home / "analytics")
    yield Target(engine, db, "bank", packs.load("demo"), NOW, NOW.date())
    engine.close()
    db.dispose()
    holding = [path for path in home.rglob("*") if path.is_file() and WORD.encode() in path.read_bytes()]
    assert holding == [], "the password is nowhere in the home"


def _place(server: Server, table: str) -> Place:
    return Place(f"{server.kind}://reader@127.0.0.1:{server.port}/bank", table, "env:BANK_WORD")


def test_customers_come_from_a_server(server: Server, target: Target, tmp_path: Path) -> None:
    done = bring(target, tmp_path / "home", _place(server, "people"), PEOPLE, actor="engineer")
    assert (done.rows, done.accepted, done.rejected) == (3003, 3001, 2)
    assert {told.code for told in done.rejections} == {"customers.out_of_range", "customers.no_id"}
    table = customers.current(target.db, "bank").table
    told = target.engine.query(
        f"SELECT count() AS n, sum(age) AS age, sum(salary_cny) AS pay, any(city) AS city FROM {table}"
    )
    assert told.to_pylist() == [
        {
            "n": 3001,
            "age": sum(n % 90 for n in range(3000)),
            "pay": sum(100 * n + 25 for n in range(3000)),
            "city": "北京",
        }
    ]
    assert not [name for name in target.engine.query("SHOW TABLES")["name"].to_pylist() if name.startswith("copy")]


def test_events_without_a_zone_are_in_the_institutions(server: Server, target: Target, tmp_path: Path) -> None:
    bring(target, tmp_path / "home", _place(server, "people"), PEOPLE, actor="engineer")
    table = "raw.deeds" if server.kind == "postgresql" else "deeds"
    done = bring(target, tmp_path / "home", _place(server, table), DEEDS, actor="engineer")
    assert (done.rows, done.accepted, done.rejected) == (4, 2, 2)
    rows = target.engine.query(
        "SELECT toString(at) AS at, amount_fen AS fen FROM `event:bank` ORDER BY key"
    ).to_pylist()
    assert rows == [
        {"at": "2026-11-20 00:00:00.000000", "fen": 1250}, {"at": "2026-11-20 15:30:00.000000", "fen": 0},
    ]  # fmt: skip


def test_instants_with_a_zone_stay_instants(server: Server, target: Target, tmp_path: Path) -> None:
    if server.kind != "postgresql":
        pytest.skip("MySQL's times know no zone")
    bring(target, tmp_path / "home", _place(server, "people"), PEOPLE, actor="engineer")
    server.run("CREATE TABLE zoned (n bigint, who text, at timestamptz); GRANT SELECT ON zoned TO reader; ")
    server.run("INSERT INTO zoned VALUES (9, 'k1', '2026-11-20 08:00+08')")
    mapped = TableMap(
        "events",
        (ColumnMap("who", "customer_id"), ColumnMap("at", "at"), ColumnMap("n", "key")),
        constants={"name": EVENT},
        format="database",
    )
    bring(target, tmp_path / "home", _place(server, "zoned"), mapped, actor="engineer")
    [row] = target.engine.query("SELECT toString(at) AS at FROM `event:bank`").to_pylist()
    assert row["at"] == "2026-11-20 00:00:00.000000"


def test_an_import_that_was_cut_goes_on_with_the_same_rows(
    server: Server, target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "_ROWS_AT_ONCE", 500)
    calls = 0

    def emit(step: str, done: int = 0, of: int = 0, note: str = "", **_params: object) -> None:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise UnavailableError("engine.gone", reason="cut")

    cut = Target(target.engine, target.db, "bank", target.pack, NOW, NOW.date(), emit)
    with pytest.raises(UnavailableError):
        bring(cut, tmp_path / "home", _place(server, "people"), PEOPLE, actor="engineer")
    server.run("INSERT INTO people VALUES ('late', 1, 1, NULL);")
    try:
        done = bring(target, tmp_path / "home", _place(server, "people"), PEOPLE, actor="engineer")
    finally:
        server.run("DELETE FROM people WHERE id = 'late';")
    assert (done.rows, done.accepted, done.resumed) == (3003, 3001, True)


def test_what_the_server_refuses_is_told_without_the_password(server: Server, target: Target, tmp_path: Path) -> None:
    place = _place(server, "nowhere")
    with pytest.raises((UnavailableError, UsageError)) as caught:
        bring(target, tmp_path / "home", place, PEOPLE, actor="engineer")
    assert WORD not in f"{caught.value} {caught.value.params} {caught.value.__cause__}"


def test_a_wrong_password_is_told(
    server: Server, target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BANK_WORD", "not-it-0815")
    with pytest.raises(UnavailableError) as caught:
        bring(target, tmp_path / "home", _place(server, "people"), PEOPLE, actor="engineer")
    assert caught.value.code == "customers.database_failed"
    assert "not-it-0815" not in str(caught.value)
