"""Holdings and outcomes from outside."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from linghang import customers, events
from linghang.base.errors import UsageError
from linghang.customers import Target

Make = Callable[..., Target]


@pytest.fixture
def target(institution: Make, tmp_path: Path) -> Target:
    """An institution with three customers."""
    made = institution()
    path = tmp_path / "customers.csv"
    path.write_text("customer_id,age\na,1\nb,2\nc,3\n")
    customers.import_table(made, path)
    return made


def _file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "outcomes.csv"
    path.write_text(text)
    return path


def _log(target: Target) -> list[dict[str, object]]:
    table = events.table_name(target.institution_id)
    return target.engine.query(
        f"SELECT customer, name, at, amount_fen, campaign_id FROM {table} ORDER BY at, customer"
    ).to_pylist()


def test_outcomes_are_taken_once(target: Target, tmp_path: Path) -> None:
    text = (
        "customer,event,time,amount,campaign\n"
        "a,convert,2026-11-20 10:00,100.50,cmp_1\n"
        "b,convert,2026-11-20T10:00:00+00:00,,cmp_1\n"
        "c,click,2026-11-21,,\n"
    )
    first = customers.import_events(target, _file(tmp_path, text))
    again = customers.import_events(target, _file(tmp_path, text + "c,click,2026-11-22,,\n"))
    assert (first.rows, first.accepted, first.rejected) == (3, 3, 0)
    assert (again.accepted, again.repeated) == (1, 3)
    at = dt.datetime(2026, 11, 20, 2, tzinfo=dt.UTC)
    assert _log(target)[0] == {
        "customer": 0, "name": "convert", "at": at, "amount_fen": 10_050, "campaign_id": "cmp_1"
    }  # fmt: skip
    assert _log(target)[1]["at"] == at + dt.timedelta(hours=8), "an offset in the file counts"


def test_two_equal_rows_are_two_events(target: Target, tmp_path: Path) -> None:
    done = customers.import_events(target, _file(tmp_path, "id,event,at\na,click,2026-11-20\na,click,2026-11-20\n"))
    assert done.accepted == 2


def test_every_bad_row_has_its_reason(target: Target, tmp_path: Path) -> None:
    text = (
        "客户号,事件,时间,金额\n"
        "a,convert,2026-11-20,1\n"
        "x,convert,2026-11-20,1\n"
        ",convert,2026-11-20,1\n"
        "a,konvert,2026-11-20,1\n"
        "a,convert,2026-02-30,1\n"
        "a,convert,yesterday,1\n"
        "a,convert,2026-11-20,1.999\n"
        "a,convert\n"
    )
    done = customers.import_events(target, _file(tmp_path, text))
    assert (done.rows, done.accepted, done.rejected) == (8, 1, 7)
    told = {finding.code: finding.params.get("count") for finding in done.findings}
    assert told == {
        "customers.stranger": 1, "customers.no_id": 1, "events.unknown_name": 1, "events.bad_time": 2,
        "customers.bad_money": 1, "customers.ragged_row": 1, "events.near_names": None,
    }  # fmt: skip
    near = next(finding for finding in done.findings if finding.code == "events.near_names")
    assert "konvert → convert" in str(near.params["near"])


def test_missing_columns_are_told_with_their_spellings(target: Target, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        customers.import_events(target, _file(tmp_path, "customer,event\na,convert\n"))
    assert caught.value.code == "customers.missing_columns"
    assert "at (" in str(caught.value.params["missing"])


def test_holdings_belong_to_known_customers(target: Target) -> None:
    rows = pa.table(
        {
            "customer_id": ["a", "a", "x"],
            "product": ["xiaojinku", "other", "xiaojinku"],
            "amount_fen": [100, None, 5],
            "active": [True, False, True],
        }
    )
    done = customers.import_holdings(target, [rows], name="h1")
    assert (done.rows, done.accepted, done.rejected) == (3, 2, 1)
    assert [(told.code, told.examples) for told in done.rejections] == [("customers.stranger", ((3, "x"),))]
    row = customers.rows_of(target.engine, target.db, target.institution_id, [0])[0]
    assert [
        (holding.product, sorted(holding.names), holding.amount_fen, holding.active) for holding in row.holdings
    ] == [
        ("other", ["other"], 0, False),
        ("xiaojinku", ["mmf", "xiaojinku"], 100, True),
    ]
    assert customers.import_holdings(target, [rows], name="h1").unchanged


def test_new_holdings_replace_the_old(target: Target) -> None:
    for number, product in enumerate(("xiaojinku", "other")):
        rows = pa.table({"customer_id": ["b"], "product": [product]})
        customers.import_holdings(target, [rows], name=f"h{number}")
    row = customers.rows_of(target.engine, target.db, target.institution_id, [1])[1]
    assert [holding.product for holding in row.holdings] == ["other"]
