"""Who is meant: conditions on customers, what scope they have, and who is left out."""

from linghang.reading.audience.conditions import audience, conditions, fill_product, fit_expiry, ordered
from linghang.reading.audience.scan import CAMPAIGN_PRODUCT, Hit, Shape

__all__ = ["CAMPAIGN_PRODUCT", "Hit", "Shape", "audience", "conditions", "fill_product", "fit_expiry", "ordered"]
