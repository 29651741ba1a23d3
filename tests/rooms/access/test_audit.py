"""The audit chain: whatever is tampered with, the verification says where."""

import datetime as dt
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from linghang.access import audit
from linghang.access.chain import START
from linghang.base.digest import digest
from linghang.base.errors import UsageError
from linghang.kit.context import AuditEntry
from linghang.kit.database import metadata, open_database

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)


@pytest.fixture
def db(tmp_path: Path) -> sa.Engine:
    db = open_database(tmp_path / "app.db")
    metadata.create_all(db)
    return db


def entry(n: int, at: dt.datetime = NOW) -> AuditEntry:
    return AuditEntry("operator", "campaign.edit", "draft", f"cmp_{n % 3}", "done", digest(n), at)


def fill(db: sa.Engine, count: int) -> None:
    for n in range(count):
        audit.append(db, "demo", entry(n, NOW + dt.timedelta(seconds=n)))


def test_a_log_that_nobody_touched_is_intact(db: sa.Engine) -> None:
    fill(db, 20)
    audit.append(db, "other", entry(0))
    found = audit.verify(db, "demo")
    assert (found.intact, found.lines, found.broken_at) == (True, 20, None)
    assert audit.verify(db, "other").lines == 1
    assert audit.verify(db, "nobody").intact


def test_the_database_refuses_to_change_or_delete_lines(db: sa.Engine) -> None:
    fill(db, 3)
    for statement in ("UPDATE audit_line SET actor = 'x'", "DELETE FROM audit_line WHERE number = 2"):
        with pytest.raises(DBAPIError, match="append-only"), db.begin() as connection:
            connection.exec_driver_sql(statement)


TAMPERED = [
    ("UPDATE audit_line SET actor = 'approver' WHERE number = 5", 5, "access.chain_altered"),
    ("UPDATE audit_line SET at = '2026-11-23T02:00:09.000000Z' WHERE number = 5", 5, "access.chain_altered"),
    ("UPDATE audit_line SET hash = previous WHERE number = 5", 5, "access.chain_altered"),
    ("UPDATE audit_line SET previous = hash WHERE number = 5", 5, "access.chain_unchained"),
    ("DELETE FROM audit_line WHERE number = 5", 6, "access.chain_missing"),
    ("DELETE FROM audit_line WHERE number = 1", 2, "access.chain_missing"),
    ("UPDATE audit_line SET institution_id = 'demo' WHERE institution_id = 'other'", 11, "access.chain_unchained"),
]


@pytest.mark.parametrize(("statement", "where", "reason"), TAMPERED)
def test_tampering_is_found_where_it_happened(db: sa.Engine, statement: str, where: int, reason: str) -> None:
    fill(db, 10)
    with db.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER tr_audit_line_no_update")
        connection.exec_driver_sql("DROP TRIGGER tr_audit_line_no_delete")
    audit.append(db, "other", entry(0))
    with db.begin() as connection:
        if "'other'" in statement:
            connection.exec_driver_sql("UPDATE audit_line SET number = 11 WHERE institution_id = 'other'")
        connection.exec_driver_sql(statement)
    found = audit.verify(db, "demo")
    assert (found.intact, found.broken_at, found.reason) == (False, where, reason)


def test_a_cut_end_and_a_rewritten_history_are_seen_by_an_anchor(db: sa.Engine, tmp_path: Path) -> None:
    fill(db, 10)
    anchor = audit.verify(db, "demo").anchor
    audit.append(db, "demo", entry(99))
    assert audit.verify(db, "demo", anchor).intact
    with db.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER tr_audit_line_no_delete")
        connection.exec_driver_sql("DELETE FROM audit_line WHERE number > 7")
    assert audit.verify(db, "demo").intact
    assert audit.verify(db, "demo", anchor).reason == "access.chain_cut"
    for n in range(5):
        audit.append(db, "demo", entry(50 + n))
    assert audit.verify(db, "demo", anchor).reason == "access.chain_not_the_anchor"
    with pytest.raises(UsageError):
        audit.verify(db, "demo", "nonsense")


def test_many_writers_make_one_chain(db: sa.Engine) -> None:
    with ThreadPoolExecutor(8) as pool:
        lines = list(pool.map(lambda n: audit.append(db, "demo", entry(n)).number, range(40)))
    assert sorted(lines) == list(range(1, 41))
    assert audit.verify(db, "demo").intact


def test_an_export_can_be_verified_without_this_program(db: sa.Engine) -> None:
    fill(db, 4)
    previous = START
    told = list(audit.export(db, "demo"))
    assert len(told) == 4
    for text in told:
        line = json.loads(text)
        hashed = line.pop("hash")
        assert line["previous"] == previous
        assert digest(line) == hashed
        previous = hashed


def test_lines_are_listed_newest_first_and_filtered(db: sa.Engine) -> None:
    fill(db, 9)
    assert [line.number for line in audit.listing(db, "demo", limit=2)] == [9, 8]
    assert {line.about for line in audit.listing(db, "demo", audit.Search(about="cmp_1"))} == {"cmp_1"}
    assert audit.listing(db, "demo", audit.Search(actor="nobody")) == ()
    both = audit.listing(db, "demo", audit.Search(about="cmp_1,cmp_2"))
    assert {line.about for line in both} == {"cmp_1", "cmp_2"}
    every = audit.listing(db, "demo")
    one = every[0].skill
    assert audit.listing(db, "demo", audit.Search(skill=f"no.such,{one}")) == audit.listing(
        db, "demo", audit.Search(skill=one)
    )
    with pytest.raises(UsageError):
        audit.listing(db, "demo", limit=0)


CUT = [
    ("DELETE FROM audit_line WHERE number > 7", 8, "access.chain_cut"),
    ("DELETE FROM audit_line WHERE number = 10", 10, "access.chain_cut"),
    ("DELETE FROM audit_line", 1, "access.chain_cut"),
    ("UPDATE audit_line SET actor = 'approver' WHERE number = 10", 10, "access.chain_altered"),
    ("UPDATE audit_line SET number = -number WHERE number IN (4, 5);"
     "UPDATE audit_line SET number = 9 + number WHERE number IN (-4, -5)", 4, "access.chain_unchained"),
]  # fmt: skip
"""What somebody does to the table, the row that is named, and why. The last one puts rows 4 and 5 in each other's place."""


@pytest.mark.parametrize(("statements", "where", "reason"), CUT)
def test_the_sealed_head_shows_a_cut_end_and_every_other_change_without_an_anchor(
    db: sa.Engine, tmp_path: Path, statements: str, where: int, reason: str
) -> None:
    for n in range(10):
        audit.note(tmp_path, db, "demo", entry(n, NOW + dt.timedelta(seconds=n)))
    assert audit.verify(db, "demo", home=tmp_path).intact
    tamper(db, *statements.split(";"))
    found = audit.verify(db, "demo", home=tmp_path)
    assert (found.intact, found.broken_at, found.reason) == (False, where, reason)
    assert [line.number for line in found.around][:1] == ([found.lines] if found.lines else [])
    audit.note(tmp_path, db, "demo", entry(77, NOW + dt.timedelta(hours=1)))
    assert not audit.verify(db, "demo", home=tmp_path).intact, "writing on hides nothing"


def tamper(db: sa.Engine, *statements: str) -> None:
    with db.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER IF EXISTS tr_audit_line_no_update")
        connection.exec_driver_sql("DROP TRIGGER IF EXISTS tr_audit_line_no_delete")
        for statement in statements:
            connection.exec_driver_sql(statement)


def test_a_head_that_is_taken_away_or_made_up_proves_nothing(db: sa.Engine, tmp_path: Path) -> None:
    for n in range(4):
        audit.note(tmp_path, db, "demo", entry(n))
    head = tmp_path / "heads" / "audit_line.demo.head"
    kept = head.read_text()
    tamper(db, "DELETE FROM audit_line WHERE number > 2")
    told = audit.verify(db, "demo")
    head.write_text(told.anchor.replace(":", " ") + " " + kept.split()[2] + "\n")
    assert audit.verify(db, "demo", home=tmp_path).reason == "access.head_forged"
    audit.note(tmp_path, db, "demo", entry(9))
    assert audit.verify(db, "demo", home=tmp_path).reason == "access.head_forged", "it is not replaced in silence"
    head.unlink()
    assert audit.verify(db, "demo", home=tmp_path).reason == "access.head_none"
    audit.note(tmp_path, db, "demo", entry(10))
    assert audit.verify(db, "demo", home=tmp_path).intact
    begun = audit.listing(db, "demo", audit.Search(skill="access.head_begun"))
    assert [line.about for line in begun] == ["audit_line 4"], "the log itself says that a head was begun late"


def test_many_writers_leave_one_head(db: sa.Engine, tmp_path: Path) -> None:
    audit.note(tmp_path, db, "demo", entry(0))
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda n: audit.note(tmp_path, db, "demo", entry(n)), range(1, 24)))
    assert audit.verify(db, "demo", home=tmp_path).intact
    assert not audit.listing(db, "demo", audit.Search(skill="access.head_begun"))
    tamper(db, "DELETE FROM audit_line WHERE number = 24")
    assert audit.verify(db, "demo", home=tmp_path).broken_at == 24
