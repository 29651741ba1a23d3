"""The landing page in the packet: as a telephone shows it, screen by screen; or the reason why it is not there."""

import io
from collections.abc import Mapping
from typing import Protocol

from PIL import Image

from linghang.base.errors import UnavailableError
from linghang.flow import paper
from linghang.ports.browser import Browser

PHONE = (390, 844)
"""A telephone's screen, CSS px."""


class Words(Protocol):
    """How a reader reads (``packets.Teller``)."""

    def __call__(self, code: str, **params: object) -> str:
        """A sentence of the packet."""
        ...

    def told(self, code: str, params: Mapping[str, object] | None = None, otherwise: str = "") -> str:
        """Another room's sentence."""
        ...


def pictured(t: Words, browser: Browser | None, html: bytes) -> paper.Item:
    """The page's screens as pictures, or the reason why there are none."""
    if browser is None:
        return paper.Lines([t("page_no_browser")], quiet=True)
    try:
        drawn = browser.draw(html, width=PHONE[0])
    except UnavailableError as error:
        return paper.Lines([t("page_not_drawn", reason=t.told(error.code, error.params))], quiet=True)
    screens = cut(drawn)
    items = [(t("page_screen", number=n, of=len(screens)), one) for n, one in enumerate(screens, 1)]
    return paper.Pictures(items, columns=4, height=90.0, framed=True)


def cut(drawn: bytes) -> list[bytes]:
    """A long picture in screens, one under the other; the last may be short."""
    with Image.open(io.BytesIO(drawn)) as opened:
        whole = opened.convert("RGB")
    tall = whole.width * PHONE[1] // PHONE[0]
    screens: list[bytes] = []
    for top in range(0, whole.height, tall):
        out = io.BytesIO()
        whole.crop((0, top, whole.width, min(top + tall, whole.height))).save(out, "PNG")
        screens.append(out.getvalue())
    return screens
