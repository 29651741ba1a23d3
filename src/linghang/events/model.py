"""The values of this room: what an ingestion did, and how far the log has grown."""

from dataclasses import dataclass

from linghang.base.findings import Finding


@dataclass(frozen=True)
class Ingested:
    """What an ingestion did: of ``rows``, ``accepted`` are new, ``repeated`` had a key that was there already."""

    rows: int
    accepted: int
    repeated: int
    rejected: int = 0
    findings: tuple[Finding, ...] = ()
    corrected: int = 0
    """Those of the accepted that took the place of an event with their key."""


@dataclass(frozen=True)
class Mark:
    """How far the log has grown: batches up to ``batch`` are in it, ``events`` rows in all."""

    batch: int
    events: int
