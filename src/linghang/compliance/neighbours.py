"""What a piece resembles: its nearest reviewed examples by meaning, whatever their words.

A sentence encoder gives each clause a direction, and the whole that of its clauses together; the bank holds those of the
rules' examples, of their lawful twins and of the labelled sets, on the 128 axes along which they differ most, in a byte each
(``scripts/teach_neighbours.py``). A margin is how much nearer the forbidden ones are than the lawful ones. A story, an image
or an idiom has few words in common with what the reader learned, but it stands near another that promises the same.
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


Places = slice | NDArray[np.int32]


@dataclass(frozen=True)
class Side:
    """Where two groups of examples stand in their bank, and how many of the nearest of each are compared."""

    yes: Places
    no: Places
    among: int

    def margins(self, likeness: Numbers) -> Numbers:
        """How much nearer each row is to the one group than to the other (mean over the nearest)."""
        return _nearest(likeness[:, self.yes], self.among) - _nearest(likeness[:, self.no], self.among)


@dataclass(frozen=True)
class Bank:
    """What was taught: clauses that break a rule (``rules`` tells which) or none, wholes that do and wholes that sell. Of
    ``said`` and ``wholes`` each column is an example."""

    axes: Numbers
    said: Numbers
    wholes: Numbers
    clauses: Side
    texts: Side
    selling: Side
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Meaning:
    """What a text resembles: for each clause (none for two together), for the whole, and for whether it sells, how much nearer
    the forbidden (or selling) examples are than the others. ``directions`` are those of the clauses."""

    clauses: tuple[float, ...]
    reviewed: tuple[str | None, ...]
    """For each clause the rule of a reviewed one in these very words, "" where that is lawful, None where there is none."""
    whole: float
    selling: float
    directions: Numbers


@functools.cache
def bank(lang: str) -> Bank:
    """The shipped bank of ``zh`` or ``en``."""
    with (rules_folder() / f"neighbours_{lang}.npz").open("rb") as file:
        told: Mapping[str, Any] = np.load(file)
        yes = len(told["rules"])
        return Bank(
            axes=told["axes"].astype(np.float32),
            said=np.ascontiguousarray(unit(told["said"]).T),
            wholes=np.ascontiguousarray(unit(told["wholes"]).T),
            clauses=Side(slice(0, yes), slice(yes, None), int(told["among"][0])),
            texts=Side(told["texts_yes"], told["texts_no"], int(told["among"][1])),
            selling=Side(told["selling_yes"], told["selling_no"], int(told["among"][2])),
            rules=tuple(str(one) for one in told["rules"]),
        )


@dataclass(frozen=True)
class _Heard:
    """A clause as it was heard: what its words add up to, its direction, its margin, and what ``reviewed`` says of it."""

    added: Numbers
    direction: Numbers
    margin: float
    reviewed: str | None


def meaning(pieces: Sequence[str], lang: str) -> Meaning:
    """What a text of these (normalised) clauses resembles; the whole is what they say together."""
    taught = bank(lang)
    told, whole = _together(pieces, lang)
    likeness = whole @ taught.wholes
    return Meaning(
        clauses=tuple(one.margin for one in told),
        reviewed=tuple(one.reviewed for one in told),
        whole=float(taught.texts.margins(likeness)[0]),
        selling=float(taught.selling.margins(likeness)[0]),
        directions=np.array([one.direction for one in told]),
    )


def heard(pieces: Sequence[str], lang: str) -> list[_Heard]:
    """Each clause, asked of the encoder and compared with the bank once; those that are new together."""
    return _together(pieces, lang)[0] if pieces else []


def _together(pieces: Sequence[str], lang: str) -> tuple[list[_Heard], Numbers]:
    """Each clause, and the direction of the whole: they go the last part of the encoder's way together."""
    known = _known(lang)
    new = [piece for piece in dict.fromkeys(pieces) if piece not in known]
    if new and len(known) + len(new) > _KEPT:
        known.clear()
        new = list(dict.fromkeys(pieces))
    taught = bank(lang)
    added = dict(zip(new, embedded().summed(new), strict=True)) if new else {}
    sums = [added[piece] if piece in added else known[piece].added for piece in pieces]
    found = directions(np.array([*added.values(), np.sum(sums, axis=0)]), lang)
    if new:
        likeness = found[:-1] @ taught.said
        told = zip(added.values(), found, taught.clauses.margins(likeness), _reviewed(taught, likeness), strict=False)
        known.update((piece, _Heard(*one[:2], float(one[2]), one[3])) for piece, one in zip(new, told, strict=True))
    return [known[piece] for piece in pieces], found[-1:]


@functools.cache
def _known(lang: str) -> dict[str, _Heard]:
    return {}


def directions(added: Numbers, lang: str) -> Numbers:
    """A unit direction on the bank's axes for what each row adds up to."""
    return np.round(unit(embedded().directed(added) @ bank(lang).axes), _DIGITS)


_DIGITS = 5
"""Digits kept of a direction: which pieces were encoded together must not be seen in it."""


def resembled(direction: Numbers, lang: str) -> list[str]:
    """The rules of the forbidden examples, the nearest first, each once."""
    told = bank(lang)
    against = direction @ told.said[:, told.clauses.yes]
    order = np.argsort(-against, kind="stable")[:_ASKED]
    return list(dict.fromkeys(told.rules[place] for place in order))


_ASKED = 12


def _reviewed(taught: Bank, likeness: Numbers) -> Iterator[str | None]:
    """The rule of a reviewed clause which says the very same, "" where that is lawful; None where none does, or both."""
    against, lawful = likeness[:, taught.clauses.yes], likeness[:, taught.clauses.no]
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
    """The mean of the greatest few of each row."""
    return np.sort(np.partition(likeness, -among, axis=1)[:, -among:], axis=1).mean(axis=1)
