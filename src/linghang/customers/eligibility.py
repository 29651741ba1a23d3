"""Who may be addressed at all, about what and how: barriers as rules, so that estimate, decision and send agree.

A barrier names a reason and the rule of those whom it keeps out. The same rules are counted over an audience by the
index and read for one customer by ``eligible``. What a pack has no field for cannot bar anybody. What customers said
since the data came in is in the register, which is asked with them.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from linghang.base.predicates import Combination, Predicate, Rule
from linghang.customers.catalogue import Catalogue
from linghang.customers.contact import Touch, contact_reasons
from linghang.customers.model import ContactPolicy
from linghang.customers.register import PURPOSES
from linghang.customers.rows import Row, satisfies
from linghang.packs.model import Channel, Pack, Product

ADULT = 18
"""《未成年人网络保护条例》第24条: no commercial marketing to minors by automated decision."""
ELDERLY = 65
"""Suitability rules ask special care from 65 on: products of R4 and above are not pushed to them."""
ASSESSMENT_DAYS = 365
"""A risk assessment of an investor holds for a year."""
_ASSESSED_DAYS = "risk_assessed_days"
_HIGH_RISKS = ("R4", "R5")
_NOT_FOR_VULNERABLE = ("R3", "R4", "R5")
"""Who is marked as vulnerable (ill, in need, cannot judge) is not addressed about credit or what may lose money."""
_CREDIT = "credit"


@dataclass(frozen=True)
class Barrier:
    """A reason (message code) and the rule of the customers whom it keeps out."""

    code: str
    rule: Rule
    params: Mapping[str, str | int] = field(default_factory=dict)


def barriers(pack: Pack, product: Product | None, *, elapsed: int = 0) -> tuple[Barrier, ...]:
    """Why customers may not be addressed about a product on any channel, in the order in which reasons are told.

    ``elapsed`` days have passed since the tables were made: an assessment grows older by them (see ``elapsed_since``).
    """
    names = {attribute.name for attribute in pack.attributes}
    found: list[Barrier] = []
    if "age" in names:
        found.append(Barrier("customers.minor", Predicate("age", "lt", ADULT), {"age": ADULT}))
    if "blacklisted" in names:
        found.append(Barrier("customers.blacklisted", Predicate("blacklisted", "exists")))
    if "complaint" in names:
        days = pack.contact.complaint_mute_days
        found.append(Barrier("customers.complained", Predicate("complaint", "exists"), {"days": days}))
    if product is not None:
        found.extend(_suitability(product, names, elapsed))
    return tuple(found)


def elapsed_since(pack: Pack, as_of: dt.date, today: dt.date) -> int:
    """Days that barriers must know to have passed since the tables were made; 0 where the pack counts no days."""
    ages = any(attribute.name == _ASSESSED_DAYS for attribute in pack.attributes)
    return max((today - as_of).days, 0) if ages else 0


def _suitability(product: Product, names: set[str], elapsed: int) -> list[Barrier]:
    found = _places(product, names)
    if product.risk and "risk_level" in names:
        if "risk_assessed" in names:
            found.append(Barrier("customers.not_assessed", Predicate("risk_assessed", "exists", negated=True)))
        if _ASSESSED_DAYS in names:
            late = Predicate(_ASSESSED_DAYS, "gt", ASSESSMENT_DAYS - elapsed)
            found.append(Barrier("customers.assessment_expired", late, {"days": ASSESSMENT_DAYS}))
        needed = f"C{product.risk[1:]}"
        enough = Predicate("risk_level", "ge", needed)
        # Not known is not enough: whoever is not known to bear the risk is kept out.
        found.append(
            Barrier("customers.unsuitable", Combination("not", (enough,)), {"risk": product.risk, "needed": needed})
        )
    if product.risk in _HIGH_RISKS and "age" in names:
        found.append(
            Barrier("customers.elderly", Predicate("age", "ge", ELDERLY), {"age": ELDERLY, "risk": product.risk})
        )
    careful = product.kind == _CREDIT or product.risk in _NOT_FOR_VULNERABLE
    if careful and "vulnerable" in names:
        found.append(Barrier("customers.vulnerable", Predicate("vulnerable", "exists")))
    if product.kind == _CREDIT:
        if "age" in names:
            # Credit is refused to minors by contract law too: whoever is not known to be of age is kept out.
            found.append(Barrier("customers.age_unknown", Combination("not", (Predicate("age", "exists"),))))
        credit = (
            ("overdue", "customers.overdue", Predicate("overdue", "exists")),
            ("loan_rejected", "customers.loan_rejected", Predicate("loan_rejected", "exists")),
            ("occupation", "customers.student", Predicate("occupation", "eq", "student")),
        )
        found.extend(Barrier(code, rule) for name, code, rule in credit if name in names)
    return found


def _places(product: Product, names: set[str]) -> list[Barrier]:
    """Where a product is sold, and who does not want to hear of its kind."""
    found: list[Barrier] = []
    if product.regions and "province" in names:
        inside = Predicate("province", "in", product.regions)
        found.append(
            Barrier("customers.outside_region", Combination("not", (inside,)), {"regions": ", ".join(product.regions)})
        )
    purpose = PURPOSES.get(product.kind, "")
    if purpose and f"opted_out_{purpose}" in names:
        out = Predicate(f"opted_out_{purpose}", "exists")
        found.append(Barrier("customers.opted_out_purpose", out, {"purpose": purpose}))
    return found


def channel_barriers(pack: Pack, channel: Channel) -> tuple[Barrier, ...]:
    """Why customers may not be reached by a channel: no consent, opted out, no address."""
    names = {attribute.name for attribute in pack.attributes}
    found: list[Barrier] = []
    if channel.opt_out in names:
        found.append(Barrier("customers.opted_out", Predicate(channel.opt_out, "exists"), {"channel": channel.id}))
    if channel.consent in names:
        # Consent must be known: unknown and no keep out alike.
        given = Predicate(channel.consent, "exists")
        found.append(Barrier("customers.no_consent", Combination("not", (given,)), {"channel": channel.id}))
    if channel.reachable in names:
        there = Predicate(channel.reachable, "exists")
        found.append(Barrier("customers.unreachable", Combination("not", (there,)), {"channel": channel.id}))
    return tuple(found)


def suitable(product: str, pack: Pack) -> Rule:
    """Who may be addressed about a product of the pack at all."""
    found = next(item for item in pack.products if item.id == product)
    return Combination("all", tuple(Combination("not", (barrier.rule,)) for barrier in barriers(pack, found)))


OUTWEIGHED = frozenset({"customers.no_consent", "customers.opted_out"})
"""Barriers of the tables that a younger consent in the register outweighs."""


def contactable(channel: str, pack: Pack, agreed: Rule | None = None) -> Rule:
    """Whom a channel of the pack may reach by consent and address; ``agreed`` consented after the tables were made."""
    found = next(item for item in pack.channels if item.id == channel)
    parts: list[Rule] = []
    for barrier in channel_barriers(pack, found):
        free = Combination("not", (barrier.rule,))
        spared = agreed is not None and barrier.code in OUTWEIGHED
        parts.append(Combination("any", (free, agreed)) if spared and agreed is not None else free)
    return Combination("all", tuple(parts))


def eligible(
    row: Row,
    pack: Pack,
    catalogue: Catalogue,
    product: Product | None,
    channel: Channel,
    policy: ContactPolicy,
    at: dt.datetime,
    *,
    touches: Sequence[Touch] = (),
    offer: str = "",
    zone: str = "",
    elapsed: int = 0,
) -> tuple[str, ...]:
    """Every reason (message code) why a customer may not be addressed about a product, by a channel, at an instant.

    Empty: nothing stands against it. ``touches`` are the customer's earlier ones, ``zone`` is the customer's own where
    known, ``offer`` names what must not be repeated within the cool-down.
    """
    today = at.date()
    kept_out = [
        barrier.code
        for barrier in (*barriers(pack, product, elapsed=elapsed), *channel_barriers(pack, channel))
        if satisfies(barrier.rule, row, catalogue, today)
    ]
    kind = product.kind if product is not None else ""
    return (*kept_out, *contact_reasons(touches, channel.id, offer, at, policy, zone=zone, kind=kind))
