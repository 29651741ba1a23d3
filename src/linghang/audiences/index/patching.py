"""Answers about behaviour that follow the log: worked out once, then put right for those who did something since.

So a batch of events costs what its customers cost, however many events the index was built with.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from linghang.audiences.index.behaviour import of_sorted
from linghang.audiences.index.bits import Numbers, Words
from linghang.audiences.index.tail import Chunk, Segment, Tail

Made = Callable[[Sequence[Sequence[Segment]]], Words]
"""The customers of whom something holds, from the segments of each event that it speaks of."""


class Notes(Protocol):
    """What was worked out before, by its key."""

    def get(self, key: Hashable, /) -> "Answer | None":
        """The answer, if it is still there."""
        ...

    def put(self, key: Hashable, answer: "Answer", /) -> None:
        """Keep an answer."""
        ...


@dataclass(frozen=True)
class Answer:
    """A bitset that is right for the log up to a batch."""

    batch: int
    words: Words


def followed(
    key: Hashable,
    events: Sequence[str],
    built: Mapping[str, Segment],
    first: Answer | None,
    tail: Tail | None,
    make: Made,
    notes: Notes,
    *,
    start: int,
) -> Words:
    """The answer for the log as it is wanted now.

    ``built`` are the events up to batch ``start``, ``first`` an answer for that batch if one was prepared.
    """
    known = notes.get(key)
    if known is None:
        known = first or Answer(start, make([_of(built, name) for name in events]))
        notes.put(key, known)
    if tail is None:
        return known.words
    late = tail.read()
    if late.loaded <= known.batch:
        return known.words
    who = [customers for name in events for customers in late.since(name, known.batch)]
    found = known.words
    if who:
        every = [
            ([*_of(built, name), *(chunk.segment for chunk in late.chunks.get(name, ()))], late.anew.get(name))
            for name in events
        ]
        found = _put_right(known.words, np.unique(np.concatenate(who)), every, make)
    notes.put(key, Answer(late.loaded, found))
    return found


def _of(built: Mapping[str, Segment], name: str) -> list[Segment]:
    return [built[name]] if name in built else []


def _put_right(
    words: Words, who: Numbers, every: Sequence[tuple[Sequence[Segment], Chunk | None]], make: Made
) -> Words:
    """The bitset with the bits of some customers worked out anew from all their events."""
    who = who[who < len(words) * 64]
    exact = make([_theirs(parts, held, who) for parts, held in every])
    theirs = of_sorted(who, len(words))
    return (words & ~theirs) | (exact & theirs)


def _theirs(parts: Sequence[Segment], held: Chunk | None, who: Numbers) -> list[Segment]:
    """All events of some customers: of those whose events were corrected, only what was read again."""
    if held is None:
        return [restricted(one, who) for one in parts]
    others = np.setdiff1d(who, held.who, assume_unique=True)
    return [*(restricted(one, others) for one in parts), restricted(held.segment, who)]


def restricted(segment: Segment, who: Numbers) -> Segment:
    """The events of some customers (ascending)."""
    first = np.searchsorted(segment.customer, who, side="left")
    counts = np.searchsorted(segment.customer, who, side="right") - first
    # The places of each customer's run, one after another.
    ends = np.cumsum(counts)
    places = np.arange(int(ends[-1]) if len(ends) else 0) + np.repeat(first - (ends - counts), counts)
    return Segment(
        segment.customer[places], segment.day[places], segment.second[places], segment.names[places],
        segment.amount[places], segment.things,
    )  # fmt: skip
