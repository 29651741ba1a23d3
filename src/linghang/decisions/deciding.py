"""Decide who gets what, now: a pure function of packages, customer, touches, ledger state and seed.

Every option that is not chosen gets a reason code. Among campaigns the expected worth times priority decides; within
the winner an ε-greedy policy explores its variants with randomness from the hash of customer, place and day, so the
same request gives the same answer, and the propensity is exact.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import lru_cache
from zoneinfo import ZoneInfo

from linghang.base.records import DecisionRecord
from linghang.customers import Touch, contact_reasons
from linghang.decisions.model import Choice, Customer, PackageView, PolicyState, Request, Share, State
from linghang.experiments import HOLDOUT, arm_of, is_held_out, uniform

_NO_POLICY = PolicyState()


def decide(
    request: Request,
    views: Sequence[PackageView],
    customer: Customer,
    touches: Sequence[Touch] = (),
    state: State | None = None,
    seed: int = 0,
) -> DecisionRecord:
    """The record of one decision, also of a decision to show nothing (``chosen`` empty, propensity 1).

    ``reasons`` keys are ``campaign/variant``, or ``campaign`` where a whole campaign fell away. When nothing is shown,
    ``package``, ``arm`` and ``layer`` name the campaign that the customer would have seen, so that holdouts count.
    """
    known = state or State()
    reasons: dict[str, str] = {}
    runners: list[tuple[float, PackageView, str, list[Choice]]] = []
    for view in views:
        layer = customer.layers.get(view.hash, "")
        eligible, why = _eligible(request, view, layer, customer, touches, known)
        reasons.update(why)
        if eligible:
            worth = max(_worth(view, choice, known) for choice in eligible) * view.priority
            runners.append((worth, view, layer, eligible))
    if not runners:
        return _nothing(request, views, customer, known, reasons)
    runners.sort(key=lambda runner: (-runner[0], runner[1].hash))
    _, view, layer, eligible = runners[0]
    for _, other, _, choices in runners[1:]:
        reasons.update({f"{other.campaign_id}/{choice.id}": "decisions.outbid" for choice in choices})
    chosen, propensity = _choose(request, view, eligible, known, seed)
    for choice in eligible:
        if choice is not chosen:
            reasons[f"{view.campaign_id}/{choice.id}"] = "decisions.lower_value"
    return DecisionRecord(
        institution_id=request.institution_id,
        decision_id=request.decision_id,
        customer=request.customer,
        slot=request.place,
        at=request.at,
        chosen=chosen.id,
        package=view.hash,
        propensity=propensity,
        reasons=reasons,
        arm=arm_of(request.customer, view.salt, view.arms),
        layer=layer,
        feature_version=customer.feature_version,
        policy_version=_policy_version(view, known),
    )


def _eligible(
    request: Request,
    view: PackageView,
    layer: str,
    customer: Customer,
    touches: Sequence[Touch],
    state: State,
) -> tuple[list[Choice], dict[str, str]]:
    whole = _campaign_reason(request, view, layer, customer, touches, state)
    if whole:
        return [], {view.campaign_id: whole}
    choices = view.choices.get((layer, request.place), ())
    if not choices:
        return [], {view.campaign_id: "decisions.nothing_for_place"}
    share = share_of(customer, view, layer)
    left = state.left.get(view.hash, {})
    kept: list[Choice] = []
    reasons: dict[str, str] = {}
    for choice in choices:
        reason = _choice_reason(choice, share, left, customer)
        if reason:
            reasons[f"{view.campaign_id}/{choice.id}"] = reason
        else:
            kept.append(choice)
    return kept, reasons


def _campaign_reason(
    request: Request,
    view: PackageView,
    layer: str,
    customer: Customer,
    touches: Sequence[Touch],
    state: State,
) -> str:
    """The first reason for which a whole campaign may not speak here, or nothing."""
    if view.institution_id != request.institution_id:
        return "decisions.other_institution"
    if view.hash in state.stopped:
        return "decisions.stopped"
    if not layer:
        return "decisions.not_in_audience"
    return (
        _time_reason(request, view)
        or _held_out(request, view, state)
        or _allowed_reason(request, view, customer)
        or _contact_reason(request, view, touches, customer.zone)
    )


def _time_reason(request: Request, view: PackageView) -> str:
    times = view.running.get(request.place)
    if not times:
        return "decisions.nothing_for_place"
    today = [running for running in times if request.at in running.window]
    if not today:
        return "decisions.not_running"
    local = request.at.astimezone(_zone(view.zone))
    minute = local.hour * 60 + local.minute
    if not any(running.first_minute <= minute < running.last_minute for running in today):
        return "decisions.outside_hours"
    return ""


def _held_out(request: Request, view: PackageView, state: State) -> str:
    if state.global_holdout and is_held_out(request.customer, state.global_salt, state.global_holdout):
        return "decisions.global_holdout"
    return "decisions.holdout" if arm_of(request.customer, view.salt, view.arms) == HOLDOUT else ""


def _allowed_reason(request: Request, view: PackageView, customer: Customer) -> str:
    if customer.muted:
        return customer.muted
    if view.hash in customer.barred:
        return customer.barred[view.hash]
    if request.channel in customer.blocked:
        return customer.blocked[request.channel]
    if request.channel in view.consent:
        consent = customer.consents.get(request.channel)
        if consent is None:
            return "decisions.consent_unknown"
        if not consent:
            return "decisions.no_consent"
    if view.risk and customer.risk is None:
        return "decisions.suitability_unknown"
    if view.risk and customer.risk is not None and customer.risk < view.risk:
        return "decisions.unsuitable"
    return ""


def _contact_reason(request: Request, view: PackageView, touches: Sequence[Touch], zone: str) -> str:
    """The first reason of the institution's contact policy, or of the brief's own cap, against one more contact."""
    why = contact_reasons(touches, request.channel, "", request.at, view.contact, zone=zone, kind=view.kind)
    if why:
        return why[0]
    if view.contact.channel_caps.get(request.channel):
        own = [
            touch.at for touch in touches if touch.package == view.hash and view.contact.channel_caps.get(touch.channel)
        ]
        if over(request.at, own, view.own_caps):
            return "decisions.campaign_cap"
    return ""


def over(now: dt.datetime, earlier: Sequence[dt.datetime], caps: Mapping[int, int]) -> bool:
    """Whether one more contact at ``now`` would exceed the brief's cap: {days of a rolling window: most}."""
    for days, most in caps.items():
        since = now - dt.timedelta(days=days)
        if sum(1 for at in earlier if since < at <= now) >= most:
            return True
    return False


def _choice_reason(choice: Choice, share: Share | None, left: Mapping[str, int], customer: Customer) -> str:
    if choice.excluded:
        return choice.excluded
    if share is None:
        return "decisions.not_allocated"
    if choice.channel not in share.channels:
        return "decisions.other_channel"
    if choice.benefit == share.benefit:
        return _benefit_reason(choice.benefit, left, customer)
    # Without a benefit only where the allotted one cannot be given any more: something is still worth saying.
    if not choice.benefit and share.benefit and _benefit_reason(share.benefit, left, customer):
        return ""
    return "decisions.other_benefit"


def _benefit_reason(benefit: str, left: Mapping[str, int], customer: Customer) -> str:
    if benefit and benefit in customer.claimed:
        return "decisions.already_claimed"
    if benefit and left.get(benefit, 0) <= 0:
        return "decisions.stock_out"
    return ""


def share_of(customer: Customer, view: PackageView, layer: str) -> Share | None:
    """The part of the layer that a customer falls into by hash, or None where the budget has no contact for it.

    A part is open to a customer if its channels may all reach them.
    """
    shares = view.shares.get(layer, ())
    reached = frozenset(name for name in choosy(shares, view) if customer.consents.get(name))
    point = uniform(customer.number, f"{view.salt}:option")
    edge = 0.0
    for share in shares:
        if reached.issuperset(name for name in share.channels if name in view.consent):
            edge += share.chance_for(reached)
            if point < edge:
                return share
    return None


def choosy(shares: Sequence[Share], view: PackageView) -> frozenset[str]:
    """The channels of a layer's parts that need a consent: not everybody has them."""
    return frozenset(name for share in shares for name in share.channels if name in view.consent)


def _worth(view: PackageView, choice: Choice, state: State) -> float:
    learned = state.policies.get(view.hash, _NO_POLICY).values.get(choice.id)
    if learned is None:
        return choice.worth_fen
    return learned * view.margin_fen - (choice.gain * view.margin_fen - choice.worth_fen)


def _choose(
    request: Request, view: PackageView, eligible: Sequence[Choice], state: State, seed: int
) -> tuple[Choice, float]:
    """ε-greedy: with probability ε any eligible variant, otherwise the best; ties go to the first id."""
    best = min(eligible, key=lambda choice: (-_worth(view, choice, state), choice.id))
    if len(eligible) == 1:
        return best, 1.0
    floor = view.exploration / len(eligible)
    day = request.at.astimezone(_zone(view.zone)).date().isoformat()
    point = uniform(request.customer, f"{view.salt}:explore:{request.place}:{day}:{view.seed ^ seed}")
    edge = 0.0
    for choice in sorted(eligible, key=lambda choice: choice.id):
        chance = floor + (1 - view.exploration if choice is best else 0.0)
        edge += chance
        if point < edge:
            return choice, chance
    return best, floor + 1 - view.exploration


def _nothing(
    request: Request,
    views: Sequence[PackageView],
    customer: Customer,
    state: State,
    reasons: Mapping[str, str],
) -> DecisionRecord:
    would = max(
        (view for view in views if customer.layers.get(view.hash)),
        key=lambda view: (view.priority, view.hash),
        default=None,
    )
    return DecisionRecord(
        institution_id=request.institution_id,
        decision_id=request.decision_id,
        customer=request.customer,
        slot=request.place,
        at=request.at,
        chosen="",
        package=would.hash if would else "",
        propensity=1.0,
        reasons=dict(reasons),
        arm=arm_of(request.customer, would.salt, would.arms) if would else "",
        layer=customer.layers.get(would.hash, "") if would else "",
        feature_version=customer.feature_version,
        policy_version=_policy_version(would, state) if would else "",
    )


def _policy_version(view: PackageView, state: State) -> str:
    learned = state.policies.get(view.hash, _NO_POLICY).version
    return f"{view.policy}+{learned}" if learned else view.policy


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
