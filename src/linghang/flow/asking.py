"""Why a customer may, or may not, be told of a product now: the same answer that decisions and sends act on."""

import datetime as dt
from typing import Any

from linghang import audiences, customers, packs
from linghang.base.messages import render
from linghang.customers import persons
from linghang.flow.standing import Reason, standing_of
from linghang.kit.context import Context
from linghang.kit.skills import skill


@skill(
    "customers.standing",
    effect="read",
    permission="customers.read",
    data="rows",
    example={"customer": "C0000001", "product": "index_fund", "channel": "sms"},
)
def standing(
    ctx: Context, customer: str, product: str = "", channel: str = "", offer: str = "", at: str = ""
) -> dict[str, Any]:
    """Every reason against telling a customer of a product by a channel now: suitability, consent, contact policy.

    Reasons are machine-readable (code, source, params); an empty list means that nothing stands against it.
    """
    pack = packs.load(ctx.pack)
    known = {item.id: item for item in pack.products}
    if product and product not in known:
        raise customers.not_one_of("product", product, list(known))
    if channel and channel not in {item.id for item in pack.channels}:
        raise customers.not_one_of("channel", channel, [item.id for item in pack.channels])
    instant = customers.instant(at, ctx.zone, ctx.now)
    number = customers.Numbers(ctx.analytics, ctx.institution_id).one(customer)
    stand = standing_of(ctx.db, ctx.institution_id, audiences.current_index(ctx, pack), pack, instant)
    found = list(stand.reasons(number, product, channel))
    if channel:
        policy = customers.policy_of(pack)
        since = instant - dt.timedelta(days=customers.longest_window(policy))
        touches = customers.touches_of(ctx.db, ctx.institution_id, [number], since, instant)[number]
        kind = known[product].kind if product else ""
        why = customers.contact_reasons(touches, channel, offer, instant, policy, zone=stand.zone(number), kind=kind)
        found += [Reason(code, "contact_policy") for code in why]
    return {
        "customer": persons.masked(customer),
        "product": product,
        "channel": channel,
        "at": instant.isoformat(),
        "allowed": not found,
        "reasons": [
            {
                "code": item.code,
                "source": item.source,
                "params": dict(item.params),
                "message": render(item.code, item.params, ctx.locale),
            }
            for item in found
        ],
        "generation": stand.index.label,
    }
