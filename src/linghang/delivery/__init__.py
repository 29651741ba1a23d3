"""Send it: launch, durable sends, hours, receipts, kill switch, shadow run.

``plan_sends`` and ``launch`` write every send with its idempotency key in one transaction; ``hand_over`` brings what is
due to the channels in sets that survive a kill at any point; ``move`` pauses, resumes, stops and ends.
"""

from linghang.delivery.composing import message, script
from linghang.delivery.handing import Desk, hand_over
from linghang.delivery.launching import find, launch, listing, move, of_campaign, over, send_key
from linghang.delivery.ledger import counts, disagreements, lately, of_customer, overdue, reached, recompute, records
from linghang.delivery.model import Addresses, Consent, Count, Handed, Launched, Moved, Send, SendPlan
from linghang.delivery.planning import Kept, plan_sends
from linghang.delivery.receipts import Received, receive, tell

__all__ = [
    "Addresses",
    "Consent",
    "Count",
    "Desk",
    "Handed",
    "Kept",
    "Launched",
    "Moved",
    "Received",
    "Send",
    "SendPlan",
    "counts",
    "disagreements",
    "find",
    "hand_over",
    "lately",
    "launch",
    "listing",
    "message",
    "move",
    "of_campaign",
    "of_customer",
    "over",
    "overdue",
    "plan_sends",
    "reached",
    "receive",
    "recompute",
    "records",
    "script",
    "send_key",
    "tell",
]
