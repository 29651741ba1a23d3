"""Who says yes: the pre-flight check, review by other people, the signature over the package's hash, and the ledger.

An approval is an Ed25519 signature over a statement about one package in one round. ``signed`` proves it anew
whenever a package is used: hash, ledger, number of people, every signature. Status follows from the ledger alone.
"""

from linghang.approvals.keys import Keys
from linghang.approvals.ledger import (
    decided,
    history,
    live,
    live_levels,
    pending,
    standing,
    status,
    statuses,
    verify,
    waiting,
)
from linghang.approvals.model import Approval, Decided, Entry, Kind, Signature, Standing, Waiting
from linghang.approvals.preflight import preflight
from linghang.approvals.reminding import remind
from linghang.approvals.reviewing import approve, fulfil, must_match, record, record_in, reject, submit, withdraw
from linghang.approvals.shortening import change
from linghang.approvals.signing import signed, was_signed

__all__ = [
    "Approval",
    "Decided",
    "Entry",
    "Keys",
    "Kind",
    "Signature",
    "Standing",
    "Waiting",
    "approve",
    "change",
    "decided",
    "fulfil",
    "history",
    "live",
    "live_levels",
    "must_match",
    "pending",
    "preflight",
    "record",
    "record_in",
    "reject",
    "remind",
    "signed",
    "standing",
    "status",
    "statuses",
    "submit",
    "verify",
    "waiting",
    "was_signed",
    "withdraw",
]
