"""Writes the words of a revision for tables that rooms declare and no revision makes yet; prints them.

python scripts/write_revision.py             # what is missing in a database of the newest revision
python scripts/write_revision.py send touch  # these tables, as they are declared now
"""

import sys
import tempfile
from pathlib import Path

import sqlalchemy as sa

from linghang.app import declare_skills
from linghang.kit import migrations
from linghang.kit.database import Instant, metadata, open_database


def main(names: list[str]) -> None:
    """Print a ``make`` for each table, and an ``add_columns`` for each table that is short of columns."""
    declare_skills()
    if names:
        print("\n".join(made(metadata.tables[name]) for name in names))
        return
    with tempfile.TemporaryDirectory() as folder:
        db = open_database(Path(folder) / "app.db")
        migrations.upgrade(db)
        seen = sa.inspect(db)
        for table in metadata.sorted_tables:
            if not seen.has_table(table.name):
                print(made(table))
                continue
            there = {column["name"] for column in seen.get_columns(table.name)}
            short = [column for column in table.columns if column.name not in there]
            if short:
                print(f'add_columns("{table.name}",\n    ' + ",\n    ".join(map(column_, short)) + ",\n)")


def made(table: sa.Table) -> str:
    """The call that makes a table."""
    parts = [column_(column) for column in table.columns]
    key = ", ".join(f'"{column.name}"' for column in table.primary_key.columns)
    parts.append(f'sa.PrimaryKeyConstraint({key}, name="pk_{table.name}")')
    for rule in sorted(table.constraints, key=lambda item: str(item.name)):
        if isinstance(rule, sa.UniqueConstraint):
            columns = ", ".join(f'"{column.name}"' for column in rule.columns)
            parts.append(f'sa.UniqueConstraint({columns}, name="{_name(rule)}")')
        elif isinstance(rule, sa.CheckConstraint):
            parts.append(f'sa.CheckConstraint("{rule.sqltext}", name="{rule.name}")')
        elif isinstance(rule, sa.ForeignKeyConstraint):
            raise SystemExit(f"{table.name}: write its foreign key by hand")
    indexes = {str(index.name): [column.name for column in index.columns] for index in table.indexes}
    if any(index.unique for index in table.indexes):
        raise SystemExit(f"{table.name}: declare a UniqueConstraint, not a unique index")
    if indexes:
        told = ", ".join(f'"{name}": {columns!r}' for name, columns in sorted(indexes.items()))
        parts.append(f"indexes={{{told}}}")
    if table.dispatch.after_create:
        parts.append("append_only=True")
    return f'make(\n    "{table.name}",\n    ' + ",\n    ".join(parts) + ",\n)"


def column_(column: sa.Column[object]) -> str:
    """A column in words."""
    kind = column.type.impl if isinstance(column.type, Instant) else column.type
    told = f'sa.Column("{column.name}", sa.{kind!r}, nullable={column.nullable}'
    default = column.server_default
    if isinstance(default, sa.DefaultClause) and isinstance(default.arg, sa.False_ | sa.True_):
        told += f", server_default=sa.{default.arg}()"
    elif isinstance(default, sa.DefaultClause):
        text = default.arg.text.strip("'") if isinstance(default.arg, sa.TextClause) else default.arg
        told += f', server_default="{text}"'
    return told + ")"


def _name(rule: sa.UniqueConstraint) -> str:
    first = next(iter(rule.columns)).name
    return str(rule.name) if rule.name else f"uq_{rule.table.name}_{first}"


if __name__ == "__main__":
    main(sys.argv[1:])
