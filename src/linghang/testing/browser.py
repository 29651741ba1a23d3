"""A browser that keeps the port's promises without drawing letters: a page as long as its lines, in two greys."""

import io

from PIL import Image

from linghang.base.errors import UnavailableError


class FakeBrowser:
    """Draws a light page with a dark head. ``broken`` makes it fail as a browser does that does not come up."""

    def __init__(self, *, broken: bool = False) -> None:
        self.broken = broken

    def draw(self, html: bytes, *, width: int, timeout: float = 30.0) -> bytes:
        """The page: 20 px for each line of its source."""
        if self.broken:
            raise UnavailableError("browser.failed", program="fake", reason="broken")
        height = max(20 * (html.count(b"\n") + 1), 844)
        picture = Image.new("RGB", (2 * width, 2 * height), "#F0F0F0")
        picture.paste("#303030", (0, 0, 2 * width, 120))
        out = io.BytesIO()
        picture.save(out, "PNG")
        return out.getvalue()
