"""A landing page as it is seen: rendered by this machine's Chromium, in a process that ends with the question."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from linghang.base.errors import UnavailableError, UsageError
from linghang.ports.browser import Popup, Screen, ShownText

_WIDTH = 390
"""CSS px of a telephone."""
_LOOK = (sys.executable, "-c", "from linghang.app import look; look()")


def seen(page: str, width: int = _WIDTH) -> tuple[Screen | None, str]:
    """What a page shows (None where there is no browser) and its source; ``page`` is a file or an address.

    Raises UsageError for a file that cannot be read, UnavailableError with the reason where the page was not drawn.
    """
    address = re.match(r"https?://", page) is not None
    try:
        html = b"" if address else Path(page).read_bytes()
    except OSError as error:
        raise UsageError("cli.no_file", path=page, reason=str(error.strerror)) from error
    command = [*_LOOK, str(width), *([page] if address else [])]
    done = subprocess.run(command, input=html, capture_output=True, check=False)
    if done.returncode != 0:
        raise UnavailableError("cli.not_drawn", page=page, reason=done.stderr.decode("utf-8", "replace")[-300:])
    told: dict[str, Any] = json.loads(done.stdout)
    if "error" in told:
        raise UnavailableError("cli.not_drawn", page=page, reason=str(told["error"].get("message", told["error"])))
    return _screen(told["screen"]), str(told["html"])


def _screen(told: dict[str, Any] | None) -> Screen | None:
    if told is None:
        return None
    texts = tuple(
        ShownText(one["text"], tuple(one["box"]), one["px"], one["contrast"], one["block"]) for one in told["texts"]
    )
    popups = tuple(Popup(tuple(one["box"]), tuple(one["close"]) if one["close"] else None) for one in told["popups"])
    return Screen(texts, popups)
