"""Who may do what: institutions, users, roles, rights, API tokens, and the audit chain of what was done.

``actor`` turns a name (or what ``bearer`` made of a token) into the Actor that skills check; ``rights.ROLES`` is the
whole table of rights.
"""

from linghang.access.model import AuditLine, NewToken, Token, User, Verification
from linghang.access.passwords import check_password, set_password
from linghang.access.rights import RIGHTS, ROLES, rights_of
from linghang.access.tokens import bearer, make_token, revoke, tokens_of
from linghang.access.users import DEMO_USERS, actor, add, change, find, listing, seed

__all__ = [
    "DEMO_USERS",
    "RIGHTS",
    "ROLES",
    "AuditLine",
    "NewToken",
    "Token",
    "User",
    "Verification",
    "actor",
    "add",
    "bearer",
    "change",
    "check_password",
    "find",
    "listing",
    "make_token",
    "revoke",
    "rights_of",
    "seed",
    "set_password",
    "tokens_of",
]
