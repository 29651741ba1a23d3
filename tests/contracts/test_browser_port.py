"""What every browser promises, run on Chromium where the machine has one, and on the fake."""

import io
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from PIL import Image

from linghang.adapters.chromium import Chromium, browser_from_environment
from linghang.base.errors import UnavailableError
from linghang.ports.browser import Browser
from linghang.testing.browser import FakeBrowser

FOUND = browser_from_environment({})
BROWSERS = [
    pytest.param(FakeBrowser(), id="fake"),
    pytest.param(
        FOUND, id="chromium", marks=[pytest.mark.browser, pytest.mark.skipif(FOUND is None, reason="no Chromium here")]
    ),
]
LONG = (
    b"<!doctype html><meta name=viewport content='width=device-width'><body style='margin:0'>"
    b"<div style='height:3000px;background:#fff'></div>\n"
    b"<div style='position:fixed;bottom:0;height:60px;width:100%;background:#D7000F'></div>" + b"\n" * 150
)


def _picture(browser: Browser, html: bytes) -> Image.Image:
    return Image.open(io.BytesIO(browser.draw(html, width=390)))


@pytest.mark.parametrize("browser", BROWSERS)
def test_a_page_is_drawn_whole_and_as_wide_as_the_screen(browser: Browser) -> None:
    picture = _picture(browser, LONG)
    assert picture.format == "PNG"
    assert picture.width == 780
    assert picture.height >= 2 * 3000


@pytest.mark.parametrize("browser", BROWSERS)
def test_a_short_page_fills_the_screen(browser: Browser) -> None:
    assert _picture(browser, b"<!doctype html><p>hello").height >= 2 * 844


@pytest.mark.browser
@pytest.mark.skipif(FOUND is None, reason="no Chromium here")
def test_what_is_fixed_to_the_screen_stands_at_the_foot_once() -> None:
    picture = _picture(Chromium(FOUND.program), LONG).convert("RGB")  # type: ignore[union-attr]
    red = [y for y in range(0, picture.height, 10) if picture.getpixel((100, y)) == (215, 0, 15)]
    assert red
    assert min(red) >= picture.height - 130


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A server that should never be asked."""
    asked: list[str] = []

    class Ear(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Ear)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()


@pytest.mark.browser
@pytest.mark.skipif(FOUND is None, reason="no Chromium here")
def test_a_page_reaches_no_address(listener: tuple[str, list[str]]) -> None:
    url, asked = listener
    html = (
        f"<!doctype html><img src='{url}/picture'><link rel=stylesheet href='{url}/sheet'><iframe src='{url}/frame'>"
        f"</iframe><script>fetch('{url}/script')</script><script src='{url.replace('127.0.0.1', 'localhost')}/x'></script>"
    )
    assert FOUND is not None
    assert FOUND.draw(html.encode(), width=390)
    assert asked == []


def _program(folder: Path, script: str) -> Chromium:
    path = folder / "browser"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return Chromium(str(path))


def test_a_program_that_is_no_browser_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match=r"browser\.failed"):
        _program(tmp_path, "exit 3").draw(b"<p>", width=390, timeout=10)
    with pytest.raises(UnavailableError, match=r"browser\.failed"):
        Chromium(str(tmp_path / "absent")).draw(b"<p>", width=390, timeout=10)


def test_a_browser_that_hangs_is_ended(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match=r"browser\.timeout"):
        _program(tmp_path, f"echo $$ > {tmp_path}/pid; exec sleep 60").draw(b"<p>", width=390, timeout=0.5)
    pid = int((tmp_path / "pid").read_text())
    assert not Path(f"/proc/{pid}").exists()


def test_a_machine_can_do_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert browser_from_environment({}) is None
    assert browser_from_environment({"LINGHANG_BROWSER": "none"}) is None
    told = browser_from_environment({"LINGHANG_BROWSER": "/opt/chrome"})
    assert told is not None
    assert told.program == "/opt/chrome"
