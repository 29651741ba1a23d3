"""Import of customers: good files, bad files, exact accounts."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from linghang import customers, packs
from linghang.base.errors import RefusedError, UnavailableError, UsageError
from linghang.customers import Target, sources
from linghang.customers.publishing import parts_of
from linghang.packs.model import CustomerTable

from .conftest import PACK, TODAY

Make = Callable[..., Target]
HEADER = "customer_id,age,income_yuan,joined,level\n"


def _file(tmp_path: Path, text: str | bytes, name: str = "customers.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def _rows(target: Target, columns: str = "*") -> list[dict[str, object]]:
    table = customers.current(target.db, target.institution_id).table
    return target.engine.query(f"SELECT {columns} FROM {table} ORDER BY customer").to_pylist()


def _reasons(done: customers.Imported) -> dict[tuple[str, str], int]:
    return {(told.code, told.column): told.count for told in done.rejections}


def test_cells_become_typed_columns(institution: Make, tmp_path: Path) -> None:
    target = institution()
    path = _file(tmp_path, HEADER + 'a,30,"1,234.50",2026/1/5,c1\nb,,,,\n c ,41,12,20251231,high\n')
    done = customers.import_table(target, path)
    assert (done.rows, done.accepted, done.rejected, done.new) == (3, 3, 0, 3)
    assert [tuple(row.values()) for row in _rows(target)] == [
        (0, "a", 30, 123450, TODAY.replace(month=1, day=5), "C1"),
        (1, "b", None, None, None, None),
        (2, "c", 41, 1200, TODAY.replace(year=2025, month=12, day=31), "C2"),
    ]


def test_every_row_is_accepted_or_has_one_reason(institution: Make, tmp_path: Path) -> None:
    lines = [
        "a,30,1,2026-01-01,C1",
        "a,31,1,2026-01-01,C1",
        ",32,1,2026-01-01,C1",
        "b,x,1,2026-01-01,C1",
        "c,200,1,2026-01-01,C1",
        "d,33,1.234,2026-01-01,C1",
        "e,34,1,2026-02-30,C1",
        "f,35,1,2026-01-01,C9",
        "g,36,1",
        "h,37,1,2026-01-01,C1,extra",
        "i,x,y,z,w",
        "j,38,1,2026-01-01,C1",
    ]
    done = customers.import_table(institution(), _file(tmp_path, HEADER + "\n".join(lines)), most_rejected=0.9)
    assert (done.rows, done.accepted, done.rejected) == (12, 2, 10)
    assert _reasons(done) == {
        ("customers.duplicate_id", "customer_id"): 1,
        ("customers.no_id", "customer_id"): 1,
        ("customers.bad_number", "age"): 2,
        ("customers.out_of_range", "age"): 1,
        ("customers.bad_money", "income_yuan"): 1,
        ("customers.bad_date", "joined"): 1,
        ("customers.not_a_choice", "level"): 1,
        ("customers.ragged_row", ""): 2,
    }
    examples = {told.code: told.examples for told in done.rejections}
    assert examples["customers.bad_date"] == ((7, "2026-02-30"),)
    assert [row for row, _ in examples["customers.ragged_row"]] == [9, 10]
    assert {finding.code for finding in done.findings} >= {"customers.bad_date", "customers.duplicate_id"}


def test_row_numbers_are_those_of_the_file(institution: Make, tmp_path: Path) -> None:
    pack = replace(PACK, customers=CustomerTable())
    path = _file(tmp_path, "age,level\n1,C1\n2\n3,C1\n4,5,6\n5,C1\n")
    target = institution(pack)
    customers.import_table(target, path)
    assert [(row["id"], row["age"]) for row in _rows(target)] == [("1", 1), ("3", 3), ("5", 5)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_of_the_field_are_read(institution: Make, tmp_path: Path, encoding: str) -> None:
    text = HEADER + "张三,30,1,2026-01-01,C1\n" * 1
    done = customers.import_table(target := institution(), _file(tmp_path, text.encode(encoding)))
    assert [row["id"] for row in _rows(target)] == ["张三"]
    told = [finding.code for finding in done.findings]
    assert ("customers.other_encoding" in told) == (encoding in ("gb18030", "utf-16"))


def test_bytes_that_are_no_text_are_refused(institution: Make, tmp_path: Path) -> None:
    path = _file(tmp_path, HEADER.encode() + b"a,30,1,2026-01-01,\xff\xfe\xff\xff\x81\n")
    with pytest.raises(UsageError) as caught:
        customers.import_table(institution(), path)
    assert caught.value.code == "customers.bad_encoding"
    assert caught.value.params["line"] == 2


@pytest.mark.parametrize("place", ["deep", "early"])
def test_a_row_that_is_no_text_is_rejected_alone(institution: Make, tmp_path: Path, place: str) -> None:
    many = "".join(f"客{n},30,1,2026-01-01,C1\n" for n in range(100_000)).encode("gb18030")
    bad = b"z,30,\xff\xff,2026-01-01,C1\n"
    data = HEADER.encode() + (many + bad if place == "deep" else bad + many)
    done = customers.import_table(institution(), _file(tmp_path, data, "b.csv"))
    assert (done.rows, done.accepted) == (100_001, 100_000)
    assert _reasons(done) == {("customers.broken_text", ""): 1}
    assert done.rejections[0].examples[0][0] == (100_001 if place == "deep" else 1)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_file_of_many_blocks_is_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    monkeypatch.setattr(sources, "BLOCK", 1000)
    ids = [f"客{n}{'户' * (n % 40)}" for n in range(3000)]
    path = _file(tmp_path, (HEADER + "".join(f"{one},30,1,2026-01-01,C1\n" for one in ids)).encode(encoding))
    source = sources.open_table(path, sources.Wanted(",", "utf-8", ("customer_id",), ("customer_id", "age")))
    assert [one for batch in source.blocks(sources.Ragged()) for one in batch["customer_id"].to_pylist()] == ids


def test_another_delimiter_is_found_and_told(institution: Make, tmp_path: Path) -> None:
    path = _file(tmp_path, HEADER.replace(",", ";") + "a;30;1;2026-01-01;C1\n")
    done = customers.import_table(institution(), path)
    assert done.accepted == 1
    assert "customers.other_delimiter" in [finding.code for finding in done.findings]


def test_missing_columns_are_named_with_near_ones(institution: Make, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        customers.import_table(institution(), _file(tmp_path, "customerid,age\na,1\n"))
    assert caught.value.code == "customers.missing_columns"
    assert caught.value.params["missing"] == "customer_id"
    assert "customerid" in str(caught.value.params["near"])


def test_absent_optional_columns_are_told(institution: Make, tmp_path: Path) -> None:
    done = customers.import_table(target := institution(), _file(tmp_path, "customer_id,age\na,1\n"))
    told = next(finding for finding in done.findings if finding.code == "customers.columns_absent")
    assert told.params["columns"] == "income, joined, level"
    assert customers.current(target.db, target.institution_id).columns == ("age",)


@pytest.mark.parametrize(("content", "code"), [(b"", "customers.empty_file"), (b"\n\n", "customers.empty_file")])
def test_an_empty_file_is_refused(institution: Make, tmp_path: Path, content: bytes, code: str) -> None:
    with pytest.raises(UsageError) as caught:
        customers.import_table(institution(), _file(tmp_path, content))
    assert caught.value.code == code


def test_a_header_alone_has_nobody(institution: Make, tmp_path: Path) -> None:
    with pytest.raises(RefusedError) as caught:
        customers.import_table(institution(), _file(tmp_path, HEADER))
    assert caught.value.code == "customers.nobody"


def test_a_file_that_is_not_there(institution: Make, tmp_path: Path) -> None:
    with pytest.raises(UnavailableError) as caught:
        customers.import_table(institution(), tmp_path / "nothing.csv")
    assert caught.value.code == "customers.no_file"


def test_repeated_columns_are_refused(institution: Make, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        customers.import_table(institution(), _file(tmp_path, "customer_id,age,age\na,1,2\n"))
    assert caught.value.code == "customers.repeated_columns"


def test_too_many_bad_rows_change_nothing(institution: Make, tmp_path: Path) -> None:
    target = institution()
    customers.import_table(target, _file(tmp_path, HEADER + "a,30,1,2026-01-01,C1\n"))
    bad = _file(tmp_path, HEADER + "b,x,1,2026-01-01,C1\nc,y,1,2026-01-01,C1\nd,1,1,2026-01-01,C1\n", "bad.csv")
    with pytest.raises(RefusedError) as caught:
        customers.import_table(target, bad)
    assert caught.value.code == "customers.too_many_rejected"
    assert (caught.value.params["rejected"], caught.value.params["rows"]) == (2, 3)
    assert [row["id"] for row in _rows(target)] == ["a"]
    assert customers.import_table(target, bad, most_rejected=0.8).accepted == 1


def test_a_broken_quote_is_told(institution: Make, tmp_path: Path) -> None:
    path = _file(tmp_path, HEADER + 'a,30,1,2026-01-01,C1\nb,"31,1,2026-01-01,C1\n')
    with pytest.raises((UsageError, RefusedError)):
        customers.import_table(institution(), path, most_rejected=0.0)


def test_quoted_cells_may_hold_line_ends(institution: Make, tmp_path: Path) -> None:
    path = _file(tmp_path, HEADER + '"a\nb",30,1,2026-01-01,C1\nc,31,1,2026-01-01,C1\n')
    customers.import_table(target := institution(), path)
    assert [row["id"] for row in _rows(target)] == ["a\nb", "c"]


def test_parquet_keeps_its_types(institution: Make, tmp_path: Path) -> None:
    table = pa.table(
        {"customer_id": [1, 2], "age": [30, None], "income_yuan": [12.34, float("nan")], "joined": [TODAY, None]}
    )
    pq.write_table(table, tmp_path / "c.parquet")
    customers.import_table(target := institution(), tmp_path / "c.parquet")
    assert [tuple(row.values()) for row in _rows(target, "id, age, income, joined")] == [
        ("1", 30, 1234, TODAY),
        ("2", None, None, None),
    ]


def test_a_cut_parquet_is_refused(institution: Make, tmp_path: Path) -> None:
    pq.write_table(pa.table({"customer_id": ["a"], "age": [1]}), tmp_path / "c.parquet")
    whole = (tmp_path / "c.parquet").read_bytes()
    with pytest.raises(UsageError) as caught:
        customers.import_table(institution(), _file(tmp_path, whole[:-20], "cut.parquet"))
    assert caught.value.code == "customers.bad_parquet"


def test_the_same_file_again_does_nothing(institution: Make, tmp_path: Path) -> None:
    target, path = institution(), _file(tmp_path, HEADER + "a,30,1,2026-01-01,C1\n")
    first = customers.import_table(target, path)
    again = customers.import_table(target, path)
    assert again.unchanged
    assert (again.generation, again.accepted) == (first.generation, 1)


def test_numbers_stay_when_customers_come_and_go(institution: Make, tmp_path: Path) -> None:
    target = institution()
    customers.import_table(target, _file(tmp_path, HEADER + "a,1,1,,\nb,2,1,,\nc,3,1,,\n"))
    done = customers.import_table(target, _file(tmp_path, HEADER + "c,4,1,,\nd,5,1,,\na,6,1,,\n", "next.csv"))
    assert [(row["customer"], row["id"], row["age"]) for row in _rows(target)] == [
        (0, "a", 6),
        (2, "c", 4),
        (3, "d", 5),
    ]
    generation = customers.current(target.db, target.institution_id)
    assert (done.new, generation.rows, generation.size, generation.number) == (1, 3, 4, 2)
    numbers = customers.Numbers(target.engine, target.institution_id)
    assert numbers.of(pa.array(["d", "x", "b"])).to_pylist() == [3, None, 1]
    assert numbers.ids([2, 9, 1]) == ["c", "", "b"]


def test_the_real_table(institution: Make, uci_bank: Path) -> None:
    target = institution(packs.load("uci-bank"))
    done = customers.import_table(target, uci_bank)
    assert (done.rows, done.accepted, done.rejected) == (41_188, 41_188, 0)
    generation = customers.current(target.db, target.institution_id)
    assert "duration" not in generation.columns
    assert "y" not in generation.columns
    where = "housing = 'yes' AND default = 'no' AND age BETWEEN 30 AND 50"
    rows = target.engine.query(
        f"SELECT count() AS n, countIf(default IS NULL) AS u FROM {generation.table} WHERE {where}"
    )
    assert rows.to_pylist() == [{"n": 11_807, "u": 0}]
    past = customers.history(target.engine, target.db, target.institution_id)
    assert past is not None
    assert (past.num_rows, sum(past["outcome"].to_pylist())) == (41_188, 4_640)
    assert not {"duration", "y"} & set(past.column_names)
    assert past["pdays"].null_count == 39_673, "999 means that nobody called before"


def test_parts_cover_every_id_once() -> None:
    assert parts_of(0, 10) == parts_of(10, 10) == ("cityHash64(id) % 1 = 0",)
    assert parts_of(11, 10) == ("cityHash64(id) % 2 = 0", "cityHash64(id) % 2 = 1")


def test_an_import_in_parts_is_the_same_import(institution: Make, tmp_path: Path) -> None:
    """Many parts give the customers and the duplicates that one part gives; only the order of numbers differs."""
    lines = [f"c{n % 90},{n % 80},1,2026-01-01,C1" for n in range(100)]
    path = _file(tmp_path, HEADER + "\n".join(lines))
    target = replace(institution(), at_once=7)
    done = customers.import_table(target, path)
    assert (done.rows, done.accepted, done.new) == (100, 90, 90)
    assert _reasons(done) == {("customers.duplicate_id", "customer_id"): 10}
    assert [row for row, _ in done.rejections[0].examples] == [91, 92, 93, 94, 95]
    assert sorted((row["id"], row["age"]) for row in _rows(target)) == sorted((f"c{n}", n % 80) for n in range(90))
    assert [row["customer"] for row in _rows(target)] == list(range(90))
    more = customers.import_table(
        target, _file(tmp_path, HEADER + "c5,1,1,2026-01-01,C1\nz,2,1,2026-01-01,C1\n", "b.csv")
    )
    assert (more.accepted, more.new) == (2, 1)
    assert [row["customer"] for row in _rows(target) if row["id"] == "z"] == [90]
