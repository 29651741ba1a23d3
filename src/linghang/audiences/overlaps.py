"""How audiences overlap, and masked samples of one."""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linghang.audiences.index.bits import Numbers, Words, count
from linghang.audiences.index.opened import Index
from linghang.audiences.index.running import bitset, shared_pairs
from linghang.base.errors import UsageError
from linghang.base.predicates import Rule

MOST_IN_VENN = 4


@dataclass(frozen=True)
class Overlap:
    """Audiences two by two: ``shared[i][j]`` customers are in both; the diagonal holds the sizes."""

    names: tuple[str, ...]
    shared: tuple[tuple[int, ...], ...]


def overlap(rules: Mapping[str, Rule], index: Index, today: dt.date | None = None) -> Overlap:
    """How many customers each two audiences share, exactly."""
    matrix = shared_pairs([index.plan(rule, today) for rule in rules.values()], index.words)
    return Overlap(tuple(rules), tuple(tuple(int(n) for n in row) for row in matrix))


def venn(rules: Mapping[str, Rule], index: Index, today: dt.date | None = None) -> dict[tuple[str, ...], int]:
    """Customers who are in exactly these audiences and no other, for every combination of up to four.

    Raises UsageError("audiences.too_many_circles").
    """
    if not 1 <= len(rules) <= MOST_IN_VENN:
        raise UsageError("audiences.too_many_circles", most=MOST_IN_VENN, found=len(rules))
    names = list(rules)
    sets = [bitset(index.plan(rule, today), index.words) for rule in rules.values()]
    found: dict[tuple[str, ...], int] = {}
    for mask in range(1, 1 << len(names)):
        inside = np.full(index.words, np.uint64(0xFFFFFFFFFFFFFFFF))
        for place, words in enumerate(sets):
            inside &= words if mask >> place & 1 else ~words
        found[tuple(name for place, name in enumerate(names) if mask >> place & 1)] = count(inside)
    return found


def sample(members: Numbers, seed: int, most: int = 20) -> Numbers:
    """Some members, the same for a seed, in ascending order; each member has the same chance."""
    if len(members) <= most:
        return members
    chosen = np.random.default_rng(seed).choice(len(members), most, replace=False)
    return members[np.sort(chosen)]


def masked(ids: Sequence[str], salt: str) -> tuple[str, ...]:
    """External ids as people may see them in a sample: the ends, and a short digest by which two can be told apart."""
    return tuple(_masked(id, salt) for id in ids)


def _masked(id: str, salt: str) -> str:
    mark = hashlib.blake2b(f"{salt}:{id}".encode(), digest_size=3).hexdigest()
    ends = f"{id[:1]}***{id[-1:]}" if len(id) > 3 else "***"
    return f"{ends}#{mark}"


def of_two(one: Words, other: Words) -> dict[str, npt.NDArray[np.uint64]]:
    """Two audiences compared: who is in both, who left (only in the first), who came (only in the second)."""
    return {"both": one & other, "left": one & ~other, "came": ~one & other}
