"""What to give: which benefits fit, how the budget is spread over layers and options, and the ledger of every right.

``allocate`` answers for a plan, ``alternatives`` for the three side by side. The ledger (``benefits.ledger``) is the
only way a right comes into being: append-only rows, and never more than the pool holds, however many ask at once.
Customer-level choice (``benefits.knapsack``) is imported by name, because it brings a compiler along.
"""

from linghang.benefits.balances import balance, left_in_package, recompute, stock_left, verify
from linghang.benefits.eligibility import candidates
from linghang.benefits.ledger import (
    claim,
    claim_many,
    expire_due,
    grants_of,
    issue,
    reclaim,
    redeem,
    reserve,
    reserve_many,
)
from linghang.benefits.limits import close_package, open_limits, open_packages, set_limit
from linghang.benefits.model import Allocated, Balance, Candidates, Excluded, Grant, Option, Refusal, Settings, Stock
from linghang.benefits.plans import SETTINGS, allocate, alternatives, settings_for

__all__ = [
    "SETTINGS",
    "Allocated",
    "Balance",
    "Candidates",
    "Excluded",
    "Grant",
    "Option",
    "Refusal",
    "Settings",
    "Stock",
    "allocate",
    "alternatives",
    "balance",
    "candidates",
    "claim",
    "claim_many",
    "close_package",
    "expire_due",
    "grants_of",
    "issue",
    "left_in_package",
    "open_limits",
    "open_packages",
    "reclaim",
    "recompute",
    "redeem",
    "reserve",
    "reserve_many",
    "set_limit",
    "settings_for",
    "stock_left",
    "verify",
]
