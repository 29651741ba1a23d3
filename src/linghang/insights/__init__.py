"""What to do next: opportunities found in aggregates, each with its evidence and one sentence away from a draft.

Agents propose and never act: an opportunity is a value with a brief that a person may send to the navigator.
"""

from linghang.insights.model import Opportunity
from linghang.insights.scanning import scan
from linghang.insights.watching import Proposal, watch

__all__ = ["Opportunity", "Proposal", "scan", "watch"]
