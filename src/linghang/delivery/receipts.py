"""Receipts that come later, and events for what reached customers: idempotent, in whatever order they arrive."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from linghang import events
from linghang.base.records import Event, SendState
from linghang.customers import settle as settle_touches
from linghang.delivery.ledger import Settlement, mark_told, settle, untold
from linghang.delivery.model import Send
from linghang.ports.analytics import Analytics
from linghang.ports.channel import Receipt

_AT_ONCE = 5_000


@dataclass(frozen=True)
class Received:
    """What receipts changed: sends per new state, and how many receipts changed nothing (late, twice, unknown keys)."""

    states: dict[SendState, int]
    ignored: int


def receive(
    db: sa.Engine, institution_id: str, package: str, receipts: Sequence[Receipt], *, now: dt.datetime
) -> Received:
    """Enter receipts of a vendor (delivered, failed). Late contradictions change nothing: the first word stands."""
    with db.begin() as connection:
        states = settle(
            connection,
            institution_id,
            package,
            [Settlement(receipt.key, receipt.state, receipt.reason[:80]) for receipt in _last_of_each(receipts)],
            batch="",
            now=now,
        )
    failed = [receipt.key for receipt in receipts if receipt.state == "failed"]
    settle_touches(db, institution_id, failed, sent=False)
    return Received(states, len(receipts) - sum(states.values()))


def tell(db: sa.Engine, engine: Analytics, institution_id: str, package: str, *, source: str, now: dt.datetime) -> int:
    """Put an event ``touched`` into the log for every send that reached its customer; returns how many.

    Killed at any point and called again, each send has one event: the event's key follows from the send's.
    """
    told = 0
    while rows := list(untold(db, institution_id, package, _AT_ONCE)):
        events.record(engine, db, [event_of(institution_id, send, at, source) for send, at in rows], now=now)
        mark_told(db, institution_id, [send.key for send, _ in rows])
        told += len(rows)
    return told


def event_of(institution_id: str, send: Send, at: dt.datetime, source: str) -> Event:
    """The event of a send that reached its customer."""
    return Event(
        institution_id=institution_id,
        customer=send.customer,
        name="touched",
        at=at,
        key=f"send:{send.key}:touched",
        campaign_id=send.campaign_id,
        package=send.package,
        channel=send.channel,
        layer=send.layer,
        object=send.channel,
        source=source,
    )


def _last_of_each(receipts: Sequence[Receipt]) -> list[Receipt]:
    return list({receipt.key: receipt for receipt in receipts}.values())
