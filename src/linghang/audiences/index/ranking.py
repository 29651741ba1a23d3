"""The first of a bitset by a column, in blocks: a threshold is found, and only its equals are told apart by number."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from linghang.audiences.index.behaviour import of_sorted
from linghang.audiences.index.bits import Words, count
from linghang.audiences.index.files import Store
from linghang.audiences.index.running import numbers_of
from linghang.customers.rankings import Ranking


def ranked(store: Store, told: Mapping[str, Any] | None, ranking: Ranking, members: Words) -> Words:
    """The highest (or lowest) of ``members`` by the ranking's field; those of whom it is not known are not ranked.

    ``told`` is the column's entry of the manifest, None where the data lack it.
    """
    name, field = ranking.field.name, ranking.field
    if told is None:
        # Nothing was recorded of anybody: all have 0, or nobody is known.
        numbers = numbers_of(members)[: ranking.size(count(members))] if field.zero else np.zeros(0, np.uint32)
        return of_sorted(numbers, len(members))
    known = members if told["complete"] else members & store.array(f"{name}/known")
    numbers = numbers_of(known)
    wanted = ranking.size(len(numbers))
    if wanted == len(numbers):
        return of_sorted(numbers, len(members))
    values: npt.NDArray[Any] = store.array(f"{name}/raw")[numbers]
    place = wanted - 1 if ranking.lowest else len(values) - wanted
    edge = np.partition(values, place)[place]
    beyond = values < edge if ranking.lowest else values > edge
    equals = np.flatnonzero(values == edge)[: wanted - int(np.count_nonzero(beyond))]
    beyond[equals] = True
    return of_sorted(numbers[beyond], len(members))
