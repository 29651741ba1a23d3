"""What the library holds: assets with their licence and brand rules, and where each is used."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

Part = Literal["plate", "element"]


@dataclass(frozen=True)
class Rules:
    """What the brand asks of an asset's use.

    ``no_recolour``: it stays in its colours; ``min_side``: the shorter side of a place, px; ``products``: only for
    these products or kinds (empty: all).
    """

    no_recolour: bool = False
    min_side: int = 0
    products: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asset:
    """A picture of the library. ``file`` is the digest of its bytes; ``expires`` the last day of its licence."""

    id: str
    name: str
    file: str
    mime: str
    width: int
    height: int
    bytes: int
    tags: tuple[str, ...] = ()
    licence: str = ""
    expires: dt.date | None = None
    rules: Rules = field(default_factory=Rules)
    look: tuple[float, ...] = ()
    actor: str = ""

    def expired(self, day: dt.date) -> bool:
        """Whether its licence has run out on a day."""
        return self.expires is not None and day > self.expires

    def ends_by(self, day: dt.date) -> bool:
        """Whether its licence ends on a day or before."""
        return self.expires is not None and self.expires <= day


@dataclass(frozen=True)
class Use:
    """An asset in a campaign's pictures of a slot: as the ``plate`` they stand on, or as the ``element`` in the
    middle."""

    campaign: str
    slot: str
    asset: str
    part: Part = "plate"
