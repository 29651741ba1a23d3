"""Migrations: a migrated database is what the rooms declare, guards included; old homes are brought up, newer refused.

``homes/*.sql`` are the databases that earlier code made: written by that code, never edited.
"""

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from linghang.app import declare_skills
from linghang.base.errors import UnavailableError
from linghang.kit import migrations
from linghang.kit.database import metadata, open_database

VERSIONS = Path(migrations.__file__).with_name("versions")
HOMES = sorted(Path(__file__).with_name("homes").glob("home_*.sql"))
Rows = dict[str, list[dict[str, object]]]

UPGRADE_AND_DIE = """
import os, signal, sys
from sqlalchemy import event
from linghang.kit import migrations
from linghang.kit.database import open_database

db = open_database(sys.argv[1])
left = int(sys.argv[2])

@event.listens_for(db, "before_cursor_execute")
def count(connection, cursor, statement, *rest):
    global left
    if statement.lstrip().startswith(("CREATE", "ALTER", "INSERT", "UPDATE")):
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

migrations.upgrade(db)
"""


@pytest.fixture(autouse=True)
def _every_room() -> None:
    declare_skills()


def shape(db: sa.Engine) -> dict[str, object]:
    """Everything that a database has: columns, keys, unique rules, checks, indexes, triggers."""
    seen = sa.inspect(db)
    told: dict[str, object] = {}
    for table in set(seen.get_table_names()) - {"alembic_version"}:
        told[table] = (
            sorted((c["name"], str(c["type"]), bool(c["nullable"]), c["default"]) for c in seen.get_columns(table)),
            seen.get_pk_constraint(table)["constrained_columns"],
            sorted((str(rule["name"]), rule["column_names"]) for rule in seen.get_unique_constraints(table)),
            sorted((str(rule["name"]), rule["sqltext"]) for rule in seen.get_check_constraints(table)),
        )
    with db.connect() as connection:
        rows = connection.execute(
            sa.text("SELECT name, sql FROM sqlite_master WHERE type IN ('trigger', 'index') AND sql IS NOT NULL")
        )
        return told | {row.name: " ".join(row.sql.replace('"', "").split()) for row in rows}


def old_home(sql: Path, folder: Path) -> tuple[sa.Engine, Rows]:
    """A home as earlier code made it, with a row in each of its tables."""
    file = folder / "app.db"
    with sqlite3.connect(file) as plain:
        plain.executescript(sql.read_text("utf-8"))
        plain.execute("PRAGMA journal_mode=WAL")
    db = open_database(file)
    with db.begin() as connection:
        for table in sa.inspect(connection).get_table_names():
            if table == "alembic_version":
                continue
            columns = sa.inspect(connection).get_columns(table)
            # ``held <= total`` is the one check there is: equal figures keep it.
            row = {
                c["name"]: "2026-11-23" if "CHAR" in str(c["type"]) or "TEXT" in str(c["type"]) else 7 for c in columns
            }
            places = ", ".join(f":{name}" for name in row)
            names = ", ".join(f'"{name}"' for name in row)
            connection.execute(sa.text(f'INSERT INTO "{table}" ({names}) VALUES ({places})'), row)
    return db, rows_of(db)


def rows_of(db: sa.Engine) -> Rows:
    with db.connect() as connection:
        return {
            table: [dict(row) for row in connection.execute(sa.text(f'SELECT * FROM "{table}"')).mappings()]
            for table in sa.inspect(connection).get_table_names()
            if table != "alembic_version"
        }


def kept(before: Rows, after: Rows) -> bool:
    """Whether every row is there with every value it had; columns may have been added."""
    return all(
        [{name: new[name] for name in old} for old, new in zip(rows, after[table], strict=True)] == rows
        for table, rows in before.items()
    )


def test_a_migrated_database_is_what_the_rooms_declare(tmp_path: Path) -> None:
    """Red? A room's table changed: write a revision (``scripts/write_revision.py``); never edit an old one."""
    migrated, declared = open_database(tmp_path / "migrated.db"), open_database(tmp_path / "declared.db")
    migrations.upgrade(migrated)
    metadata.create_all(declared)
    assert migrations.differences(migrated, metadata) == []
    assert shape(migrated) == shape(declared)


def test_revisions_do_not_look_at_what_rooms_declare() -> None:
    for file in VERSIONS.glob("*.py"):
        text = file.read_text("utf-8")
        assert "linghang.kit.database" not in text, file.name
        assert "create_all" not in text, file.name


def test_there_is_one_line_of_revisions() -> None:
    script = ScriptDirectory(str(VERSIONS.parent))
    assert len(script.get_heads()) == 1
    assert len(list(script.walk_revisions())) == len(list(VERSIONS.glob("r[0-9]*.py")))


def test_a_second_upgrade_changes_nothing(tmp_path: Path) -> None:
    db = open_database(tmp_path / "app.db")
    migrations.upgrade(db)
    before = shape(db)
    written: list[str] = []
    sa.event.listen(db, "before_cursor_execute", lambda *told: written.append(told[2]))
    migrations.upgrade(db)
    assert [text for text in written if not text.lstrip().startswith(("SELECT", "PRAGMA", "BEGIN", "COMMIT"))] == []
    assert shape(db) == before


@pytest.mark.parametrize("sql", HOMES, ids=lambda path: path.stem)
def test_an_old_home_is_brought_up_with_its_rows(sql: Path, tmp_path: Path) -> None:
    db, before = old_home(sql, tmp_path)
    migrations.upgrade(db)
    assert migrations.differences(db, metadata) == []
    assert kept(before, rows_of(db))
    fresh = open_database(tmp_path / "fresh.db")
    migrations.upgrade(fresh)
    assert shape(db) == shape(fresh)


@pytest.mark.parametrize("step", [0, 1, 3, 9, 20])
def test_a_killed_upgrade_leaves_the_old_home_and_the_next_one_ends_it(step: int, tmp_path: Path) -> None:
    db, before = old_home(HOMES[0], tmp_path)
    old = shape(db)
    done = subprocess.run(
        [sys.executable, "-c", UPGRADE_AND_DIE, str(tmp_path / "app.db"), str(step)], env=os.environ, check=False
    )
    assert done.returncode == -signal.SIGKILL
    assert shape(db) == old
    assert rows_of(db) == before
    migrations.upgrade(db)
    assert migrations.differences(db, metadata) == []
    assert kept(before, rows_of(db))


def test_a_database_of_a_newer_version_is_left_untouched(tmp_path: Path) -> None:
    db = open_database(tmp_path / "app.db")
    migrations.upgrade(db)
    with db.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    before = shape(db)
    with pytest.raises(UnavailableError, match=r"database\.newer"):
        migrations.upgrade(db)
    assert shape(db) == before
