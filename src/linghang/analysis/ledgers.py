"""Ledgers as sources: sends, benefits, cost, budget, and the effect of experiments."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from linghang import customers
from linghang.analysis.asked import Asked, Numbers, Study
from linghang.analysis.cuts import attribute_of
from linghang.analysis.desk import Cells, Desk, instants
from linghang.analysis.effect import RESPONSE, read_effect
from linghang.analysis.metrics import Term
from linghang.analysis.model import Scalar
from linghang.base.errors import RefusedError
from linghang.customers import Generation

_SENT_AT = (
    "SELECT key, min(at) AS at FROM send_entry WHERE institution_id = :institution AND (state <> 'withheld' "
    "OR reason = 'delivery.shadow') GROUP BY key"
)
_SENDS = (
    "SELECT s.customer AS customer, s.channel AS channel, s.campaign_id AS campaign, s.layer AS segment, f.at AS at, "
    f"1 AS n FROM send s JOIN ({_SENT_AT}) f ON f.key = s.key WHERE s.institution_id = :institution "
    "AND f.at >= :start AND f.at < :end"
)
_ROWS = (
    "SELECT b.grant_id, max(b.customer) AS customer, max(b.face_fen) AS face, max(b.package) AS package, "
    "max(b.benefit) AS benefit, max(b.redeemed_fen) AS redeemed_fen, "
    "max(CASE b.kind WHEN 'issue' THEN 1 WHEN 'redeem' THEN 2 WHEN 'expire' THEN 3 WHEN 'reclaim' THEN 4 ELSE 0 END) "
    "AS stage, max(CASE WHEN b.kind = 'issue' THEN b.at END) AS at FROM benefit_entry b "
    "WHERE b.institution_id = :institution GROUP BY b.grant_id"
)
_STAGE: Mapping[str, int] = {"reserved": 0, "issued": 1, "redeemed": 2, "expired": 3}
_CONTACTS = (
    "SELECT s.customer AS customer, s.channel AS channel, s.campaign_id AS campaign, s.layer AS segment, e.at AS at, "
    "e.cost_fen100 AS n FROM send_entry e JOIN send s ON s.institution_id = e.institution_id AND s.key = e.key "
    "WHERE e.institution_id = :institution AND e.cost_fen100 > 0 AND e.at >= :start AND e.at < :end"
)
Row = Mapping[str, Any]


def generation(desk: Desk) -> Generation:
    """The generation of customers in use."""
    return customers.current(desk.db, desk.institution_id)


def sends(desk: Desk, asked: Asked, term: Term, dims: Sequence[str], members: Numbers | None) -> Cells | None:
    """Sends by state. As customers, a message that was handed over reached them unless a receipt says otherwise."""
    states = term.where.get("state", "").split("|")
    if term.measure == "customers" and "delivered" in states:
        states = [*states, "handed_over"]
    wanted = ", ".join(f"'{state}'" for state in states if state.isidentifier())
    shadow = " OR (s.state = 'withheld' AND s.reason = 'delivery.shadow')" if "handed_over" in states else ""
    sql = f"{_SENDS} AND (s.state IN ({wanted}){shadow})"
    sql += _of_campaigns(asked, "s.campaign_id") + _listed(asked, "channel", "s.channel")
    return _cut(desk, asked, sql, dims, members, distinct=term.measure == "customers")


def benefits(desk: Desk, asked: Asked, term: Term, dims: Sequence[str], members: Numbers | None) -> Cells | None:
    """Benefits by where they stand now, of those issued in the window; used ones count their amount."""
    stages = [_STAGE[state] for state in term.where.get("state", "issued").split("|") if state in _STAGE]
    packages = {study.bench.package.hash: study.id for study in asked.scope}
    sql = (
        f"SELECT * FROM ({_ROWS}) g WHERE g.at >= :start AND g.at < :end AND g.stage IN ({', '.join(map(str, stages))})"
    )
    if packages:
        sql += f" AND g.package IN ({', '.join(_quoted(name) for name in packages)})"
    rows = [
        {
            "customer": row.customer, "at": row.at, "coupon_face_value": f"{row.face / 100:g}",
            "campaign": packages.get(row.package, ""),
            "n": {"amount": row.redeemed_fen or row.face}.get(term.measure, 1),
        }
        for row in desk.ledger(sql, {"institution": desk.institution_id, **instants(asked)})
    ]  # fmt: skip
    known = {"coupon_face_value", "campaign"}
    return _grouped(desk, asked, rows, dims, members, known, distinct=term.measure == "customers")


def cost(desk: Desk, asked: Asked, term: Term, dims: Sequence[str], members: Numbers | None) -> Cells | None:
    """Contacts and used benefits, in fen. A benefit belongs to no channel: cut by channel only contacts are counted."""
    sql = _CONTACTS + _of_campaigns(asked, "s.campaign_id") + _listed(asked, "channel", "s.channel")
    contacts = _cut(desk, asked, sql, dims, members, distinct=False)
    if contacts is None:
        return None
    cells = {key: value / 100 for key, value in contacts.items()}
    if {"channel", "slot"} & {*dims, *asked.native}:
        return cells
    used = benefits(desk, asked, Term(1, "benefits", "amount", {"state": "redeemed"}), dims, members)
    for key, value in (used or {}).items():
        cells[key] = cells.get(key, 0.0) + value
    return cells


def budget(desk: Desk, asked: Asked, term: Term, dims: Sequence[str], members: Numbers | None) -> Cells | None:
    """The budgets of the campaigns that the question is about. Raises RefusedError("analysis.needs_campaign")."""
    return _by_campaign(desk, asked, dims, lambda study: float(study.bench.package.sections["goal"]["budget_fen"]))


def experiment(desk: Desk, asked: Asked, term: Term, dims: Sequence[str], members: Numbers | None) -> Cells | None:
    """What the campaigns caused. Cut by channel no experiment tells it: the gain is then what is credited.

    Raises RefusedError("analysis.needs_campaign").
    """
    if term.measure == "gain" and set(dims) == {"channel"}:
        return _credited(desk, asked, members)
    names = {"lift": "lift", "incremental": "incremental", "gain": "incremental"}

    def effect(study: Study) -> float | None:
        told, _, _ = read_effect(study.bench, RESPONSE)
        value = next(item.value for item in told if item.name == names[term.measure])
        margin = _margin(study) if term.measure == "gain" else 1.0
        return None if value is None else value * margin

    return _by_campaign(desk, asked, dims, effect)


def _credited(desk: Desk, asked: Asked, members: Numbers | None) -> Cells:
    cells: Cells = {}
    for study in asked.scope:
        sql = (
            f"SELECT e.channel AS d0, uniqExact(e.customer) AS n FROM {desk.log} AS e WHERE e.name = 'convert' "
            "AND e.campaign_id = {campaign:String} AND e.channel != '' GROUP BY d0"
        )
        for block in desk.events(sql, {"campaign": study.id}, None):
            for channel, count in zip(block["d0"], block["n"], strict=True):
                cells[(channel,)] = cells.get((channel,), 0.0) + count * _margin(study)
    return cells


def _margin(study: Study) -> float:
    return float(next((item.margin_fen for item in study.bench.pack.products if item.id == study.product), 0))


def _by_campaign(desk: Desk, asked: Asked, dims: Sequence[str], value: Callable[[Study], float | None]) -> Cells | None:
    if not asked.scope:
        raise RefusedError("analysis.needs_campaign", dimension="")
    if set(dims) - {"campaign"}:
        return None
    desk.note("package: goal.budget_fen, experiment, snapshots; " + ", ".join(study.id for study in asked.scope))
    cells: Cells = {}
    for study in asked.scope:
        key = (study.id,) if dims else ()
        found = value(study)
        if found is not None:
            cells[key] = cells.get(key, 0.0) + found
    return cells


def _cut(
    desk: Desk, asked: Asked, sql: str, dims: Sequence[str], members: Numbers | None, *, distinct: bool
) -> Cells | None:
    params: dict[str, Scalar] = {"institution": desk.institution_id, **instants(asked)}
    rows: list[Row] = [dict(row._mapping) for row in desk.ledger(sql, params)]
    return _grouped(desk, asked, rows, dims, members, {"channel", "campaign"}, distinct=distinct)


def _grouped(
    desk: Desk,
    asked: Asked,
    rows: Sequence[Row],
    dims: Sequence[str],
    members: Numbers | None,
    known: set[str],
    *,
    distinct: bool,
) -> Cells | None:
    """Rows of a ledger by dimensions: their own columns, the time, or attributes of their customers."""
    attributes = [name for name in dims if name not in known | {"date", "hour"}]
    if any(attribute_of(name, asked.pack) is None for name in attributes):
        return None
    if members is not None and rows:
        numbers = np.array([row["customer"] for row in rows], np.uint32)
        inside = np.isin(numbers, members)
        rows = [row for row, kept in zip(rows, inside.tolist(), strict=True) if kept]
    zone = ZoneInfo(asked.pack.zone)
    values: dict[int, tuple[str, ...]] = {}
    if attributes and rows:
        wanted = np.unique(np.array([row["customer"] for row in rows], np.uint32))
        values = desk.attributes(attributes, wanted, asked.bins)
    cells: Cells = {}
    seen: set[tuple[tuple[str, ...], int]] = set()
    for row in rows:
        key = tuple(_value(row, name, attributes, values, zone) for name in dims)
        if distinct and (key, row["customer"]) in seen:
            continue
        seen.add((key, row["customer"]))
        cells[key] = cells.get(key, 0.0) + float(row["n"])
    return cells if cells or dims else {(): 0.0}


def _value(
    row: Row, name: str, attributes: Sequence[str], values: Mapping[int, tuple[str, ...]], zone: ZoneInfo
) -> str:
    if name in ("date", "hour"):
        local = dt.datetime.fromisoformat(str(row["at"]).replace("Z", "+00:00")).astimezone(zone)
        return local.date().isoformat() if name == "date" else str(local.hour)
    if name in attributes:
        found = values.get(int(row["customer"]))
        return found[list(attributes).index(name)] if found else "?"
    return str(row[name])


def _of_campaigns(asked: Asked, column: str) -> str:
    if not asked.scope:
        return ""
    return f" AND {column} IN ({', '.join(_quoted(study.id) for study in asked.scope)})"


def _listed(asked: Asked, name: str, column: str) -> str:
    if name not in asked.native:
        return ""
    return f" AND {column} IN ({', '.join(_quoted(value) for value in asked.native[name])})"


def _quoted(text: str) -> str:
    # A colon would start a parameter of the statement.
    return "'" + text.replace("'", "''").replace(":", "\\:") + "'"
