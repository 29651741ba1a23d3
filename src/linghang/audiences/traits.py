"""What customers are told apart by: cells of attributes and of recent behaviour, each a bitset."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linghang.audiences.index.bits import Numbers, Words, unpacked
from linghang.audiences.index.opened import Index
from linghang.audiences.index.running import bitset
from linghang.audiences.profiles import cells_of
from linghang.base.predicates import Behaviour, Combination, Predicate, Ranked, Rule, Succession, leaves
from linghang.packs.model import Pack

RECENT_DAYS = 90
_MOST_VALUES = 24
DID, DID_NOT = "true", "false"


@dataclass(frozen=True)
class Trait:
    """A field, or an event within ``days``, with its cells: every customer is in exactly one of ``sets``."""

    field: str
    values: tuple[str, ...]
    sets: tuple[Words, ...]
    days: int = 0

    def codes(self, numbers: Numbers) -> npt.NDArray[np.uint8]:
        """The cell of each of some customers."""
        found = np.zeros(len(numbers), np.uint8)
        place, bit = numbers >> np.uint32(6), (numbers & np.uint32(63)).astype(np.uint64)
        for code, words in enumerate(self.sets):
            found[((words[place] >> bit) & np.uint64(1)).astype(np.bool_)] = code
        return found

    def block(self, start: int, stop: int) -> npt.NDArray[np.uint8]:
        """The cell of every number of the words from ``start`` to ``stop``."""
        found = np.zeros((stop - start) * 64, np.uint8)
        for code, words in enumerate(self.sets):
            found[unpacked(words[start:stop], len(found))] = code
        return found


def traits(index: Index, pack: Pack, today: dt.date, *, without: Iterable[str] = ()) -> tuple[Trait, ...]:
    """The attributes that may serve as features and whatever was done lately, but for the fields ``without``.

    Groups overlap and are left out, as are sensitive attributes and fields with very many values.
    """
    barred = set(without)
    found: list[Trait] = []
    for one in pack.attributes:
        if "feature" not in one.usable_in or one.sensitive or one.parameter or one.name in barred:
            continue
        told = index.columns.get(one.name)
        if told is None or len(told["values"]) > _MOST_VALUES:
            continue
        cells = cells_of(one.name, index, today)
        if len(cells) > 1:
            found.append(Trait(one.name, tuple(cell[0] for cell in cells), tuple(cell[1] for cell in cells)))
    for name in index.events:
        known = index.catalogue.behaviours.get(name)
        if known is None or name in barred or not known.usable:
            continue
        done = bitset(index.plan(Predicate(name, "exists", window_days=RECENT_DAYS), today), index.words)
        found.append(Trait(name, (DID, DID_NOT), (done, index.base & ~done), RECENT_DAYS))
    return tuple(found)


def fields_of(rule: Rule) -> frozenset[str]:
    """The fields and events that a rule speaks of: a model that may not learn its own seed leaves them out."""
    found: set[str] = set()
    for leaf in leaves(rule):
        if isinstance(leaf, Predicate):
            found.add(leaf.field)
        elif isinstance(leaf, Behaviour):
            found.add(leaf.event)
        elif isinstance(leaf, Succession):
            found |= {leaf.first.event, leaf.then.event}
        elif isinstance(leaf, Ranked):
            found.add(leaf.by)
    return frozenset(found)


def rule_of(trait: Trait, value: str, index: Index) -> Rule | None:
    """A cell as a condition that a person can read; None for those of whom nothing is known."""
    if trait.days:
        return Predicate(trait.field, "exists", window_days=trait.days, negated=value == DID_NOT)
    if not value:
        return None
    field = index.catalogue.fields[trait.field]
    if field.storage == "bool":
        return Predicate(trait.field, "exists", negated=value == DID_NOT)
    if field.storage in ("integer", "money", "number", "date"):
        ends = value.split("–")
        bounds: Sequence[tuple[str, str]] = (("ge", ends[0]), ("lt", ends[-1]))
        parts = tuple(Predicate(trait.field, op, _number(end)) for op, end in bounds if end)  # type: ignore[arg-type]
        return parts[0] if len(parts) == 1 else Combination("all", parts)
    return Predicate(trait.field, "eq", value)


def _number(text: str) -> int | float:
    value = float(text)
    return int(value) if value.is_integer() else value
