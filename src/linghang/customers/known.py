"""What is known of single customers: their row, what they allow, and the past of a real table for a response model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from linghang.base.errors import UnknownItemError
from linghang.customers import store
from linghang.customers.catalogue import Catalogue, catalogue_of
from linghang.customers.eligibility import barriers
from linghang.customers.model import Generation
from linghang.customers.rows import Holding, Row, satisfies
from linghang.packs.model import Channel, Pack
from linghang.ports.analytics import Analytics

_AT_ONCE = 10_000


@dataclass(frozen=True)
class Standing:
    """What a customer allows and is suited for.

    ``consents`` maps a channel to True, False or None (unknown); a channel that needs no consent is True. ``risk`` is
    the assessed grade 1–5, None if unknown. ``muted`` is the message code of what forbids every contact, ``blocked``
    the same per channel, both empty where nothing does. ``version`` names the data.
    """

    consents: Mapping[str, bool | None] = field(default_factory=dict)
    risk: int | None = None
    muted: str = ""
    blocked: Mapping[str, str] = field(default_factory=dict)
    version: str = ""


def rows_of(engine: Analytics, db: sa.Engine, institution_id: str, numbers: Sequence[int]) -> dict[int, Row]:
    """The rows of customers, without events.

    Raises UnknownItemError("customers.unknown_number") for one that is gone.
    """
    generation = store.current(db, institution_id)
    held = store.find_current(db, institution_id, "holdings")
    values = _select(engine, generation.table, numbers)
    holdings = _holdings(engine, held, numbers) if held else {}
    missing = [number for number in numbers if number not in values]
    if missing:
        raise UnknownItemError("customers.unknown_number", number=missing[0], count=len(missing))
    return {number: Row(values[number], tuple(holdings.get(number, ())), (), generation.as_of) for number in numbers}


def standings(
    engine: Analytics, db: sa.Engine, institution_id: str, pack: Pack, numbers: Sequence[int]
) -> dict[int, Standing]:
    """What customers allow and are suited for, for decisions and hand-over."""
    generation = store.current(db, institution_id)
    catalogue = catalogue_of(pack)
    version = f"c{generation.number}"
    rows = rows_of(engine, db, institution_id, numbers)
    return {number: _standing(row, pack, catalogue, version) for number, row in rows.items()}


def _standing(row: Row, pack: Pack, catalogue: Catalogue, version: str) -> Standing:
    muted = next(
        (barrier.code for barrier in barriers(pack, None) if satisfies(barrier.rule, row, catalogue, row.day)), ""
    )
    levels = next((item.choices for item in pack.attributes if item.name == "risk_level"), ())
    grades = [str(choice.value) for choice in levels]
    level = row.values.get("risk_level")
    # An assessment that was never made, or has lapsed, says nothing whatever the level that is still on record.
    assessed = "risk_assessed" not in row.values or bool(row.values["risk_assessed"])
    return Standing(
        consents={channel.id: _consent(row.values, channel, pack) for channel in pack.channels},
        risk=grades.index(level) + 1 if assessed and level in grades else None,
        muted=muted,
        blocked={channel.id: "customers.unreachable" for channel in pack.channels if _unreachable(row.values, channel)},
        version=version,
    )


def _consent(values: Mapping[str, Any], channel: Channel, pack: Pack) -> bool | None:
    if values.get(channel.opt_out):
        return False
    if not channel.consent:
        return True if pack.contact.basis == "consent_columns" or channel.kind == "slot" else None
    given = values.get(channel.consent)
    if given is not None:
        return bool(given)
    absent = next((item.nothing_means for item in pack.attributes if item.name == channel.consent), "unknown")
    return False if absent == "no" else None


def _unreachable(values: Mapping[str, Any], channel: Channel) -> bool:
    return bool(channel.reachable) and channel.reachable in values and not values[channel.reachable]


def _select(engine: Analytics, table: str, numbers: Sequence[int]) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for start in range(0, len(numbers), _AT_ONCE):
        part = tuple(int(number) for number in numbers[start : start + _AT_ONCE])
        rows = engine.query(f"SELECT * FROM {table} WHERE customer IN {{numbers:Array(UInt32)}}", {"numbers": part})
        found.update({row["customer"]: row for row in rows.to_pylist()})
    return found


def _holdings(engine: Analytics, held: Generation, numbers: Sequence[int]) -> dict[int, list[Holding]]:
    found: dict[int, list[Holding]] = {}
    for start in range(0, len(numbers), _AT_ONCE):
        part = tuple(int(number) for number in numbers[start : start + _AT_ONCE])
        rows = engine.query(
            f"SELECT * FROM {held.table} WHERE customer IN {{numbers:Array(UInt32)}} ORDER BY customer, product",
            {"numbers": part},
        )
        for row in rows.to_pylist():
            names = frozenset({row["product"], row["kind"]} - {""})
            found.setdefault(row["customer"], []).append(
                Holding(names, row["product"], row["amount_fen"], row["since"], row["active"])
            )
    return found


def history(engine: Analytics, db: sa.Engine, institution_id: str) -> pa.Table | None:
    """The past of a real table, for a response model: ``customer``, its columns as stored, and ``outcome`` (bool).

    None where the pack's table has no outcome. Columns known only after the contact were never stored.
    """
    generation = store.current(db, institution_id)
    if not generation.history_table:
        return None
    names = ", ".join(f"c.`{name}` AS `{name}`" for name in generation.columns)
    return engine.query(
        f"SELECT c.customer AS customer, {names}, h.outcome AS outcome FROM {generation.table} AS c "
        f"INNER JOIN {generation.history_table} AS h ON c.customer = h.customer ORDER BY customer"
    )
