"""Publishing: from the stage to a generation that everyone sees, by one switch."""

from collections.abc import Sequence

from linghang.base.errors import RefusedError, UnavailableError
from linghang.base.findings import Finding, Severity
from linghang.customers import store
from linghang.customers.joining import Joining, parts_of
from linghang.customers.model import Column, Generation, Imported, Manner, Rejection
from linghang.customers.schema import columns_of
from linghang.customers.staging import Accounts, Target

SUBJECT = "customers"
_KEPT_PAST = 1
_EXAMPLES = 5
_LINES_AT_ONCE = 200_000


def publish_customers(
    target: Target, columns: Sequence[Column], number: int, stage: str, accounts: Accounts, manner: Manner
) -> Imported:
    """Number new customers, build the generation's table, switch to it, and clear away.

    One row of an id counts; the others are rejected. Raises RefusedError("customers.too_many_rejected" |
    "customers.nobody") before anything is changed.
    """
    institution = target.institution_id
    before = None if manner.mode == "replace" else store.find_current(target.db, institution)
    _reject_repeated(target, stage, accounts, manner)
    known = _known(target, stage, before, accounts) if before else 0
    if before and manner.mode == "append" and known:
        _reject_known(target, stage, before, accounts, known, manner)
        if not accounts.kept:
            return _nobody_new(target, number, accounts)
    _refuse(accounts, manner.most_rejected)
    numbers, new = _number(target, stage, accounts.kept)
    every = _every_column(target, columns, before)
    joined = Joining(target, stage, numbers, columns, every, before, manner)
    table = store.table_name("customers", institution, number)
    history = joined.fill(number, accounts.kept + (before.rows if before else 0))
    counted = target.engine.query(f"SELECT count() AS rows, max(customer) AS last FROM {table}").to_pylist()[0]
    expected = accounts.kept + (before.rows - (known if manner.mode == "upsert" else 0) if before else 0)
    if counted["rows"] != expected:
        raise UnavailableError("customers.lost_rows", kept=expected, stored=int(counted["rows"]))
    size = max(_ever(target), 1 + int(target.engine.query(f"SELECT max(customer) AS n FROM {numbers}")["n"][0].as_py()))
    names = tuple(column.name for column in every)
    generation = Generation(institution, SUBJECT, number, table, expected, size, target.as_of, names, history)
    rejected = accounts.rows - accounts.kept
    changed = known if manner.mode == "upsert" else 0
    report = {
        "rows": accounts.rows, "accepted": accounts.kept, "rejected": rejected, "new": new, "changed": changed,
        "rejections": accounts.rejections,
    }  # fmt: skip
    store.publish(target.db, generation, report)
    clear(target, SUBJECT, number)
    told = accounts.rejections
    return Imported(number, accounts.rows, accounts.kept, rejected, new, told, findings_of(told), changed=changed)


def _reject_repeated(target: Target, stage: str, accounts: Accounts, manner: Manner) -> None:
    """Of rows with one id the first or the last counts; the others are told of."""
    extra = 0
    shown: list[tuple[int, str]] = []
    for place, part in enumerate(parts_of(accounts.kept, target.at_once)):
        counted = target.engine.query(f"SELECT count() - uniqExact(id) AS n FROM {stage} WHERE {part}")
        more = int(counted["n"][0].as_py())
        if not more:
            continue
        extra += more
        where = f"{part} AND (id, row_number) NOT IN ({_picked(stage, part, manner)})"
        shown.extend(_left_out(target, stage, where, f"999990-repeated-{place:04d}", "customers.duplicate_id", more))
    if extra:
        examples = tuple(sorted(shown)[:5])
        accounts.drop(Rejection("customers.duplicate_id", target.pack.customers.id_column, extra, examples))


def _picked(stage: str, part: str, manner: Manner) -> str:
    """The one row of each id that counts."""
    return f"SELECT id, {'min' if manner.keep == 'first' else 'max'}(row_number) FROM {stage} WHERE {part} GROUP BY id"


def _left_out(target: Target, stage: str, where: str, part: str, code: str, count: int) -> list[tuple[int, str]]:
    """The first five rows of a condition, as examples; where rejected rows are kept, all of them are put there."""
    most = count if target.rejected is not None else _EXAMPLES
    column = target.pack.customers.id_column
    shown: list[tuple[int, str]] = []
    for page, start in enumerate(range(0, most, _LINES_AT_ONCE)):
        rows = target.engine.query(
            f"SELECT row_number, id FROM {stage} WHERE {where} ORDER BY row_number "
            f"LIMIT {min(_LINES_AT_ONCE, most - start)} OFFSET {start}"
        ).to_pylist()
        if target.rejected is not None:
            lines = [(int(row["row_number"]), code, column, (str(row["id"]),)) for row in rows]
            target.rejected.keep(f"{part}-{page:04d}", (), lines)
        if not shown:
            shown = [(int(row["row_number"]), str(row["id"])) for row in rows[:_EXAMPLES]]
    return shown


def _known(target: Target, stage: str, before: Generation, accounts: Accounts) -> int:
    """How many of the staged customers are there already."""
    return sum(
        int(
            target.engine.query(
                f"SELECT uniqExact(id) AS n FROM {stage} WHERE {part} "
                f"AND id IN (SELECT id FROM {before.table} WHERE {part})"
            )["n"][0].as_py()
        )
        for part in parts_of(accounts.kept + before.rows, target.at_once)
    )


def _reject_known(
    target: Target, stage: str, before: Generation, accounts: Accounts, known: int, manner: Manner
) -> None:
    """In an append those who are there are left as they are, and told of."""
    shown: list[tuple[int, str]] = []
    for place, part in enumerate(parts_of(accounts.kept + before.rows, target.at_once)):
        there = f"id IN (SELECT id FROM {before.table} WHERE {part})"
        where = f"{part} AND {there} AND (id, row_number) IN ({_picked(stage, part, manner)})"
        shown.extend(_left_out(target, stage, where, f"999991-known-{place:04d}", "customers.already_there", known))
    accounts.drop(
        Rejection("customers.already_there", target.pack.customers.id_column, known, tuple(sorted(shown)[:_EXAMPLES]))
    )


def _nobody_new(target: Target, number: int, accounts: Accounts) -> Imported:
    clear_stage(target, number)
    told = accounts.rejections
    current = store.current(target.db, target.institution_id)
    return Imported(current.number, accounts.rows, 0, accounts.rows, 0, told, findings_of(told), unchanged=True)


def _every_column(target: Target, columns: Sequence[Column], before: Generation | None) -> tuple[Column, ...]:
    """The columns of the new generation: those that come, and those that are there and the pack still has."""
    if before is None:
        return tuple(columns)
    came = {column.name for column in columns}
    known = {column.name: column for column in columns_of(target.pack)}
    stay = (known[name] for name in before.columns if name in known and name not in came)
    return (*columns, *stay)


def _refuse(accounts: Accounts, most_rejected: float) -> None:
    rejected = accounts.rows - accounts.kept
    told = findings_of(accounts.rejections)
    if not accounts.kept:
        raise RefusedError("customers.nobody", told, rows=accounts.rows, rejected=rejected)
    # Who is there already is no fault of the table.
    there = sum(one.count for one in accounts.rejections if one.code == "customers.already_there")
    if rejected - there > most_rejected * accounts.rows:
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
    given = _ever(target)
    for part in parts_of(rows, target.at_once):
        new = f"FROM {stage} WHERE {part} AND id NOT IN (SELECT id FROM {numbers} WHERE {part})"
        told = target.engine.query(f"SELECT if(count() = 0, 0, max(customer) + 1) AS next FROM {numbers}")
        # A number is never given twice: those of people who were erased stay in ledgers.
        start = max(int(told["next"][0].as_py()), given)
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


def _ever(target: Target) -> int:
    """One more than the largest number that a generation before this knew."""
    before = store.find_current(target.db, target.institution_id)
    return before.size if before is not None else 0


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


def clear_stage(target: Target, number: int) -> None:
    """Drop a stage that will not be published, and what was noted of it."""
    target.engine.execute(f"DROP TABLE IF EXISTS {store.table_name('stage', target.institution_id, number)}")
    store.forget_staging(target.db, target.institution_id, SUBJECT, number + 1)


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
