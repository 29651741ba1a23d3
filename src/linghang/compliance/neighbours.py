"""What a piece resembles: its nearest reviewed examples by meaning, whatever their words.

A sentence encoder gives each clause a direction; the bank holds those of the rules' examples, of their lawful twins and of
the labelled sets, on the 128 axes along which they differ most, in a byte each (``scripts/teach_neighbours.py``). A margin
is how much nearer the forbidden ones are than the lawful ones. A story, an image or an idiom has few words in common with
what the reader learned, but it stands near another that promises the same.
"""

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linghang.compliance.glyphs import rules_folder
from linghang.knowledge.embedding import embedded

Numbers = NDArray[np.float32]
_KEPT = 4096
"""So many pieces are remembered: a text is checked again when it is mended, and parts of texts recur."""


@dataclass(frozen=True)
class Side:
    """Two groups of examples on the axes, and how many of the nearest of each are compared."""

    yes: Numbers
    no: Numbers
    among: int

    def margins(self, directions: Numbers) -> Numbers:
        """For each direction how much nearer it is to the one group than to the other (mean over the nearest)."""
        return self.of(*self.likeness(directions))

    def likeness(self, directions: Numbers) -> tuple[Numbers, Numbers]:
        """How like each direction is to each example of both groups."""
        return directions @ self.yes.T, directions @ self.no.T

    def of(self, against: Numbers, lawful: Numbers) -> Numbers:
        """The margins of what ``likeness`` found."""
        return _nearest(against, self.among) - _nearest(lawful, self.among)


@dataclass(frozen=True)
class Bank:
    """What was taught: clauses that break a rule (``rules`` tells which) or none, texts that do, texts that sell."""

    axes: Numbers
    clauses: Side
    texts: Side
    selling: Side
    rules: tuple[str, ...]


@functools.cache
def bank(lang: str) -> Bank:
    """The shipped bank of ``zh`` or ``en``."""
    with (rules_folder() / f"neighbours_{lang}.npz").open("rb") as file:
        told: Mapping[str, Any] = np.load(file)
        return Bank(
            axes=told["axes"].astype(np.float32),
            clauses=_side(told, "clauses"),
            texts=_side(told, "texts"),
            selling=_side(told, "selling"),
            rules=tuple(str(one) for one in told["rules"]),
        )


def _side(told: Mapping[str, Any], name: str) -> Side:
    return Side(unit(told[f"{name}_yes"]), unit(told[f"{name}_no"]), int(told[f"{name}_among"]))


def directions(pieces: Sequence[str], lang: str) -> Numbers:
    """A unit direction for each (normalised) piece on the bank's axes."""
    known = _known(lang)
    new = [piece for piece in dict.fromkeys(pieces) if piece not in known]
    if new:
        if len(known) + len(new) > _KEPT:
            known.clear()
            new = list(dict.fromkeys(pieces))
        found = np.round(unit(embedded().encode(new) @ bank(lang).axes), _DIGITS)
        known.update(zip(new, found, strict=True))
    return np.array([known[piece] for piece in pieces], np.float32).reshape(len(pieces), -1)


_DIGITS = 5
"""Digits kept of a direction: which pieces were encoded together must not be seen in it."""


@functools.cache
def _known(lang: str) -> dict[str, Numbers]:
    return {}


def compared(pieces: Sequence[str], found: Numbers, lang: str) -> list[tuple[float, str | None]]:
    """For each clause, whose directions are ``found``, its margin and what ``reviewed`` says of it."""
    known = _compared(lang)
    new = [place for place, piece in enumerate(pieces) if piece not in known]
    if new:
        if len(known) + len(new) > _KEPT:
            known.clear()
            new = list(range(len(pieces)))
        taught = bank(lang)
        against, lawful = taught.clauses.likeness(found[new])
        told = zip(taught.clauses.of(against, lawful), _reviewed(taught, against, lawful), strict=True)
        known.update((pieces[place], (float(margin), rule)) for place, (margin, rule) in zip(new, told, strict=True))
    return [known[piece] for piece in pieces]


@functools.cache
def _compared(lang: str) -> dict[str, tuple[float, str | None]]:
    return {}


def resembled(direction: Numbers, lang: str) -> list[str]:
    """The rules of the forbidden examples, the nearest first, each once."""
    told = bank(lang)
    order = np.argsort(-(told.clauses.yes @ direction), kind="stable")[:_ASKED]
    return list(dict.fromkeys(told.rules[place] for place in order))


_ASKED = 12


def _reviewed(taught: Bank, against: Numbers, lawful: Numbers) -> Iterator[str | None]:
    """The rule of a reviewed clause which says the very same, "" where that is lawful; None where none does, or both."""
    places = against.argmax(axis=1)
    for place, same, allowed in zip(
        places, against[np.arange(len(places)), places] >= _SAME, lawful.max(axis=1) >= _SAME, strict=True
    ):
        yield None if same == allowed else (taught.rules[int(place)] if same else "")


_SAME = 0.997
"""From this likeness a clause is the other one, but for the rounding of the bank."""


def unit(rows: Any) -> Numbers:
    """Rows of length 1; a row without a direction stays so."""
    plain = np.asarray(rows, np.float32)
    length = np.linalg.norm(plain, axis=1, keepdims=True)
    return np.divide(plain, length, out=np.zeros_like(plain), where=length > 1e-9)


def _nearest(likeness: Numbers, among: int) -> Numbers:
    """The mean of the greatest few of each row: they stand in the blocks with the greatest first ones."""
    rows, size = likeness.shape
    whole = size // _BLOCK * _BLOCK
    if whole < among * _BLOCK:
        return np.partition(likeness, -among, axis=1)[:, -among:].mean(axis=1)
    blocks = likeness[:, :whole].reshape(rows, -1, _BLOCK)
    best = np.argpartition(blocks.max(axis=2), -among, axis=1)[:, -among:]
    few = np.take_along_axis(blocks, best[:, :, None], axis=1).reshape(rows, -1)
    few = np.concatenate([few, likeness[:, whole:]], axis=1)
    return np.sort(np.partition(few, -among, axis=1)[:, -among:], axis=1).mean(axis=1)


_BLOCK = 64
