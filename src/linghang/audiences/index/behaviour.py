"""Who did something: counts, sums and last days of a customer's events, from arrays sorted by customer."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from linghang.audiences.index.bits import Words
from linghang.audiences.index.files import Store
from linghang.customers.catalogue import Known, Spans, Test

_EPOCH = dt.date(1970, 1, 1)


def happened(store: Store, events: Mapping[str, Mapping[str, Any]], test: Test, today: dt.date, words: int) -> Words:
    """The customers whose events satisfy a test (not its negation). Events after ``today`` do not count."""
    spans = _spans(test)
    told = events.get(test.field.event)
    never = _inside(np.zeros(1), spans)[0] if test.field.measure != "days" else _never_counts(spans)
    if told is None:
        return _filled(words, bool(never))
    customers, measures = _measured(store, test, told, today)
    inside = _inside(measures, spans)
    # Those without an event are most; they are what remains when the rest is taken out.
    listed = customers[~inside] if never else customers[inside]
    bits = _of_sorted(listed, words)
    return ~bits if never else bits


def _spans(test: Test) -> Spans:
    if isinstance(test.condition, Known):
        return Spans(())
    if not isinstance(test.condition, Spans):
        raise TypeError(f"behaviour is compared by numbers, not by {type(test.condition).__name__}")
    return test.condition


def _never_counts(spans: Spans) -> bool:
    # Never is longer ago than any number of days.
    return any(part.high is None for part in spans.parts)


def _measured(
    store: Store, test: Test, told: Mapping[str, Any], today: dt.date
) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]:
    """(customers with an event that counts, ascending; their measure)."""
    name = f"event:{test.field.event}"
    customer, day = store.array(f"{name}/customer"), store.array(f"{name}/day")
    last = (today - _EPOCH).days
    first = 0 if test.window_days is None else last - test.window_days + 1
    mask = day <= last if first <= 0 else (day >= first) & (day <= last)
    if test.objects is not None:
        wanted = np.array([not test.objects.isdisjoint(names) for names in told["names"]], np.bool_)
        mask &= wanted[store.array(f"{name}/names")]
    chosen = np.flatnonzero(mask)
    who = customer[chosen]
    if not len(who):
        return np.zeros(0, np.uint32), np.zeros(0, np.int64)
    starts = np.flatnonzero(np.concatenate(([True], who[1:] != who[:-1])))
    if test.field.measure == "amount":
        measures = np.add.reduceat(store.array(f"{name}/amount")[chosen], starts)
    elif test.field.measure == "days":
        measures = last - np.maximum.reduceat(day[chosen].astype(np.int64), starts)
    else:
        measures = np.diff(np.append(starts, len(who)))
    return who[starts], measures


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


def _filled(words: int, full: bool) -> Words:
    return np.full(words, np.uint64(0xFFFFFFFFFFFFFFFF) if full else np.uint64(0))


def _of_sorted(customers: npt.NDArray[np.uint32], words: int) -> Words:
    result = np.zeros(words, np.uint64)
    if not len(customers):
        return result
    place = customers >> np.uint32(6)
    bit = np.uint64(1) << (customers & np.uint32(63)).astype(np.uint64)
    starts = np.flatnonzero(np.concatenate(([True], place[1:] != place[:-1])))
    result[place[starts]] = np.bitwise_or.reduceat(bit, starts)
    return result
