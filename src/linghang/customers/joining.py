"""How staged rows and the customers that are there become one table: replaced, added to, or changed in place."""

from collections.abc import Sequence
from dataclasses import dataclass

from linghang.customers import store
from linghang.customers.model import Column, Generation, Manner
from linghang.customers.staging import Target


def parts_of(rows: int, at_once: int) -> tuple[str, ...]:
    """Conditions that cut the ids of so many rows into parts that are joined one after another, in bounded memory."""
    count = max(1, -(-rows // at_once))
    return tuple(f"cityHash64(id) % {count} = {part}" for part in range(count))


@dataclass(frozen=True)
class Joining:
    """A stage with its columns, the map of numbers, and the generation ``before`` that it joins (None: it replaces).

    ``every`` are the columns of the result: those of the stage first, then those that only ``before`` has.
    """

    target: Target
    stage: str
    numbers: str
    columns: Sequence[Column]
    every: Sequence[Column]
    before: Generation | None
    manner: Manner

    def fill(self, number: int, rows: int) -> str:
        """Fill the tables of a generation with about so many rows; returns the table of outcomes, or nothing."""
        target = self.target
        engine = target.engine
        table = store.table_name("customers", target.institution_id, number)
        engine.execute(f"DROP TABLE IF EXISTS {table}")
        engine.execute(store.create_customers(table, self.every, key="customer"))
        history = store.table_name("history", target.institution_id, number)
        if not target.pack.customers.outcome_column and not (self.before and self.before.history_table):
            history = ""
        if history:
            engine.execute(f"DROP TABLE IF EXISTS {history}")
            engine.execute(
                f"CREATE TABLE {history} (customer UInt32, outcome Bool) ENGINE = MergeTree ORDER BY customer"
            )
        parts = parts_of(rows, target.at_once)
        for place, part in enumerate(parts):
            for statement in (*self._rows(table, part), *(self._outcomes(history, part) if history else ())):
                engine.execute(statement)
            target.emit("customers.publishing", (place + 1) * rows // len(parts), rows)
        return history

    def _came(self, part: str) -> str:
        """The staged rows that count, each with its number."""
        pick = "min" if self.manner.keep == "first" else "max"
        rows = f"SELECT id, {pick}(row_number) FROM {self.stage} WHERE {part} GROUP BY id"
        return (
            f"FROM (SELECT * FROM {self.stage} WHERE {part}) AS s "
            f"INNER JOIN (SELECT id, customer FROM {self.numbers} WHERE {part}) AS n ON s.id = n.id "
            + ("" if self.before is None else self._joined(part))
            + f"WHERE (s.id, s.row_number) IN ({rows})"
        )

    def _joined(self, part: str) -> str:
        """The rows that are there, beside the staged ones of the same customer; nothing is null in theirs."""
        assert self.before is not None
        return f"LEFT JOIN (SELECT * FROM {self.before.table} WHERE {part}) AS o ON s.id = o.id "

    def _rows(self, table: str, part: str) -> list[str]:
        values = "".join(f", {self._value(column)}" for column in self.every)
        names = "".join(f", `{column.name}`" for column in self.every)
        made = [f"INSERT INTO {table} (customer, id{names}) SELECT n.customer, s.id{values} {self._came(part)}"]
        if self.before is not None:
            have = set(self.before.columns)
            named = [column.name for column in self.every if column.name in have]
            stay = "".join(f", `{name}`" for name in named)
            # In an append nobody who is there is taken from the stage; in an upsert they have just been put in.
            gone = "" if self.manner.mode == "append" else f" AND id NOT IN (SELECT id FROM {self.stage} WHERE {part})"
            made.append(
                f"INSERT INTO {table} (customer, id{stay}) SELECT customer, id{stay} FROM {self.before.table} "
                f"WHERE {part}{gone}"
            )
        if self.before is not None and self.manner.mode == "append":
            made[0] += f" AND s.id NOT IN (SELECT id FROM {self.before.table} WHERE {part})"
        return made

    def _value(self, column: Column) -> str:
        """What a customer's new row has in a column: what came, or what is known where nothing came."""
        came = any(column.name == one.name for one in self.columns)
        there = self.before is not None and column.name in self.before.columns
        name = f"`{column.name}`"
        if not there or self.manner.mode == "append":
            return f"s.{name}" if came else "NULL" if column.storage != "group" else "[]"
        if not came:
            return f"o.{name}"
        if self.manner.nothing == "clears":
            return f"s.{name}"
        if column.storage == "group":
            return f"if(empty(s.{name}), o.{name}, s.{name})"
        return f"coalesce(s.{name}, o.{name})"

    def _outcomes(self, history: str, part: str) -> list[str]:
        told = f"{self._came(part)} AND s.outcome IS NOT NULL"
        if self.before is not None and self.manner.mode == "append":
            told += f" AND s.id NOT IN (SELECT id FROM {self.before.table} WHERE {part})"
        made = [f"INSERT INTO {history} SELECT n.customer, assumeNotNull(s.outcome) {told}"]
        if self.before is not None and self.before.history_table:
            who = f"SELECT customer FROM {self.numbers} WHERE {part}"
            anew = "" if self.manner.mode == "append" else f" AND customer NOT IN (SELECT n.customer {told})"
            made.append(
                f"INSERT INTO {history} SELECT customer, outcome FROM {self.before.history_table} "
                f"WHERE customer IN ({who}){anew}"
            )
        return made
