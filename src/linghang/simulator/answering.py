"""How customers answer: log-odds of a response, what a contact and a benefit add, and when they have had enough.

A customer responds in a campaign's window if a threshold, drawn once per customer and campaign, lies below

    base + Σ contacts + best benefit          (log-odds),

so who would have responded anyway is known exactly: those whose threshold lies below ``base`` alone.
"""

import math
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.special import logit, ndtri

from linghang.packs.model import Pack
from linghang.ports.population import Launched, Shown
from linghang.simulator.crowd import STAGES, Crowd
from linghang.simulator.draws import Floats, Ints, logistic, uniform_of
from linghang.simulator.parameters import parameters

_EDGE = 1e-9


def told() -> Mapping[str, Any]:
    """The parameters of responses."""
    return parameters()["response"]


def base_log_odds(crowd: Crowd, launched: Launched, kind: str, seed: int, reference: Crowd) -> Floats:
    """Log-odds of a response without any contact. Their mean over the bank (``reference``) is the base rate."""
    rates = told()["base"].get(launched.objective, told()["base"]["convert"])
    days = max((launched.end - launched.start).total_seconds() / 86_400, 0.0)
    rate = 1 - (1 - float(rates.get(kind, rates["default"]))) ** (days / told()["window_days"])
    spread = _differences(reference, kind, seed)
    low, high = -20.0, 5.0
    for _ in range(50):
        middle = (low + high) / 2
        if float(logistic(spread + middle).mean()) < rate:
            low = middle
        else:
            high = middle
    return _differences(crowd, kind, seed) + (low + high) / 2


def _differences(crowd: Crowd, kind: str, seed: int) -> Floats:
    share = math.sqrt(0.5)
    own = ndtri(uniform_of(seed, "taste." + kind, crowd.keys))
    odds = told()["taste_sd"] * share * (crowd.latent["taste"] + own)
    odds = (
        odds + told()["activity"] * crowd.latent["activity"] + told()["wealth"].get(kind, 0.0) * crowd.latent["wealth"]
    )
    odds = odds + np.where(crowd.stage == STAGES.index("dormant"), told()["dormant"], 0.0)
    return odds + np.where(crowd.stage == STAGES.index("churned"), told()["churned"], 0.0)


def base_of_contacted(contacted: Floats, multiplier: float) -> Floats:
    """Log-odds without a contact, of customers who respond with ``contacted`` when contacted by that channel."""
    return logit(np.clip(contacted / max(multiplier, _EDGE), _EDGE, 1 - _EDGE))


def thresholds(crowd: Crowd, campaign: str, seed: int) -> Floats:
    """The log-odds above which each customer responds in a campaign."""
    return logit(uniform_of(seed, "answer." + campaign, crowd.keys))


def contact_effect(crowd: Crowd, at: Ints, shown: Shown, again: Ints, week: Ints, seed: int) -> Floats:
    """What one more contact adds for the customers ``at``.

    ``again`` counts earlier contacts of this campaign by this channel, ``week`` all contacts of the last seven days.
    """
    contact = told()["contact"]
    effect = np.full(len(at), float(told()["channel"].get(shown.channel, 0.1)))
    effect += contact["digital"].get(shown.channel, 0.0) * crowd.latent["digital"][at]
    effect += liking(crowd, at, shown, seed)
    effect *= contact["again"] ** again
    effect = np.where(week >= contact["most_a_week"], contact["tired"], effect)
    allowed = crowd.allowed.get(shown.channel)
    return effect if allowed is None else np.where(allowed[at], effect, contact["no_consent"])


def liking(crowd: Crowd, at: Ints, shown: Shown, seed: int) -> Floats:
    """How the mood and the angle suit the customers: known preferences of their group and a part fixed by the seed."""
    creative = told()["creative"]
    groups = creative["groups"]
    fit = np.array(
        [
            creative["prefer"].get(group, {}).get(shown.mood, 0.0) * bool(shown.mood)
            + _fixed(seed, f"mood.{group}.{shown.mood}") * creative["mood_sd"] * bool(shown.mood)
            + _fixed(seed, f"angle.{group}.{shown.angle}") * creative["angle_sd"] * bool(shown.angle)
            for group in groups
        ]
    )
    return fit[crowd.group[at]]


def _fixed(seed: int, topic: str) -> float:
    return float(ndtri(uniform_of(seed, topic, np.array([zlib.crc32(topic.encode())], np.int64)))[0])


def benefit_effect(crowd: Crowd, at: Ints, shown: Shown) -> Floats:
    """What the promised benefit adds: more with its face, less with its threshold, by how much one cares for offers."""
    benefit = told()["benefit"]
    weight = benefit.get(shown.benefit_type, 0.0) if shown.benefit else 0.0
    if not weight:
        return np.zeros(len(at))
    worth = math.log1p(shown.face_fen / 100 / benefit["scale_yuan"])
    times = shown.threshold_fen / shown.face_fen if shown.face_fen else 0.0
    worth *= 1 - benefit["threshold_share"] * min(1.0, math.log1p(times) / math.log(21))
    return weight * worth * np.exp(benefit["sensitivity"] * crowd.latent["offer"][at])


def click_odds(crowd: Crowd, at: Ints, shown: Shown, rate: float, seen: Ints, seed: int) -> Floats:
    """Log-odds of a click by those who see it; ``rate`` is the place's usual one, ``seen`` sights before."""
    click = told()["click"]
    odds = float(logit(min(max(rate, 1e-5), 0.99))) + click["taste"] * crowd.latent["taste"][at]
    odds = odds + click["digital"] * crowd.latent["digital"][at] + click["mood"] * liking(crowd, at, shown, seed)
    if shown.benefit:
        odds = odds + click["offer"] * (1 + crowd.latent["offer"][at])
    return odds + click["fatigue"] * seen


def rate_of(pack: Pack, shown: Shown) -> tuple[float, float]:
    """The usual shares of a place: opened (of what is delivered) and clicked (of what is seen or delivered)."""
    slot = next((item for item in pack.slots if item.id == shown.slot), None)
    if slot is not None:
        return 0.0, slot.rate
    channel = next((item for item in pack.channels if item.id == shown.channel), None)
    rates = channel.rates if channel else {}
    return rates.get("opened", 0.0), rates.get("clicked", 0.0)
