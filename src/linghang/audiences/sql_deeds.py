"""Measures of behaviour and successions as SQL of the analytics engine."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from linghang.base.predicates import Measure
from linghang.base.windows import days as days_window
from linghang.customers.behaviours import Deed, Followed, Measured
from linghang.customers.bounds import Spans
from linghang.ports.analytics import Parameter

_EPOCH = dt.date(1970, 1, 1)
"""Days are counted from here, in the index too: nothing is told apart before."""
_INSTANT = "DateTime64(6, 'UTC')"


def instant(at: dt.datetime) -> str:
    """An instant as the engine reads it."""
    return at.strftime("%Y-%m-%d %H:%M:%S.%f")


@dataclass(frozen=True)
class DeedSql:
    """Writes conditions on a customer ``c`` over a log of events (None: nothing was ever logged) up to a batch."""

    bind: Callable[[Parameter, str], str]
    log: str | None
    zone: str
    batch: int
    today: dt.date

    def measures(self, test: Measured) -> str:
        """A measure of the customer's events within the condition."""
        if self.log is None:
            return "1" if test.never else "0"
        first, last = test.days.of(self.today)
        day = f"toInt64({self.bind(self.today.isoformat(), 'Date32')})"
        local = f"toInt64(toDate32({{at}}, {self.bind(self.zone, 'String')}))"
        measure = {
            "count": "toInt64(count())",
            "sum": "toInt64(sum(amount_fen))",
            "avg": "sum(amount_fen) / count()",
            "first": f"{day} - {local.replace('{at}', 'min(at)')}",
            "last": f"{day} - {local.replace('{at}', 'max(at)')}",
        }[test.measure]
        inside = self._spans(measure, test.condition, _KINDS[test.measure])
        chosen = f"SELECT customer FROM {self.log} WHERE {self._deed(test.deed, first, last)} GROUP BY customer"
        if test.never:
            return f"(c.customer NOT IN ({chosen} HAVING NOT {inside}))"
        return f"(c.customer IN ({chosen} HAVING {inside}))"

    def follows(self, test: Followed) -> str:
        """A first deed that was followed by another within the days, or was not."""
        if self.log is None:
            return "0"
        start, last = test.days.of(self.today)
        if test.absent:
            last = min(last, self.today - dt.timedelta(days=test.within))
        one, other = self._deed(test.first, start, last), self._deed(test.then, None, self.today)
        moment = f"(toUnixTimestamp64Second(at), toInt64(toDate32(at, {self.bind(self.zone, 'String')})))"
        came = f"arrayExists(y -> y.1 > x.1 AND y.2 <= x.2 + {test.within}, thens)"
        return (
            f"(c.customer IN (SELECT customer FROM (SELECT customer, groupArrayIf({moment}, {one}) AS firsts, "
            f"groupArrayIf({moment}, {other}) AS thens FROM {self.log} WHERE ({one}) OR ({other}) GROUP BY customer) "
            f"WHERE arrayExists(x -> {'NOT ' if test.absent else ''}{came}, firsts)))"
        )

    def _deed(self, deed: Deed, first: dt.date | None, last: dt.date) -> str:
        if first is not None and first <= _EPOCH:
            first = None
        if first is not None and first > last:
            return "0"
        window = days_window(first or last, last, self.zone)
        tests = [
            f"name = {self.bind(deed.event, 'String')}",
            f"at < {self.bind(instant(window.end), _INSTANT)}",
            f"batch <= {self.bind(self.batch, 'UInt64')}",
        ]
        if first is not None:
            tests.append(f"at >= {self.bind(instant(window.start), _INSTANT)}")
        for name, values in deed.wanted:
            tests.append(f"{name} IN {self.bind(tuple(sorted(values)), 'Array(String)')}")
        tests += [self._spans("amount_fen", spans, "Int64") for spans in deed.amounts]
        return " AND ".join(tests)

    def _spans(self, number: str, spans: Spans, kind: str) -> str:
        told: list[str] = []
        for part in spans.parts:
            tests: list[str] = []
            if part.low is not None:
                tests.append(f"{number} {'>' if part.low_open else '>='} {self.bind(part.low, kind)}")
            if part.high is not None:
                tests.append(f"{number} {'<' if part.high_open else '<='} {self.bind(part.high, kind)}")
            told.append(f"({' AND '.join(tests) or '1'})")
        return f"({' OR '.join(told) or '0'})"


_KINDS: Mapping[Measure, str] = {
    "count": "Int64", "sum": "Int64", "avg": "Float64", "first": "Int64", "last": "Int64",
}  # fmt: skip
