"""Who did something: counts, sums and last days of a customer's events, from arrays sorted by customer."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from linghang.audiences.index.bits import Words
from linghang.audiences.index.running import scan
from linghang.audiences.index.tail import Segment
from linghang.customers.catalogue import Interval, Known, Spans, Test

_EPOCH = dt.date(1970, 1, 1)
SCANNED_FROM = 4_000_000
"""Events from which the compiled loop is used."""
_LEAST, _MOST = np.iinfo(np.int64).min, np.iinfo(np.int64).max


def happened(
    segments: Sequence[Segment], test: Test, today: dt.date, words: int, *, scanned_from: int = SCANNED_FROM
) -> Words:
    """The customers whose events satisfy a test (not its negation). Events after ``today`` do not count.

    From ``scanned_from`` events on the compiled loop is used.
    """
    spans = _spans(test)
    never = _never_counts(spans) if test.field.measure == "days" else bool(_inside(np.zeros(1), spans)[0])
    if len(segments) == 1 and len(segments[0].customer) >= scanned_from:
        bits = _scanned(segments[0], test, spans, today, words, never)
        return ~bits if never else bits
    customers, measures = _joined([_measured(segment, test, today) for segment in segments], test)
    inside = _inside(measures, spans)
    # Those without an event are most; they are what remains when the rest is taken out.
    listed = customers[~inside] if never else customers[inside]
    bits = of_sorted(listed, words)
    return ~bits if never else bits


def _scanned(segment: Segment, test: Test, spans: Spans, today: dt.date, words: int, inverse: bool) -> Words:
    wanted = np.zeros(0, np.bool_)
    if test.objects is not None:
        # One flag more than there are names, so that no flags at all means that every event counts.
        wanted = np.array([not test.objects.isdisjoint(set(names) - {""}) for names in (*segment.things, ())], np.bool_)
    last = (today - _EPOCH).days
    # Days are unsigned 16-bit numbers, and a window is one comparison: it may not begin before the first of them.
    first = 0 if test.window_days is None else max(last - test.window_days + 1, 0)
    ends = [(_LEAST if part.low is None else int(part.low), _MOST if part.high is None else int(part.high))
            for part in spans.parts or (Interval(),)]  # fmt: skip
    measure = {"amount": 1, "days": 2}.get(test.field.measure, 0)
    return scan(segment, wanted, (first, last), measure, ends, words, inverse=inverse)


_Measured = tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]


def _joined(parts: Sequence[_Measured], test: Test) -> _Measured:
    """Customers of several segments with their measures put together: sums, or the latest day."""
    kept = [part for part in parts if len(part[0])]
    if not kept:
        return np.zeros(0, np.uint32), np.zeros(0, np.int64)
    if len(kept) == 1:
        return kept[0]
    customers = np.concatenate([part[0] for part in kept])
    measures = np.concatenate([part[1] for part in kept])
    order = np.argsort(customers, kind="stable")
    customers, measures = customers[order], measures[order]
    starts = _starts(customers)
    join = np.minimum if test.field.measure == "days" else np.add
    return customers[starts], join.reduceat(measures, starts)


def _spans(test: Test) -> Spans:
    if isinstance(test.condition, Known):
        return Spans(())
    if not isinstance(test.condition, Spans):
        raise TypeError(f"behaviour is compared by numbers, not by {type(test.condition).__name__}")
    return test.condition


def _never_counts(spans: Spans) -> bool:
    # Never is longer ago than any number of days.
    return any(part.high is None for part in spans.parts)


def _measured(segment: Segment, test: Test, today: dt.date) -> _Measured:
    """(customers with an event that counts, ascending; their measure)."""
    last = (today - _EPOCH).days
    first = 0 if test.window_days is None else last - test.window_days + 1
    mask = segment.day <= last if first <= 0 else (segment.day >= first) & (segment.day <= last)
    if test.objects is not None:
        wanted = np.array([not test.objects.isdisjoint(set(names) - {""}) for names in segment.things], np.bool_)
        mask &= wanted[segment.names] if len(wanted) else False
    chosen = np.flatnonzero(mask)
    who = segment.customer[chosen]
    if not len(who):
        return np.zeros(0, np.uint32), np.zeros(0, np.int64)
    starts = _starts(who)
    if test.field.measure == "amount":
        measures = np.add.reduceat(segment.amount[chosen], starts)
    elif test.field.measure == "days":
        measures = last - np.maximum.reduceat(segment.day[chosen].astype(np.int64), starts)
    else:
        measures = np.diff(np.append(starts, len(who)))
    return who[starts], measures


def _starts(customers: npt.NDArray[np.uint32]) -> npt.NDArray[np.intp]:
    """Where each customer's run begins."""
    return np.flatnonzero(np.concatenate(([True], customers[1:] != customers[:-1])))


def _inside(values: npt.NDArray[Any], spans: Spans) -> npt.NDArray[np.bool_]:
    if not spans.parts:
        return np.ones(len(values), np.bool_)
    result = np.zeros(len(values), np.bool_)
    for part in spans.parts:
        inside = np.ones(len(values), np.bool_)
        if part.low is not None:
            inside &= values >= part.low
        if part.high is not None:
            inside &= values <= part.high
        result |= inside
    return result


def of_sorted(customers: npt.NDArray[np.uint32], words: int) -> Words:
    """The bitset of ascending customers, in memory that grows with their number."""
    result = np.zeros(words, np.uint64)
    if not len(customers):
        return result
    place = customers >> np.uint32(6)
    bit = np.uint64(1) << (customers & np.uint32(63)).astype(np.uint64)
    starts = _starts(place)
    result[place[starts]] = np.bitwise_or.reduceat(bit, starts)
    return result
