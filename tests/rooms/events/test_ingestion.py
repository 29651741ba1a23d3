"""The log takes each event once, whatever happens in between."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa
import pytest
import sqlalchemy as sa

from linghang import events
from linghang.adapters.chdb_engine import ChdbEngine
from linghang.base import Event
from linghang.base.errors import UsageError
from linghang.events import store

NOW = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)


def _rows(keys: Sequence[str], **more: object) -> pa.Table:
    count = len(keys)
    columns: dict[str, object] = {
        "customer": pa.array(range(count), pa.uint32()),
        "name": ["click"] * count,
        "at": pa.array([NOW] * count, pa.timestamp("us", "UTC")),
        "key": list(keys),
        **more,
    }
    return pa.table(columns)


def _held(engine: ChdbEngine, institution: str, what: str = "count() AS n") -> object:
    return engine.query(f"SELECT {what} FROM {events.table_name(institution)}").to_pylist()


def test_a_key_is_one_event(engine: ChdbEngine, db: sa.Engine, institution: str) -> None:
    first = events.ingest(engine, db, institution, _rows(["a", "b", "a"]), now=NOW)
    again = events.ingest(engine, db, institution, _rows(["b", "c"]), now=NOW)
    assert (first.rows, first.accepted, first.repeated) == (3, 2, 1)
    assert (again.accepted, again.repeated) == (1, 1)
    assert _held(engine, institution) == [{"n": 3}]
    assert events.mark(db, institution) == events.Mark(2, 3)


def test_the_first_of_a_key_counts(engine: ChdbEngine, db: sa.Engine, institution: str) -> None:
    events.ingest(engine, db, institution, _rows(["a", "a"], amount_fen=pa.array([7, 9])), now=NOW)
    assert _held(engine, institution, "amount_fen") == [{"amount_fen": 7}]


def test_hard_keys_are_told_apart(engine: ChdbEngine, db: sa.Engine, institution: str) -> None:
    keys = ["'", "\\", "\\'", "a\nb", "a\tb", "", "中文", "x'; --"]
    done = events.ingest(engine, db, institution, _rows([key or "empty" for key in keys]), now=NOW)
    again = events.ingest(engine, db, institution, _rows([key or "empty" for key in keys]), now=NOW)
    assert (done.accepted, again.accepted) == (8, 0)


def test_a_named_batch_is_taken_once(engine: ChdbEngine, db: sa.Engine, institution: str) -> None:
    for _ in range(2):
        events.ingest(engine, db, institution, _rows(["a", "b"]), now=NOW, batch="day 1", fresh=True)
    assert _held(engine, institution) == [{"n": 2}]


def test_a_batch_cut_off_after_the_insert_is_not_taken_again(
    engine: ChdbEngine, db: sa.Engine, institution: str
) -> None:
    events.ingest(engine, db, institution, _rows(["a", "b"]), now=NOW, batch="day 1", fresh=True)
    # What a kill between the engine's insert and the note in the database leaves behind.
    with db.begin() as connection:
        connection.execute(store.batches.update().values(state="open", accepted=0, rows=0))
    events.ingest(engine, db, institution, _rows(["a", "b"]), now=NOW, batch="day 1", fresh=True)
    assert _held(engine, institution) == [{"n": 2}]
    assert events.mark(db, institution) == events.Mark(1, 2)


def test_records_of_other_rooms_arrive_whole(engine: ChdbEngine, db: sa.Engine, institution: str) -> None:
    event = Event(
        institution, 5, "convert", NOW, "k1", campaign_id="cmp_1", package="pkg", channel="push", slot="home_banner",
        layer="L1", object="fund", amount_fen=12_300, source="simulated",
    )  # fmt: skip
    events.record(engine, db, [event, replace(event, customer=6)], now=NOW)
    kept = _held(engine, institution, "* EXCEPT (batch)")
    assert kept == [{**{name: getattr(event, name) for name in store.SCHEMA.names}}]


def test_no_events_are_no_batch(engine: ChdbEngine, db: sa.Engine, institution: str) -> None:
    assert events.record(engine, db, [], now=NOW).rows == 0
    assert events.ingest(engine, db, institution, _rows([]), now=NOW).rows == 0
    assert events.mark(db, institution) == events.Mark(0, 0)


def test_what_an_event_must_have(engine: ChdbEngine, db: sa.Engine, institution: str) -> None:
    with pytest.raises(UsageError, match=r"events\.columns"):
        events.ingest(engine, db, institution, _rows(["a"]).drop_columns(["at"]), now=NOW)
    with pytest.raises(UsageError, match=r"events\.columns"):
        events.ingest(engine, db, institution, _rows(["a", ""]), now=NOW)


def test_institutions_do_not_mix(engine: ChdbEngine, db: sa.Engine, institution: str) -> None:
    one = Event(institution, 1, "click", NOW, "k")
    with pytest.raises(UsageError, match=r"events\.institutions"):
        events.record(engine, db, [one, replace(one, institution_id="other")], now=NOW)
    events.record(engine, db, [one], now=NOW)
    events.record(engine, db, [replace(one, institution_id=f"{institution}-b")], now=NOW)
    assert _held(engine, institution) == [{"n": 1}]
