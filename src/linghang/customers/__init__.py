"""Who customers are and what they allow: import, typed attributes, holdings, consent, suitability, contact policy.

Customers live in the analytics engine, a table a generation; ids are mapped to dense numbers that never change. Caps on
contacts come from the touch ledger, which is transactional, never from analytics.
"""

from linghang.customers.addresses import addresses_of
from linghang.customers.asked import instant, not_one_of
from linghang.customers.catalogue import Catalogue, catalogue_of
from linghang.customers.contact import PASSES, WAITS, Touch, contact_reasons, longest_window, policy_of
from linghang.customers.eligibility import Barrier, barriers, channel_barriers, elapsed_since, eligible
from linghang.customers.holdings import import_holdings
from linghang.customers.importing import import_batches, import_table
from linghang.customers.known import history, rows_of
from linghang.customers.model import ContactPolicy, Generation, Imported, Rejection
from linghang.customers.numbers import Numbers
from linghang.customers.outcomes import import_events, post_events
from linghang.customers.register import PURPOSES, Numbers32, Register, Said, note, of_customer, register_of
from linghang.customers.staging import Target
from linghang.customers.store import current, find_current
from linghang.customers.touches import Wish, capped, reserve, settle, touches_of

__all__ = [
    "PASSES",
    "PURPOSES",
    "WAITS",
    "Barrier",
    "Catalogue",
    "ContactPolicy",
    "Generation",
    "Imported",
    "Numbers",
    "Numbers32",
    "Register",
    "Rejection",
    "Said",
    "Target",
    "Touch",
    "Wish",
    "addresses_of",
    "barriers",
    "capped",
    "catalogue_of",
    "channel_barriers",
    "contact_reasons",
    "current",
    "elapsed_since",
    "eligible",
    "find_current",
    "history",
    "import_batches",
    "import_events",
    "import_holdings",
    "import_table",
    "instant",
    "longest_window",
    "not_one_of",
    "note",
    "of_customer",
    "policy_of",
    "post_events",
    "register_of",
    "reserve",
    "rows_of",
    "settle",
    "touches_of",
]
