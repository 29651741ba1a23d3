"""Measures of behaviour with filters, and successions, from arrays sorted by customer; in bounded memory."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from linghang.audiences.index.behaviour import SCANNED_FROM, of_sorted
from linghang.audiences.index.bits import Words
from linghang.audiences.index.running import scan
from linghang.audiences.index.tail import Segment
from linghang.base.predicates import Measure
from linghang.customers.behaviours import NAMES, Deed, Followed, Measured
from linghang.customers.bounds import Interval, Spans

_EPOCH = dt.date(1970, 1, 1)
_RANGE = 1 << 24
"""Customers that are looked at together."""
_LATEST = 0xFFFF
_SCANNED: Mapping[Measure, int] = {"count": 0, "sum": 1, "last": 2}
"""What the compiled loop can measure, by its numbers."""
_LEAST, _MOST = np.iinfo(np.int64).min, np.iinfo(np.int64).max
Array = npt.NDArray[Any]


def measures(
    segments: Sequence[Segment], test: Measured, today: dt.date, words: int, *, scanned_from: int = SCANNED_FROM
) -> Words:
    """The customers whose events measure within the condition, also those without any where the condition says so.

    From ``scanned_from`` events on the compiled loop is used for what it can measure.
    """
    days = _span(test.days.of(today))
    if len(segments) == 1 and len(segments[0].customer) >= scanned_from and _scannable(test, days, today):
        bits = _scanned(segments[0], test, days, words)
        return ~bits if test.never else bits
    listed: list[Array] = []
    for parts in _ranges(segments, words):
        customer, day, amount = _chosen(parts, test.deed, days)
        if not len(customer):
            continue
        starts = np.flatnonzero(np.concatenate(([True], customer[1:] != customer[:-1])))
        inside = within(_values(test, starts, day, amount, (today - _EPOCH).days), test.condition)
        # Those without an event are most; they are what remains when the rest is taken out.
        listed.append(customer[starts[~inside if test.never else inside]])
    bits = of_sorted(np.concatenate(listed) if listed else np.zeros(0, np.uint32), words)
    return ~bits if test.never else bits


def _scannable(test: Measured, days: tuple[int, int], today: dt.date) -> bool:
    """Whether the compiled loop measures this: it knows neither amounts of single events nor averages nor firsts."""
    bounds = [end for part in test.condition.parts for end in (part.low, part.high) if end is not None]
    plain = not any(part.low_open or part.high_open for part in test.condition.parts)
    plain = plain and all(float(end).is_integer() for end in bounds)
    whole = test.measure in _SCANNED and not test.deed.amounts and bool(test.condition.parts)
    # It tells the days since the latest event from the end of the window, which must then be today.
    ends = test.measure != "last" or days[1] == (today - _EPOCH).days
    return plain and whole and ends and 0 <= days[0] <= days[1] <= _LATEST


def _scanned(segment: Segment, test: Measured, days: tuple[int, int], words: int) -> Words:
    wanted = np.zeros(0, np.bool_)
    if test.deed.wanted:
        good = [
            all(names[NAMES.index(name)] in values for name, values in test.deed.wanted) for names in segment.things
        ]
        # One flag more than there are names, so that no flags at all means that every event counts.
        wanted = np.array([*good, False], np.bool_)
    ends = [
        (_LEAST if part.low is None else int(part.low), _MOST if part.high is None else int(part.high))
        for part in test.condition.parts
    ]
    return scan(segment, wanted, days, _SCANNED[test.measure], ends, words, inverse=test.never)


def _values(test: Measured, starts: Array, day: Array, amount: Array, today: int) -> Array:
    if test.measure == "count":
        return np.diff(np.append(starts, len(day)))
    if test.measure in ("first", "last"):
        pick = np.minimum if test.measure == "first" else np.maximum
        return today - pick.reduceat(day.astype(np.int64), starts)
    sums = np.add.reduceat(amount, starts)
    return sums / np.diff(np.append(starts, len(day))) if test.measure == "avg" else sums


def _chosen(parts: Sequence[Segment], deed: Deed, days: tuple[int, int]) -> tuple[Array, Array, Array]:
    """Customer, day and amount of the events that count, sorted by customer."""
    found = [
        (part.customer[at], part.day[at], part.amount[at]) for part in parts if len(at := _places(part, deed, days))
    ]
    if not found:
        none = np.zeros(0, np.uint32)
        return none, none, none.astype(np.int64)
    customer, day, amount = (np.concatenate(column) for column in zip(*found, strict=True))
    if len(found) == 1:
        return customer, day, amount
    order = np.argsort(customer, kind="stable")
    return customer[order], day[order], amount[order]


def follows(segments: Sequence[Segment], thens: Sequence[Segment], test: Followed, today: dt.date, words: int) -> Words:
    """The customers of whom some first deed was followed by another, or was not although the days have passed."""
    start, last = _span(test.days.of(today))
    if test.absent:
        last = min(last, (today - _EPOCH).days - test.within)
    listed: list[Array] = []
    for parts, others in zip(_ranges(segments, words), _ranges(thens, words), strict=True):
        firsts, first_days = _moments(parts, test.first, (start, last))
        later, later_days = _moments(others, test.then, (0, (today - _EPOCH).days))
        if not len(firsts):
            continue
        place = np.searchsorted(later, firsts, side="right")
        there = place < len(later)
        next_ = np.minimum(place, max(len(later) - 1, 0))
        if len(later):
            # The next deed of the same customer is also the earliest: if it comes too late, so do all others.
            there &= (later[next_] >> np.uint64(32)) == (firsts >> np.uint64(32))
            there &= later_days[next_].astype(np.int64) <= first_days.astype(np.int64) + test.within
        listed.append(np.unique((firsts[there != test.absent] >> np.uint64(32)).astype(np.uint32)))
    return of_sorted(np.concatenate(listed) if listed else np.zeros(0, np.uint32), words)


def _moments(parts: Sequence[Segment], deed: Deed, days: tuple[int, int]) -> tuple[Array, Array]:
    """Customer and second of the deeds as one ascending number, and their days."""
    keys: list[Array] = []
    found: list[Array] = []
    for part in parts:
        at = _places(part, deed, days)
        keys.append((part.customer[at].astype(np.uint64) << np.uint64(32)) | part.second[at])
        found.append(part.day[at])
    if not keys:
        return np.zeros(0, np.uint64), np.zeros(0, np.uint16)
    every = np.concatenate(keys)
    order = np.argsort(every, kind="stable")
    return every[order], np.concatenate(found)[order]


def _places(part: Segment, deed: Deed, days: tuple[int, int]) -> Array:
    first, last = days
    mask = part.day <= min(last, _LATEST) if first <= 0 else (part.day >= first) & (part.day <= min(last, _LATEST))
    if last < 0 or first > _LATEST:
        return np.zeros(0, np.intp)
    for name, values in deed.wanted:
        column = NAMES.index(name)
        wanted = np.array([names[column] in values for names in part.things], np.bool_)
        mask &= wanted[part.names] if len(wanted) else False
    for spans in deed.amounts:
        mask &= within(part.amount, spans)
    return np.flatnonzero(mask)


def _span(days: tuple[dt.date | None, dt.date]) -> tuple[int, int]:
    first, last = days
    return 0 if first is None else (first - _EPOCH).days, (last - _EPOCH).days


def _ranges(segments: Sequence[Segment], words: int) -> Iterator[list[Segment]]:
    """The segments cut by ranges of customers, so that nothing as large as all events is made."""
    for start in range(0, words * 64, _RANGE):
        # Keys of the array's own type: with wider ones the whole array would be converted first.
        low, high = np.uint32(start), np.uint32(min(start + _RANGE, (1 << 32) - 1))
        parts: list[Segment] = []
        for one in segments:
            a = int(np.searchsorted(one.customer, low))
            b = int(np.searchsorted(one.customer, high)) if start + _RANGE < 1 << 32 else len(one.customer)
            at = slice(a, b)
            parts.append(
                Segment(one.customer[at], one.day[at], one.second[at], one.names[at], one.amount[at], one.things)
            )
        yield parts


def within(values: Array, spans: Spans) -> npt.NDArray[np.bool_]:
    """Which numbers are in any of the intervals."""
    result = np.zeros(len(values), np.bool_)
    for part in spans.parts:
        result |= _inside(values, part)
    return result


def _inside(values: Array, part: Interval) -> npt.NDArray[np.bool_]:
    inside = np.ones(len(values), np.bool_)
    if part.low is not None:
        inside &= (values > part.low) if part.low_open else (values >= part.low)
    if part.high is not None:
        inside &= (values < part.high) if part.high_open else (values <= part.high)
    return inside
