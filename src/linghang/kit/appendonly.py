"""Append-only tables: the database itself refuses to change or delete what a ledger once said."""

import sqlalchemy as sa
from sqlalchemy import event


def append_only(table: sa.Table) -> sa.Table:
    """Guard a table with triggers against UPDATE and DELETE, on SQLite and PostgreSQL; returns the table.

    A person with write access to the file can still drop a trigger: ledgers that must show that are hash-chained too.
    """
    for verb in ("UPDATE", "DELETE"):
        name = f"tr_{table.name}_no_{verb.lower()}"
        sqlite = (
            f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {verb} ON {table.name} "
            f"BEGIN SELECT RAISE(ABORT, '{table.name} is append-only'); END"
        )
        event.listen(table, "after_create", sa.DDL(sqlite).execute_if(dialect="sqlite"))
        function = (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"'BEGIN RAISE EXCEPTION ''{table.name} is append-only''; END'"
        )
        trigger = f"CREATE TRIGGER {name} BEFORE {verb} ON {table.name} FOR EACH ROW EXECUTE FUNCTION {name}()"
        event.listen(table, "after_create", sa.DDL(function).execute_if(dialect="postgresql"))
        event.listen(table, "after_create", sa.DDL(trigger).execute_if(dialect="postgresql"))
    return table
