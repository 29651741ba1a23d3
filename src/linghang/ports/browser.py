"""What we ask of a browser: a page of our own as a picture, just as a telephone shows it."""

from typing import Protocol


class Browser(Protocol):
    """Draws pages. It loads nothing but the page that it is given: no address outside is ever asked."""

    def draw(self, html: bytes, *, width: int, timeout: float = 30.0) -> bytes:
        """The whole page, as wide as a screen of ``width`` CSS px and as long as it is, as a PNG of twice that width.

        Raises UnavailableError("browser.failed" | "browser.timeout").
        """
        ...
