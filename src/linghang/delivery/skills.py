"""Skills of delivery: what is launched, how its sends stand, whether the ledger agrees with itself."""

import json
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

from linghang.base.records import SendRecord
from linghang.delivery import launching, ledger
from linghang.delivery.model import Count, Launched, Send
from linghang.delivery.receipts import receive
from linghang.kit.context import Context
from linghang.kit.skills import skill
from linghang.ports.channel import Keeping, Receipt


@skill("delivery.list", effect="read", permission="campaign.read", makes="launched")
def listing(ctx: Context) -> list[Launched]:
    """Everything that was launched, the latest first, with what was planned per channel."""
    return list(launching.listing(ctx.db, ctx.institution_id))


@skill(
    "delivery.sends",
    effect="read",
    permission="campaign.read",
    example={"id": "cmp_01"},
    needs={"id": "campaign.id"},
    makes="sends",
)
def sends(ctx: Context, id: str) -> list[Count]:
    """How the sends of a campaign stand, by channel, layer, state and reason, with their cost."""
    launched = launching.of_campaign(ctx.db, ctx.institution_id, id)
    return list(ledger.counts(ctx.db, ctx.institution_id, launched.package))


@skill("delivery.entries", effect="read", permission="customers.read", data="rows")
def entries(ctx: Context, id: str, limit: int = 100) -> list[SendRecord]:
    """The first entries of a campaign's send ledger, in the order of time."""
    launched = launching.of_campaign(ctx.db, ctx.institution_id, id)
    return list(ledger.records(ctx.db, ctx.institution_id, launched.package, limit=limit))


@dataclass(frozen=True)
class VendorWord:
    """What a vendor says of a message, by the key that it was handed over with."""

    key: str
    state: Literal["delivered", "failed"]
    reason: str = ""


@skill(
    "delivery.receipts",
    effect="draft",
    permission="events.import",
    example={"id": "cmp_01", "receipts": [{"key": "…", "state": "delivered"}]},
)
def receipts(ctx: Context, id: str, receipts: list[VendorWord]) -> dict[str, int]:
    """Enter what the vendor of a channel says of messages that it took: delivered or failed, with its reason.

    The first word about a message stands; again, or of unknown keys, it changes nothing (``ignored``).
    """
    launched = launching.of_campaign(ctx.db, ctx.institution_id, id)
    words = [Receipt(item.key, item.state, item.reason) for item in receipts]
    done = receive(ctx.db, ctx.institution_id, launched.package, words, now=ctx.now)
    return {**{str(state): count for state, count in done.states.items()}, "ignored": done.ignored}


@skill("delivery.customer", effect="read", permission="customers.read", data="rows")
def of_customer(ctx: Context, customer: int) -> list[Send]:
    """Every send to one customer."""
    return list(ledger.of_customer(ctx.db, ctx.institution_id, customer))


@skill(
    "delivery.outbox", effect="draft", permission="outbox.take", data="rows", cost="medium", example={"channel": "sms"}
)
def outbox(ctx: Context, channel: str, after: str = "", limit: int = 1000) -> list[dict[str, Any]]:
    """The messages of a channel that wait for the institution's own sender, as they were handed over, with addresses.

    ``after`` is the key of the last one that was taken; each asking is in the audit log.
    """
    found: list[dict[str, Any]] = []
    for keeping in ctx.channels.values():
        if isinstance(keeping, Keeping):
            found += [json.loads(one) for one in islice(keeping.kept(channel, after), max(0, min(limit, _MOST)))]
    return found


_MOST = 10_000
"""Messages that are told at once."""


@skill("delivery.verify", effect="read", permission="audit.read", cost="medium")
def verify(ctx: Context, id: str) -> list[str]:
    """Keys of sends whose kept state is not what the entries say: none, unless somebody wrote past the ledger."""
    launched = launching.of_campaign(ctx.db, ctx.institution_id, id)
    return list(ledger.disagreements(ctx.db, ctx.institution_id, launched.package))
