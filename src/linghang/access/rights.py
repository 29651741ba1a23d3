"""The table of rights: what each role may do. Makers do not approve, approvers do not make, admins do neither."""

from collections.abc import Iterable, Mapping

from linghang.base.errors import UsageError

RIGHTS: Mapping[str, str] = {
    "campaign.read": "see campaigns and the calendar",
    "campaign.comment": "comment on the sections of campaigns",
    "campaign.edit": "make and change campaigns",
    "campaign.submit": "send a campaign for review",
    "campaign.approve": "approve or reject what others made",
    "campaign.launch": "launch, pause, resume, stop, send and play",
    "campaign.settle": "end campaigns whose time is over; give back what they hold",
    "audience.read": "count and explain audiences (aggregates)",
    "audience.edit": "save audiences; change, put away and delete one's own",
    "audience.refresh": "count saved audiences anew",
    "audience.export": "take the ids of an audience away as a file",
    "benefit.read": "see benefits, pools and the ledger",
    "benefit.admin": "change pools and stocks",
    "creative.read": "see pictures, pages and copy",
    "creative.edit": "render and change pictures, pages and copy",
    "customers.read": "see single customers' rows, sensitive fields masked",
    "customers.unmask": "see sensitive fields, whole ids and evidence of single customers",
    "customers.consent": "note consents, opt-outs, complaints and lists of single customers",
    "customers.erase": "erase a person on request",
    "customers.import": "import customers, holdings and consents",
    "events.import": "import what happened",
    "analysis.read": "reports, figures and questions",
    "insights.read": "see opportunities and watches",
    "insights.edit": "dismiss opportunities",
    "knowledge.read": "search the documents",
    "knowledge.edit": "change the documents",
    "rules.read": "see the rules of compliance",
    "pack.read": "see the pack",
    "pack.admin": "change or reload the pack",
    "skills.read": "list and describe skills",
    "skills.call": "call skills by name",
    "decide.call": "ask for decisions and report taps and claims",
    "audit.read": "read and verify the audit log",
    "outbox.take": "take the messages of the outbox, with addresses, for the institution's own sender",
    "keys.admin": "change the key that personal data are sealed with",
    "users.read": "see users and roles",
    "users.token": "one's own password, API tokens and sessions",
    "users.admin": "add users, change roles and passwords, make and revoke tokens and sessions of others",
}
"""Every right with what it allows. A skill may ask only for these."""

_SEE = (
    "campaign.read", "campaign.comment", "audience.read", "benefit.read", "creative.read", "analysis.read",
    "insights.read", "knowledge.read", "rules.read", "pack.read", "skills.read", "skills.call", "users.read",
    "users.token",
)  # fmt: skip

ROLES: Mapping[str, frozenset[str]] = {
    "operator": frozenset(
        (
            *_SEE, "campaign.edit", "campaign.submit", "campaign.launch", "campaign.settle", "creative.edit",
            "insights.edit", "decide.call", "customers.read", "customers.consent", "customers.import",
            "events.import", "audit.read", "audience.edit", "audience.refresh", "audience.export",
        )
    ),
    "designer": frozenset((*_SEE, "campaign.edit", "creative.edit")),
    "compliance": frozenset(
        (
            *_SEE, "campaign.approve", "knowledge.edit", "audit.read", "customers.read", "customers.unmask",
            "customers.consent",
        )
    ),
    "approver": frozenset((*_SEE, "campaign.approve", "audit.read")),
    "analyst": frozenset((*_SEE, "events.import", "insights.edit", "audience.edit", "audience.refresh")),
    "engineer": frozenset(
        (
            *_SEE, "customers.import", "events.import", "decide.call", "pack.admin", "knowledge.edit", "audit.read",
            "audience.refresh", "audience.export", "outbox.take",
        )
    ),
    "admin": frozenset(
        (
            *_SEE, "users.admin", "audit.read", "pack.admin", "benefit.admin", "campaign.settle", "customers.import",
            "events.import", "knowledge.edit", "customers.erase", "audience.edit", "keys.admin",
        )
    ),
}  # fmt: skip
"""Role → rights. Nobody's single role both makes and approves; a user may hold several, and still never approves
what that user made (``approvals`` sees to it by name)."""

EFFECTS: Mapping[str, frozenset[str]] = {
    role: frozenset(("read", "draft") if role in ("designer", "analyst") else ("read", "draft", "commit"))
    for role in ROLES
}
"""Role → effects of skills that it may cause: designers and analysts never spend, send or sign, whatever a skill asks.
"""


def effects_of(roles: Iterable[str]) -> frozenset[str]:
    """All effects that some roles together may cause."""
    return frozenset().union(*(EFFECTS[role] for role in roles if role in EFFECTS))


def rights_of(roles: Iterable[str]) -> frozenset[str]:
    """All rights of some roles together. Raises UsageError("access.unknown_role")."""
    found: frozenset[str] = frozenset()
    for role in roles:
        if role not in ROLES:
            raise UsageError("access.unknown_role", role=role, have=", ".join(ROLES))
        found |= ROLES[role]
    return found
