"""Skills of approvals: the pre-flight check, what waits, the ledger and its verification."""

import datetime as dt
from zoneinfo import ZoneInfo

from linghang import packs
from linghang.access.model import Verification
from linghang.approvals import comments as remarks
from linghang.approvals import delegations as proxies
from linghang.approvals import ledger
from linghang.approvals.comments import Comment, Weight
from linghang.approvals.delegations import Delegation
from linghang.approvals.model import Decided, Entry, Waiting
from linghang.approvals.preflight import preflight
from linghang.base.findings import Finding
from linghang.campaigns import store
from linghang.kit.context import Context
from linghang.kit.skills import skill


@skill(
    "approvals.preflight",
    effect="read",
    permission="campaign.read",
    example={"id": "cmp_01"},
    needs={"id": "campaign.id"},
    makes="preflight.findings",
)
def check(ctx: Context, id: str) -> list[Finding]:
    """Configuration faults of a campaign's newest version, the gravest first."""
    campaign = store.load(ctx.db, ctx.institution_id, id)
    return list(preflight(campaign, packs.load(ctx.pack), today=ctx.today))


@skill("approvals.waiting", effect="read", permission="campaign.read", makes="approvals.queue")
def waiting(ctx: Context) -> list[Waiting]:
    """Packages that wait for approval, the longest first, with who may not approve them."""
    return list(ledger.waiting(ctx.db, ctx.institution_id))


@skill("approvals.decided", effect="read", permission="campaign.read")
def decided(ctx: Context) -> list[Decided]:
    """Packages that were approved or sent back and are not launched: who decided, conditions left, when it lapses."""
    return list(ledger.decided(ctx.db, ctx.institution_id, ctx.now))


@skill(
    "approvals.history",
    effect="read",
    permission="campaign.read",
    needs={"id": "campaign.id"},
    makes="approvals.history",
)
def history(ctx: Context, id: str) -> list[Entry]:
    """Everything that happened to a campaign's packages: submitted, approved, rejected, launched, paused, ended."""
    return list(ledger.history(ctx.db, ctx.institution_id, id))


@skill("approvals.verify", effect="read", permission="audit.read")
def verify(ctx: Context, anchor: str = "") -> Verification:
    """Check the hash chain of the approval ledger."""
    return ledger.verify(ctx.db, ctx.institution_id, anchor, ctx.home)


@skill("approvals.comment", effect="draft", permission="campaign.comment")
def comment(
    ctx: Context, id: str, section: str, text: str, package: str = "", kind: Weight = "remark", about: str = ""
) -> Comment:
    """Comment on a section of a campaign; a ``must`` holds up the approval of that package until it is resolved.

    ``about`` is the finding that it speaks of (``code|about``): what a person has seen to, or wants changed.
    """
    campaign = store.load(ctx.db, ctx.institution_id, id)
    name = package or next((entry.package for entry in reversed(ledger.history(ctx.db, ctx.institution_id, id))), "")
    return remarks.comment(
        ctx.db, ctx.institution_id, campaign.id, name, section=section, text=text, kind=kind, actor=ctx.actor,
        now=ctx.now, about=about,
    )  # fmt: skip


@skill("approvals.resolve", effect="draft", permission="campaign.approve")
def resolve(ctx: Context, number: int, text: str = "") -> Comment:
    """Say that a ``must`` has been seen to."""
    return remarks.resolve(ctx.db, ctx.institution_id, number, actor=ctx.actor, text=text, now=ctx.now)


@skill("approvals.comments", effect="read", permission="campaign.read")
def list_comments(ctx: Context, id: str) -> list[Comment]:
    """The comments on a campaign's sections, oldest first."""
    return list(remarks.listing(ctx.db, ctx.institution_id, id))


@skill("approvals.delegate", effect="draft", permission="campaign.approve")
def delegate(
    ctx: Context, taker: str, until: dt.datetime, reason: str = "", since: dt.datetime | None = None
) -> Delegation:
    """Let another approver take one's steps until an instant (at most 31 days)."""
    return proxies.delegate(
        ctx.db, ctx.institution_id, actor=ctx.actor, taker=taker, since=_zoned(ctx, since or ctx.now),
        until=_zoned(ctx, until), reason=reason, now=ctx.now,
    )  # fmt: skip


@skill("approvals.revoke", effect="draft", permission="campaign.approve")
def revoke(ctx: Context, id: str) -> Delegation:
    """End a delegation now."""
    return proxies.revoke(ctx.db, ctx.institution_id, id, actor=ctx.actor, now=ctx.now)


@skill("approvals.delegations", effect="read", permission="campaign.read")
def list_delegations(ctx: Context) -> list[Delegation]:
    """Who acts for whom, until when; the latest first."""
    return list(proxies.listing(ctx.db, ctx.institution_id))


def _zoned(ctx: Context, at: dt.datetime) -> dt.datetime:
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(ctx.zone))
