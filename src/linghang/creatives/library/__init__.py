"""The asset library: pictures that people bring, with licence, expiry and brand rules, found by words and by look."""

from linghang.creatives.library.look import likeness, look
from linghang.creatives.library.model import Asset, Part, Rules, Use
from linghang.creatives.library.taking import MOST_BYTES, Taken, take

__all__ = ["MOST_BYTES", "Asset", "Part", "Rules", "Taken", "Use", "likeness", "look", "take"]
