"""Changes relative to a reading: what to set, add or remove, sums included, and the reading that results."""

from linghang.reading.edits.apply import edit

__all__ = ["edit"]
