"""What happened: one append-only log of events, idempotent by key, ingested in batches that are there wholly or not."""

from linghang.events.corrections import correct, erase
from linghang.events.ingestion import ingest, record
from linghang.events.model import Ingested, Mark
from linghang.events.settling import prepare, settle
from linghang.events.store import mark, newest, table_name, touched_name
from linghang.events.watching import watch

__all__ = [
    "Ingested",
    "Mark",
    "correct",
    "erase",
    "ingest",
    "mark",
    "newest",
    "prepare",
    "record",
    "settle",
    "table_name",
    "touched_name",
    "watch",
]
