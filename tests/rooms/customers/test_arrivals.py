"""Tables on their way in: formats, proposals, mapping files, quality, imports with their accounts."""

import csv
import datetime as dt
import io
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from linghang import customers, packs
from linghang.access.sealing import is_sealed, read_bytes, seal_file
from linghang.base.errors import RefusedError, UsageError
from linghang.customers import Target, rejected
from linghang.customers.arrivals import store
from linghang.customers.arrivals.bringing import bring
from linghang.customers.arrivals.connections import connection_named, keep_connection
from linghang.customers.arrivals.mapping import ColumnMap, TableMap, read, write
from linghang.customers.arrivals.opening import Place, Shape, open_place
from linghang.customers.arrivals.places import connection_of
from linghang.customers.arrivals.proposing import Proposal, propose
from linghang.customers.arrivals.quality import Quality, look_over
from linghang.customers.arrivals.showing import examples
from linghang.customers.rejected import erase_lines, erase_uploads, reason_in_words
from linghang.customers.sources import Ragged

from .conftest import PACK, TODAY

Make = Callable[..., Target]
DEMO = packs.load("demo")
MAPPED = TableMap(
    "customers",
    (
        ColumnMap("id", "customer_id"),
        ColumnMap("years", "age", empty=("999",)),
        ColumnMap("pay", "income", unit="fen"),
        ColumnMap("since", "joined", format="%d/%m/%Y"),
        ColumnMap("risk", "level", values=(("1", "C1"), ("2", "C2"))),
    ),
)
ROWS = [
    ("a", "30", "12345", "05/02/2026", "1"),
    ("b", "999", "", "28/02/2024", "2"),
    ("c", "x", "7", "01/01/2020", "1"),
    ("d", "40", "7", "31/02/2020", "1"),
    ("a", "31", "8", "01/01/2020", "1"),
    ("", "31", "8", "01/01/2020", "1"),
    ("e", "31", "8", "01/01/2020", "9"),
]
NAMES = ("id", "years", "pay", "since", "risk")
GOOD = [("a", 30, 12345, "2026-02-05", "C1"), ("b", None, None, "2024-02-28", "C2")]
REASONS = {
    (3, "customers.bad_number"), (4, "customers.bad_date"), (5, "customers.duplicate_id"), (6, "customers.no_id"),
    (7, "customers.not_a_choice"),
}  # fmt: skip


def _csv(path: Path) -> Place:
    path.write_text("\n".join(",".join(row) for row in (NAMES, *ROWS)) + "\n", "gb18030")
    return Place(str(path))


def _jsonl(path: Path) -> Place:
    path.write_text("\n".join(json.dumps(dict(zip(NAMES, row, strict=True))) for row in ROWS))
    return Place(str(path))


def _parquet(path: Path) -> Place:
    pq.write_table(pa.table(dict(zip(NAMES, zip(*ROWS, strict=True), strict=True))), path)
    return Place(str(path))


def _sqlite(path: Path) -> Place:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE people (id TEXT, years INTEGER, pay INTEGER, since TEXT, risk TEXT)")
        connection.execute("CREATE TABLE other (x)")
        connection.executemany("INSERT INTO people VALUES (?, ?, ?, ?, ?)", ROWS)
        connection.commit()
    return Place(f"sqlite://{path}", "people")


@pytest.mark.parametrize("make", [_csv, _jsonl, _parquet, _sqlite])
def test_one_table_in_any_form_has_the_same_accounts(
    institution: Make, tmp_path: Path, make: Callable[[Path], Place]
) -> None:
    target = institution()
    place = make(tmp_path / "people")
    done = bring(target, tmp_path, place, replace(MAPPED, most_rejected_pct=90.0), actor="engineer")
    assert (done.rows, done.accepted, done.rejected, done.new) == (7, 2, 5, 2)
    table = customers.current(target.db, target.institution_id).table
    found = target.engine.query(f"SELECT id, age, income, toString(joined) AS d, level FROM {table} ORDER BY id")
    assert [tuple(row.values()) for row in found.to_pylist()] == GOOD
    with io.StringIO(read_bytes(Path(done.rejected_file)).decode("utf-8-sig"), newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0][:4] == ["row", "reason", "column", "id"]
    assert {(int(row[0]), row[1]) for row in rows[1:]} == REASONS
    assert next(row for row in rows if row[0] == "4")[3:] == ["d", "40", "7", "31/02/2020", "1"]
    [told] = store.latest(target.db, target.institution_id, 5)
    assert (told.id, told.state, told.report["accepted"], told.source.split("/")[0]) == (done.id, "done", 2, "people")


def test_a_refused_import_keeps_the_customers_and_the_reasons(institution: Make, tmp_path: Path) -> None:
    target = institution()
    with pytest.raises(RefusedError) as caught:
        bring(target, tmp_path, _csv(tmp_path / "c.csv"), MAPPED, actor="engineer")
    assert caught.value.code == "customers.too_many_rejected"
    [told] = store.latest(target.db, target.institution_id, 5)
    assert told.state == "refused"
    assert len(read_bytes(Path(told.report["rejected_file"])).decode().splitlines()) == 6
    assert customers.find_current(target.db, target.institution_id) is None


def test_events_by_a_mapping(institution: Make, tmp_path: Path) -> None:
    target = institution(replace(PACK, zone="Asia/Shanghai"))
    bring(target, tmp_path, _csv(tmp_path / "c.csv"), replace(MAPPED, most_rejected_pct=90.0), actor="engineer")
    name = target.pack.events[0].name
    (tmp_path / "e.jsonl").write_text(
        "\n".join(
            json.dumps(row)
            for row in (
                {"who": {"id": "a"}, "t": "2026-11-20 08:00", "yuan": 12.5, "k": "k1"},
                {"who": {"id": "zz"}, "t": "2026-11-20 08:00", "k": "k2"},
                {"who": {"id": "b"}, "t": "soon", "k": "k3"},
                {"who": {"id": "b"}, "t": "2026-11-20T00:00:00Z", "k": "k4"},
            )
        )
        + "\nno json\n[1]\n"
    )
    mapped = TableMap(
        "events",
        (ColumnMap("who.id", "customer_id"), ColumnMap("t", "at"), ColumnMap("yuan", "amount"), ColumnMap("k", "key")),
        constants={"name": name},
    )
    done = bring(target, tmp_path, Place(str(tmp_path / "e.jsonl")), mapped, actor="engineer")
    assert (done.rows, done.accepted, done.repeated, done.rejected) == (6, 2, 0, 4)
    again = bring(target, tmp_path, Place(str(tmp_path / "e.jsonl")), mapped, actor="engineer")
    assert (again.rows, again.accepted, again.repeated, again.rejected) == (6, 0, 2, 4)
    rows = target.engine.query(
        f"SELECT toString(at) AS at, amount_fen FROM `event:{target.institution_id}` ORDER BY key"
    )
    assert rows.to_pylist() == [
        {"at": "2026-11-20 00:00:00.000000", "amount_fen": 1250}, {"at": "2026-11-20 00:00:00.000000", "amount_fen": 0},
    ]  # fmt: skip


def test_holdings_by_a_mapping(institution: Make, tmp_path: Path) -> None:
    target = institution()
    bring(target, tmp_path, _csv(tmp_path / "c.csv"), replace(MAPPED, most_rejected_pct=90.0), actor="engineer")
    (tmp_path / "h.csv").write_text("客户号,产品,金额(元)\na,p1,100.5\nstranger,p1,1\nb,p2,lots\nb,p3,7\n", "utf-8")
    mapped = TableMap(
        "holdings", (ColumnMap("客户号", "customer_id"), ColumnMap("产品", "product"), ColumnMap("金额(元)", "amount"))
    )
    done = bring(target, tmp_path, Place(str(tmp_path / "h.csv")), mapped, actor="engineer")
    assert (done.rows, done.accepted, done.rejected) == (4, 2, 2)
    assert {(told.code, told.examples[0][0]) for told in done.rejections} == {
        ("customers.stranger", 2), ("customers.bad_money", 3),
    }  # fmt: skip
    assert len(read_bytes(Path(done.rejected_file)).decode().splitlines()) == 3


def _proposed(text: str, tmp_path: Path, encoding: str = "utf-8", name: str = "t.csv") -> Proposal:
    (tmp_path / name).write_bytes(text.encode(encoding))
    shape = Shape("", "utf-8", ",")
    source = open_place(None, "i", Place(str(tmp_path / name)), shape)  # type: ignore[arg-type]
    return propose(DEMO, source, format="csv")


def test_a_proposal_knows_columns_by_name_and_value(tmp_path: Path) -> None:
    rows = "".join(
        f"C{n};{'男女'[n % 2]};{20 + n % 50};{n * 7}.50;{n % 28 + 1:02d}/03/2020;备注{n}\n" for n in range(200)
    )
    found = _proposed("客户号;性别;年龄;月收入(元);下单时间;备注\n" + rows, tmp_path, "gb18030")
    fields = {one.source: one.field for one in found.mapped.columns}
    assert fields == {"客户号": "customer_id", "性别": "gender", "年龄": "age", "月收入(元)": "salary_cny"}
    assert (found.mapped.encoding, found.mapped.delimiter) == ("gb18030", ";")
    kinds = {look.name: (look.kind, look.format) for look in found.looks}
    assert kinds["下单时间"] == ("date", "%d/%m/%Y")
    assert kinds["备注"] == ("text", "")
    assert found.mapped.ignored == ("下单时间", "备注")


def test_a_proposal_knows_questions_and_days_by_what_they_ask(tmp_path: Path) -> None:
    days = "".join(
        f"C{n},{'是否'[n % 2]},{n % 2},2024-{n % 12 + 1:02d}-05,2026-11-{n % 20 + 1:02d}\n" for n in range(60)
    )
    found = _proposed("客户号,是否代发,绑卡标志,注册日期,最近登录日期\n" + days, tmp_path)
    fields = {one.source: (one.field, one.counts) for one in found.mapped.columns}
    assert fields == {
        "客户号": ("customer_id", ""), "是否代发": ("payroll", ""), "绑卡标志": ("card_bound", ""),
        "注册日期": ("register_days", "days_since"), "最近登录日期": ("last_login_days", "days_since"),
    }  # fmt: skip
    assert {one.params["label"] for one in found.findings if one.code == "customers.days_counted"} == {
        "注册天数", "距上次登录天数",
    }  # fmt: skip


def test_a_column_may_be_given_another_field_in_the_mapping_as_it_stands(tmp_path: Path) -> None:
    text = "客户号,工资卡,昵称\n" + "".join(f"C{n},{n % 2},小{n}\n" for n in range(60))
    first = _proposed(text, tmp_path)
    assert {one.source: one.field for one in first.mapped.columns} == {"客户号": "customer_id", "工资卡": "payroll"}
    (tmp_path / "c.csv").write_text(text)
    source = open_place(None, "i", Place(str(tmp_path / "c.csv")), Shape("", "utf-8", ","))  # type: ignore[arg-type]
    given = replace(first.mapped, mode="upsert", most_rejected_pct=3.0)
    found = propose(DEMO, source, given=given, choices={"工资卡": "", "昵称": "occupation"})
    assert {one.source: one.field for one in found.mapped.columns} == {"客户号": "customer_id", "昵称": "occupation"}
    assert (found.mapped.mode, found.mapped.most_rejected_pct, found.mapped.ignored) == ("upsert", 3.0, ("工资卡",))
    assert set(found.sure) == {"客户号"}, "what somebody chose is not a matter of how sure we are"
    again = propose(DEMO, source, given=found.mapped, choices={"工资卡": "occupation"})
    assert {one.source: one.field for one in again.mapped.columns} == {"客户号": "customer_id", "工资卡": "occupation"}
    with pytest.raises(UsageError):
        propose(DEMO, source, given=given, choices={"工资卡": "no_such_field"})


def test_cells_are_shown_as_they_are_read(tmp_path: Path) -> None:
    text = "客户号,注册日期,代发工资,AUM(元)\n" + "".join(
        f"C{n},2026-11-01,{'是' if n else 'x'},1500.5\n" for n in range(9)
    )
    found = _proposed(text, tmp_path)
    shown = {
        look.name: [(one.text, one.read, one.wrong) for one in examples(DEMO, found.mapped.on(TODAY), look, "zh-CN")]
        for look in found.looks
    }
    assert shown["注册日期"] == [("2026-11-01", "22 天", "")]
    assert shown["代发工资"] == [("是", "是", ""), ("x", "", "customers.bad_bool")]
    assert shown["AUM(元)"] == [("1500.5", "1,500.50 元", "")]


def test_days_are_counted_up_to_the_day_of_the_import_or_to_one_that_is_said(institution: Make, tmp_path: Path) -> None:
    target = institution()
    (tmp_path / "c.csv").write_text("id,born\na,2026-11-20\nb,\nc,2026-11-24\nd,31.02.2026\ne,23.11.2026\n")
    counted = ColumnMap("born", "age", format="", counts="days_since")
    mapped = TableMap("customers", (ColumnMap("id", "customer_id"), counted), most_rejected_pct=90.0)
    place = Place(str(tmp_path / "c.csv"))
    done = bring(target, tmp_path, place, mapped, actor="engineer")
    # 24 November is after the day of the import, and the pack has no age below 0.
    assert {(one.code, one.count) for one in done.rejections} == {
        ("customers.bad_date", 2), ("customers.out_of_range", 1),
    }  # fmt: skip
    assert _ages(target) == [("a", 3), ("b", None)]
    assert bring(target, tmp_path, place, mapped, actor="engineer").unchanged
    later = replace(target, now=target.now + dt.timedelta(days=2))
    assert not bring(later, tmp_path, place, mapped, actor="engineer").unchanged, "two days have passed"
    assert _ages(target) == [("a", 5), ("b", None), ("c", 1)]
    fixed = replace(mapped, as_of="2026-11-30")
    bring(later, tmp_path, place, fixed, actor="engineer")
    assert _ages(target) == [("a", 10), ("b", None), ("c", 6)]
    assert read(write(replace(fixed, mode="replace"), {}, []), PACK) == replace(
        fixed, mode="replace", keep="first", format="", unknown=fixed.unknown
    )
    with pytest.raises(UsageError) as caught:
        read("columns:\n  - {from: id, to: customer_id}\n  - {from: x, to: level, as: days_since}\n", PACK)
    assert caught.value.findings[0].params["line"] == 3


def _ages(target: Target) -> list[tuple[object, ...]]:
    table = customers.current(target.db, target.institution_id).table
    return [tuple(row.values()) for row in target.engine.query(f"SELECT id, age FROM {table} ORDER BY id").to_pylist()]


@pytest.mark.parametrize(
    ("cells", "kind", "form"),
    [
        (["1", "2", "30"], "integer", ""),
        (["1", "0", "1", "0"], "bool", ""),
        (["是", "否", ""], "bool", ""),
        (["1.5", "2", "-3e4"], "number", ""),
        (["2026-01-05", "2026/1/6"], "date", ""),
        (["20260105", "20251231"], "date", ""),
        (["13/01/2026", "02/01/2026"], "date", "%d/%m/%Y"),
        (["01/13/2026", "01/02/2026"], "date", "%m/%d/%Y"),
        ([f"note {n}" for n in range(100)], "text", ""),
        (["gold", "silver", "gold"] * 20, "category", ""),
    ],
)
def test_kinds_are_seen(cells: list[str], kind: str, form: str, tmp_path: Path) -> None:
    found = _proposed("x\n" + "\n".join(f'"{cell}"' for cell in cells) + "\n", tmp_path)
    assert (found.looks[0].kind, found.looks[0].format) == (kind, form)


def test_days_that_may_be_read_two_ways_are_told(tmp_path: Path) -> None:
    found = _proposed("x\n" + "01/02/2026\n03/04/2026\n" * 3, tmp_path)
    assert found.looks[0].forms == ("%m/%d/%Y",)


def test_subjects_are_told_apart(tmp_path: Path) -> None:
    event = DEMO.events[0].name
    assert _proposed(f"customer_id,event,time\na,{event},2026-01-01 10:00\n", tmp_path).mapped.table == "events"
    assert _proposed("customer_id,product,amount\na,p,1\n", tmp_path).mapped.table == "holdings"
    assert _proposed("customer_id,age\na,1\n", tmp_path).mapped.table == "customers"


def test_a_mapping_file_reads_back_as_it_was_written() -> None:
    whole = replace(
        MAPPED, mode="upsert", keep="last", nothing="keeps", format="csv", encoding="gb18030", delimiter="\t",
        unknown=("", "无"), ignored=("备注",), most_rejected_pct=5.0,
    )  # fmt: skip
    assert read(write(whole, {"years": "0.9; # odd: note"}, ["a head: with a colon"]), PACK) == whole


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("table: clients\ncolumns: [{from: a, to: customer_id}]", "customers.mapping_value", 1),
        ("table: customers\ncolums: []\ncolumns:\n  - {from: a, to: customer_id}", "customers.mapping_key", 2),
        (
            "table: customers\ncolumns:\n  - {from: a, to: customer_id}\n  - {from: b, to: agee}",
            "customers.mapping_field",
            4,
        ),
        ("columns:\n  - {from: a, to: customer_id}\n  - {from: b, to: customer_id}", "customers.mapping_twice", 3),
        ("columns:\n  - {from: b, to: age}", "customers.mapping_lacks", 1),
        ("mode: append\na: b: c", "customers.mapping_no_yaml", 2),
        ("mode: correct\ncolumns:\n  - {from: a, to: customer_id}", "customers.mapping_value", 1),
        ("columns:\n  - {from: a, to: customer_id, unit: cents}", "customers.mapping_value", 2),
        ("most_rejected_pct: 200\ncolumns:\n  - {from: a, to: customer_id}", "customers.mapping_value", 1),
    ],
)
def test_a_wrong_mapping_names_its_line(text: str, code: str, line: int) -> None:
    with pytest.raises(UsageError) as caught:
        read(text, PACK)
    assert (code, line) in [(finding.code, finding.params["line"]) for finding in caught.value.findings]


def _quality(path: Path, mapped: TableMap = MAPPED) -> Quality:
    names = tuple(one.source for one in mapped.columns)
    source = open_place(None, "i", Place(str(path)), Shape("", "utf-8", ",", names, names))  # type: ignore[arg-type]
    return look_over(PACK, source, mapped, 20_780)


def test_quality_is_counted_exactly(tmp_path: Path) -> None:
    lines = [f"k{n},{20 + n % 60},{1000 + n},{n % 28 + 1:02d}/01/2020,1" for n in range(1000)]
    lines += [
        "k1,30,1,01/01/2020,1",
        ",30,1000,01/01/2020,1",
        "x1,150,1000,01/01/2020,1",
        "x2,,999999999,01/01/2099,7",
        "ragged,1",
    ]
    (tmp_path / "q.csv").write_text("\n".join([",".join(NAMES), *lines]))
    found = _quality(tmp_path / "q.csv")
    assert (found.rows, found.unreadable, found.takeable, found.repeated_ids) == (1005, 1, 1001, 1)
    by = {one.column: one for one in found.columns}
    assert [(told.code, told.count) for told in by["years"].impossible] == [("customers.out_of_range", 1)]
    assert [(told.code, told.count) for told in by["risk"].impossible] == [("customers.not_a_choice", 1)]
    assert by["years"].missing == 1
    assert by["since"].future == 1
    far = by["pay"].far
    assert far is not None
    assert (far.count, far.exact) == (1, True)
    codes = {finding.code for finding in found.findings}
    assert {"customers.ids_repeat", "customers.in_future", "customers.far_out", "customers.ragged_row"} <= codes


def test_values_that_mean_nothing_are_suspected(tmp_path: Path) -> None:
    lines = [f"k{n},{20 + n % 60},{999999 if n % 4 == 0 else n},01/01/2020,1" for n in range(400)]
    (tmp_path / "q.csv").write_text("\n".join([",".join(NAMES), *lines]))
    found = {one.column: one for one in _quality(tmp_path / "q.csv").columns}
    assert found["pay"].fillers == (("999999", 0.25),)
    assert found["years"].fillers == ()


def test_what_comes_twice_is_found_among_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linghang.customers.arrivals.doubles._IN_MEMORY", 100)
    (tmp_path / "q.csv").write_text(
        ",".join(NAMES) + "\n" + "".join(f"k{n % 700},1,1,01/01/2020,1\n" for n in range(1000))
    )
    assert _quality(tmp_path / "q.csv").repeated_ids == 300


def test_a_text_in_a_column_of_numbers_stays_a_text(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "t.db")) as connection:
        connection.execute('CREATE TABLE "odd ""name" (id TEXT, n INTEGER, b BLOB)')
        connection.execute('INSERT INTO "odd ""name" VALUES (?, ?, ?)', ("a", "abc", b"\xff"))
        connection.commit()
    source = open_place(None, "i", Place(str(tmp_path / "t.db"), 'odd "name'), Shape())  # type: ignore[arg-type]
    [batch] = source.blocks(Ragged())
    assert batch.to_pylist() == [{"id": "a", "n": "abc", "b": "�"}]


def test_tables_of_a_database_are_named_when_one_is_asked_that_is_not_there(tmp_path: Path) -> None:
    place = _sqlite(tmp_path / "t.db")
    with pytest.raises(UsageError) as caught:
        open_place(None, "i", replace(place, table="peple"), Shape())  # type: ignore[arg-type]
    assert caught.value.params["have"] == "other, people"


def test_a_password_in_an_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(UsageError) as caught:
        connection_of("postgresql://me:hush-hush@localhost/bank", "")
    assert caught.value.code == "customers.secret_in_address"
    assert "hush" not in str(caught.value)


def test_a_database_is_called_by_its_name(tmp_path: Path) -> None:
    keep_connection(tmp_path, "core", "postgresql://me@localhost/bank", "env:PG")
    named = connection_named(tmp_path, "core")
    assert named is not None
    assert (named.where, named.secret) == ("postgresql://me@localhost/bank", "env:PG")
    assert (tmp_path / "connections.json").stat().st_mode & 0o077 == 0
    with pytest.raises(UsageError):
        keep_connection(tmp_path, "core", "postgresql://me:pw@localhost/bank", "")


def test_one_big_array_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('[{"id": 1}]')
    with pytest.raises(UsageError) as caught:
        open_place(None, "i", Place(str(tmp_path / "a.json")), Shape())  # type: ignore[arg-type]
    assert caught.value.code == "customers.json_array"


def test_erasing_deletes_uploads_that_hold_the_person(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("customer_id,age\nLH1,30\n", "utf-8")
    (tmp_path / "b.jsonl").write_text('{"customer_id":"LH1"}\n', "utf-8")
    (tmp_path / "c.csv").write_text("customer_id,age\nLH12,30\nXLH1,4\n", "utf-8")
    pq.write_table(pa.table({"customer_id": ["LH2", "LH1"], "age": [1, 2]}), tmp_path / "d.parquet")
    (tmp_path / "e.parquet").write_bytes(b"no table")
    assert erase_uploads(tmp_path, "LH1") == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c.csv", "e.parquet"]
    assert erase_uploads(tmp_path / "none", "LH1") == 0


@pytest.mark.parametrize("form", ["csv", "gb18030", "utf-16", "jsonl", "parquet", "sqlite", "sqlite-wal"])
def test_a_sealed_upload_is_read_and_erased_as_a_plain_one(institution: Make, tmp_path: Path, form: str) -> None:
    target = institution()
    (tmp_path / "uploads").mkdir()
    path = tmp_path / "uploads" / "t"
    rows = [(f"LH{n}", f"张{n}", str(20 + n % 50)) for n in range(9000)]
    if form in ("csv", "gb18030", "utf-16"):
        text = "customer_id,name,age\n" + "\n".join(map(",".join, rows))
        path.write_bytes(text.encode("utf-8" if form == "csv" else form))
    elif form == "jsonl":
        lines = (dict(zip(("customer_id", "name", "age"), row, strict=True)) for row in rows)
        path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), "utf-8")
    elif form == "parquet":
        columns = zip(("customer_id", "name", "age"), zip(*rows, strict=True), strict=True)
        pq.write_table(pa.table({name: list(cells) for name, cells in columns}), path)
    else:
        with closing(sqlite3.connect(path)) as made, made:
            if form == "sqlite-wal":
                made.execute("PRAGMA journal_mode = WAL")
            made.execute("CREATE TABLE people (customer_id, name, age)")
            made.executemany("INSERT INTO people VALUES (?, ?, ?)", rows)

    def read() -> list[tuple[str, ...]]:
        place = Place(str(path), "people" if form.startswith("sqlite") else "")
        opened = open_place(target.engine, target.institution_id, place, Shape())
        return [tuple(row.values()) for batch in opened.blocks(Ragged()) for row in batch.to_pylist()]

    plain = read()
    assert plain == rows
    seal_file(tmp_path, path)
    assert is_sealed(path)
    assert read() == plain
    assert erase_uploads(tmp_path / "uploads", "LH9000") == 0
    assert erase_uploads(tmp_path / "uploads", "LH899") == 1, "and LH8990 alone would not have been enough"


@pytest.mark.parametrize("code", ["utf-8", "utf-16-le", "utf-16-be"])
def test_an_id_is_found_across_the_parts_that_are_read_and_never_within_a_longer_one(
    tmp_path: Path, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rejected, "_STEP", 64)
    for shift in range(50, 72):
        lead = ("," * shift).encode(code)
        for name, word in (("yes", ",LH77,"), ("longer", ",LH771,"), ("part", ",XLH77,"), ("again", ",LH771,LH77")):
            (tmp_path / name).write_bytes(lead + word.encode(code) + ("," * (shift % 5)).encode(code))
        assert erase_uploads(tmp_path, "LH77") == 2
        assert sorted(path.name for path in tmp_path.iterdir()) == ["longer", "part"], shift


def test_reports_of_before_are_masked(institution: Make, tmp_path: Path) -> None:
    target = institution()
    done = bring(target, tmp_path, _csv(tmp_path / "c.csv"), replace(MAPPED, most_rejected_pct=90.0), actor="engineer")
    shown = [one for told in done.rejections for _, one in told.examples]
    assert "31/02/2020" in shown, "whoever imports is told"
    kept = json.dumps(store.one(target.db, target.institution_id, done.id).report)
    assert "31/02/2020" not in kept
    assert "3*/0*/2***" in kept
    with target.db.begin() as connection:
        clear = store.imports.update().values(report='{"findings":[{"params":{"examples":"#12: 13812345678"}}]}')
        connection.execute(clear)
    assert store.mask_kept(target.db) == 1
    assert store.one(target.db, target.institution_id, done.id).report == {
        "findings": [{"params": {"examples": "#12: 1**********"}}]
    }
    assert store.mask_kept(target.db) == 0


def test_erasing_reaches_rejected_rows(institution: Make, tmp_path: Path) -> None:
    target = institution()
    done = bring(target, tmp_path, _csv(tmp_path / "c.csv"), replace(MAPPED, most_rejected_pct=90.0), actor="engineer")
    before = read_bytes(Path(done.rejected_file)).decode()
    assert erase_lines(tmp_path, tmp_path / "rejected" / target.institution_id, "a") == 1
    after = read_bytes(Path(done.rejected_file)).decode()
    assert before.splitlines()[:1] == after.splitlines()[:1]
    assert len(before.splitlines()) - len(after.splitlines()) == 1
    assert erase_lines(tmp_path, tmp_path / "rejected" / target.institution_id, "a") == 0


def test_why_a_row_was_left_out_is_told_in_words() -> None:
    told = {
        code: reason_in_words(f"customers.{code}", "zh-CN")
        for code in ("bad_number", "no_id", "ragged_row", "stranger")
    }
    assert told == {
        "bad_number": "不是数字", "no_id": "没有客户号", "ragged_row": "格数和表头不一致", "stranger": "不是本机构客户",
    }  # fmt: skip
    assert reason_in_words("customers.not_a_choice", "en") == "not a value of it"
    assert reason_in_words("customers.unheard_of", "en") == "customers.unheard_of"
