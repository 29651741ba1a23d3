"""Gates: what a picture must pass before anyone sees it. They measure the record and the pixels, not its promises."""

from linghang.creatives.pictures.gates.check import check
from linghang.creatives.pictures.gates.reading import Reader

__all__ = ["Reader", "check"]
