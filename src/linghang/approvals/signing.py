"""Signatures over a package's hash, and their verification each time a package is used.

What is signed is a statement: purpose, institution, campaign, package hash, round, who, when, level and amount. So a
signature cannot be moved to another package, campaign, round, person or institution, and a rejection or an old round
makes it worthless although it still verifies.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict

import sqlalchemy as sa

from linghang.approvals.chains import SHORT, covers, floor_of
from linghang.approvals.keys import Keys
from linghang.approvals.ledger import read
from linghang.approvals.model import Entry, Signature, Standing
from linghang.approvals.shortening import change
from linghang.approvals.states import LIVE, fold
from linghang.base.digest import canonical_json
from linghang.base.errors import RefusedError
from linghang.campaigns import store
from linghang.campaigns.model import Package, Status
from linghang.campaigns.package import hash_of
from linghang.kit.database import reading

PURPOSE = "linghang.approval/2"
_SIGNED = (
    "kind", "campaign_id", "package", "round", "actor", "at", "level", "amount_fen", "needed", "makers", "comment",
    "chain", "step", "behalf", "points", "basis", "until",
)  # fmt: skip


def statement(institution_id: str, entry: Entry) -> bytes:
    """The canonical bytes that an approver's signature covers."""
    told = asdict(entry)
    return canonical_json(
        {"purpose": PURPOSE, "institution_id": institution_id, **{key: told[key] for key in _SIGNED}}
    ).encode()


def signed(db: sa.Engine, keys: Keys, package: Package, *, at: dt.datetime | None = None) -> Signature:
    """The signature of a package that is approved or live, verified now: hash, ledger, people, every signature.

    ``at`` is given when it is about to be launched: then the approval must not have expired and its conditions must be
    fulfilled. Raises RefusedError: ``approvals.altered`` (the content is not what its hash says),
    ``approvals.not_approved`` (never approved, rejected since, or ended), ``approvals.bad_signature`` (a row that no
    trusted key signed), ``approvals.expired``, ``approvals.condition_open``.
    """
    _must_match(package)
    with reading(db).connect() as connection:
        entries = read(connection, package.institution_id, package=package.hash)
    standing = fold(entries)
    if standing.status not in LIVE | {Status.APPROVED}:
        raise RefusedError(
            "approvals.not_approved",
            package=package.hash[:12],
            campaign=package.campaign_id,
            status=str(standing.status),
        )
    found = _genuine(db, keys, package, entries, standing)
    if at is not None and standing.status is Status.APPROVED:
        _must_still_hold(package, standing, at)
    return found


def _must_match(package: Package) -> None:
    if hash_of(package) != package.hash:
        raise RefusedError("approvals.altered", package=package.hash[:12], campaign=package.campaign_id)


def _genuine(db: sa.Engine, keys: Keys, package: Package, entries: Sequence[Entry], standing: Standing) -> Signature:
    approvals = [entry for entry in entries if entry.kind == "approved" and entry.round == standing.round]
    for entry in entries:
        if entry.kind in ("approved", "fulfilled") and entry.round == standing.round:
            _must_be_genuine(keys, package, entry, standing)
    people = tuple(dict.fromkeys(entry.actor for entry in approvals))
    # By the package itself, not by the ledger: whoever rewrites rows cannot lower how many must approve.
    floor = SHORT if _is_short(db, keys, package, standing) else floor_of(package)
    first = {entry.actor: entry.step for entry in reversed(approvals)}
    if len(people) < len(floor) or not covers([first[name] for name in people], floor):
        raise RefusedError(
            "approvals.not_approved", package=package.hash[:12], campaign=package.campaign_id, status="in_review"
        )
    return Signature(
        package.campaign_id,
        package.hash,
        people,
        approvals[-1].at,
        tuple(dict.fromkeys(entry.key_id for entry in approvals)),
    )


def was_signed(db: sa.Engine, keys: Keys, package: Package) -> bool:
    """Whether a package was once approved in full, whatever its campaign has come to since; rejected ones were not."""
    try:
        _must_match(package)
        with reading(db).connect() as connection:
            entries = read(connection, package.institution_id, package=package.hash)
        if entries and entries[-1].kind == "withdrawn":
            # Taken back because the document changed: that takes nothing from what was signed.
            entries = entries[:-1]
        standing = fold(entries)
        if standing.status in (Status.DRAFT, Status.IN_REVIEW, Status.REJECTED):
            return False
        _genuine(db, keys, package, entries, standing)
    except RefusedError:
        return False
    return True


def _is_short(db: sa.Engine, keys: Keys, package: Package, standing: Standing) -> bool:
    """Whether the short path was rightly taken: its basis was approved in full, the change is small. Proven anew."""
    if not standing.basis:
        return False
    basis = store.package(db, package.institution_id, standing.basis)
    with reading(db).connect() as connection:
        earlier = fold(read(connection, package.institution_id, package=basis.hash))
    # One short step from a full approval, not a walk of many small ones.
    return not earlier.basis and bool(change(basis, package)) and was_signed(db, keys, basis)


def _must_still_hold(package: Package, standing: Standing, at: dt.datetime) -> None:
    if standing.until is not None and at >= standing.until:
        raise RefusedError(
            "approvals.expired", package=package.hash[:12], campaign=package.campaign_id,
            until=standing.until.isoformat(),
        )  # fmt: skip
    if standing.conditions:
        raise RefusedError(
            "approvals.condition_open", package=package.hash[:12], campaign=package.campaign_id,
            conditions="; ".join(standing.conditions), count=len(standing.conditions),
        )  # fmt: skip


def _must_be_genuine(keys: Keys, package: Package, entry: Entry, standing: Standing) -> None:
    genuine = keys.verify(entry.key_id, entry.signature, statement(package.institution_id, entry))
    same = (entry.campaign_id, entry.makers, entry.chain, entry.basis) == (
        package.campaign_id, standing.makers, standing.chain, standing.basis,
    )  # fmt: skip
    if not genuine or not same or {entry.actor, entry.behalf} & set(entry.makers):
        raise RefusedError(
            "approvals.bad_signature", package=package.hash[:12], campaign=package.campaign_id, actor=entry.actor
        )
