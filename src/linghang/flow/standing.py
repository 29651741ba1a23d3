"""How customers stand towards live packages: layer, barriers of product and channel, consents, risk — all at once.

Made from the index once for a state of the data, and then a look-up a customer: so that the decision step checks again
what the audience step checked, at the speed of a decision.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from linghang import audiences, customers
from linghang.audiences import Index
from linghang.base.predicates import Predicate
from linghang.packs.model import Pack

_Codes = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Reasons:
    """For every customer the first reason of a list of barriers that holds: 0 for none, else its place from 1."""

    codes: tuple[str, ...]
    first: _Codes

    def of(self, number: int) -> str:
        """The reason's code, or nothing."""
        place = int(self.first[number])
        return self.codes[place - 1] if place else ""


@dataclass
class Standing:
    """The look-ups of one state of the data; product barriers are added as products come up."""

    pack: Pack
    index: Index
    muted: Reasons
    channels: dict[str, Reasons]
    consents: dict[str, npt.NDArray[np.int8]]
    risks: npt.NDArray[np.int8]
    products: dict[str, Reasons] = field(default_factory=dict)

    def barred(self, product_id: str, number: int) -> str:
        """Why a product may not be offered to a customer, or nothing."""
        found = self.products.get(product_id)
        if found is None:
            product = next((item for item in self.pack.products if item.id == product_id), None)
            found = self.products[product_id] = _reasons(self.index, customers.barriers(self.pack, product))
        return found.of(number)

    def blocked(self, number: int) -> dict[str, str]:
        """Channel → reason for which it may not be used, of those that have one."""
        return {name: code for name, reasons in self.channels.items() if (code := reasons.of(number))}

    def consent(self, number: int) -> dict[str, bool | None]:
        """Channel → whether the customer agreed; None where nobody knows."""
        return {name: (None if told[number] < 0 else bool(told[number])) for name, told in self.consents.items()}

    def risk(self, number: int) -> int | None:
        """The assessed grade, 1–5; None without a valid assessment."""
        grade = int(self.risks[number])
        return grade or None


def standing_of(index: Index, pack: Pack) -> Standing:
    """The look-ups for a state of the data; the last one is kept."""
    if _kept and _kept[0].index is index and _kept[0].pack.digest == pack.digest:
        return _kept[0]
    made = Standing(
        pack,
        index,
        _reasons(index, customers.barriers(pack, None)),
        {channel.id: _reasons(index, customers.channel_barriers(pack, channel)) for channel in pack.channels},
        {channel.id: _consents(index, channel.consent) for channel in pack.channels if channel.consent},
        _risks(index, pack),
    )
    _kept[:] = [made]
    return made


_kept: list[Standing] = []


def _flags(index: Index, rule: object) -> npt.NDArray[np.bool_]:
    words = audiences.bitset(index.plan(rule), index.words)  # type: ignore[arg-type]
    return np.unpackbits(words.view(np.uint8), bitorder="little").view(np.bool_)


def _reasons(index: Index, barriers: Sequence[customers.Barrier]) -> Reasons:
    first = np.zeros(index.words * 64, np.uint8)
    for place, barrier in enumerate(barriers, 1):
        first[_flags(index, barrier.rule) & (first == 0)] = place
    return Reasons(tuple(barrier.code for barrier in barriers), first)


def _consents(index: Index, name: str) -> npt.NDArray[np.int8]:
    told = np.full(index.words * 64, -1, np.int8)
    if name in index.columns:
        told[_flags(index, Predicate(name, "exists"))] = 1
        told[_flags(index, Predicate(name, "exists", negated=True))] = 0
    return told


def _risks(index: Index, pack: Pack) -> npt.NDArray[np.int8]:
    grades = np.zeros(index.words * 64, np.int8)
    attribute = next((item for item in pack.attributes if item.name == "risk_level"), None)
    if attribute is None or attribute.name not in index.columns:
        return grades
    for place, choice in enumerate(attribute.choices, 1):
        grades[_flags(index, Predicate("risk_level", "eq", choice.value))] = place
    return grades
