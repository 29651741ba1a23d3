"""What to give: which benefits fit, how the budget is spread over layers and options, and the ledger of every right.

``allocate`` answers for a plan, ``alternatives`` for the three side by side. The ledger (``benefits.ledger``) is the
only way a right comes into being: append-only rows, and never more than the pool holds, however many ask at once.
Customer-level choice (``benefits.knapsack``) is imported by name, because it brings a compiler along.
"""

from linghang.benefits.eligibility import candidates
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
    "candidates",
    "settings_for",
]
