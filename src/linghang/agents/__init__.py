"""The staff: the navigator, who understands what is wanted and plans it; domain agents; memory; the inbox.

A goal becomes a graph of skill calls by reasoning backwards from what it should make (``planning``). Agents read and
draft; what spends or sends waits for a person. What a model proposes is verified before it counts (``arbitration``).
"""

from linghang.agents.model import Aim, Goal, Plan, Ref, Step

__all__ = ["Aim", "Goal", "Plan", "Ref", "Step"]
