"""Changes relative to a reading: what to set, add or remove, sums included, and the reading that results."""

from linghang.reading.edits.apply import edit
from linghang.reading.edits.asked import asks_back, begins_anew, tells_all
from linghang.reading.edits.exclusions import permits
from linghang.reading.edits.wishes import wished

__all__ = ["asks_back", "begins_anew", "edit", "permits", "tells_all", "wished"]
