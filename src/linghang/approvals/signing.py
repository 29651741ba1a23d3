"""Signatures over a package's hash, and their verification each time a package is used.

What is signed is a statement: purpose, institution, campaign, package hash, round, who, when, level and amount. So a
signature cannot be moved to another package, campaign, round, person or institution, and a rejection or an old round
makes it worthless although it still verifies.
"""

from dataclasses import asdict

import sqlalchemy as sa

from linghang.approvals.keys import Keys
from linghang.approvals.ledger import read
from linghang.approvals.model import Entry, Signature, Standing
from linghang.approvals.states import LIVE, fold
from linghang.base.digest import canonical_json
from linghang.base.errors import RefusedError
from linghang.campaigns.model import Package, Status
from linghang.campaigns.package import hash_of
from linghang.kit.database import reading

PURPOSE = "linghang.approval/1"
_SIGNED = ("campaign_id", "package", "round", "actor", "at", "level", "amount_fen", "needed", "makers", "comment")
TWO_FROM_FEN = 500_000_000
"""From ¥5 M on (level S) two people must approve."""


def needed(level: str, amount_fen: int) -> int:
    """How many people other than the makers must approve."""
    return 2 if level == "S" or amount_fen >= TWO_FROM_FEN else 1


def statement(institution_id: str, entry: Entry) -> bytes:
    """The canonical bytes that an approver's signature covers."""
    told = asdict(entry)
    return canonical_json(
        {"purpose": PURPOSE, "institution_id": institution_id, **{key: told[key] for key in _SIGNED}}
    ).encode()


def signed(db: sa.Engine, keys: Keys, package: Package) -> Signature:
    """The signature of a package that is approved or live, verified now: hash, ledger, people, every signature.

    Raises RefusedError: ``approvals.altered`` (the content is not what its hash says), ``approvals.not_approved``
    (never approved, rejected since, or ended), ``approvals.bad_signature`` (a row that no trusted key signed).
    """
    if hash_of(package) != package.hash:
        raise RefusedError("approvals.altered", package=package.hash[:12], campaign=package.campaign_id)
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
    approvals = [entry for entry in entries if entry.kind == "approved" and entry.round == standing.round]
    for entry in approvals:
        _must_be_genuine(keys, package, entry, standing)
    people = tuple(dict.fromkeys(entry.actor for entry in approvals))
    # By the package itself, not by the ledger: whoever rewrites rows cannot lower how many must approve.
    if len(people) < needed(package.sections["goal"]["level"], package.sections["goal"]["budget_fen"]):
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


def _must_be_genuine(keys: Keys, package: Package, entry: Entry, standing: Standing) -> None:
    genuine = keys.verify(entry.key_id, entry.signature, statement(package.institution_id, entry))
    same = (entry.campaign_id, entry.makers) == (package.campaign_id, standing.makers)
    if not genuine or not same or entry.actor in entry.makers:
        raise RefusedError(
            "approvals.bad_signature", package=package.hash[:12], campaign=package.campaign_id, actor=entry.actor
        )
