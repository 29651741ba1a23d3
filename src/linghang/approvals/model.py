"""Values of approvals: entries of the ledger, what a package needs, where it stands, and the signature."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from linghang.campaigns.model import Status

Kind = Literal[
    "submitted", "withdrawn", "approved", "rejected", "fulfilled", "launched", "paused", "resumed", "stopped", "ended"
]  # fmt: skip
"""What can happen to a package. ``approved`` and ``fulfilled`` rows carry a signature; no other can stand in for it."""

REASONS = (
    "audience", "benefit", "budget", "copy", "picture", "page", "timing", "compliance", "experiment", "other",
)  # fmt: skip
"""What a rejection may name as its reasons, besides its comment."""


@dataclass(frozen=True)
class Entry:
    """A row of the ledger. ``round`` counts submissions of a package: an approval holds for its round only.

    ``chain`` are the steps that it needs (roles), fixed when it was submitted, ``needed`` how many they are;
    ``amount_fen`` is what the package may spend. ``step`` is the one that an approval takes, ``behalf`` the person who
    delegated it. ``points`` are the conditions of an approval, the one that is fulfilled, or the reasons of a
    rejection. ``until`` is the instant by which an approved package must be launched. ``basis`` is the hash of the
    approved package from which this one differs so little that the short path was taken.
    """

    number: int
    kind: Kind
    campaign_id: str
    package: str
    round: int
    actor: str
    at: dt.datetime
    comment: str = ""
    level: str = ""
    amount_fen: int = 0
    needed: int = 1
    makers: tuple[str, ...] = ()
    key_id: str = ""
    signature: str = ""
    chain: tuple[str, ...] = ()
    step: str = ""
    behalf: str = ""
    points: tuple[str, ...] = ()
    basis: str = ""
    until: dt.datetime | None = None


@dataclass(frozen=True)
class Standing:
    """Where a package stands, folded from its entries. ``approvers`` and ``taken`` are those of the present round.

    ``conditions`` were set by approvers and are not fulfilled yet.
    """

    status: Status
    round: int = 0
    needed: int = 1
    approvers: tuple[str, ...] = ()
    makers: tuple[str, ...] = ()
    last: Entry | None = None
    chain: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()
    behalves: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    basis: str = ""
    until: dt.datetime | None = None

    @property
    def missing(self) -> int:
        """How many approvals are still needed."""
        return max(0, self.needed - len(self.approvers))


@dataclass(frozen=True)
class Approval:
    """What an approval did: ``missing`` more people are needed before the package is approved."""

    campaign_id: str
    package: str
    actor: str
    at: dt.datetime
    missing: int
    left: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    until: dt.datetime | None = None


@dataclass(frozen=True)
class Signature:
    """Proof that a package was approved: its hash and those who signed it, each verified just now."""

    campaign_id: str
    package: str
    approvers: tuple[str, ...]
    at: dt.datetime
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Waiting:
    """A package that waits for approval, with its age and who may not approve it."""

    campaign_id: str
    package: str
    submitted_by: str
    since: dt.datetime
    level: str
    amount_fen: int
    needed: int
    approvers: tuple[str, ...]
    makers: tuple[str, ...]
    chain: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    basis: str = ""
    round: int = 1
    due: dt.datetime | None = None
    """By when it should have been decided, by its level."""
    reminded: int = 0
    reminded_at: dt.datetime | None = None


@dataclass(frozen=True)
class Decided:
    """A package that was approved, or sent back, and is not launched: who decided, and what still stands before it.

    ``until`` is when its approval lapses, ``conditions`` are those that nobody has confirmed yet.
    """

    campaign_id: str
    package: str
    kind: Literal["approved", "rejected"]
    submitted_by: str
    by: str
    at: dt.datetime
    until: dt.datetime | None = None
    expired: bool = False
    conditions: tuple[str, ...] = ()
    comment: str = ""
