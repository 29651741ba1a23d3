"""Score estimates when outcomes arrive: was the truth inside the interval, and do intervals cover as promised?"""

from collections.abc import Mapping, Sequence

from scipy.special import betaincinv, stdtrit

from linghang.base.records import Outcome
from linghang.campaigns.sections import Estimate
from linghang.estimates.effects import campaign_effect, logit
from linghang.estimates.model import Score
from linghang.experiments import Interval
from linghang.packs.model import History


def score(estimate: Estimate, outcome: Outcome) -> tuple[Score, ...]:
    """Every figure that the outcome can answer, against it. Figures without a counterpart are left out."""
    actual: Mapping[str, float | None] = {
        "responses": outcome.treated_rate * outcome.treated,
        "response_rate": outcome.treated_rate,
        "incremental": outcome.incremental,
        "uplift": outcome.lift,
        "cost": float(outcome.cost_fen),
        "gain": float(outcome.gain_fen),
        "roi": (outcome.gain_fen - outcome.cost_fen) / outcome.cost_fen if outcome.cost_fen else None,
    }
    scores: list[Score] = []
    for figure in estimate.figures:
        truth = actual.get(figure.name)
        if truth is None:
            continue
        error = (figure.value - truth) / abs(truth) if truth else None
        inside = figure.low <= truth <= figure.high
        scores.append(Score(figure.name, figure.value, figure.low, figure.high, truth, inside, error))
    return tuple(scores)


def coverage(scores: Sequence[Score], level: float = 0.9) -> Interval | None:
    """The share of truths inside, with its 90 % Jeffreys interval; None without scores."""
    if not scores:
        return None
    inside = sum(item.inside for item in scores)
    tail = (1 - level) / 2
    low = float(betaincinv(inside + 0.5, len(scores) - inside + 0.5, tail)) if inside else 0.0
    high = float(betaincinv(inside + 0.5, len(scores) - inside + 0.5, 1 - tail)) if inside < len(scores) else 1.0
    return Interval(inside / len(scores), low, high, level)


def backtest(outcomes: Sequence[Outcome], history: Sequence[History], model_rate: float) -> tuple[bool, ...]:
    """For each outcome in time order: did the 90 % interval made from those before it hold its response rate?

    A walk forward, never a look back: each campaign is predicted from what had finished before it.
    """
    ordered = sorted(outcomes, key=lambda item: (item.finished, item.package))
    held: list[bool] = []
    for place, item in enumerate(ordered):
        effect = campaign_effect(model_rate, item.objective, item.product, history, ordered[:place])
        centre = logit(model_rate) + effect.shift
        noise = 1 / max(item.treated * item.treated_rate * (1 - item.treated_rate), 1e-6)
        half = float(stdtrit(effect.freedom, 0.95)) * (effect.sd**2 + noise) ** 0.5
        held.append(abs(logit(item.treated_rate) - centre) <= half)
    return tuple(held)
