"""Whom an institution asks for approval, beyond what the house always asks (``approvals.chains``)."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class ApprovalRule:
    """When a campaign needs the approval of one more person of a role, beyond what the house always asks.

    Every condition that is given must hold: level among ``levels``, budget of at least ``from_fen``, product kind and
    risk among those named, a compliance finding of one of ``severities``. ``count`` people of that role.
    """

    role: Literal["compliance", "approver", "reviewer"]
    levels: tuple[str, ...] = ()
    from_fen: int = 0
    kinds: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    count: int = 1
