"""A change takes a submission back: what waits or is approved is what the document says now, or nothing."""

from contextlib import suppress
from dataclasses import replace

from linghang import approvals, packs
from linghang.base.errors import RefusedError
from linghang.campaigns import store
from linghang.campaigns.model import Campaign
from linghang.campaigns.package import seal
from linghang.kit.context import Context


def take_back(ctx: Context, campaign: Campaign) -> Campaign:
    """Withdraw the campaign's package that waits or is approved, if the document makes another one by now.

    What is live is left alone: it goes on as it was signed until the new version is approved and launched.
    """
    waiting = approvals.pending(ctx.db, ctx.institution_id, campaign.id)
    if not waiting or waiting == _present(ctx, campaign):
        return campaign
    package = store.package(ctx.db, ctx.institution_id, waiting)
    with suppress(RefusedError):  # Somebody else took it back or launched it at this very moment: both are told below.
        approvals.withdraw(ctx.db, package, actor=ctx.actor, now=ctx.now)
    return replace(campaign, status=approvals.status(ctx.db, ctx.institution_id, campaign.id))


def _present(ctx: Context, campaign: Campaign) -> str:
    try:
        return seal(campaign, packs.load(ctx.pack).digest).hash
    except RefusedError:
        return ""  # Something is missing now, so it is no package at all.
