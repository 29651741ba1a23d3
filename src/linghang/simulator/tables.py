"""Blocks of customers as Arrow tables, with the pack's attributes as columns and money in fen."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute

from linghang.packs.model import Pack
from linghang.simulator.behaviour import Happenings
from linghang.simulator.draws import Ints
from linghang.simulator.parameters import parameters
from linghang.simulator.people import Block, Coded
from linghang.simulator.wealth import Holdings

pc: Any = pyarrow.compute  # its functions are made when it is imported, so no checker knows them


def ids_of(first: int, count: int) -> pa.Array:
    """The external ids of customers from ``first`` on: a prefix and eight digits."""
    digits = pc.utf8_lpad(pc.cast(pa.array(np.arange(first, first + count)), pa.string()), 8, padding="0")
    return pc.binary_join_element_wise(pa.scalar(parameters()["id_prefix"]), digits, "")


def customers_of(block: Block, pack: Pack, ids: pa.Array) -> pa.RecordBatch:
    """The customer table: ``customer_id`` and every attribute of the pack that the simulator makes."""
    names, columns = ["customer_id"], [ids]
    for attribute in pack.attributes:
        made = _groups(block, len(ids)) if attribute.parameter == "group" else _column(block, attribute.name, len(ids))
        if made is not None and attribute.source == "column":
            names.append(attribute.column or attribute.name)
            columns.append(made)
    return pa.RecordBatch.from_arrays(columns, names)


def _column(block: Block, name: str, count: int) -> pa.Array | None:
    column = block.columns.get(name)
    if column is None:
        return None
    unknown = block.unknown.get(name)
    mask = None if unknown is None else unknown[:count]
    if isinstance(column, Coded):
        codes = pa.array(column.codes[:count].astype(np.int32), mask=mask)
        return pa.DictionaryArray.from_arrays(codes, pa.array(column.names)).dictionary_decode()
    return pa.array(column[:count], mask=mask)


def _groups(block: Block, count: int) -> pa.Array:
    member = block.numbers("_groups")[:count]
    offsets = np.concatenate([[0], np.cumsum(member.sum(axis=1))]).astype(np.int32)
    codes = np.nonzero(member)[1].astype(np.int32)
    names = pa.array(list(block.numbers("_group_names")))
    values = pa.DictionaryArray.from_arrays(pa.array(codes), names).dictionary_decode()
    return pa.ListArray.from_arrays(pa.array(offsets), values)


def holdings_of(rows: Holdings, pack: Pack, ids: pa.Array, today: dt.date) -> pa.RecordBatch:
    """The holdings table: customer_id, product, kind, amount_fen, since, active."""
    kept = rows.customer < len(ids)
    product = pa.array(rows.product[kept].astype(np.int32))
    since = np.datetime64(today) - rows.days[kept].astype("timedelta64[D]")
    return pa.RecordBatch.from_arrays(
        [
            ids.take(pa.array(rows.customer[kept])),
            pa.array([item.id for item in pack.products]).take(product),
            pa.array([item.kind for item in pack.products]).take(product),
            pa.array(rows.amount_fen[kept]),
            pa.array(since.astype("datetime64[D]")),
            pa.array(rows.active[kept]),
        ],
        ["customer_id", "product", "kind", "amount_fen", "since", "active"],
    )


EVENTS = pa.schema(
    [
        ("customer_id", pa.string()),
        ("name", pa.string()),
        ("at", pa.timestamp("us", tz="UTC")),
        ("object", pa.string()),
        ("channel", pa.string()),
        ("slot", pa.string()),
        ("amount_fen", pa.int64()),
        ("campaign_id", pa.string()),
        ("package", pa.string()),
        ("layer", pa.string()),
        ("variant", pa.string()),
        ("key", pa.string()),
        ("source", pa.string()),
    ]
)
_CHANNEL_OBJECTS = frozenset({"touched", "unsubscribe", "complaint"})


def events_of(found: list[Happenings], pack: Pack, ids: pa.Array, today: dt.date, *, prefix: str) -> pa.RecordBatch:
    """The event log, in order of time. ``key`` is unique within a bank of one seed."""
    midnight = np.datetime64(
        dt.datetime.combine(today, dt.time(), ZoneInfo(pack.zone)).astimezone(dt.UTC).replace(tzinfo=None), "us"
    )
    parts = [_part(item, len(ids)) for item in found]
    names = pa.array([item.name for item in found])
    objects = pa.array(sorted({name for item in found for name in item.objects}))
    places = {name: n for n, name in enumerate(objects.to_pylist())}
    kind = np.concatenate([np.full(len(part[0]), n, np.int32) for n, part in enumerate(parts)])
    maps = [np.array([places[name] for name in item.objects], np.int32) for item in found]
    what = np.concatenate([maps[n][part[2]] for n, part in enumerate(parts)])
    who, seconds, amount = (np.concatenate([part[n] for part in parts]) for n in (0, 1, 3))
    order = np.argsort(-seconds, kind="stable")
    kind, what, who, seconds, amount = kind[order], what[order], who[order], seconds[order], amount[order]
    name, thing = names.take(pa.array(kind)), objects.take(pa.array(what))
    by_channel = pc.is_in(name, value_set=pa.array(sorted(_CHANNEL_OBJECTS)))
    in_campaign = pc.equal(name, "in_campaign")
    empty = pa.scalar("")
    nothing = pa.repeat(empty, len(order))
    at = midnight - seconds.astype("timedelta64[s]")
    keys = pc.binary_join_element_wise(prefix, pc.cast(pa.array(np.arange(len(order))), pa.string()), "")
    columns = [
        ids.take(pa.array(who)), name, pa.array(at).cast(pa.timestamp("us", tz="UTC")),
        pc.if_else(pc.or_(by_channel, in_campaign), empty, thing), pc.if_else(by_channel, thing, empty),
        nothing, pa.array(amount), pc.if_else(in_campaign, thing, empty), nothing, nothing, nothing, keys,
        pa.repeat(pa.scalar("simulated"), len(order)),
    ]  # fmt: skip
    return pa.RecordBatch.from_arrays(columns, schema=EVENTS)


def _part(item: Happenings, count: int) -> tuple[Ints, Ints, Ints, Ints]:
    kept = item.customer < count
    return item.customer[kept], item.seconds[kept], item.what[kept], item.amount_fen[kept]
