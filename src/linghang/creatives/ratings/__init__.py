"""Ratings: what designers teach. Rounds of pictures to rate, what was rated, the model, its choice, its audit."""

from linghang.creatives.ratings.agreement import krippendorff_alpha, wilson
from linghang.creatives.ratings.batch import Batch, choose_batch, ship
from linghang.creatives.ratings.learning import Model, fit
from linghang.creatives.ratings.model import FLAGS, Candidate, Pair, Purpose, Rating
from linghang.creatives.ratings.sampling import element_pool, picture_pool
from linghang.creatives.ratings.taste import Taste, fit_taste

__all__ = [
    "FLAGS",
    "Batch",
    "Candidate",
    "Model",
    "Pair",
    "Purpose",
    "Rating",
    "Taste",
    "choose_batch",
    "element_pool",
    "fit",
    "fit_taste",
    "krippendorff_alpha",
    "picture_pool",
    "ship",
    "wilson",
]
