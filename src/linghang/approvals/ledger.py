"""The ledger of approvals and lifecycle: append, read, fold, verify. Status follows from it and from nothing else."""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from linghang.access import chain
from linghang.access.heads import Heads
from linghang.access.model import Verification
from linghang.approvals.chains import left
from linghang.approvals.model import Decided, Entry, Standing, Waiting
from linghang.approvals.reminding import reminded
from linghang.approvals.states import LIVE, fold, follow
from linghang.approvals.store import entries
from linghang.base.digest import canonical_json
from linghang.campaigns.model import Status
from linghang.kit.database import reading

REVIEW_HOURS = {"S": 48, "A": 24, "B": 24, "C": 8}
"""Hours within which a package of a level should be decided; after that it is overdue."""
_FIELDS = frozenset(Entry.__dataclass_fields__)


def add(connection: sa.Connection, institution_id: str, entry: Entry) -> Standing:
    """Append an entry if the state machine allows it after the package's others; returns where the package stands then.

    ``entry.number`` is given by the ledger. Raises RefusedError("approvals.wrong_state").
    """
    before = fold(read(connection, institution_id, package=entry.package))
    after = follow(before, entry)
    values = {
        **vars(entry),
        "makers": " ".join(entry.makers),
        "chain": " ".join(entry.chain) or None,
        "points": canonical_json(list(entry.points)) if entry.points else None,
        "step": entry.step or None,
        "behalf": entry.behalf or None,
        "basis": entry.basis or None,
    }
    del values["number"]
    chain.link(connection, entries, institution_id, values)
    return after


def read(
    connection: sa.Connection, institution_id: str, *, package: str = "", campaign_id: str = ""
) -> tuple[Entry, ...]:
    """The entries of a package, of a campaign, or of everything, oldest first."""
    where = entries.c.institution_id == institution_id
    if package:
        where &= entries.c.package == package
    if campaign_id:
        where &= entries.c.campaign_id == campaign_id
    rows = connection.execute(sa.select(entries).where(where).order_by(entries.c.number)).all()
    return tuple(_entry(row._mapping) for row in rows)


def history(db: sa.Engine, institution_id: str, campaign_id: str) -> tuple[Entry, ...]:
    """Everything that happened to a campaign's packages, oldest first."""
    with reading(db).connect() as connection:
        return read(connection, institution_id, campaign_id=campaign_id)


def standing(db: sa.Engine, institution_id: str, package: str) -> Standing:
    """Where a package stands."""
    with reading(db).connect() as connection:
        return fold(read(connection, institution_id, package=package))


def status(db: sa.Engine, institution_id: str, campaign_id: str, package: str = "") -> Status:
    """The status of a package, or of a campaign: that of its live package if there is one, else of its latest."""
    if package:
        return standing(db, institution_id, package).status
    return status_of(history(db, institution_id, campaign_id))


def status_of(of_campaign: Sequence[Entry]) -> Status:
    """The status of a campaign from its entries, oldest first: a live package's, else the last submitted one's."""
    asked = [entry.package for entry in of_campaign if entry.kind == "submitted"]
    found = {
        package: fold(entry for entry in of_campaign if entry.package == package).status
        for package in dict.fromkeys(reversed(asked))
    }
    return next((status for status in found.values() if status in LIVE), next(iter(found.values()), Status.DRAFT))


def pending(db: sa.Engine, institution_id: str, campaign_id: str) -> str:
    """The package of a campaign that waits for review, or is approved and not launched; empty without one."""
    own = history(db, institution_id, campaign_id)
    name = next((entry.package for entry in reversed(own) if entry.kind == "submitted"), "")
    stands = fold(entry for entry in own if entry.package == name).status if name else Status.DRAFT
    return name if stands in (Status.IN_REVIEW, Status.APPROVED) else ""


def statuses(db: sa.Engine, institution_id: str) -> dict[str, Status]:
    """Campaign → status, of every campaign that has entries, in one reading."""
    return {campaign: status_of(own) for campaign, own in _by_campaign(_everything(db, institution_id)).items()}


def live(db: sa.Engine, institution_id: str) -> dict[str, Status]:
    """Package → running or paused, of everything that is live."""
    found: dict[str, Status] = {}
    for own in _by_campaign(_everything(db, institution_id)).values():
        for package in dict.fromkeys(entry.package for entry in own):
            now = fold(entry for entry in own if entry.package == package).status
            if now in LIVE:
                found[package] = now
    return found


def live_levels(db: sa.Engine, institution_id: str) -> dict[str, str]:
    """Package → level (S, A, B, C), of everything that runs."""
    running = {name for name, status in live(db, institution_id).items() if status is Status.RUNNING}
    return {
        entry.package: entry.level
        for entry in _everything(db, institution_id)
        if entry.kind == "submitted" and entry.package in running
    }


def waiting(db: sa.Engine, institution_id: str) -> tuple[Waiting, ...]:
    """What waits for approval, the longest first."""
    found: list[Waiting] = []
    told = reminded(db, institution_id)
    for campaign_id, own in _by_campaign(_everything(db, institution_id)).items():
        for package in dict.fromkeys(entry.package for entry in own):
            mine = [entry for entry in own if entry.package == package]
            stands = fold(mine)
            if stands.status is Status.IN_REVIEW:
                asked = next(entry for entry in reversed(mine) if entry.kind == "submitted")
                found.append(
                    Waiting(
                        campaign_id, package, asked.actor, asked.at, asked.level, asked.amount_fen, stands.needed,
                        stands.approvers, stands.makers, stands.chain, left(stands.chain, stands.taken), stands.basis,
                        stands.round, asked.at + dt.timedelta(hours=REVIEW_HOURS.get(asked.level, 24)),
                        *_since(told.get(package, ()), asked.at),
                    )
                )  # fmt: skip
    return tuple(sorted(found, key=lambda item: item.since))


def decided(db: sa.Engine, institution_id: str, now: dt.datetime) -> tuple[Decided, ...]:
    """What was approved or sent back last and is not launched, the newest decision first."""
    found: list[Decided] = []
    for campaign_id, own in _by_campaign(_everything(db, institution_id)).items():
        package = next((entry.package for entry in reversed(own) if entry.kind == "submitted"), "")
        mine = [entry for entry in own if entry.package == package]
        stands = fold(mine)
        last = next((entry for entry in reversed(mine) if entry.kind in ("approved", "rejected")), None)
        if last is None or stands.status not in (Status.APPROVED, Status.REJECTED):
            continue
        asked = next(entry for entry in reversed(mine) if entry.kind == "submitted")
        kind = "approved" if stands.status is Status.APPROVED else "rejected"
        expired = stands.until is not None and stands.until <= now
        found.append(
            Decided(campaign_id, package, kind, asked.actor, last.actor, last.at, stands.until, expired,
                    stands.conditions, last.comment)
        )  # fmt: skip
    return tuple(sorted(found, key=lambda item: item.at, reverse=True))


def _since(instants: Sequence[dt.datetime], at: dt.datetime) -> tuple[int, dt.datetime | None]:
    """How often, and when last, it was asked for in this round."""
    mine = [instant for instant in instants if instant >= at]
    return len(mine), max(mine, default=None)


def verify(db: sa.Engine, institution_id: str, anchor: str = "", home: Path | None = None) -> Verification:
    """Check the ledger's hash chain, as ``access.audit.verify`` does."""
    if home is not None:
        return Heads(home).verify(db, entries, institution_id, anchor)
    return chain.verify(db, entries, institution_id, anchor)


def _everything(db: sa.Engine, institution_id: str) -> tuple[Entry, ...]:
    with reading(db).connect() as connection:
        return read(connection, institution_id)


def _by_campaign(every: Iterable[Entry]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for entry in every:
        found.setdefault(entry.campaign_id, []).append(entry)
    return found


def _entry(row: Any) -> Entry:
    values: dict[str, Any] = {key: value for key, value in row.items() if key in _FIELDS}
    values["makers"] = tuple(row["makers"].split())
    values["chain"] = tuple((row["chain"] or "").split())
    values["points"] = tuple(json.loads(row["points"] or "[]"))
    for name in ("step", "behalf", "basis"):
        values[name] = row[name] or ""
    return Entry(**values)
