"""Chromium without a window, spoken to over a pipe: one process a page, no network, nothing left behind.

The DevTools protocol over ``--remote-debugging-pipe`` is JSON messages that end in a NUL byte, read from file
descriptor 3 and written to 4 (https://chromedevtools.github.io/devtools-protocol/).
"""

import base64
import fcntl
import json
import os
import select
import shutil
import signal
import tempfile
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib import resources
from pathlib import Path
from typing import Any

from linghang.base.errors import UnavailableError
from linghang.ports.browser import Box, Popup, Screen, ShownText

_LOOK = resources.files("linghang.adapters").joinpath("look.js").read_text("utf-8")
"""What is asked of a page that is to be read: its words with place, size and contrast."""
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_LONGEST = 20_000
"""CSS px of a page that are drawn at most."""
_FLAGS = (
    "--headless", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-extensions", "--disable-dev-shm-usage",
    "--force-color-profile=srgb", "--host-resolver-rules=MAP * ~NOTFOUND",
    # Whatever names or addresses the page has, they end at a proxy that is not there.
    "--proxy-server=http://127.0.0.1:9", "--proxy-bypass-list=<-loopback>", "--remote-debugging-pipe",
)  # fmt: skip


def browser_from_environment(environment: Mapping[str, str]) -> "Chromium | None":
    """The Chromium of this machine: the program of ``LINGHANG_BROWSER``, else one on the path; None without any.

    ``LINGHANG_BROWSER=none`` does without.
    """
    told = environment.get("LINGHANG_BROWSER", "")
    if told == "none":
        return None
    found = told or next((path for name in _NAMES if (path := shutil.which(name))), "")
    return Chromium(found) if found else None


class Chromium:
    """A program that speaks DevTools over a pipe."""

    def __init__(self, program: str) -> None:
        self.program = program

    def draw(self, html: bytes, *, width: int, timeout: float = 30.0) -> bytes:
        """The whole page as a PNG."""
        with self._page(html, timeout) as (wire, address):
            return _drawn(wire, address, width)

    def look(self, html: bytes, *, width: int, timeout: float = 30.0) -> Screen:
        """Every word that the page shows."""
        with self._page(html, timeout) as (wire, address):
            _opened(wire, address, width)
            told = wire.ask("Runtime.evaluate", expression=_LOOK, returnByValue=True)
            return _screen_of(told["result"]["value"])

    @contextmanager
    def _page(self, html: bytes, timeout: float) -> Generator[tuple["_Wire", str]]:
        with tempfile.TemporaryDirectory(prefix="linghang-page-", ignore_cleanup_errors=True) as folder:
            page = Path(folder) / "page.html"
            page.write_bytes(html)
            # Root has no sandbox to be put into; anybody else keeps it.
            rights = ["--no-sandbox"] if os.geteuid() == 0 else []
            command = [self.program, *_FLAGS, *rights, f"--user-data-dir={folder}/profile", "about:blank"]
            with _process(command) as (out, back):
                yield _Wire(out, back, time.monotonic() + timeout, self.program), page.as_uri()


@contextmanager
def _process(command: Sequence[str]) -> Generator[tuple[int, int]]:
    """A process that reads from its descriptor 3 and writes to 4; ended with all its children afterwards."""
    pipes = (*os.pipe(), *os.pipe())
    # Out of the way of 3 and 4, which become the child's ends.
    there, out, back, answers = (fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in pipes)
    for end in pipes:
        os.close(end)
    null = [(os.POSIX_SPAWN_OPEN, place, os.devnull, os.O_RDWR, 0) for place in (0, 1, 2)]
    ends = [(os.POSIX_SPAWN_DUP2, there, 3), (os.POSIX_SPAWN_DUP2, answers, 4)]
    try:
        pid = os.posix_spawnp(command[0], list(command), os.environ, file_actions=[*null, *ends], setpgroup=0)
    except OSError as error:
        os.close(out)
        os.close(back)
        raise UnavailableError("browser.failed", program=command[0], reason=str(error)) from error
    finally:
        os.close(there)
        os.close(answers)
    try:
        yield out, back
    finally:
        os.close(out)
        os.close(back)
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _drawn(wire: "_Wire", address: str, width: int) -> bytes:
    _opened(wire, address, width)
    size = wire.ask("Page.getLayoutMetrics")["cssContentSize"]
    # What is fixed to the foot of the screen then stands at the foot of the page.
    _screen(wire, width, min(int(size["height"]), _LONGEST))
    told = wire.ask("Page.captureScreenshot", format="png", captureBeyondViewport=False)
    return base64.b64decode(str(told["data"]))


def _opened(wire: "_Wire", address: str, width: int) -> None:
    target = wire.ask("Target.createTarget", url="about:blank")["targetId"]
    wire.session = wire.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    wire.ask("Page.enable")
    wire.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-reduced-motion", "value": "reduce"}])
    _screen(wire, width, 844)
    wire.ask("Page.navigate", url=address)
    wire.await_event("Page.loadEventFired")


def _screen_of(told: Mapping[str, Any]) -> Screen:
    def box(raw: Sequence[float]) -> Box:
        left, top, wide, high = raw
        return round(left, 1), round(top, 1), round(wide, 1), round(high, 1)

    texts = tuple(
        ShownText(str(t["text"]), box(t["box"]), float(t["px"]), t["contrast"], int(t["block"])) for t in told["texts"]
    )
    return Screen(texts, tuple(Popup(box(p["box"]), box(p["close"]) if p["close"] else None) for p in told["popups"]))


def _screen(wire: "_Wire", width: int, height: int) -> None:
    wire.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=2, mobile=True)


class _Wire:
    """Questions and answers over the pipe, all before a deadline."""

    def __init__(self, out: int, back: int, deadline: float, program: str) -> None:
        self.out = out
        self.back = back
        self.deadline = deadline
        self.program = program
        self.session = ""
        self._number = 0
        self._events: list[str] = []
        self._rest = b""

    def ask(self, method: str, **params: Any) -> Mapping[str, Any]:
        self._number += 1
        told = {"id": self._number, "method": method, "params": params}
        if self.session:
            told["sessionId"] = self.session
        try:
            os.write(self.out, json.dumps(told).encode() + b"\0")
        except OSError as error:
            raise self._failed(str(error)) from error
        while True:
            message = self._read()
            if message.get("id") != self._number:
                self._events.append(str(message.get("method", "")))
            elif "error" in message:
                raise self._failed(str(message["error"].get("message", "")))
            else:
                return message.get("result", {})

    def await_event(self, name: str) -> None:
        while name not in self._events:
            self._events.append(str(self._read().get("method", "")))

    def _read(self) -> Mapping[str, Any]:
        while b"\0" not in self._rest:
            left = self.deadline - time.monotonic()
            if left <= 0 or not select.select([self.back], [], [], left)[0]:
                raise UnavailableError("browser.timeout", program=self.program)
            got = os.read(self.back, 1 << 20)
            if not got:
                raise self._failed("it ended")
            self._rest += got
        line, _, self._rest = self._rest.partition(b"\0")
        return json.loads(line)

    def _failed(self, reason: str) -> UnavailableError:
        return UnavailableError("browser.failed", program=self.program, reason=reason[:200])
