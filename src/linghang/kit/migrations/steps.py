"""What revisions do, so that doing it again changes nothing: make a table, add columns, guard what is append-only.

Revisions say in plain words what they make and never look at what the rooms declare: that changes, they do not.
``scripts/write_revision.py`` writes these words for tables that rooms declare and no revision makes yet.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import sqlalchemy as sa
from alembic import op

from linghang.kit.database import metadata

_NONE: Mapping[str, Sequence[str]] = MappingProxyType({})


def make(
    table: str, *parts: sa.schema.SchemaItem, indexes: Mapping[str, Sequence[str]] = _NONE, append_only: bool = False
) -> None:
    """Create a table with its indexes, and with the triggers of an append-only one, where it is not there yet."""
    if not sa.inspect(op.get_bind()).has_table(table):
        op.create_table(table, *parts)
    for name, columns in indexes.items():
        op.create_index(name, table, list(columns), if_not_exists=True)
    if append_only:
        _guard(table)


def add_columns(table: str, *columns: sa.Column[object]) -> None:
    """Add columns that a table does not have yet. Each may be empty or has a server default, for the rows there."""
    there = {column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)}
    for column in columns:
        if column.name not in there:
            op.add_column(table, column)


def make_tables(*names: str) -> None:
    """Create tables as the rooms declare them now. Only for a revision that is still being written."""
    for name in names:
        if name in metadata.tables:
            metadata.tables[name].create(op.get_bind(), checkfirst=True)


def _guard(table: str) -> None:
    """The triggers of ``kit.appendonly``, as they were when the revisions were written."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for verb in ("UPDATE", "DELETE"):
        name = f"tr_{table}_no_{verb.lower()}"
        if sqlite:
            op.execute(
                f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
            continue
        op.execute(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"'BEGIN RAISE EXCEPTION ''{table} is append-only''; END'"
        )
        op.execute(f"CREATE OR REPLACE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
