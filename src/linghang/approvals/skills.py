"""Skills of approvals: the pre-flight check, what waits, the ledger and its verification."""

from linghang import packs
from linghang.access.model import Verification
from linghang.approvals import ledger
from linghang.approvals.model import Entry, Waiting
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
    return ledger.verify(ctx.db, ctx.institution_id, anchor)
