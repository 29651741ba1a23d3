"""A rule as SQL of the analytics engine: the second way to the same answer, without an index.

Values travel as bound parameters. Every condition is 0 or 1, never null, by the same tests that the index reads.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from linghang.audiences.index.bits import Numbers
from linghang.audiences.index.sources import Sources
from linghang.audiences.sql_deeds import DeedSql, instant
from linghang.base.errors import RefusedError
from linghang.base.findings import Finding, Severity
from linghang.base.predicates import Behaviour, Combination, Members, Predicate, Ranked, Rule, Sampled, Succession
from linghang.base.windows import days as days_window
from linghang.customers.behaviours import resolve_behaviour, resolve_succession
from linghang.customers.catalogue import (
    EVERYONE,
    Among,
    Catalogue,
    Containing,
    Interval,
    Known,
    Spans,
    Test,
    has_zero,
    resolve,
)
from linghang.customers.rankings import resolve_ranked, resolve_sampled
from linghang.experiments.assignment import GOLDEN, MIX1, MIX2, keys_of
from linghang.ports.analytics import Analytics, Parameter

_NAMED = ("object", "channel", "slot", "campaign_id")


def count(engine: Analytics, catalogue: Catalogue, sources: Sources, rule: Rule | None, today: dt.date) -> int:
    """How many customers satisfy a rule, by the engine. Raises RefusedError("audiences.bad_rule")."""
    sql, params = condition(catalogue, sources, rule, today)
    rows = engine.query(f"SELECT count() AS n FROM {sources.customers.table} AS c WHERE {sql}", params)
    return int(rows["n"][0].as_py())


def members(engine: Analytics, catalogue: Catalogue, sources: Sources, rule: Rule | None, today: dt.date) -> Numbers:
    """The dense numbers of those customers, ascending, by the engine."""
    sql, params = condition(catalogue, sources, rule, today)
    rows = engine.query(f"SELECT customer FROM {sources.customers.table} AS c WHERE {sql} ORDER BY customer", params)
    return rows["customer"].to_numpy().astype(np.uint32)


def condition(
    catalogue: Catalogue, sources: Sources, rule: Rule | None, today: dt.date
) -> tuple[str, Mapping[str, Parameter]]:
    """The condition on a customer ``c`` and its parameters. Raises RefusedError("audiences.bad_rule")."""
    writer = _Writer(catalogue, sources, today)
    sql = "1" if rule is None else writer.rule(rule)
    if writer.wrong:
        raise RefusedError("audiences.bad_rule", tuple(writer.wrong), count=len(writer.wrong))
    return sql, writer.params


def columns(
    catalogue: Catalogue, sources: Sources, rules: Sequence[Rule], today: dt.date
) -> tuple[list[str], Mapping[str, Parameter]]:
    """Whether a customer ``c`` satisfies each of several rules, as columns ``r0``, ``r1`` … of one statement."""
    writer = _Writer(catalogue, sources, today)
    found = [f"toUInt8({writer.rule(rule)}) AS r{place}" for place, rule in enumerate(rules)]
    if writer.wrong:
        raise RefusedError("audiences.bad_rule", tuple(writer.wrong), count=len(writer.wrong))
    return found, writer.params


@dataclass
class _Writer:
    catalogue: Catalogue
    sources: Sources
    today: dt.date
    params: dict[str, Parameter] = field(default_factory=dict)
    wrong: list[Finding] = field(default_factory=list)

    def bind(self, value: Parameter, kind: str) -> str:
        name = f"p{len(self.params)}"
        self.params[name] = value
        return f"{{{name}:{kind}}}"

    def rule(self, rule: Rule) -> str:
        if not isinstance(rule, Combination):
            sql = self.condition(rule)
            if isinstance(sql, Finding):
                self.wrong.append(sql)
                return "0"
            return sql
        parts = [self.rule(part) for part in rule.parts]
        if rule.how == "any":
            return f"({' OR '.join(parts) or '0'})"
        joined = f"({' AND '.join(parts) or '1'})"
        return f"(NOT {joined})" if rule.how == "not" else joined

    def condition(self, rule: Rule) -> str | Finding:
        if isinstance(rule, Predicate):
            test = resolve(rule, self.catalogue)
            if isinstance(test, Test) and test.field.source == "policy":
                return Finding("audiences.needs_everyone", Severity.S2, rule.field)
            return test if isinstance(test, Finding) else self.test(test)
        if isinstance(rule, Behaviour | Succession):
            return self.deed(rule)
        if isinstance(rule, Ranked):
            return self.ranked(rule)
        if isinstance(rule, Sampled):
            share = resolve_sampled(rule)
            return share if isinstance(share, Finding) else self.sampled(rule.salt, share)
        if isinstance(rule, Members):
            return self.members(rule)
        return Finding(
            "audiences.unknown_audience", Severity.S2, "audience", params={"audience": str(rule), "near": ""}
        )

    def deed(self, rule: Behaviour | Succession) -> str | Finding:
        zone, batch = self.catalogue.zone, self.sources.batch
        log = self.sources.events
        if isinstance(rule, Behaviour):
            test = resolve_behaviour(rule, self.catalogue)
            return (
                test if isinstance(test, Finding) else DeedSql(self.bind, log, zone, batch, self.today).measures(test)
            )
        followed = resolve_succession(rule, self.catalogue)
        if isinstance(followed, Finding):
            return followed
        return DeedSql(self.bind, log, zone, batch, self.today).follows(followed)

    def ranked(self, rule: Ranked) -> str | Finding:
        ranking = resolve_ranked(rule, self.catalogue)
        if isinstance(ranking, Finding):
            return ranking
        name, field = ranking.field.name, ranking.field
        there = name in self.sources.customers.columns
        if not there and not field.zero:
            return "0"
        value = f"c.`{name}`" if there else "0"
        value = f"ifNull({value}, 0)" if field.zero else value
        tests = [] if field.zero else [f"{value} IS NOT NULL"]
        tests += [] if rule.among is None else [self.rule(rule.among)]
        order = "ASC" if ranking.lowest else "DESC"
        # In whole numbers: the place before the last one is below the share.
        share = f"(place - 1) * {100 * ranking.percent.denominator} < known * {ranking.percent.numerator}"
        taken = f"place <= {ranking.top}" if ranking.top is not None else share
        return (
            f"(c.customer IN (SELECT customer FROM (SELECT c.customer AS customer, toInt128(count() OVER ()) AS known, "
            f"toInt128(row_number() OVER (ORDER BY {value} {order}, c.customer ASC)) AS place "
            f"FROM {self.sources.customers.table} AS c WHERE {' AND '.join(tests) or '1'}) WHERE {taken}))"
        )

    def sampled(self, salt: str, share: tuple[int, int]) -> str:
        # UInt64 wraps in the engine as it does in numpy, so this is ``experiments.assignment.hashes``.
        first, second = keys_of(salt)
        z = f"(toUInt64(c.customer) * toUInt64({GOLDEN}) + toUInt64({first}))"
        z = f"bitShiftRight({_mixed(f'bitXor({_mixed(z)}, toUInt64({second}))')}, 11)"
        return f"({z} >= toUInt64({share[0]}) AND {z} < toUInt64({share[1]}))"

    def members(self, rule: Members) -> str:
        if not len(rule.numbers):
            return "0"
        numbers = self.bind(tuple(int(number) for number in rule.numbers), "Array(UInt32)")
        return f"(c.customer IN (SELECT arrayJoin({numbers})))"

    def test(self, test: Test) -> str:
        if test.field.source == "event":
            return _turned(self.event(test), test.negated)
        if test.field.source == "holding":
            return _turned(self.holding(test), test.negated)
        if test.field.name not in self.sources.customers.columns:
            return self.absent(test)
        column = f"c.`{test.field.name}`"
        if test.field.storage == "group":
            return _turned(self.group(column, test), test.negated)
        holds = f"ifNull({self.column(column, test)}, 0)"
        if not test.negated:
            return holds
        return f"({column} IS NOT NULL AND NOT {holds})" if test.field.unknown else f"(NOT {holds})"

    def column(self, column: str, test: Test) -> str:
        condition = test.condition
        if isinstance(condition, Known):
            return "1" if test.field.zero else f"({column} IS NOT NULL)"
        if isinstance(condition, Spans):
            number = f"toInt32({column})" if test.field.storage == "date" else column
            return self.spans(f"ifNull({number}, 0)" if test.field.zero else number, condition, test.field.storage)
        if isinstance(condition, Containing):
            return f"arrayExists(p -> position({column}, p) > 0, {self.bind(condition.parts, 'Array(String)')})"
        if test.field.storage == "bool":
            wanted = [f"{column} = {value}" for value in sorted(condition.values)]
            return f"({' OR '.join(wanted) or '0'})"
        return f"({column} IN {self.bind(tuple(sorted(condition.values)), 'Array(String)')})"

    def group(self, column: str, test: Test) -> str:
        condition = test.condition
        if isinstance(condition, Among):
            if EVERYONE in condition.values:
                return "1"
            return f"hasAny({column}, {self.bind(tuple(sorted(condition.values)), 'Array(String)')})"
        if isinstance(condition, Containing):
            parts = self.bind(condition.parts, "Array(String)")
            return f"arrayExists(g -> arrayExists(p -> position(g, p) > 0, {parts}), {column})"
        return f"notEmpty({column})"

    def absent(self, test: Test) -> str:
        if test.field.storage == "group":
            holds = isinstance(test.condition, Among) and EVERYONE in test.condition.values
            return _turned("1" if holds else "0", test.negated)
        if test.field.unknown:
            return "0"
        return _turned("1" if test.field.zero and has_zero(test.condition) else "0", test.negated)

    def spans(self, number: str, spans: Spans, storage: str) -> str:
        kind = "Float64" if storage == "number" else "Int64"
        return f"({' OR '.join(self.interval(number, part, kind) for part in spans.parts) or '0'})"

    def interval(self, number: str, part: Interval, kind: str) -> str:
        tests: list[str] = []
        if part.low is not None:
            tests.append(f"{number} {'>' if part.low_open else '>='} {self.bind(part.low, kind)}")
        if part.high is not None:
            tests.append(f"{number} {'<' if part.high_open else '<='} {self.bind(part.high, kind)}")
        return f"({' AND '.join(tests) or '1'})"

    def event(self, test: Test) -> str:
        spans = test.condition if isinstance(test.condition, Spans) else Spans((Interval(),))
        never = test.field.measure != "days" and has_zero(spans)
        if test.field.measure == "days":
            never = isinstance(test.condition, Spans) and any(part.high is None for part in spans.parts)
        if self.sources.events is None:
            return "1" if never else "0"
        day = self.bind(self.today.isoformat(), "Date32")
        zone = self.bind(self.catalogue.zone, "String")
        measure = {
            "amount": "sum(amount_fen)",
            "days": f"toInt64({day}) - toInt64(toDate32(max(at), {zone}))",
        }.get(test.field.measure, "count()")
        inside = self.spans(f"toInt64({measure})", spans, "integer")
        chosen = f"SELECT customer FROM {self.sources.events} WHERE {self.happening(test)} GROUP BY customer"
        if never:
            return f"(c.customer NOT IN ({chosen} HAVING NOT {inside}))"
        return f"(c.customer IN ({chosen} HAVING {inside}))"

    def happening(self, test: Test) -> str:
        first = None if test.window_days is None else self.today - dt.timedelta(days=test.window_days - 1)
        window = days_window(first or self.today, self.today, self.catalogue.zone)
        tests = [
            f"name = {self.bind(test.field.event, 'String')}",
            f"at < {self.bind(instant(window.end), _INSTANT)}",
            f"batch <= {self.bind(self.sources.batch, 'UInt64')}",
        ]
        if first is not None:
            tests.append(f"at >= {self.bind(instant(window.start), _INSTANT)}")
        if test.objects is not None:
            names = self.bind(tuple(sorted(test.objects)), "Array(String)")
            tests.append(f"({' OR '.join(f'{name} IN {names}' for name in _NAMED)})")
        return " AND ".join(tests)

    def holding(self, test: Test) -> str:
        held = self.sources.holdings
        if held is None:
            return "1" if test.field.zero and has_zero(test.condition) else "0"
        if test.field.measure == "occurrence":
            tests = [] if test.field.name.endswith("_ever") else ["active"]
            if test.objects is not None:
                names = self.bind(tuple(sorted(test.objects)), "Array(String)")
                tests.append(f"(product IN {names} OR kind IN {names})")
            return f"(c.customer IN (SELECT customer FROM {held.table} WHERE {' AND '.join(tests) or '1'}))"
        dated = " AND since IS NOT NULL" if test.field.measure == "days" else ""
        chosen = f"SELECT customer FROM {held.table} WHERE active{dated} GROUP BY customer"
        if not isinstance(test.condition, Spans):
            return f"(c.customer IN ({chosen}))"
        day = self.bind(self.sources.customers.as_of.isoformat(), "Date32")
        measure = {
            "amount": "sum(amount_fen)",
            "days": f"toInt64({day}) - toInt64(min(since))",
        }.get(test.field.measure, "uniqExact(product)")
        inside = self.spans(f"toInt64({measure})", test.condition, "integer")
        if test.field.zero and has_zero(test.condition):
            return f"(c.customer NOT IN ({chosen} HAVING NOT {inside}))"
        return f"(c.customer IN ({chosen} HAVING {inside}))"


_INSTANT = "DateTime64(6, 'UTC')"


def _mixed(z: str) -> str:
    """The finaliser of SplitMix64 of an expression."""
    for shift, factor in ((30, MIX1), (27, MIX2)):
        z = f"(bitXor({z}, bitShiftRight({z}, {shift})) * toUInt64({factor}))"
    return f"bitXor({z}, bitShiftRight({z}, 31))"


def _turned(sql: str, negated: bool) -> str:
    return f"(NOT {sql})" if negated else sql
