"""The page in the packet: every row of it in exactly one screen; what cannot be drawn is said."""

import io
from collections.abc import Mapping

import pytest
from PIL import Image

from linghang.base.messages import render
from linghang.flow import paper, screens
from linghang.testing.browser import FakeBrowser


class _Words:
    def __call__(self, code: str, **params: object) -> str:
        return render(f"packet.{code}", params)

    def told(self, code: str, params: Mapping[str, object] | None = None, otherwise: str = "") -> str:
        return render(code, params or {})


@pytest.mark.parametrize("lines", [1, 60, 130, 200])
def test_every_row_of_the_page_stands_in_one_screen(lines: int) -> None:
    html = b"<p>\n" * lines
    item = screens.pictured(_Words(), FakeBrowser(), html)
    assert isinstance(item, paper.Pictures)
    shown = [Image.open(io.BytesIO(data)) for _, data in item.items]
    whole = Image.open(io.BytesIO(FakeBrowser().draw(html, width=390)))
    assert sum(one.height for one in shown) == whole.height
    assert all(one.size == (780, 1688) for one in shown[:-1])
    assert f"共 {len(shown)} 屏" in item.items[0][0]


def test_without_a_browser_the_packet_says_so() -> None:
    item = screens.pictured(_Words(), None, b"<p>")
    assert isinstance(item, paper.Lines)
    assert "没有浏览器" in item.texts[0]


def test_a_page_that_was_not_drawn_is_told_with_its_reason() -> None:
    item = screens.pictured(_Words(), FakeBrowser(broken=True), b"<p>")
    assert isinstance(item, paper.Lines)
    assert "broken" in item.texts[0]
