"""Options of a layer with their price and their effect.

What is expected of an option is the pack's own effect; what the optimiser compares is lower. Optimiser's curse: who
picks the best of many noisy effects picks noise too. (On a public trial with three arms a T-learner with an exact
knapsack lost 29 % of the increment against one offer for all.) So an effect e on the log scale with standard error s is
compared as w·e − k·√w·s with w = τ²/(τ² + s²): the posterior mean under a prior N(0, τ²), less k posterior deviations.
"""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from linghang.base.findings import Finding, Severity
from linghang.base.predicates import Rule
from linghang.benefits.eligibility import fits_layer
from linghang.benefits.model import NO_BENEFIT, Option
from linghang.campaigns.sections import Goal, Layer
from linghang.packs.model import Benefit, Channel, Pack

PRIOR_SD = 1.0
"""τ: how far true effects of channels and benefits lie from none, on the log scale."""
SECOND_TOUCH = 0.5
"""What a further channel adds of its own effect when another one touches the same customer too."""
MOST_CHANNELS = 2
_CEILING = 0.95


def touching(goal: Goal, pack: Pack) -> tuple[Channel, ...]:
    """The campaign's channels as the pack describes them; ``all`` means every one. Unknown names are left out."""
    return tuple(channel for channel in pack.channels if channel.id in goal.channels or "all" in goal.channels)


def unknown_channels(goal: Goal, pack: Pack) -> tuple[Finding, ...]:
    """A finding for each channel of the goal that the pack does not have."""
    known = {channel.id for channel in pack.channels} | {"all"}
    return tuple(
        Finding("benefits.unknown_channel", Severity.S2, "goal.channels", params={"channel": name})
        for name in goal.channels
        if name not in known
    )


def always_on(channel: Channel) -> bool:
    """Whether a channel costs nothing and needs no consent: such slots serve every option."""
    return channel.unit_cost_fen100 == 0 and not channel.consent


def channel_sets(channels: Sequence[Channel]) -> tuple[tuple[Channel, ...], ...]:
    """Which channels may touch one customer together: all that are always on, with up to two of the others."""
    free = tuple(channel for channel in channels if always_on(channel))
    others = [channel for channel in channels if not always_on(channel)]
    sets = [free] if free else []
    for size in range(1, MOST_CHANNELS + 1):
        sets.extend((*free, *chosen) for chosen in itertools.combinations(others, size))
    return tuple(sets)


def options_for(
    layer: Layer,
    channels: Sequence[Channel],
    benefits: Sequence[Benefit],
    audience: Rule,
    *,
    seen: Mapping[str, float] | None = None,
    caution: float = 0.0,
) -> tuple[Option, ...]:
    """Every option of a layer: sets of channels × (no benefit or one that fits). ``no contact`` is implied.

    ``seen`` is the share of the audience that a channel which is always on can reach: its effect counts for that share.
    """
    shares = seen or {}
    shown = [
        replace(channel, response=1 + (channel.response - 1) * shares.get(channel.id, 1.0))
        if always_on(channel)
        else channel
        for channel in channels
    ]
    fitting: list[Benefit | None] = [None, *(benefit for benefit in benefits if fits_layer(benefit, layer, audience))]
    return tuple(
        option(layer.base_rate, chosen, benefit, caution=caution)
        for chosen in channel_sets(shown)
        for benefit in fitting
    )


def option(base_rate: float, channels: Sequence[Channel], benefit: Benefit | None, *, caution: float = 0.0) -> Option:
    """One option with price and effect, for customers who respond at ``base_rate`` without any contact.

    Who redeems has responded, so the share that claims is response/redemption (at most everyone): the funnel
    offered × claimed × redeemed = responded holds by construction.
    """
    effect, error = effect_of(channels, benefit)
    weight = PRIOR_SD**2 / (PRIOR_SD**2 + error**2)
    # Caution may say that nothing is gained, but not that a contact does harm: no data says that here.
    response = _response(base_rate, effect)
    lowered = _response(base_rate, weight * effect - caution * math.sqrt(weight) * error)
    claim = min(1.0, response / benefit.redemption) if benefit and benefit.redemption > 0 else 0.0
    return Option(
        channels=tuple(channel.id for channel in channels),
        benefit=benefit.id if benefit else NO_BENEFIT,
        face_fen=benefit.face_fen if benefit else 0,
        contact_fen100=sum(channel.unit_cost_fen100 for channel in channels),
        claim_ppm=math.ceil(claim * 1_000_000),
        redeem_ppm=math.ceil(claim * benefit.redemption * 1_000_000) if benefit else 0,
        response=response,
        gain=response - base_rate,
        value=lowered - base_rate,
    )


def _response(base_rate: float, effect: float) -> float:
    return max(base_rate, min(_CEILING, base_rate * math.exp(max(effect, 0.0))))


def effect_of(channels: Sequence[Channel], benefit: Benefit | None) -> tuple[float, float]:
    """The effect on the log scale and its standard error: the strongest channel whole, further ones in part."""
    ordered = sorted(channels, key=lambda channel: -channel.response)
    multiplier = 1.0
    for place, channel in enumerate(ordered):
        multiplier += (channel.response - 1) * (1.0 if place == 0 else SECOND_TOUCH)
    lift = benefit.lift if benefit else 1.0
    errors = [ordered[0].response_log_se if ordered else 0.0, benefit.lift_log_se if benefit else 0.0]
    return math.log(max(multiplier, 1e-6) * max(lift, 1e-6)), math.hypot(*errors)


def reach_within(layers: Sequence[Layer], audience_reach: Mapping[str, int], total: int) -> dict[str, dict[str, int]]:
    """Reach per layer and channel when only the whole audience's is known: in proportion, rounded down."""
    return {
        layer.id: {name: layer.count * count // total if total else 0 for name, count in audience_reach.items()}
        for layer in layers
    }
