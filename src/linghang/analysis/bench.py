"""The bench: reads numbers from ledgers, the event log and the package's groups, and can read each of them again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from linghang.analysis.formula import value_of
from linghang.analysis.groups import Groups
from linghang.analysis.model import Base, Part, Scalar, Told, Unit
from linghang.campaigns.model import Package
from linghang.delivery import Launched
from linghang.events import store as event_log
from linghang.kit.database import Instant, reading
from linghang.packs.model import Pack
from linghang.ports.analytics import Analytics

Columns = Mapping[str, npt.NDArray[Any]]
LOG = "{log}"
"""Stands for the institution's event log in a statement."""


@dataclass
class Bench:
    """What a read-out of one launched package reads from. Statements asked twice are read once."""

    db: sa.Engine
    engine: Analytics
    package: Package
    pack: Pack
    launched: Launched
    groups: Groups
    _read: dict[tuple[Part, tuple[tuple[str, Scalar], ...]], Columns] = field(default_factory=dict)

    @property
    def log(self) -> str:
        """The quoted name of the institution's event log."""
        return event_log.table_name(self.package.institution_id)

    @property
    def params(self) -> dict[str, Scalar]:
        """Parameters that most statements need: institution, package, campaign, window (as stored texts)."""
        return {
            "institution": self.package.institution_id,
            "package": self.package.hash,
            "campaign": self.package.campaign_id,
            "start": _instant(self.launched.start),
            "end": _instant(self.launched.end),
        }

    def base(self, name: str, /, *parts: Part, within: str = "", **params: Scalar) -> Base:
        """Read one number."""
        base = Base(name, parts, {**self.params, **params}, within)
        return replace(base, value=self.value(base))

    def size(self, name: str, within: str) -> Base:
        """How many customers a group has."""
        return Base(name, (Part("members", f"members({within})"),), {}, within, float(self.groups.size(within)))

    def value(self, base: Base) -> float:
        """Read a number, again if need be."""
        if base.parts and base.parts[0].store == "members":
            return float(self.groups.size(base.within))
        if base.parts and base.parts[0].store == "document":
            return base.value
        read = [self.rows(part, base.params) for part in base.parts]
        if not base.within:
            return float(sum(rows["n"].sum() if len(rows["n"]) else 0 for rows in read))
        customers = np.concatenate([np.zeros(0, np.uint32), *(rows["customer"].astype(np.uint32) for rows in read)])
        inside = self.groups.inside(customers, base.within)
        if any("n" in rows for rows in read):
            weights = np.concatenate([rows["n"].astype(np.float64) for rows in read])
            return float(weights[inside].sum())
        return float(len(np.unique(customers[inside])))

    def rows(self, part: Part, params: Mapping[str, Scalar]) -> Columns:
        """The rows of a statement, by column."""
        key = (part, tuple(sorted(params.items(), key=lambda item: item[0])))
        if key not in self._read:
            self._read[key] = self._fetch(part, params)
        return self._read[key]

    def _fetch(self, part: Part, params: Mapping[str, Scalar]) -> Columns:
        if part.store == "events":
            event_log.create(self.engine, self.package.institution_id)
            used = {name: value for name, value in params.items() if "{" + name + ":" in part.query}
            table = self.engine.query(part.query.replace(LOG, self.log), used)
            return {name: table[name].to_numpy() for name in table.column_names}
        used = {name: value for name, value in params.items() if f":{name}" in part.query}
        with reading(self.db).connect() as connection:
            result = connection.execute(sa.text(part.query), used)
            names, found = list(result.keys()), result.all()
        columns = list(zip(*found, strict=True)) if found else [() for _ in names]
        return {name: np.array(values) for name, values in zip(names, columns, strict=True)}

    def told(self, name: str, unit: Unit, formula: str, bases: Sequence[Base], *, note: str = "") -> Told:
        """A figure by a formula over bases."""
        return Told(
            name, value_of(formula, {base.name: base.value for base in bases}), unit, formula, tuple(bases), note=note
        )


def recompute(bench: Bench, told: Told) -> float | None:
    """The figure read again from its stores, by its own statements and formula alone."""
    again = Bench(bench.db, bench.engine, bench.package, bench.pack, bench.launched, bench.groups)
    return value_of(told.formula, {base.name: again.value(base) for base in told.bases})


def events_part(columns: str, where: str, tail: str = "") -> Part:
    """A statement over the event log."""
    return Part("events", f"SELECT {columns} FROM {LOG} WHERE {where}{' ' + tail if tail else ''}")


def ledger_part(query: str) -> Part:
    """A statement over the application database."""
    return Part("ledger", query)


def _instant(value: Any) -> str:
    return str(Instant().process_bind_param(value, None))  # type: ignore[arg-type]
