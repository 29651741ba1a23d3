"""What people do with a finished document: check, submit, approve, reject, launch, pause, send, play.

Each act works on the package that the document's present content makes; an edit makes another package, so an approval
of the old one does not carry over.
"""

from dataclasses import replace
from typing import Any

from linghang import approvals, packs
from linghang.base.digest import plain
from linghang.base.messages import render
from linghang.campaigns.model import Campaign, Package, Status
from linghang.campaigns.package import seal
from linghang.campaigns.sections import Json, Review
from linghang.kit.context import Context


def package_of(ctx: Context, campaign: Campaign) -> Package:
    """The package that the document is now. Raises RefusedError("package.incomplete")."""
    return seal(campaign, packs.load(ctx.pack).digest)


def check(ctx: Context, campaign: Campaign) -> dict[str, Json]:
    """The review's verdict and every finding, of the document and of the pre-flight check."""
    review: Review | None = campaign.value("compliance")
    preflight = approvals.preflight(campaign, packs.load(ctx.pack), today=ctx.today)
    findings = [*campaign.findings, *(item for item in preflight if item not in campaign.findings)]
    return {
        "id": campaign.id,
        "version": campaign.version,
        "verdict": review.verdict if review is not None else "not_reviewed",
        "assets": len(review.assets) if review is not None else 0,
        "rules": review.rules if review is not None else 0,
        "launch": review.launch.isoformat() if review is not None else "",
        "review": plain(review) if review is not None else None,
        "findings": [
            {**plain(finding), "message": render(finding.code, finding.params, ctx.locale)} for finding in findings
        ],
    }


def submit(ctx: Context, campaign: Campaign) -> dict[str, Json]:
    """Seal the document and send it for review. Raises RefusedError with the findings that stand against it."""
    package = package_of(ctx, campaign)
    standing = _submit(ctx, campaign, package)
    return _told(ctx, package, needed=standing.needed, status=str(standing.status))


def _submit(ctx: Context, campaign: Campaign, package: Package) -> approvals.Standing:
    return approvals.submit(
        ctx.db, campaign, package, packs.load(ctx.pack), actor=ctx.actor, now=ctx.now, today=ctx.today
    )


def approve(ctx: Context, campaign: Campaign, comment: str) -> dict[str, Json]:
    """Sign the present package.

    One that was not submitted is put up first in its owner's name, so that the checks and the rule of two people hold
    all the same.
    """
    package = package_of(ctx, campaign)
    standing = approvals.standing(ctx.db, ctx.institution_id, package.hash)
    if standing.status in (Status.DRAFT, Status.REJECTED):
        owner = replace(ctx, actor=replace(ctx.actor, name=campaign.owner))
        _submit(owner, campaign, package)
    done = approvals.approve(ctx.db, _keys(ctx), package, actor=ctx.actor, now=ctx.now, comment=comment)
    return _told(ctx, package, **plain(done))


def reject(ctx: Context, campaign: Campaign, comment: str) -> dict[str, Json]:
    """Send the present package back with a reason."""
    package = package_of(ctx, campaign)
    standing = approvals.reject(ctx.db, package, actor=ctx.actor, now=ctx.now, comment=comment)
    return _told(ctx, package, status=str(standing.status), comment=comment)


def _keys(ctx: Context) -> approvals.Keys:
    return approvals.Keys(ctx.home)


def _told(ctx: Context, package: Package, **more: Any) -> dict[str, Json]:
    return {"campaign_id": package.campaign_id, "package": package.hash[:12], "hash": package.hash,
            "actor": ctx.actor.name, **more}  # fmt: skip
