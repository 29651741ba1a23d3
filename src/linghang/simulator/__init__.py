"""A bank in a box: customers with a year behind them, who answer campaigns through the decision and event doors only.

``Population`` keeps the promise of ``ports.population``: it makes customers, holdings and events in blocks, equal for
equal seeds; lets them live on while campaigns run, and alone knows what would have happened without; and learns a
response model from a real table. All numbers are frozen in ``parameters.toml``, which nothing else reads.
"""

from linghang.simulator.fitted import Fitted, fit
from linghang.simulator.population import Population

__all__ = ["Fitted", "Population", "fit"]
