"""What happened to whom, gathered as columns and handed on as batches in order of time."""

import datetime as dt
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from linghang.ports.population import Launched, Shown
from linghang.simulator.draws import Ints
from linghang.simulator.tables import EVENTS

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
Micros = npt.NDArray[np.int64]


def micros(at: dt.datetime) -> int:
    """Microseconds since 1970 of an instant."""
    return round((at - EPOCH) / dt.timedelta(microseconds=1))


class Diary:
    """Events not yet handed on."""

    def __init__(self, ids: Sequence[str]) -> None:
        self._ids = np.asarray(ids, dtype=object)
        self._parts: list[tuple[Ints, Micros, Ints, dict[str, str], str]] = []

    def note(
        self,
        name: str,
        who: Ints,
        at: Micros,
        shown: Shown | Launched,
        key: str,
        *,
        what: str = "",
        amount: Ints | None = None,
    ) -> None:
        """Note an event of each of ``who``; ``key`` with the customer's id makes it one, however often it is told."""
        if not len(who):
            return
        row = {"name": name, "object": what, "campaign_id": shown.campaign_id, "package": shown.package}
        if isinstance(shown, Shown):
            row |= {"channel": shown.channel, "slot": shown.slot, "layer": shown.layer, "variant": shown.variant}
        self._parts.append((who, at, np.zeros(len(who), np.int64) if amount is None else amount, row, key))

    def take(self) -> pa.RecordBatch:
        """All events that were noted, in order of time; the diary is empty afterwards."""
        parts, self._parts = self._parts, []
        if not parts:
            return pa.RecordBatch.from_arrays([pa.array([], field.type) for field in EVENTS], schema=EVENTS)
        who = np.concatenate([part[0] for part in parts])
        at = np.concatenate([part[1] for part in parts])
        order = np.argsort(at, kind="stable")
        names = self._ids[who]
        keys = np.concatenate([[f"{part[4]}:{name}" for name in self._ids[part[0]]] for part in parts])
        columns = {
            "customer_id": pa.array(names[order], pa.string()),
            "at": pa.array(at[order], pa.timestamp("us", tz="UTC")),
            "amount_fen": pa.array(np.concatenate([part[2] for part in parts])[order]),
            "key": pa.array(keys[order], pa.string()),
            "source": pa.repeat(pa.scalar("simulated"), len(order)),
        }
        lengths = np.array([len(part[0]) for part in parts])
        place = np.repeat(np.arange(len(parts), dtype=np.int32), lengths)[order]
        for field in EVENTS.names:
            if field not in columns:
                columns[field] = pa.array([part[3].get(field, "") for part in parts]).take(pa.array(place))
        return pa.RecordBatch.from_arrays([columns[name] for name in EVENTS.names], schema=EVENTS)
