"""Append and upsert: who is there stays, who is new comes, and every row has its account."""

import itertools
from collections.abc import Callable
from dataclasses import replace

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linghang import customers
from linghang.customers import Target
from linghang.customers.importing import import_source
from linghang.customers.model import Imported, Manner
from linghang.customers.schema import columns_of
from linghang.customers.sources import Source

from .conftest import PACK

Make = Callable[..., Target]
_examples = itertools.count()
Cells = dict[str, list[str | None]]


def _source(cells: Cells, mark: str = "x") -> Source:
    table = pa.table({name: pa.array(values, pa.string()) for name, values in cells.items()})
    return Source("memory", mark + str(cells), tuple(cells), lambda _ragged: iter(table.to_batches(3)))


def _bring(target: Target, cells: Cells, manner: Manner) -> Imported:
    return import_source(target, _source(cells), columns_of(target.pack), manner, told={})


def _there(target: Target) -> dict[str, tuple[object, ...]]:
    table = customers.current(target.db, target.institution_id).table
    rows = target.engine.query(f"SELECT * EXCEPT customer FROM {table} ORDER BY customer").to_pylist()
    return {row["id"]: tuple(value for name, value in row.items() if name != "id") for row in rows}


def _first(target: Target) -> None:
    cells: Cells = {"customer_id": ["a", "b", "c"], "age": ["30", "31", None], "income_yuan": ["1", "2", "3"]}
    _bring(target, cells, Manner())


def test_an_append_adds_and_leaves_who_is_there(institution: Make) -> None:
    target = institution()
    _first(target)
    done = _bring(target, {"customer_id": ["b", "d", "d"], "age": ["99", "40", "41"]}, Manner("append"))
    assert (done.rows, done.accepted, done.rejected, done.new, done.changed) == (3, 1, 2, 1, 0)
    assert {told.code: told.count for told in done.rejections} == {
        "customers.duplicate_id": 1, "customers.already_there": 1,
    }  # fmt: skip
    assert _there(target) == {"a": (30, 100), "b": (31, 200), "c": (None, 300), "d": (40, None)}


def test_an_append_of_nobody_new_changes_nothing(institution: Make) -> None:
    target = institution()
    _first(target)
    before = customers.current(target.db, target.institution_id)
    done = _bring(target, {"customer_id": ["a", "b"], "age": ["1", "2"]}, Manner("append"))
    assert (done.unchanged, done.accepted, done.rejected) == (True, 0, 2)
    assert customers.current(target.db, target.institution_id) == before
    tables = target.engine.query("SHOW TABLES")["name"].to_pylist()
    assert [name for name in tables if name.startswith(f"stage:{target.institution_id}")] == []


@pytest.mark.parametrize(("nothing", "age"), [("clears", None), ("keeps", 31)])
def test_an_upsert_changes_what_came_and_keeps_the_rest(institution: Make, nothing: str, age: int | None) -> None:
    target = institution()
    _first(target)
    manner = replace(Manner("upsert", "last"), nothing=nothing)
    done = _bring(target, {"customer_id": ["b", "e", "a", "a"], "age": ["", "50", "7", "8"]}, manner)
    assert (done.rows, done.accepted, done.rejected, done.new, done.changed) == (4, 3, 1, 1, 2)
    assert _there(target) == {"a": (8, 100), "b": (age, 200), "c": (None, 300), "e": (50, None)}


def test_numbers_of_customers_stay_theirs(institution: Make) -> None:
    target = institution()
    _first(target)
    _bring(target, {"customer_id": ["z", "c"], "age": ["1", "2"]}, Manner("upsert"))
    known = customers.Numbers(target.engine, target.institution_id).known(["a", "b", "c", "z"])
    assert known == {"a": 0, "b": 1, "c": 2, "z": 3}
    assert customers.current(target.db, target.institution_id).size == 4


def test_the_same_upsert_again_does_nothing(institution: Make) -> None:
    target = institution()
    _first(target)
    cells: Cells = {"customer_id": ["b", "q"], "age": ["5", "6"]}
    _bring(target, cells, Manner("upsert"))
    assert _bring(target, cells, Manner("upsert")).unchanged


@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["append", "upsert", "replace"]),
            st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 120) | st.none()), min_size=1, max_size=7),
            st.sampled_from(["first", "last"]),
            st.sampled_from(["clears", "keeps"]),
        ),
        min_size=1,
        max_size=4,
    )
)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_succession_of_imports_is_what_a_dictionary_says(institution: Make, steps: list) -> None:
    made = institution()
    # Every example has an institution of its own.
    target = replace(made, institution_id=f"{made.institution_id}-{next(_examples)}", at_once=2)
    expected: dict[str, int | None] = {}
    for place, (mode, rows, keep, nothing) in enumerate(steps):
        came: dict[str, int | None] = {}
        for id, age in rows if keep == "first" else reversed(rows):
            came.setdefault(id, age)
        cells: Cells = {
            "customer_id": [id for id, _ in rows],
            "age": ["" if age is None else str(age) for _, age in rows],
        }
        done = import_source(
            target,
            _source(cells, f"{place}"),
            columns_of(PACK),
            Manner(mode, keep, nothing, 1.0),
            told={"place": place},
        )
        before = {} if mode == "replace" else dict(expected)
        if mode == "append":
            expected = {**came, **before}
            assert done.accepted == len(set(came) - set(before))
        else:
            kept = {id: before.get(id) if age is None and nothing == "keeps" else age for id, age in came.items()}
            expected = {**before, **kept}
            assert (done.accepted, done.changed) == (len(came), len(set(came) & set(before)))
        assert done.rows == len(rows) == done.accepted + done.rejected
        assert {id: row[0] for id, row in _there(target).items()} == expected
