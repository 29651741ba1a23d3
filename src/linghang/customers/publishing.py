"""Publishing: from the stage to a generation that everyone sees, by one switch."""

from collections.abc import Sequence

from linghang.base.errors import RefusedError, UnavailableError
from linghang.base.findings import Finding, Severity
from linghang.customers import store
from linghang.customers.model import Column, Generation, Imported, Rejection
from linghang.customers.staging import Accounts, Target

_KEPT_PAST = 1


def publish_customers(
    target: Target, columns: Sequence[Column], number: int, stage: str, accounts: Accounts, most_rejected: float
) -> Imported:
    """Number new customers, build the generation's table, switch to it, and clear away.

    The first row of an id counts; later ones are rejected. Raises RefusedError("customers.too_many_rejected" |
    "customers.nobody") before anything is changed.
    """
    institution = target.institution_id
    _reject_duplicates(target, stage, accounts)
    _refuse(accounts, most_rejected)
    numbers, new = _number(target, stage, accounts.kept)
    table = store.table_name("customers", institution, number)
    history = store.table_name("history", institution, number) if target.pack.customers.outcome_column else ""
    _fill(target, stage, numbers, table, history, columns, accounts.kept)
    counted = target.engine.query(f"SELECT count() AS rows, max(customer) AS last FROM {table}").to_pylist()[0]
    if counted["rows"] != accounts.kept:
        raise UnavailableError("customers.lost_rows", kept=accounts.kept, stored=int(counted["rows"]))
    size = int(target.engine.query(f"SELECT max(customer) AS last FROM {numbers}")["last"][0].as_py()) + 1
    generation = Generation(
        institution, "customers", number, table, accounts.kept, size, target.as_of,
        tuple(column.name for column in columns), history,
    )  # fmt: skip
    rejected = accounts.rows - accounts.kept
    report = {"rows": accounts.rows, "accepted": accounts.kept, "rejected": rejected, "new": new}
    store.publish(target.db, generation, report)
    clear(target, "customers", number)
    return Imported(
        number, accounts.rows, accounts.kept, rejected, new, accounts.rejections, findings_of(accounts.rejections)
    )


def parts_of(rows: int, at_once: int) -> tuple[str, ...]:
    """Conditions that cut the ids of so many rows into parts that are joined one after another, in bounded memory."""
    count = max(1, -(-rows // at_once))
    return tuple(f"cityHash64(id) % {count} = {part}" for part in range(count))


def _reject_duplicates(target: Target, stage: str, accounts: Accounts) -> None:
    extra = 0
    shown: list[tuple[int, str]] = []
    for part in parts_of(accounts.kept, target.at_once):
        counted = target.engine.query(f"SELECT count() - uniqExact(id) AS n FROM {stage} WHERE {part}")
        more = int(counted["n"][0].as_py())
        if not more:
            continue
        extra += more
        rows = target.engine.query(
            f"SELECT row_number, id FROM {stage} WHERE {part} AND (id, row_number) NOT IN "
            f"(SELECT id, min(row_number) FROM {stage} WHERE {part} GROUP BY id) ORDER BY row_number LIMIT 5"
        ).to_pylist()
        shown.extend((int(row["row_number"]), str(row["id"])) for row in rows)
    if extra:
        examples = tuple(sorted(shown)[:5])
        accounts.drop(Rejection("customers.duplicate_id", target.pack.customers.id_column, extra, examples))


def _refuse(accounts: Accounts, most_rejected: float) -> None:
    rejected = accounts.rows - accounts.kept
    told = findings_of(accounts.rejections)
    if not accounts.kept:
        raise RefusedError("customers.nobody", told, rows=accounts.rows, rejected=rejected)
    if rejected > most_rejected * accounts.rows:
        raise RefusedError(
            "customers.too_many_rejected",
            told,
            rows=accounts.rows,
            rejected=rejected,
            most=round(100 * most_rejected, 1),
        )


def _number(target: Target, stage: str, rows: int) -> tuple[str, int]:
    numbers = store.table_name("number", target.institution_id)
    target.engine.execute(store.create_numbers(numbers))
    fresh = 0
    for part in parts_of(rows, target.at_once):
        new = f"FROM {stage} WHERE {part} AND id NOT IN (SELECT id FROM {numbers} WHERE {part})"
        told = target.engine.query(f"SELECT if(count() = 0, 0, max(customer) + 1) AS next FROM {numbers}")
        start = int(told["next"][0].as_py())
        here = int(target.engine.query(f"SELECT uniqExact(id) AS n {new}")["n"][0].as_py())
        if start + here > 2**32 - 1:
            raise RefusedError("customers.too_many", customers=start + here)
        # A kill in the middle leaves some of the new ids numbered; those keep them and the rest go on above them.
        target.engine.execute(
            f"INSERT INTO {numbers} SELECT id, toUInt32({{start:UInt64}} + row_number() OVER (ORDER BY first) - 1) "
            f"FROM (SELECT id, min(row_number) AS first {new} GROUP BY id)",
            {"start": start},
        )
        fresh += here
        target.emit("customers.numbering", fresh, rows)
    return numbers, fresh


def _fill(
    target: Target, stage: str, numbers: str, table: str, history: str, columns: Sequence[Column], rows: int
) -> None:
    named = "".join(f", s.`{column.name}`" for column in columns)
    target.engine.execute(f"DROP TABLE IF EXISTS {table}")
    target.engine.execute(store.create_customers(table, columns, key="customer"))
    if history:
        target.engine.execute(f"DROP TABLE IF EXISTS {history}")
        target.engine.execute(
            f"CREATE TABLE {history} (customer UInt32, outcome Bool) ENGINE = MergeTree ORDER BY customer"
        )
    parts = parts_of(rows, target.at_once)
    for place, part in enumerate(parts):
        first = f"(s.id, s.row_number) IN (SELECT id, min(row_number) FROM {stage} WHERE {part} GROUP BY id)"
        source = (
            f"FROM (SELECT * FROM {stage} WHERE {part}) AS s "
            f"INNER JOIN (SELECT id, customer FROM {numbers} WHERE {part}) AS n ON s.id = n.id WHERE {first}"
        )
        target.engine.execute(f"INSERT INTO {table} SELECT n.customer, s.id{named} {source}")
        if history:
            target.engine.execute(
                f"INSERT INTO {history} SELECT n.customer, assumeNotNull(s.outcome) {source} AND s.outcome IS NOT NULL"
            )
        target.emit("customers.publishing", (place + 1) * rows // len(parts), rows)


def clear(target: Target, subject: str, number: int) -> None:
    """Drop the stage, abandoned stages, and generations older than the one before this."""
    stage = "stage" if subject == "customers" else f"stage-{subject}"
    for earlier in range(1, number + 1):
        target.engine.execute(f"DROP TABLE IF EXISTS {store.table_name(stage, target.institution_id, earlier)}")
    replaced = store.past(target.db, target.institution_id, subject)
    for generation in replaced[: max(len(replaced) - _KEPT_PAST, 0)]:
        target.engine.execute(f"DROP TABLE IF EXISTS {generation.table}")
        if generation.history_table:
            target.engine.execute(f"DROP TABLE IF EXISTS {generation.history_table}")
        store.forget(target.db, generation)
    store.forget_staging(target.db, target.institution_id, subject, number)


def findings_of(rejections: Sequence[Rejection]) -> tuple[Finding, ...]:
    """Each reason as a finding, with its first examples."""
    return tuple(
        Finding(
            told.code,
            Severity.S3,
            told.column,
            params={
                "count": told.count,
                "column": told.column,
                "examples": "; ".join(f"#{row}: {text}" for row, text in told.examples),
            },
        )
        for told in rejections
    )
