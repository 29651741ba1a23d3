"""Values of approvals: entries of the ledger, what a package needs, where it stands, and the signature."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from linghang.campaigns.model import Status

Kind = Literal[
    "submitted", "withdrawn", "approved", "rejected", "launched", "paused", "resumed", "stopped", "ended"
]  # fmt: skip
"""What can happen to a package. ``approved`` rows carry a signature; none of the others can stand in for it."""


@dataclass(frozen=True)
class Entry:
    """A row of the ledger. ``round`` counts submissions of a package: an approval holds for its round only.

    ``needed`` is how many people must approve, fixed when it was submitted; ``amount_fen`` what the package may spend.
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


@dataclass(frozen=True)
class Standing:
    """Where a package stands, folded from its entries. ``approvers`` are those of the present round."""

    status: Status
    round: int = 0
    needed: int = 1
    approvers: tuple[str, ...] = ()
    makers: tuple[str, ...] = ()
    last: Entry | None = None

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
