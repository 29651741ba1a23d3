"""What to do next: opportunities found in aggregates, each with its evidence and one sentence away from a draft.

Agents propose and never act: an opportunity is a value with a brief that a person may send to the navigator.
"""

from linghang.insights.anomalies import RECENT_DAYS, Standing
from linghang.insights.model import Opportunity, rounded_yuan
from linghang.insights.scanning import scan
from linghang.insights.watching import Proposal, watch

__all__ = ["RECENT_DAYS", "Opportunity", "Proposal", "Standing", "rounded_yuan", "scan", "watch"]
