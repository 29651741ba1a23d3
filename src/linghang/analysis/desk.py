"""The desk at which questions are answered: both stores, the table of customers, and what was asked of them."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import sqlalchemy as sa

from linghang import customers
from linghang.analysis.asked import Asked, Numbers, Study
from linghang.analysis.cuts import PARTITIONS, attribute_of, attribute_text
from linghang.analysis.model import Scalar
from linghang.base.errors import RefusedError
from linghang.events import store as event_log
from linghang.experiments import HOLDOUT
from linghang.kit.database import Instant, reading
from linghang.packs.model import Pack
from linghang.ports.analytics import Analytics, Parameter

Cells = dict[tuple[str, ...], float]
"""Values of dimensions, in their order → a number."""
_MEMBERS_AT_ONCE = 50_000


@dataclass
class Desk:
    """Reads rows for questions and keeps the statements that it used."""

    db: sa.Engine
    engine: Analytics
    institution_id: str
    pack: Pack
    now: dt.datetime
    statements: list[str] = field(default_factory=list)

    @property
    def log(self) -> str:
        """The quoted name of the event log, which exists from now on."""
        return event_log.create(self.engine, self.institution_id)

    @property
    def table(self) -> str:
        """The quoted name of the customers' table. Raises UnknownItemError before the first import."""
        return customers.current(self.db, self.institution_id).table

    @property
    def size(self) -> int:
        """How many customers there are."""
        return customers.current(self.db, self.institution_id).rows

    def events(self, sql: str, params: Mapping[str, Scalar], members: Numbers | None) -> Iterator[Mapping[str, Any]]:
        """The rows of a statement over the engine, once for each block of ``members`` (``{members}`` in the statement).

        Blocks are disjoint sets of customers, so counts, sums and distinct customers of the blocks add up.
        """
        self.note(sql)
        used: dict[str, Parameter] = {name: value for name, value in params.items() if "{" + name + ":" in sql}
        if members is None:
            yield self.engine.query(sql, used).to_pydict()
            return
        for start in range(0, len(members), _MEMBERS_AT_ONCE):
            block = tuple(members[start : start + _MEMBERS_AT_ONCE].tolist())
            yield self.engine.query(sql, {**used, "members": block}).to_pydict()

    def ledger(self, sql: str, params: Mapping[str, Scalar]) -> Sequence[sa.Row[Any]]:
        """The rows of a statement over the application database."""
        self.note(sql)
        used = {name: value for name, value in params.items() if f":{name}" in sql}
        with reading(self.db).connect() as connection:
            return connection.execute(sa.text(sql), used).all()

    def note(self, sql: str) -> None:
        """Keep a statement for whoever wants to see what an answer rests on."""
        if sql not in self.statements:
            self.statements.append(sql)

    def attributes(
        self, dimensions: Sequence[str], wanted: Numbers, bins: Sequence[float]
    ) -> dict[int, tuple[str, ...]]:
        """The values of customers' dimensions, for rows that come from a ledger."""
        found = [attribute_of(name, self.pack) for name in dimensions]
        texts = [
            f"{attribute_text(name, item, bins)} AS d{n}"
            for n, (name, item) in enumerate(zip(dimensions, found, strict=True))
            if item is not None
        ]
        sql = f"SELECT customer, {', '.join(texts)} FROM {self.table} AS c WHERE customer IN {{members:Array(UInt32)}}"
        values: dict[int, tuple[str, ...]] = {}
        for block in self.events(sql, {}, wanted):
            columns = [block[f"d{n}"] for n in range(len(texts))]
            values.update(zip(block["customer"], zip(*columns, strict=True), strict=True))
        return values


def instants(asked: Asked) -> dict[str, Scalar]:
    """The window as texts that sort like the stored ones, and its zone."""
    kind = Instant()
    start, end = (
        str(kind.process_bind_param(instant, None))  # type: ignore[arg-type]
        for instant in (asked.window.start, asked.window.end)
    )
    return {"start": start, "end": end, "zone": asked.pack.zone}


def audience(asked: Asked, group: str) -> Numbers | None:
    """The customers that a question is about: a group (``treated`` …) of its campaigns, and who meets its conditions.

    None for everybody.
    """
    inside: Numbers | None = None
    if asked.scope:
        parts = [study.bench.groups.within(group) for study in asked.scope]
        inside = np.unique(np.concatenate(parts)).astype(np.uint32)
    if asked.members is None:
        return inside
    return asked.members if inside is None else np.intersect1d(inside, asked.members).astype(np.uint32)


def partitions(asked: Asked, dimension: str) -> dict[str, dict[str, Numbers]]:
    """Part → group (``audience``, ``treated``, ``holdout``) → customers, for a dimension that the packages tell.

    Raises RefusedError("analysis.needs_campaign") without a campaign.
    """
    if not asked.scope:
        raise RefusedError("analysis.needs_campaign", dimension=dimension)
    found: dict[str, dict[str, list[Numbers]]] = {}
    for study in asked.scope:
        for name, groups in _parts(study, dimension).items():
            kept = found.setdefault(name, {})
            for group, numbers in groups.items():
                kept.setdefault(group, []).append(numbers)
    return {
        name: {group: np.unique(np.concatenate(parts)).astype(np.uint32) for group, parts in groups.items()}
        for name, groups in found.items()
    }


def _parts(study: Study, dimension: str) -> dict[str, dict[str, Numbers]]:
    groups = study.bench.groups
    if dimension == "segment":
        return {
            layer: {name: groups.within(f"{name}/{layer}") for name in ("audience", "treated", HOLDOUT)}
            for layer in groups.members
        }
    arms = {"treated": groups.within("treated"), HOLDOUT: groups.within(HOLDOUT)}
    return {arm: {"audience": numbers, "treated": numbers, HOLDOUT: numbers} for arm, numbers in arms.items()}


def split(asked: Asked) -> tuple[str, ...]:
    """The dimensions of a question by which customers are parted beforehand."""
    return tuple(name for name in asked.dimensions if name in PARTITIONS)
