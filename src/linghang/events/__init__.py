"""What happened: one append-only log of events, idempotent by key, ingested in batches that are there wholly or not."""

from linghang.events.ingestion import ingest, record
from linghang.events.model import Ingested, Mark
from linghang.events.store import mark, newest, table_name

__all__ = ["Ingested", "Mark", "ingest", "mark", "newest", "record", "table_name"]
