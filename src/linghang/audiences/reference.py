"""The plain meaning of a rule over rows in memory: slow, obvious, and what index and engine are held against."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from linghang.base.errors import RefusedError
from linghang.base.findings import Finding
from linghang.base.predicates import Combination, Members, Ranked, Rule, Sampled
from linghang.customers.catalogue import Catalogue
from linghang.customers.rankings import BITS, resolve_ranked, resolve_sampled
from linghang.customers.rows import Row, satisfies
from linghang.experiments.assignment import uniform


def members(rule: Rule, rows: Mapping[int, Row], catalogue: Catalogue, today: dt.date) -> set[int]:
    """The numbers of the customers that satisfy a rule that has been worked out (``expansion``).

    Raises RefusedError("audiences.bad_rule") for what has no meaning.
    """
    if isinstance(rule, Combination):
        found = [members(part, rows, catalogue, today) for part in rule.parts]
        if rule.how == "any":
            return set[int]().union(*found)
        kept = set(rows).intersection(*found)
        return set(rows) - kept if rule.how == "not" else kept
    if isinstance(rule, Ranked):
        return _ranked(rule, rows, catalogue, today)
    if isinstance(rule, Sampled):
        share = resolve_sampled(rule)
        if isinstance(share, Finding):
            raise RefusedError("audiences.bad_rule", (share,), count=1)
        low, high = share
        return {number for number in rows if low <= uniform(number, rule.salt) * (1 << BITS) < high}
    if isinstance(rule, Members):
        return set(rows) & {int(number) for number in rule.numbers}
    return {number for number, row in rows.items() if satisfies(rule, row, catalogue, today)}


def _ranked(rule: Ranked, rows: Mapping[int, Row], catalogue: Catalogue, today: dt.date) -> set[int]:
    ranking = resolve_ranked(rule, catalogue)
    if isinstance(ranking, Finding):
        raise RefusedError("audiences.bad_rule", (ranking,), count=1)
    among: Iterable[int] = rows if rule.among is None else members(rule.among, rows, catalogue, today)
    values = {number: rows[number].values.get(ranking.field.name) for number in among}
    if ranking.field.zero:
        values = {number: 0 if value is None else value for number, value in values.items()}
    known = {number: _number(value) for number, value in values.items() if value is not None}
    ordered = sorted(known, key=lambda number: ((1 if ranking.lowest else -1) * known[number], number))
    return set(ordered[: ranking.size(len(known))])


def _number(value: Any) -> float | int:
    return value.toordinal() if isinstance(value, dt.date) else value
