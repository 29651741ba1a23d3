"""What revisions do, so that doing it again changes nothing: make tables that rooms declare, add columns."""

import sqlalchemy as sa
from alembic import op

from linghang.kit.database import metadata


def make_tables(*names: str) -> None:
    """Create the tables of these names, with their triggers and indexes, where they are not there yet.

    A process that has not imported a room knows none of its tables (a test of one room): it goes without them.
    """
    for name in names:
        if name in metadata.tables:
            metadata.tables[name].create(op.get_bind(), checkfirst=True)


def add_columns(table: str, *columns: sa.Column[object]) -> None:
    """Add columns that a table does not have yet. Each needs a server default, for the rows that are there."""
    if not sa.inspect(op.get_bind()).has_table(table):
        return
    there = {column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)}
    for column in columns:
        if column.name not in there:
            op.add_column(table, column)
