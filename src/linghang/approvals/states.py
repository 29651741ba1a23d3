"""The life of a package as a state machine: which step may follow which, and where a list of entries leads."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from linghang.approvals.model import Entry, Kind, Standing
from linghang.base.errors import RefusedError
from linghang.campaigns.model import Status

STEPS: Mapping[Status, Mapping[Kind, Status]] = {
    Status.DRAFT: {"submitted": Status.IN_REVIEW},
    Status.IN_REVIEW: {
        "approved": Status.APPROVED,
        "rejected": Status.REJECTED,
        "withdrawn": Status.DRAFT,
        "fulfilled": Status.IN_REVIEW,
    },
    Status.REJECTED: {"submitted": Status.IN_REVIEW},
    Status.APPROVED: {
        "fulfilled": Status.APPROVED,
        "launched": Status.RUNNING,
        "rejected": Status.REJECTED,
        "withdrawn": Status.DRAFT,
        "stopped": Status.CANCELLED,
    },
    Status.RUNNING: {"paused": Status.PAUSED, "stopped": Status.CANCELLED, "ended": Status.ENDED},
    Status.PAUSED: {"resumed": Status.RUNNING, "stopped": Status.CANCELLED, "ended": Status.ENDED},
    Status.CANCELLED: {},
    Status.ENDED: {},
}
"""Status → step → status. ``approved`` leads on only when enough people have approved. Nothing follows the end."""

LIVE = frozenset({Status.RUNNING, Status.PAUSED})


def follow(standing: Standing, entry: Entry) -> Standing:
    """Where a package stands after one more entry.

    Raises RefusedError("approvals.wrong_state") for a step that cannot follow.
    """
    following = STEPS[standing.status].get(entry.kind)
    if following is None:
        may = ", ".join(STEPS[standing.status]) or "-"
        raise RefusedError(
            "approvals.wrong_state", verb=entry.kind, status=str(standing.status), may=may, package=entry.package[:12]
        )
    if entry.kind == "submitted":
        return Standing(
            following, entry.round, entry.needed, (), entry.makers, entry, chain=entry.chain, basis=entry.basis
        )
    if entry.kind == "approved":
        return _approved(standing, following, entry)
    if entry.kind == "fulfilled":
        rest = tuple(item for item in standing.conditions if item not in entry.points)
        return replace(standing, conditions=rest, last=entry)
    if entry.kind in ("rejected", "withdrawn"):
        return replace(standing, status=following, approvers=(), taken=(), conditions=(), until=None, last=entry)
    return replace(standing, status=following, last=entry)


def _approved(standing: Standing, following: Status, entry: Entry) -> Standing:
    approvers = tuple(dict.fromkeys((*standing.approvers, entry.actor)))
    ends = [end for end in (standing.until, entry.until) if end is not None]
    return replace(
        standing,
        status=following if len(approvers) >= standing.needed else standing.status,
        approvers=approvers,
        taken=(*standing.taken, entry.step),
        behalves=(*standing.behalves, *([entry.behalf] if entry.behalf else [])),
        conditions=tuple(dict.fromkeys((*standing.conditions, *entry.points))),
        until=min(ends) if ends else None,
        last=entry,
    )


def fold(entries: Iterable[Entry]) -> Standing:
    """Where a package stands after its entries, oldest first."""
    standing = Standing(Status.DRAFT)
    for entry in entries:
        standing = follow(standing, entry)
    return standing
