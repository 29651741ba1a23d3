"""A browser that keeps the port's promises without drawing letters: a page as long as its lines, in two greys."""

import io
import re

from PIL import Image

from linghang.base.errors import UnavailableError
from linghang.ports.browser import Screen, ShownText


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

    def look(self, html: bytes, *, width: int, timeout: float = 30.0) -> Screen:
        """A line of text for each line of the source that has any, 16 px high, black on white."""
        if self.broken:
            raise UnavailableError("browser.failed", program="fake", reason="broken")
        lines = (re.sub(r"<[^>]*>", "", line).strip() for line in html.decode("utf-8", "replace").splitlines())
        said = [line for line in lines if line]
        return Screen(tuple(ShownText(line, (0, 20.0 * n, width, 16), 16, 21.0, n) for n, line in enumerate(said)))
