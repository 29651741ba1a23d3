"""Rules worked out: saved audiences, suitability, consent and contact policy become rules and members.

What comes out has only conditions that the evaluators know; what cannot be worked out stays, and they refuse it.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import reduce
from zoneinfo import ZoneInfo

import numpy as np

from linghang import customers
from linghang.audiences import store
from linghang.audiences.index.bits import Numbers
from linghang.audiences.snapshots import load
from linghang.base.digest import digest_bytes
from linghang.base.errors import RefusedError, UnknownItemError
from linghang.base.findings import Finding, Severity
from linghang.base.predicates import Combination, Members, Predicate, Ranked, Rule, Saved
from linghang.customers.catalogue import Among, Catalogue, Test, resolve
from linghang.customers.eligibility import contactable, suitable
from linghang.customers.policies import CONTACTABLE, SUITABLE, UNDER_CAPS, parted
from linghang.customers.register import PURPOSES
from linghang.kit.context import Context
from linghang.packs.model import Pack

_DEEPEST = 16


@dataclass(frozen=True)
class Surroundings:
    """What rules may refer to: the pack's policies, saved audiences, and who is at the contact caps now."""

    pack: Pack
    catalogue: Catalogue
    saved: Callable[[str], Rule | Numbers]
    capped: Callable[[str, str], Numbers]
    """Who is at the caps of a channel now, for marketing about a kind of product (empty: of any kind)."""
    contactable: Callable[[str, str], Rule]
    """Whom a channel may reach, about a kind of product."""


def surroundings(ctx: Context, pack: Pack, catalogue: Catalogue) -> Surroundings:
    """Those of the institution, at the context's instant."""

    def saved(id: str) -> Rule | Numbers:
        found = store.find(ctx.db, ctx.institution_id, id)
        return load(ctx.home, found.snapshot) if found.held or found.rule is None else found.rule

    def capped(channel: str, kind: str) -> Numbers:
        policy = customers.policy_of(pack)
        reasons = customers.capped(ctx.db, ctx.institution_id, channel, policy, ctx.now, kind=kind)
        return reduce(np.union1d, reasons.values(), np.zeros(0, np.uint32)).astype(np.uint32)

    def reached(channel: str, kind: str) -> Rule:
        """The tables, and what customers said since for the kind's purpose, as ``screening`` reads both."""
        purpose = PURPOSES.get(kind, "")
        register = customers.register_of(ctx.db, ctx.institution_id)
        if not register.said:
            return contactable(channel, pack)
        tables = customers.current(ctx.db, ctx.institution_id)
        since = dt.datetime.combine(tables.as_of, dt.time(), ZoneInfo(pack.zone)).astimezone(dt.UTC)
        agreed = members_of(register.consented(channel, purpose, since))
        muted = register.muted(ctx.now, pack.contact.complaint_mute_days).values()
        out = reduce(np.union1d, muted, register.opted_out(channel, purpose)).astype(np.uint32)
        return Combination("all", (contactable(channel, pack, agreed), Combination("not", (members_of(out),))))

    return Surroundings(pack, catalogue, saved, capped, reached)


def expand(rule: Rule, around: Surroundings, above: tuple[str, ...] = ()) -> Rule:
    """The rule with everything worked out that refers to something else.

    Raises RefusedError("audiences.bad_rule") for an unknown saved audience, or one that is made of itself.
    """
    if isinstance(rule, Combination):
        return Combination(rule.how, tuple(expand(part, around, above) for part in rule.parts))
    if isinstance(rule, Ranked) and rule.among is not None:
        return replace(rule, among=expand(rule.among, around, above))
    if isinstance(rule, Saved):
        return _saved(rule.audience, around, above)
    if isinstance(rule, Predicate) and rule.field in (SUITABLE, CONTACTABLE, UNDER_CAPS):
        return _policy(rule, around)
    return rule


def _saved(id: str, around: Surroundings, above: tuple[str, ...]) -> Rule:
    if id in above or len(above) >= _DEEPEST:
        raise _refusal("audiences.made_of_itself", id, " → ".join((*above, id)))
    try:
        found = around.saved(id)
    except UnknownItemError as error:
        raise _refusal("audiences.unknown_audience", id, str(error.params.get("near", ""))) from error
    if isinstance(found, np.ndarray):
        return members_of(found)
    return expand(found, around, (*above, id))


def _refusal(code: str, id: str, near: str) -> RefusedError:
    finding = Finding(code, Severity.S2, id, params={"audience": id, "near": near})
    return RefusedError("audiences.bad_rule", (finding,), count=1)


def _policy(rule: Predicate, around: Surroundings) -> Rule:
    test = resolve(rule, around.catalogue)
    if not isinstance(test, Test) or not isinstance(test.condition, Among):
        return rule
    make: Callable[[str], Rule]
    if rule.field == SUITABLE:
        make = lambda value: suitable(value, around.pack)  # noqa: E731
    elif rule.field == CONTACTABLE:
        make = lambda value: around.contactable(*parted(value))  # noqa: E731
    else:
        make = lambda value: Combination("not", (members_of(around.capped(*parted(value))),))  # noqa: E731
    found = Combination("any", tuple(make(value) for value in sorted(test.condition.values)))
    return Combination("not", (found,)) if test.negated else found


def members_of(numbers: Numbers) -> Members:
    """Ascending dense numbers as a condition."""
    plain = np.ascontiguousarray(numbers, "<u4")
    return Members(digest_bytes(plain.tobytes()), plain)  # pyright: ignore[reportArgumentType] - an array is a sequence
