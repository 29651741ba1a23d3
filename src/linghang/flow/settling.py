"""The end of a campaign's time (收尾): money set aside and not granted goes back, what was not sent is withheld.

Every step may be repeated, and each is done before the one that would hide it: a settlement that is killed anywhere is
ended by the next one, and one that is done twice changes nothing.
"""

from collections.abc import Callable

from linghang import approvals, benefits, delivery
from linghang.campaigns import store
from linghang.campaigns.model import Campaign
from linghang.campaigns.sections import Json
from linghang.flow import documents, reporting
from linghang.kit.context import Context


def settle(ctx: Context, finish: Callable[[Context, Campaign], None] = reporting.finish) -> dict[str, Json]:
    """End every campaign whose window has passed, give back what ended ones still hold, expire rights that are due.

    ``finish`` keeps the outcome of a campaign that ends, for later estimates.
    """
    ended: list[str] = []
    released = 0
    for launched in delivery.over(ctx.db, ctx.institution_id, ctx.now):
        released += benefits.close_package(ctx.db, ctx.institution_id, launched.package)
        finish(ctx, documents.load(ctx, launched.campaign_id))
        package = store.package(ctx.db, ctx.institution_id, launched.package)
        delivery.move(ctx.db, package, "ended", actor=ctx.actor, now=ctx.now)
        ended.append(launched.campaign_id)
        ctx.emit("settling", len(ended), 0, "flow.settling", campaign=launched.campaign_id)
    live = approvals.live(ctx.db, ctx.institution_id)
    for package in benefits.open_packages(ctx.db, ctx.institution_id):
        # What is set aside for a package that no longer runs: its stop was killed, or older code did not give back.
        if package not in live and delivery.find(ctx.db, ctx.institution_id, package) is not None:
            released += benefits.close_package(ctx.db, ctx.institution_id, package)
    expired = 0
    while done := benefits.expire_due(ctx.db, ctx.institution_id, now=ctx.now):
        expired += len(done)
    return {"ended": ended, "count": len(ended), "released_fen": released, "expired": expired}
