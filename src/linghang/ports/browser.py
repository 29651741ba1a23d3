"""What we ask of a browser: a page of our own as a picture, just as a telephone shows it."""

from dataclasses import dataclass
from typing import Protocol

Box = tuple[float, float, float, float]
"""Left, top, width and height in CSS px."""


@dataclass(frozen=True)
class ShownText:
    """Words as they stand before a visitor. ``block`` numbers the paragraph; ``contrast`` None over no plain colour."""

    text: str
    box: Box
    px: float
    contrast: float | None = None
    block: int = 0


@dataclass(frozen=True)
class Popup:
    """What lies over a page. ``close`` is the box of what closes it; None where nothing does."""

    box: Box
    close: Box | None = None


@dataclass(frozen=True)
class Screen:
    """A page as a browser shows it."""

    texts: tuple[ShownText, ...]
    popups: tuple[Popup, ...] = ()


class Browser(Protocol):
    """Draws pages. It loads nothing but the page that it is given: no address outside is ever asked."""

    def draw(self, html: bytes, *, width: int, timeout: float = 30.0) -> bytes:
        """The whole page, as wide as a screen of ``width`` CSS px and as long as it is, as a PNG of twice that width.

        Raises UnavailableError("browser.failed" | "browser.timeout").
        """
        ...

    def look(self, html: bytes, *, width: int, timeout: float = 30.0) -> Screen:
        """Every word that the page shows, with place, size and contrast, and what lies over it.

        Raises UnavailableError("browser.failed" | "browser.timeout").
        """
        ...
