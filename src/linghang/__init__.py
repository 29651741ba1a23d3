"""Linghang (领航): one sentence of a marketing operator becomes a checked, launched and measured campaign.

Read the folders in the order of ``docs/ARCHITECTURE.md``: each is a room that a campaign walks through.
"""

__version__ = "0.1.0"
