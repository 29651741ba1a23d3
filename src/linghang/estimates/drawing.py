"""Draw what may happen: layers × options × thousands of seeded draws, each a whole campaign.

In a draw one campaign-level effect moves all layers' rates together, one effect a channel and a benefit acts in all
layers alike, and customers then respond by a binomial. So intervals contain all three kinds of uncertainty.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linghang.campaigns.sections import Allocation, Allotment, Layer
from linghang.estimates.effects import logit
from linghang.estimates.model import CampaignEffect
from linghang.packs.model import Benefit, Channel, Slot

Draws = NDArray[np.float64]
_COMES = 0.35
"""On which share of days a customer opens the app: a slot's ``daily_reach`` is a share of those who come that day."""
_RATE_LOG_SD = 0.3
"""How far usual click and delivery shares lie from those of one campaign, on the log scale."""


@dataclass(frozen=True)
class Campaigns:
    """What happened in each draw, over all allotments; money in fen. ``costs`` is the mean cost of each allotment."""

    customers: int
    reached: Draws
    clicks: Draws
    claims: Draws
    redemptions: Draws
    responses: Draws
    without: Draws
    cost: Draws
    costs: tuple[int, ...]

    @property
    def incremental(self) -> Draws:
        """Responses more than without any contact."""
        return self.responses - self.without


def draw(
    allocation: Allocation,
    layers: Sequence[Layer],
    channels: Mapping[str, Channel],
    slots: Sequence[Slot],
    effect: CampaignEffect,
    *,
    days: int,
    seed: int,
    draws: int = 4000,
) -> Campaigns:
    """``draws`` campaigns under an allocation. The same seed gives the same draws."""
    rng = np.random.default_rng(seed)
    base = {layer.id: layer.base_rate for layer in layers}
    benefits = {benefit.id: benefit for benefit in allocation.granted}
    campaign = effect.shift + effect.sd * rng.standard_t(effect.freedom, draws)
    shaken = {name: rng.standard_normal(draws) for name in sorted(channels)}
    shaken |= {name: rng.standard_normal(draws) for name in sorted(benefits)}
    rates = np.exp(_RATE_LOG_SD * rng.standard_normal(draws) - _RATE_LOG_SD**2 / 2)
    sums = {name: np.zeros(draws) for name in ("reached", "clicks", "claims", "redemptions", "responses", "without")}
    costs: list[Draws] = []
    for item in allocation.allotments:
        used = [channels[name] for name in item.channels if name in channels]
        benefit = benefits.get(item.benefit)
        rate = _expit(logit(base[item.layer]) + campaign)
        lifted = np.clip(rate * np.exp(_effect(item, base[item.layer], used, benefit, shaken)), 0.0, 0.999)
        responses = rng.binomial(item.customers, lifted).astype(float)
        sums["responses"] += responses
        sums["without"] += rng.binomial(item.customers, rate)
        seen, clicked = _seen(used, slots, days)
        reached = np.minimum(1.0, seen * rates)
        clicks = item.customers * np.minimum(reached, clicked * rates * rates)
        claims, redeemed = _claimed(item, benefit, lifted, responses, clicks, rng)
        sums["reached"] += item.customers * reached
        sums["clicks"] += clicks
        sums["claims"] += claims
        sums["redemptions"] += redeemed
        costs.append(item.contact_fen + redeemed * (benefit.face_fen if benefit else 0))
    return Campaigns(
        sum(item.customers for item in allocation.allotments),
        cost=np.sum(costs, axis=0),
        costs=tuple(round(float(cost.mean())) for cost in costs),
        **sums,
    )


def _effect(
    item: Allotment, base: float, used: Sequence[Channel], benefit: Benefit | None, shaken: Mapping[str, Draws]
) -> Draws:
    """The effect on the log scale in each draw: what the allotment expects, with the errors of channel and benefit."""
    strongest = max(used, key=lambda channel: channel.response, default=None)
    noise = np.zeros(next(iter(shaken.values())).shape) if shaken else np.zeros(1)
    if strongest is not None:
        noise = noise + strongest.response_log_se * shaken[strongest.id]
    if benefit is not None:
        noise = noise + benefit.lift_log_se * shaken[benefit.id]
    return math.log(max(item.response, 1e-9) / max(base, 1e-9)) + noise


def _claimed(
    item: Allotment, benefit: Benefit | None, lifted: Draws, responses: Draws, clicks: Draws, rng: np.random.Generator
) -> tuple[Draws, Draws]:
    """Claims and redemptions: who claims has clicked, who redeems has responded; the ledger stops at the grants."""
    if benefit is None or benefit.redemption <= 0 or not benefit.face_fen:
        return np.zeros(lifted.shape), np.zeros(lifted.shape)
    claims = rng.binomial(item.customers, np.minimum(1.0, lifted / benefit.redemption)).astype(float)
    issued = np.minimum(np.minimum(claims, np.floor(clicks)), item.grants)
    redeemed = rng.binomial(issued.astype(np.int64), benefit.redemption).astype(float)
    return issued, np.minimum(redeemed, responses)


def _seen(used: Sequence[Channel], slots: Sequence[Slot], days: int) -> tuple[float, float]:
    """Shares of customers who see anything, and who click: each channel misses some, independently."""
    unseen, unclicked = 1.0, 1.0
    for channel in used:
        seen, clicked = _channel_seen(channel, slots, days)
        unseen *= 1 - seen
        unclicked *= 1 - clicked
    return 1 - unseen, 1 - unclicked


def _channel_seen(channel: Channel, slots: Sequence[Slot], days: int) -> tuple[float, float]:
    own = [slot for slot in slots if slot.channel == channel.id]
    if channel.kind == "slot" and own:
        # Slots are met again and again: each sight of each day may be the one that is clicked.
        missed = math.prod((1 - _COMES * slot.daily_reach) ** days for slot in own)
        passed = math.prod((1 - _COMES * slot.daily_reach * slot.rate) ** days for slot in own)
        return 1 - missed, 1 - passed
    seen = channel.rates.get("delivered", 0.95)
    return seen, seen * channel.rates.get("clicked", channel.rates.get("opened", 0.02))


def _expit(x: Draws) -> Draws:
    return 1 / (1 + np.exp(-x))
