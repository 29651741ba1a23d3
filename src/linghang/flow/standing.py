"""How customers stand towards products and channels: the one way in which decisions, sends and people ask.

The barriers (``customers.barriers``) are evaluated over the index once for a state of the data, and then are a look-up
for each customer; what customers said since (the register) is looked up besides. So the decision step and the hand-over
check again, at the speed of a decision, exactly what the audience step counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from linghang import audiences, customers
from linghang.audiences import Index
from linghang.base.predicates import Predicate, Rule
from linghang.packs.model import Pack, Product

_Masks = npt.NDArray[np.uint16]
_MOST = 16


@dataclass(frozen=True)
class Reason:
    """Why a customer may not be addressed: a message code with its parameters. ``source``: tables or register."""

    code: str
    source: str
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Reasons:
    """For every customer which of a list of barriers hold, a bit each."""

    barriers: tuple[customers.Barrier, ...]
    masks: _Masks

    def all(self, number: int) -> tuple[Reason, ...]:
        """Every reason, in the order in which they are told."""
        mask = int(self.masks[number]) if number < len(self.masks) else 0
        if not mask:
            return ()
        return tuple(
            Reason(barrier.code, "tables", barrier.params)
            for place, barrier in enumerate(self.barriers)
            if mask >> place & 1
        )

    def of(self, number: int) -> str:
        """The first reason's code, or nothing."""
        mask = int(self.masks[number]) if number < len(self.masks) else 0
        return self.barriers[(mask & -mask).bit_length() - 1].code if mask else ""


@dataclass(frozen=True)
class Tables:
    """The look-ups of one state of the data; those of products are added as products come up."""

    pack: Pack
    index: Index
    muted: Reasons
    channels: Mapping[str, Reasons]
    consents: Mapping[str, npt.NDArray[np.int8]]
    risks: npt.NDArray[np.int8]
    zones: tuple[tuple[str, npt.NDArray[np.bool_]], ...]
    elapsed: int
    """Days since the tables were made, where barriers depend on them."""
    products: dict[str, Reasons] = field(default_factory=dict)

    def product(self, product: Product | None) -> Reasons:
        """The barriers of a product (None: those of every contact)."""
        if product is None:
            return self.muted
        if product.id not in self.products:
            barriers = customers.barriers(self.pack, product, elapsed=self.elapsed)
            self.products[product.id] = _reasons(self.index, barriers)
        return self.products[product.id]


@dataclass(frozen=True)
class Standing:
    """How customers stand now: tables of the last import and the register of what was said since."""

    tables: Tables
    register: customers.Register
    said: Mapping[str, customers.Numbers32]
    since: datetime

    @property
    def index(self) -> Index:
        """The index that the look-ups were made from."""
        return self.tables.index

    def muted(self, number: int) -> str:
        """Why a customer may not be contacted at all, or nothing."""
        return self.tables.muted.of(number) or next((code for code, who in self.said.items() if _in(who, number)), "")

    def barred(self, product_id: str, number: int) -> str:
        """Why a product may not be offered to a customer, or nothing."""
        return self.tables.product(_product(self.tables.pack, product_id)).of(number)

    def closed(self, number: int, channel: str, product_id: str) -> str:
        """Why a channel may not be used to tell a customer of a product, or nothing."""
        found = self._channel(number, channel, product_id)
        return found[0].code if found else ""

    def blocked(self, number: int, product_id: str) -> dict[str, str]:
        """Channel → reason for which it may not be used, of those that have one."""
        return {name: code for name in self.tables.channels if (code := self.closed(number, name, product_id))}

    def consent(self, number: int, product_id: str) -> dict[str, bool | None]:
        """Channel → whether the customer agreed; None where nobody knows."""
        purpose = _purpose(self.tables.pack, product_id)
        found: dict[str, bool | None] = {}
        for name, told in self.tables.consents.items():
            found[name] = None if told[number] < 0 else bool(told[number])
            said = self.register.latest(name, purpose).get(number)
            if said is not None and said.word == "opt_out":
                found[name] = False
            elif said is not None and said.at > self.since:
                found[name] = True
        return found

    def risk(self, number: int) -> int | None:
        """The assessed grade, 1–5; None without a valid assessment."""
        return int(self.tables.risks[number]) or None

    def zone(self, number: int) -> str:
        """The customer's own time zone; empty for the institution's."""
        return next((zone for zone, who in self.tables.zones if who[number]), "")

    def reasons(self, number: int, product_id: str, channel: str) -> tuple[Reason, ...]:
        """Every reason against telling a customer of a product by a channel, tables first."""
        product = _product(self.tables.pack, product_id)
        said = tuple(Reason(code, "register") for code, who in self.said.items() if _in(who, number))
        told = (*self.tables.product(product).all(number), *said)
        return (*told, *self._channel(number, channel, product_id)) if channel else told

    def _channel(self, number: int, channel: str, product_id: str) -> tuple[Reason, ...]:
        reasons = self.tables.channels[channel].all(number)
        said = self.register.latest(channel, _purpose(self.tables.pack, product_id)).get(number)
        if said is None:
            return reasons
        if said.word == "opt_out":
            params = {"channel": channel, "day": said.at.date().isoformat()}
            return (Reason("customers.opted_out", "register", params), *reasons)
        if said.at > self.since:
            return tuple(item for item in reasons if item.code not in ("customers.no_consent", "customers.opted_out"))
        return reasons


def standing_of(db: sa.Engine, institution_id: str, index: Index, pack: Pack, at: datetime) -> Standing:
    """How customers stand at an instant. The tables' part of the last state is kept."""
    elapsed = _elapsed(index, pack, at)
    if not (_kept and _kept[0].index is index and _kept[0].pack.digest == pack.digest and _kept[0].elapsed == elapsed):
        _kept[:] = [_tables(index, pack, elapsed)]
    register = customers.register_of(db, institution_id)
    since = datetime.combine(index.as_of, time(), ZoneInfo(pack.zone)).astimezone(UTC)
    return Standing(_kept[0], register, register.muted(at, pack.contact.complaint_mute_days), since)


def fresh(standing: Standing, db: sa.Engine, institution_id: str, at: datetime) -> Standing:
    """The same tables with what has been said up to now; other ones on a day on which more assessments have expired."""
    if standing.tables.elapsed != _elapsed(standing.index, standing.tables.pack, at):
        return standing_of(db, institution_id, standing.index, standing.tables.pack, at)
    register = customers.register_of(db, institution_id)
    if register.last == standing.register.last:
        return standing
    said = register.muted(at, standing.tables.pack.contact.complaint_mute_days)
    return replace(standing, register=register, said=said)


_kept: list[Tables] = []


def _elapsed(index: Index, pack: Pack, at: datetime) -> int:
    return customers.elapsed_since(pack, index.as_of, at.astimezone(ZoneInfo(pack.zone)).date())


def _tables(index: Index, pack: Pack, elapsed: int) -> Tables:
    return Tables(
        pack,
        index,
        _reasons(index, customers.barriers(pack, None)),
        {channel.id: _reasons(index, customers.channel_barriers(pack, channel)) for channel in pack.channels},
        {channel.id: _consents(index, channel.consent) for channel in pack.channels if channel.consent},
        _risks(index, pack),
        _zones(index, pack),
        elapsed,
    )


def _product(pack: Pack, product_id: str) -> Product | None:
    return next((item for item in pack.products if item.id == product_id), None)


def _purpose(pack: Pack, product_id: str) -> str:
    product = _product(pack, product_id)
    return customers.PURPOSES.get(product.kind, "") if product is not None else ""


def _in(numbers: npt.NDArray[Any], number: int) -> bool:
    place = int(np.searchsorted(numbers, number))
    return place < len(numbers) and int(numbers[place]) == number


def _flags(index: Index, rule: Rule) -> npt.NDArray[np.bool_]:
    words = audiences.bitset(index.plan(rule), index.words)
    return np.unpackbits(words.view(np.uint8), bitorder="little").view(np.bool_)


def _reasons(index: Index, barriers: Sequence[customers.Barrier]) -> Reasons:
    if len(barriers) > _MOST:
        raise ValueError(f"{len(barriers)} barriers do not fit a mask of {_MOST}")
    masks = np.zeros(index.words * 64, np.uint16)
    for place, barrier in enumerate(barriers):
        masks[_flags(index, barrier.rule)] |= np.uint16(1 << place)
    return Reasons(tuple(barriers), masks)


def _zones(index: Index, pack: Pack) -> tuple[tuple[str, npt.NDArray[np.bool_]], ...]:
    name = pack.contact.zone_field
    if name not in index.columns:
        return ()
    return tuple((zone, _flags(index, Predicate(name, "eq", value))) for value, zone in pack.contact.zones.items())


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
