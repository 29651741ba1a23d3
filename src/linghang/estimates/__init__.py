"""What we expect: reach, responses, increment, cost and return with 90 % intervals; targets solved backwards; scores.

An estimate is seeded and pure. Its intervals hold the uncertainty of rates and effects and, above all, that campaigns
differ from each other; when outcomes arrive it is scored, and own outcomes move the next estimate.
"""

from linghang.estimates.effects import campaign_effect
from linghang.estimates.estimating import estimate, funnel, with_figures
from linghang.estimates.model import CampaignEffect, Estimated, Score, Stage, Target
from linghang.estimates.rates import ground_rate, layer_rates
from linghang.estimates.scoring import backtest, coverage, score

__all__ = [
    "CampaignEffect",
    "Estimated",
    "Score",
    "Stage",
    "Target",
    "backtest",
    "campaign_effect",
    "coverage",
    "estimate",
    "funnel",
    "ground_rate",
    "layer_rates",
    "score",
    "with_figures",
]
