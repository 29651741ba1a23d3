"""Who gets what, now: eligibility, arbitration, exploration with exact propensity, explanations, off-policy evaluation.

``decide`` is pure: the same package, customer, touches, ledger state and seed give the same record. No model is asked
and nothing is stored here; the door that serves decisions logs the records.
"""

from linghang.decisions.deciding import choosy, decide, over, share_of
from linghang.decisions.evaluation import PolicyValue, doubly_robust, ips, snips
from linghang.decisions.explaining import explain
from linghang.decisions.model import Choice, Customer, PackageView, PolicyState, Request, Running, Share, State
from linghang.decisions.views import view

__all__ = [
    "Choice",
    "Customer",
    "PackageView",
    "PolicyState",
    "PolicyValue",
    "Request",
    "Running",
    "Share",
    "State",
    "choosy",
    "decide",
    "doubly_robust",
    "explain",
    "ips",
    "over",
    "share_of",
    "snips",
    "view",
]
